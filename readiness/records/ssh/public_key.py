"""Public keys of OpenSSH, as far as people may sign records with them."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readiness.records.ssh.wire import Reader, WireError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    Material = EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey

ED25519 = "ssh-ed25519"
RSA = "ssh-rsa"
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
_CURVES = {
    "ecdsa-sha2-nistp256": "nistp256",
    "ecdsa-sha2-nistp384": "nistp384",
    "ecdsa-sha2-nistp521": "nistp521",
    SK_ECDSA: "nistp256",
}
RSA_MINIMUM = 2048
"""Bits; NIST SP 800-131A disallows less since 2014."""
_RSA_MAXIMUM = 16_384
_UNCOMPRESSED = 4


class KeyRefusedError(ValueError):
    """The key is malformed, or of a kind that may not sign records; the text says why."""


@dataclass(frozen=True)
class PublicKey:
    """A public key."""

    kind: str
    """Name of its type, for instance `ssh-ed25519`."""
    blob: bytes
    """Its encoding; two keys are the same when their blobs are."""
    application: bytes = b""
    """For a hardware key: what it was enrolled for."""

    @property
    def fingerprint(self) -> str:
        """`SHA256:…` as `ssh-keygen -l` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    @property
    def line(self) -> str:
        """Type and base64, as in a `.pub` file."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    @property
    def hardware(self) -> bool:
        """Whether it lives in a security key or is a passkey."""
        return self.kind in {SK_ED25519, SK_ECDSA}

    @cached_property
    def material(self) -> "Material":
        """The key as `cryptography` wants it."""
        return _material(self.kind, self.blob)[0]


def parse_key(blob: bytes) -> PublicKey:
    """Read the encoding of a public key.

    Raises:
        KeyRefusedError: It is malformed, or of a kind that may not sign records.
    """
    try:
        kind = Reader(blob).text()
    except WireError as error:
        raise KeyRefusedError(f"the key is malformed: {error}") from error
    if kind.endswith("-cert-v01@openssh.com"):
        raise KeyRefusedError("certificates are not taken: name the key itself")
    if kind == "ssh-dss":
        raise KeyRefusedError("DSA keys are not taken: they are too weak")
    if kind not in {ED25519, RSA, SK_ED25519, *_CURVES}:
        raise KeyRefusedError("this type of key is not taken: use Ed25519, ECDSA, RSA or a hardware key")
    try:
        _key, application = _material(kind, blob)
    except KeyRefusedError:
        raise
    except ValueError as error:
        raise KeyRefusedError(f"the key is malformed: {error}") from error
    return PublicKey(kind, blob, application)


def parse_line(kind: str, text: str) -> PublicKey:
    """Read type and base64, as in a `.pub` file.

    Raises:
        KeyRefusedError: They are malformed, contradict each other, or the key may not sign records.
    """
    try:
        blob = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise KeyRefusedError("the key is not base64") from error
    if base64.b64encode(blob).decode() != text:
        raise KeyRefusedError("the key is not base64 as it is normally written")
    key = parse_key(blob)
    if key.kind != kind:
        raise KeyRefusedError(f"the key says it is {kind}, but inside it is {key.kind}")
    return key


def _material(kind: str, blob: bytes) -> tuple["Material", bytes]:
    """Decode a key; any ValueError means that it is malformed."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    reader = Reader(blob)
    reader.text()
    key: Material
    if kind in {ED25519, SK_ED25519}:
        key = ed25519.Ed25519PublicKey.from_public_bytes(reader.string())
    elif kind == RSA:
        exponent, modulus = reader.mpint(), reader.mpint()
        if not RSA_MINIMUM <= modulus.bit_length() <= _RSA_MAXIMUM:
            raise KeyRefusedError(f"the RSA key has {modulus.bit_length()} bits; {RSA_MINIMUM} are the least")
        key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    else:
        curve = reader.text()
        if curve != _CURVES[kind]:
            raise KeyRefusedError("type and curve of the key contradict each other")
        point = reader.string()
        if point[:1] != bytes([_UNCOMPRESSED]):
            raise KeyRefusedError("the key's point is not in uncompressed form")
        curves = {"nistp256": ec.SECP256R1(), "nistp384": ec.SECP384R1(), "nistp521": ec.SECP521R1()}
        key = ec.EllipticCurvePublicKey.from_encoded_point(curves[curve], point)
    application = reader.string() if kind in {SK_ED25519, SK_ECDSA} else b""
    reader.end()
    return key, application
