"""Judges certificates: host, dates, strength of keys and signatures, order of the chain."""

import ipaddress
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from readiness.outcome import Finding, Level
from readiness_checks.tls.target import Target

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

DEFAULT_DAYS = 30
RSA_BITS, EC_BITS = 2048, 256
"""NIST SP 800-57 part 1 rev. 5, table 2: 112 bits of security at least; EC below P-256 is not issued any more."""
_BROKEN = frozenset({"md2", "md4", "md5", "sha1"})
# By identifier (RFC 3279 §2.2): the library may no longer know these at all.
_BROKEN_SIGNATURES = {
    "1.2.840.113549.1.1.2": "md2",
    "1.2.840.113549.1.1.3": "md4",
    "1.2.840.113549.1.1.4": "md5",
    "1.2.840.113549.1.1.5": "sha1",
    "1.3.14.3.2.29": "sha1",
    "1.2.840.10040.4.3": "sha1",
    "1.2.840.10045.4.1": "sha1",
}
_DAY = timedelta(days=1)
_RENEW = "renew it and reload the server; let it be renewed by machine (ACME)"


def load(chain: Iterable[bytes]) -> "list[Certificate]":
    """Read certificates from DER, with all of their parts that are looked at later.

    Raises:
        ValueError: One of them is malformed.
    """
    from cryptography.x509 import load_der_x509_certificate

    try:
        found = [load_der_x509_certificate(der) for der in chain]
        for one in found:  # the library reads each part when it is asked for it
            title(one), names(one), one.issuer, one.signature_algorithm_oid, one.not_valid_before_utc
    except MemoryError:
        raise
    except Exception as error:  # the library has an error of its own for each thing that can be wrong, and TypeError
        raise ValueError(str(error)) from error
    return found


def title(certificate: "Certificate") -> str:
    """How a certificate is called: its common name, else the whole subject."""
    from cryptography.x509.oid import NameOID

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    text = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return " ".join(text.split())[:80] or "without a name"


def days_left(certificate: "Certificate", now: datetime) -> float:
    """Days until it expires, rounded down to a tenth; negative when it has expired."""
    return math.floor((certificate.not_valid_after_utc - now) / _DAY * 10) / 10


def days_required(certificate: "Certificate", min_days: int | None) -> float:
    """Days that have to be left.

    Without an own figure: 30, or a third of the certificate's life if that is less, which is when it should have been
    renewed (Let's Encrypt, Integration Guide, "When to Renew").
    """
    if min_days is not None:
        return min_days
    life = (certificate.not_valid_after_utc - certificate.not_valid_before_utc) / _DAY
    return min(DEFAULT_DAYS, round(life / 3, 1))


def dates(certificate: "Certificate", now: datetime, min_days: int | None) -> Iterator[Finding]:
    """Judge the dates of one certificate."""
    name, left = title(certificate), days_left(certificate, now)
    end, start = certificate.not_valid_after_utc, certificate.not_valid_before_utc
    required = days_required(certificate, min_days)
    if now > end:
        message = f"the certificate `{name}` expired on {end:%Y-%m-%d %H:%M} UTC, {(now - end) / _DAY:.1f} days ago"
        yield Finding(message=message, rule="certificate-expired", remedy=_RENEW)
    elif left < required:
        message = f"the certificate `{name}` expires on {end:%Y-%m-%d}, in {left:g} days; {required:g} are required"
        yield Finding(message=message, rule="certificate-expires-soon", remedy=_RENEW)
    if now < start:
        message = f"the certificate `{name}` is not valid before {start:%Y-%m-%d %H:%M} UTC"
        remedy = "wait for its first day, or correct the clock of the machine that issued it"
        yield Finding(message=message, rule="certificate-not-yet-valid", remedy=remedy)


def strength(certificate: "Certificate", *, trusted: bool) -> Iterator[Finding]:
    """Judge the key and the signature of one certificate.

    Args:
        certificate: The certificate.
        trusted: Whether it is trusted as it is, so that nobody relies on its signature.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    name, weak, key = title(certificate), "", None
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        weak = "of a kind whose strength is not known"
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS:
        weak = f"RSA with {key.key_size} bits; {RSA_BITS} are required"
    elif isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size < EC_BITS:
        weak = f"{key.curve.name} with {key.curve.key_size} bits; {EC_BITS} are required"
    elif isinstance(key, dsa.DSAPublicKey):
        weak = "DSA, which TLS no longer uses"
    if weak:
        remedy = "issue the certificate for RSA 2048 or EC P-256 or better"
        yield Finding(message=f"the key of `{name}` is {weak}", rule="weak-key", remedy=remedy)
    if trusted or certificate.issuer == certificate.subject:
        return
    digest = _digest(certificate)
    if digest in _BROKEN:
        message = f"the signature on `{name}` uses {digest.upper()}, for which forgeries are practical"
        yield Finding(message=message, rule="weak-signature", remedy="let it be issued again with SHA-256 or better")


def _digest(certificate: "Certificate") -> str:
    """Name of the hash in a signature; empty where there is none that is known, as in Ed25519."""
    from cryptography.exceptions import UnsupportedAlgorithm

    named = _BROKEN_SIGNATURES.get(certificate.signature_algorithm_oid.dotted_string)
    if named:
        return named
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return ""
    return algorithm.name if algorithm else ""


def names(certificate: "Certificate") -> list[str]:
    """Subject alternative names that a client compares with the host: DNS names and addresses."""
    from cryptography.x509 import DNSName, ExtensionNotFound, IPAddress, SubjectAlternativeName

    try:
        found = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return []
    return [*found.get_values_for_type(DNSName), *map(str, found.get_values_for_type(IPAddress))]


def host(certificate: "Certificate", target: Target) -> Iterator[Finding]:
    """Judge whether a certificate was issued for a host (RFC 9525 §6)."""
    issued = names(certificate)
    if any(_same(pattern, target.host) for pattern in issued):
        return
    shown = ", ".join(issued[:5]) + (f" and {len(issued) - 5} more" if len(issued) > 5 else "")  # noqa: PLR2004
    yield Finding(
        message=f"the certificate is issued for {shown or 'no host at all'}, not for {target.host}",
        rule="host-mismatch",
        remedy=f"issue a certificate whose subject alternative names hold {target.host}",
    )


def _same(pattern: str, name: str) -> bool:
    try:
        return ipaddress.ip_address(pattern) == ipaddress.ip_address(name)
    except ValueError:
        pattern, name = pattern.casefold().rstrip("."), name.casefold().rstrip(".")
    if pattern.startswith("*."):
        first, _, rest = name.partition(".")
        return bool(first) and rest == pattern[2:] and "." in rest
    return pattern == name


def order(sent: "Sequence[Certificate]") -> Iterator[Finding]:
    """Judge the chain as it is sent (RFC 8446 §4.4.2)."""
    for lower, upper in pairwise(sent):
        if lower.issuer != upper.subject:
            yield Finding(
                message=f"the chain is out of order: `{title(lower)}` is followed by `{title(upper)}`, "
                "which is not its issuer",
                rule="chain-order",
                level=Level.WARNING,
                remedy="send the server's certificate first and each issuer after it",
            )
            break
    if len(sent) > 1 and sent[-1].issuer == sent[-1].subject:
        yield Finding(
            message=f"the root `{title(sent[-1])}` is sent needlessly: a client trusts it already or not at all",
            rule="root-sent",
            level=Level.NOTE,
            remedy="leave the root out of the file that the server sends",
        )


def gap(sent: "Sequence[Certificate]") -> str:
    """Name of the issuer that is neither sent nor self-signed; empty when the chain as sent is complete."""
    subjects = {certificate.subject for certificate in sent}
    for certificate in sent:
        if certificate.issuer not in subjects:
            return certificate.issuer.rfc4514_string()
    return ""
