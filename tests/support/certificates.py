"""Makes certificates for tests: a root, an intermediate and leaves with exactly the faults that are asked for."""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(_PEM).decode()

    @property
    def key_pem(self) -> str:
        plain = serialization.NoEncryption()
        return self.key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def issue(
    name: str,
    issuer: Identity | None = None,
    *,
    names: Sequence[str] = ("127.0.0.1", "localhost"),
    authority: bool = False,
    key: Key | None = None,
    start: timedelta = timedelta(hours=-1),
    end: timedelta = timedelta(days=90),
) -> Identity:
    """Issue a certificate; self-signed without an issuer, for 127.0.0.1 and localhost, from an hour ago for 90 days."""
    own: Key = key or ec.generate_private_key(ec.SECP256R1())
    signer = issuer.key if issuer else own
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer.certificate.subject if issuer else _name(name))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + start)
        .not_valid_after(now + end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_alternative(each) for each in names]), critical=False
            )
    return Identity(builder.sign(signer, hashes.SHA256()), own)


_SHA256_WITH_RSA = bytes.fromhex("06092a864886f70d01010b")
# Object identifier of the signature, and the DigestInfo of RFC 8017 §9.2, note 1.
_BROKEN = {
    "sha1": (bytes.fromhex("06092a864886f70d010105"), bytes.fromhex("3021300906052b0e03021a05000414")),
    "md5": (bytes.fromhex("06092a864886f70d010104"), bytes.fromhex("3020300c06082a864886f70d020505000410")),
}


def sign_again(identity: Identity, signer: Identity, digest: str) -> Identity:
    """Put a signature with a broken hash on a certificate, by hand: the library no longer makes them.

    Args:
        identity: A certificate that was signed with RSA and SHA-256.
        signer: Its issuer.
        digest: `sha1` or `md5`.
    """
    assert isinstance(signer.key, rsa.RSAPrivateKey)
    oid, prefix = _BROKEN[digest]
    body = identity.certificate.tbs_certificate_bytes.replace(_SHA256_WITH_RSA, oid)
    numbers = signer.key.private_numbers()
    modulus, size = numbers.public_numbers.n, signer.key.key_size // 8
    info = prefix + hashlib.new(digest, body, usedforsecurity=False).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    signature = pow(int.from_bytes(padded, "big"), numbers.d, modulus).to_bytes(size, "big")
    algorithm = _tagged(0x30, oid + b"\x05\x00")
    der = _tagged(0x30, body + algorithm + _tagged(0x03, b"\x00" + signature))
    return Identity(x509.load_der_x509_certificate(der), identity.key)


def _tagged(tag: int, data: bytes) -> bytes:
    size = len(data)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + data


@dataclass(frozen=True)
class Authority:
    """A private authority: root and intermediate, with the root's PEM file."""

    root: Identity
    intermediate: Identity
    ca_file: Path

    @classmethod
    def make(cls, folder: Path) -> "Authority":
        root = issue("Test root", authority=True, end=timedelta(days=3650))
        path = folder / "ca.pem"
        path.write_text(root.pem)
        return cls(root, issue("Test intermediate", root, authority=True, end=timedelta(days=1825)), path)

    def chain(self, folder: Path, leaf: Identity | None = None, *more: Identity) -> Path:
        """Write key and chain of a leaf into one file, as a server loads it; a sound leaf when none is given."""
        own = leaf or issue("localhost", self.intermediate)
        following = more or (self.intermediate,)
        return write(folder, own, *following)


def write(folder: Path, leaf: Identity, *following: Identity) -> Path:
    """Write the key of a leaf and the chain that follows it into one file."""
    path = folder / f"{leaf.certificate.serial_number:x}.pem"
    path.write_text(leaf.key_pem + leaf.pem + "".join(identity.pem for identity in following))
    return path
