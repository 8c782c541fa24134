"""Security keys and passkeys: what the device does is done with a software key, in the format of PROTOCOL.u2f.

That OpenSSH itself accepts the result shows that the format is right.
"""

import base64
import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from readiness.records.ssh.public_key import SK_ECDSA, SK_ED25519, parse_key
from readiness.records.ssh.wire import mpint, string
from support.sshsig import MESSAGE, NAMESPACE, armour

HARDWARE = [SK_ED25519, SK_ECDSA]
WEBAUTHN = b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
_COUNTER = (9).to_bytes(4, "big")


def to_be_signed(message: bytes) -> bytes:
    """What a key signs for a message (PROTOCOL.sshsig)."""
    digest = hashlib.sha512(message).digest()
    return b"SSHSIG" + string(NAMESPACE.encode()) + string(b"") + string(b"sha512") + string(digest)


def envelope(blob: bytes, signature: bytes) -> bytes:
    """The `.sig` file of a key's signature."""
    head = b"SSHSIG" + (1).to_bytes(4, "big") + string(blob) + string(NAMESPACE.encode())
    return armour(head + string(b"") + string(b"sha512") + string(signature))


def curve_blob(kind: str, x: bytes, y: bytes, application: bytes) -> bytes:
    """The encoding of a P-256 key that lives in a device."""
    point = b"\x04" + x + y
    return string(kind.encode()) + string(b"nistp256") + string(point) + string(application)


class Device:
    """A security key, or what holds a passkey."""

    def __init__(self, kind: str, application: bytes = b"ssh:", *, message: bytes = MESSAGE) -> None:
        self.kind, self.application, self.message = kind, application, message
        self.private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
        if kind == SK_ED25519:
            self.private = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
            public = string(self.private.public_key().public_bytes_raw())
            self.blob = string(kind.encode()) + public + string(application)
        else:
            self.private = ec.derive_private_key(0x1234567, ec.SECP256R1())
            numbers = self.private.public_key().public_numbers()
            x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
            self.blob = curve_blob(kind, x, y, application)

    @property
    def line(self) -> str:
        return parse_key(self.blob).line

    def raw(self, data: bytes) -> bytes:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return mpint(r) + mpint(s)

    def asserts(self, flags: int, inner: bytes, extensions: bytes = b"") -> bytes:
        head = hashlib.sha256(self.application).digest() + bytes([flags]) + _COUNTER
        return self.raw(head + extensions + hashlib.sha256(inner).digest())

    def sign(self, flags: int = 1, kind: str = "") -> bytes:
        """A `.sig` file as `ssh-keygen` has a security key make it."""
        name = string((kind or self.kind).encode())
        signature = self.asserts(flags, to_be_signed(self.message))
        return envelope(self.blob, name + string(signature) + bytes([flags]) + _COUNTER)

    def passkey(
        self,
        flags: int = 1,
        *,
        origin: bytes = b"https://sign.example.com",
        client: Callable[[bytes], bytes] = lambda data: data,
        extensions: bytes = b"",
    ) -> bytes:
        """A `.sig` file around an assertion of WebAuthn."""
        challenge = base64.urlsafe_b64encode(to_be_signed(self.message)).rstrip(b"=")
        data = client(
            b'{"type":"webauthn.get","challenge":"' + challenge + b'","origin":"' + origin + b'","crossOrigin":false}'
        )
        signature = self.asserts(flags, data, extensions)
        return envelope(self.blob, wrapped(signature, flags, _COUNTER, origin, data, extensions))


def wrapped(
    signature: bytes, flags: int, counter: bytes, origin: bytes, client_data: bytes, extensions: bytes = b""
) -> bytes:
    """An assertion of WebAuthn as a signature of OpenSSH's."""
    tail = string(origin) + string(client_data) + string(extensions)
    return string(WEBAUTHN) + string(signature) + bytes([flags]) + counter + tail
