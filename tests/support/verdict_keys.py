"""Keys that sign verdicts, made by openssl once in a test session."""

import atexit
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PASSPHRASE = "a passphrase of the tests"
_P256 = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
KINDS = {
    "p256": _P256,
    "encrypted": (*_P256, "-aes-256-cbc", "-pass", f"pass:{PASSPHRASE}"),
    "p384": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
    "secp256k1": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
    "explicit": (*_P256, "-pkeyopt", "ec_param_enc:explicit"),
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ed25519": ("-algorithm", "ED25519"),
}


@lru_cache(maxsize=1)
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="readiness-verdict-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def private(kind: str = "p256", name: str = "first") -> Path:
    """Private key file of some kind, as PKCS #8."""
    path = _folder() / f"{name}-{kind}.key"
    if not path.exists():
        subprocess.run(["openssl", "genpkey", *KINDS[kind], "-out", path], check=True, capture_output=True)
    return path


def public(kind: str = "p256", name: str = "first") -> Path:
    """Its public half."""
    path = _folder() / f"{name}-{kind}.pub"
    if not path.exists():
        unlock = ("-in", private(kind, name), "-passin", f"pass:{PASSPHRASE}")
        subprocess.run(["openssl", "pkey", *unlock, "-pubout", "-out", path], check=True, capture_output=True)
    return path


def converted(path: Path, target: Path, *how: str) -> Path:
    """The same key in another form, written by `openssl ec`."""
    subprocess.run(["openssl", "ec", "-in", path, *how, "-out", target], check=True, capture_output=True)
    return target


def made() -> bytes:
    """A public key that was just made."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    return private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
