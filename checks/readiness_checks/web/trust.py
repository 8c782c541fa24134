"""Decides which certificates a connection trusts, and explains why OpenSSL refuses one."""

import hashlib
import re
import ssl
from dataclasses import dataclass

from readiness.check import Context
from readiness.outcome import CheckError, Evidence


@dataclass(frozen=True)
class Verdict:
    """Why a certificate is not accepted."""

    rule: str
    words: str
    remedy: str


_EXPIRED = Verdict("certificate-expired", "a certificate of its chain has expired", "renew it and reload the server")
_NOT_YET = Verdict(
    "certificate-not-yet-valid",
    "a certificate of its chain is not yet valid",
    "wait for its first day, or correct the clock of the machine that issued it or of this one",
)
_HOST = Verdict(
    "host-mismatch",
    "its certificate was issued for another host",
    "issue a certificate whose subject alternative names hold this host",
)
_SELF_SIGNED = Verdict(
    "self-signed",
    "its chain ends in a self-signed certificate that is not trusted",
    "use a certificate of a trusted authority, or name the private authority's certificate in `ca_file`",
)
_NO_ISSUER = Verdict(
    "no-issuer",
    "the issuer of its certificate is neither sent nor trusted",
    "let the server send the intermediate certificates too (fullchain), or name the private authority in `ca_file`",
)
_WEAK = Verdict(
    "weak-key", "a key of its chain is too weak", "issue the certificate for RSA 2048 or EC P-256 or better"
)
_WEAK_HASH = Verdict(
    "weak-signature", "its chain is signed with a broken hash", "let the certificate be issued again with SHA-256"
)
_PURPOSE = Verdict("purpose", "its certificate was not issued for servers", "issue one with the serverAuth purpose")
_NOT_CA = Verdict(
    "not-an-authority",
    "a certificate of its chain issued another without being an authority",
    "use a certificate whose whole chain was issued by authorities",
)

# Numbers of x509_vfy.h, stable since OpenSSL 1.0.
VERDICTS = {
    9: _NOT_YET,
    10: _EXPIRED,
    18: _SELF_SIGNED,
    19: _SELF_SIGNED,
    20: _NO_ISSUER,
    21: _NO_ISSUER,
    24: _NOT_CA,
    26: _PURPOSE,
    62: _HOST,
    64: _HOST,
    66: _WEAK,
    67: _WEAK,
    68: _WEAK_HASH,
    79: _NOT_CA,
}
# What OpenSSL says when the chain is judged by the security level during the handshake instead.
_REASONS = {
    "EE_KEY_TOO_SMALL": _WEAK,
    "CA_KEY_TOO_SMALL": _WEAK,
    "CA_MD_TOO_WEAK": _WEAK_HASH,
    "DH_KEY_TOO_SMALL": _WEAK,
}


def verdict(error: ssl.SSLError) -> Verdict | None:
    """Why OpenSSL did not accept a certificate; None when that is not what went wrong."""
    if isinstance(error, ssl.SSLCertVerificationError):
        other = Verdict("not-trusted", f"its certificate is not accepted: {error.verify_message}", "replace it")
        return VERDICTS.get(error.verify_code, other)
    return _REASONS.get(_reason(error))


def _reason(error: ssl.SSLError) -> str:
    """OpenSSL's own word; empty for an error that did not come from it."""
    return getattr(error, "reason", None) or ""


_CLOSED = frozenset({"UNEXPECTED_EOF_WHILE_READING", "EOF"})


def ended_by_server(error: ssl.SSLError) -> bool:
    """Whether the server ended the handshake, by an alert or by closing; not because this side saw a mistake in it."""
    closed = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError) or _reason(error) in _CLOSED
    return closed or "ALERT" in _reason(error)


def handshake_words(error: ssl.SSLError) -> str:
    """The reason of a failed handshake in a few words, whatever it is."""
    found = verdict(error)
    if found is not None:
        return found.words
    reason = _reason(error)
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}:
        return "it does not speak TLS on this port"
    if reason in {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"}:
        return "it offers no TLS version from 1.2 on"
    if reason in _CLOSED or isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "it closed the connection during the handshake"
    return reason.lower().replace("_", " ") or "the handshake failed"


@dataclass(frozen=True)
class Trust:
    """The authorities that are trusted."""

    pem: str = ""
    """Certificates of the private authority; empty for those that this machine trusts."""
    evidence: tuple[Evidence, ...] = ()

    def context(self) -> ssl.SSLContext:
        """Make a context that verifies chain, dates and host, the same on every version of Python.

        The names of a subject do not count as a host (RFC 9525 §2), and nothing older than TLS 1.2 is spoken.
        """
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.hostname_checks_common_name = False
        made.verify_flags = ssl.VerifyFlags.VERIFY_X509_TRUSTED_FIRST | ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        if self.pem:
            made.load_verify_locations(cadata=self.pem)
        else:
            made.load_default_certs(ssl.Purpose.SERVER_AUTH)
        return made


_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def trust(context: Context, ca_file: str | None) -> Trust:
    """Read whom to trust.

    Args:
        context: The evaluation.
        ca_file: PEM file of a private authority, which alone is trusted then.

    Raises:
        CheckError: The file cannot be read or holds no certificate.
    """
    if ca_file is None:
        return Trust()
    data = context.read(ca_file, limit=2**24)
    remedy = "name the PEM file with the certificate of the authority"
    pem = b"\n".join(_BLOCK.findall(data)).decode("ascii")
    if not pem:
        raise CheckError(f"{ca_file} holds no certificate in PEM form", remedy)
    found = Trust(pem, (Evidence(name=ca_file, sha256=hashlib.sha256(data).hexdigest()),))
    try:
        found.context()
    except ssl.SSLError as error:
        raise CheckError(f"{ca_file} holds a certificate that cannot be read: {error.reason}", remedy) from error
    return found
