"""The private key that signs statements, and the public keys that are trusted: ECDSA on the curve P-256, in PEM."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from readiness.attestation import AttestationError, pem
from readiness.isolation.process import PASSPHRASE
from readiness.records.ssh.public_key import PublicKey
from readiness.records.ssh.wire import string
from readiness.text import short

MOST_KEYS = 32
"""Keys that may be trusted at once."""
TRUSTED_KEYS_FILE = ".readiness/verdict_keys"
"""Where a repository keeps the keys whose verdicts it trusts."""

_SSH = "ecdsa-sha2-nistp256"


@dataclass(frozen=True)
class TrustedKey:
    """A public key whose verdicts count."""

    id: str
    """SHA-256 of the key as DER (SubjectPublicKeyInfo), in hex; `openssl pkey -pubin -outform DER | sha256sum`."""
    public: ec.EllipticCurvePublicKey = field(compare=False)

    @property
    def ssh(self) -> PublicKey:
        """The same key as OpenSSH writes it, for `.readiness/allowed_signers`."""
        point = self.public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PublicKey(_SSH, string(_SSH.encode()) + string(b"nistp256") + string(point))

    def accepts(self, signature: bytes, data: bytes) -> bool:
        """Whether a signature (ASN.1) over some bytes was made with this key."""
        try:
            self.public.verify(signature, data, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private key that signs verdicts."""

    trusted: TrustedKey
    """Its public half."""
    private: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)

    def sign(self, data: bytes) -> bytes:
        """Sign bytes; ASN.1, as OpenSSL writes it."""
        return self.private.sign(data, ec.ECDSA(SHA256()))


def load_signing_key(path: Path, passphrase: str = "") -> SigningKey:
    """Read the private key that signs.

    Args:
        path: A PEM file, or a pipe.
        passphrase: For an encrypted one.

    Raises:
        AttestationError: It is unreadable, of another kind, or the passphrase does not fit.
    """
    place = f"the key `{short(str(path))}`"
    with pem.read_once(path) as found:
        for block in found:
            pem.refuse(block, place)
        private = [block for block in found if block.private]
        if len(private) != 1:
            what = f"holds {len(private)} private keys" if private else _nothing_private(found)
            raise AttestationError(f"{place} {what}", pem.MAKE_A_KEY)
        key = _unlock(private[0], place, passphrase)
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return SigningKey(trusted(key.public_key()), key)
    raise _other_kind(key, place)


def _nothing_private(found: list[pem.Block]) -> str:
    return "is a public key: name its private half" if found else "is not in PEM form"


def _unlock(block: pem.Block, place: str, passphrase: str) -> PrivateKeyTypes:
    if block.encrypted and not passphrase:
        raise AttestationError(
            f"{place} is encrypted, and the environment variable {PASSPHRASE} is not set",
            f"set {PASSPHRASE} to its passphrase, or give it with `--passphrase-file`",
        )
    try:
        return load_pem_private_key(block.text, passphrase.encode() if block.encrypted else None)
    except UnsupportedAlgorithm as error:
        raise AttestationError(f"{place} is of a kind that is not supported", pem.MAKE_A_KEY) from error
    except (ValueError, TypeError, UnicodeEncodeError) as error:
        if block.encrypted:
            raise AttestationError(
                f"{place} cannot be decrypted: the passphrase in {PASSPHRASE} does not fit, or the file is damaged",
                f"set {PASSPHRASE} to the passphrase that the key was made with",
            ) from error
        raise AttestationError(f"{place} is damaged, or of a kind that is not supported", pem.MAKE_A_KEY) from error


def read_trusted_keys(data: bytes | bytearray, name: str) -> tuple[TrustedKey, ...]:
    """Read public keys, any number in one file.

    Args:
        data: The file; text between the keys is ignored, as OpenSSL does.
        name: What to call it.

    Raises:
        AttestationError: There is none, one is of another kind, or a private key is there.
    """
    keys: dict[str, TrustedKey] = {}
    found = pem.blocks(data)
    if data.count(b"-----BEGIN ") > data.count(b"-----BEGIN EC PARAMETERS-----") + len(found):
        raise AttestationError(f"{name} holds a key whose end is missing", "copy the whole key, its last line included")
    for block in found:
        place = f"{name}:{block.line}"
        if block.private:
            raise AttestationError(
                f"{place} is a private key: verifying needs only the public key",
                "write its public half there: `openssl pkey -in verdict.key -pubout`; if others could read this file, "
                "make a new key",
            )
        pem.refuse(block, place)
        key = _public(block, place)
        keys[key.id] = key
    if not keys:
        raise AttestationError(f"{name} holds no public key in PEM form", "write it: `openssl pkey -pubout`")
    if len(keys) > MOST_KEYS:
        raise AttestationError(f"{name} holds more than {MOST_KEYS} keys", "remove those that sign nothing any more")
    return tuple(keys.values())


def _public(block: pem.Block, place: str) -> TrustedKey:
    try:
        key = load_pem_public_key(bytes(block.text))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise AttestationError(f"{place} is damaged, or of a kind that is not supported", pem.MAKE_A_KEY) from error
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return trusted(key)
    raise _other_kind(key, place)


def _other_kind(key: object, place: str) -> AttestationError:
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        what = f"on the curve {key.curve.name}"
    else:
        what = f"of the kind {type(key).__name__.strip('_').removesuffix('PrivateKey').removesuffix('PublicKey')}"
    return AttestationError(f"{place} is {what}: readiness signs with ECDSA on the curve P-256", pem.MAKE_A_KEY)


def trusted(public: ec.EllipticCurvePublicKey) -> TrustedKey:
    """A public key on the curve P-256, by its id."""
    return TrustedKey(
        hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest(), public
    )
