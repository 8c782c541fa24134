"""Verifies detached SSH signatures (OpenSSH's PROTOCOL.sshsig) in this process, never more leniently than OpenSSH."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from readiness.records.ssh.public_key import ED25519, RSA, SK_ECDSA, SK_ED25519, KeyRefusedError, PublicKey, parse_key
from readiness.records.ssh.wire import Reader, WireError, string

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

NAMESPACE = "signoff@readiness"
"""Keeps a signature that was made for git, a file or a mail from passing as a sign-off."""
LIMIT = 32 * 1024
"""Bytes of an armoured signature; an RSA signature of 16,384 bits with its key takes 6 KiB."""
_MAGIC = b"SSHSIG"
_VERSION = 1
_WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
_PRESENT = 0x01
_VERIFIED = 0x04
_ATTESTED = 0x40
_EXTENDED = 0x80
_ED25519_LENGTH = 64
_ARMOUR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]{1,76}\n)+)-----END SSH SIGNATURE-----\n?", re.ASCII
)


class SignatureRefusedError(ValueError):
    """The signature does not hold; the text says why."""


@dataclass(frozen=True)
class Signature:
    """A signature that holds for a message; whose key it is, is another question."""

    key: PublicKey
    user_verified: bool = False
    """For a hardware key: whether it checked a PIN or a finger, and not only a touch."""


@dataclass(frozen=True)
class _Envelope:
    key: PublicKey
    namespace: bytes
    hash_name: str
    signature: bytes


def verify(message: bytes, armoured: bytes, *, namespace: str = NAMESPACE) -> Signature:
    """Verify a detached signature.

    Args:
        message: The signed bytes.
        armoured: Content of the `.sig` file.
        namespace: What it must have been made for.

    Raises:
        SignatureRefusedError: It is malformed, not for these bytes or this namespace, of a refused kind, or made by a
            hardware key that nobody touched.
    """
    try:
        envelope = _open(armoured)
        if envelope.namespace != namespace.encode():
            raise SignatureRefusedError(f"the signature was not made for `{namespace}`")
        digest = hashlib.new(envelope.hash_name, message).digest()
        signed = (
            _MAGIC + string(envelope.namespace) + string(b"") + string(envelope.hash_name.encode()) + string(digest)
        )
        return _check(envelope.key, envelope.signature, signed)
    except (WireError, KeyRefusedError) as error:
        raise SignatureRefusedError(f"the signature is malformed: {error}") from error


def signed_by(armoured: bytes) -> PublicKey | None:
    """The key that a signature names, whether it holds or not; None when it cannot be read."""
    try:
        return _open(armoured).key
    except ValueError:
        return None


def _open(armoured: bytes) -> _Envelope:
    if len(armoured) > LIMIT:
        raise SignatureRefusedError(f"the signature is larger than {LIMIT} bytes")
    match = _ARMOUR.fullmatch(armoured)
    if match is None:
        raise SignatureRefusedError("it is not an armoured SSH signature and nothing else")
    text = match[1].replace(b"\n", b"")
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise SignatureRefusedError("the signature is not base64") from error
    if base64.b64encode(data) != text:  # needless padding and stray bits, which the standard library overlooks
        raise SignatureRefusedError("the signature is not base64 as it is normally written")
    reader = Reader(data)
    if reader.take(len(_MAGIC)) != _MAGIC or reader.uint32() != _VERSION:
        raise SignatureRefusedError("it is not an SSH signature of version 1")
    key = parse_key(reader.string())
    name, reserved = reader.string(), reader.string()
    hash_name, signature = reader.text(), reader.string()
    reader.end()
    if reserved:
        raise SignatureRefusedError("the signature has something in its reserved field")
    if hash_name not in {"sha256", "sha512"}:
        raise SignatureRefusedError("the signature does not use SHA-256 or SHA-512")
    return _Envelope(key, name, hash_name, signature)


def _check(key: PublicKey, signature: bytes, signed: bytes) -> Signature:
    from cryptography.exceptions import InvalidSignature

    reader = Reader(signature)
    algorithm, raw = reader.text(), reader.string()
    try:
        if key.hardware:
            return _check_hardware(key, algorithm, raw, reader, signed)
        reader.end()
        if key.kind == RSA:
            _rsa(key, algorithm, raw, signed)
        elif algorithm != key.kind:
            raise SignatureRefusedError("key and signature are of different types")
        elif key.kind == ED25519:
            _ed25519(key, raw, signed)
        else:
            _ecdsa(key, raw, signed)
    except InvalidSignature as error:
        raise SignatureRefusedError("the signature does not fit these bytes") from error
    return Signature(key)


def _check_hardware(key: PublicKey, algorithm: str, raw: bytes, reader: Reader, signed: bytes) -> Signature:
    """Check what a security key or a passkey signs (OpenSSH's PROTOCOL.u2f)."""
    flags, counter = reader.byte(), reader.take(4)
    extensions = b""
    if algorithm == _WEBAUTHN and key.kind == SK_ECDSA:
        origin, client_data, extensions = reader.string(), reader.string(), reader.string()
        _check_client_data(origin, client_data, extensions, flags, signed)
        inner = client_data
    elif algorithm == key.kind:
        inner = signed
    else:
        raise SignatureRefusedError("key and signature are of different types")
    reader.end()
    asserted = hashlib.sha256(key.application).digest() + bytes([flags]) + counter + extensions
    asserted += hashlib.sha256(inner).digest()
    if key.kind == SK_ED25519:
        _ed25519(key, raw, asserted)
    else:
        _ecdsa(key, raw, asserted)
    if not flags & _PRESENT:
        raise SignatureRefusedError("nobody touched the hardware key")
    return Signature(key, user_verified=bool(flags & _VERIFIED))


def _check_client_data(origin: bytes, client_data: bytes, extensions: bytes, flags: int, signed: bytes) -> None:
    """Insist that a passkey signed these very bytes as its challenge (W3C WebAuthn §5.8.1, fixed order of keys)."""
    challenge = base64.urlsafe_b64encode(signed).rstrip(b"=")
    start = b'{"type":"webauthn.get","challenge":"' + challenge + b'","origin":"' + origin + b'"'
    odd = b'"' in origin or b"\\" in origin or b"\0" in origin
    if odd or flags & _ATTESTED or bool(flags & _EXTENDED) != bool(extensions):
        raise SignatureRefusedError("the passkey's assertion contradicts itself")
    if not client_data.startswith(start) or client_data[len(start) : len(start) + 1] not in {b",", b"}"}:
        raise SignatureRefusedError("the passkey did not sign these bytes")


def _ed25519(key: PublicKey, raw: bytes, signed: bytes) -> None:
    if len(raw) != _ED25519_LENGTH:
        raise SignatureRefusedError("the signature has the wrong length")
    cast("Ed25519PublicKey", key.material).verify(raw, signed)


def _ecdsa(key: PublicKey, raw: bytes, signed: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    numbers = Reader(raw)
    encoded = utils.encode_dss_signature(numbers.mpint(), numbers.mpint())
    numbers.end()
    public = cast("EllipticCurvePublicKey", key.material)
    # RFC 5656 §6.2.1: the hash follows from the size of the curve
    algorithm = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}[public.curve.key_size]
    public.verify(encoded, signed, ec.ECDSA(algorithm))


def _rsa(key: PublicKey, algorithm: str, raw: bytes, signed: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    # RFC 8332: `ssh-rsa` means SHA-1 here
    algorithms = {"rsa-sha2-256": hashes.SHA256(), "rsa-sha2-512": hashes.SHA512()}
    if algorithm not in algorithms:
        raise SignatureRefusedError("the RSA signature does not use SHA-2")
    public = cast("RSAPublicKey", key.material)
    length = (public.key_size + 7) // 8
    # OpenSSH pads a shorter one in the same way: some agents leave out zeros in front
    public.verify(raw.rjust(length, b"\0"), signed, padding.PKCS1v15(), algorithms[algorithm])
