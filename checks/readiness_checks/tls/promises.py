"""Judges what certificates promise: to be valid no longer than browsers allow, and to come with a stapled answer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from readiness.outcome import Finding, Level

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_LIMITS = (
    (datetime(2029, 3, 15, tzinfo=UTC), 47),
    (datetime(2027, 3, 15, tzinfo=UTC), 100),
    (datetime(2026, 3, 15, tzinfo=UTC), 200),
    (datetime(2020, 9, 1, tzinfo=UTC), 398),
    (datetime(2018, 3, 1, tzinfo=UTC), 825),
)
"""Days that a certificate of a public authority may be valid, by its first day (CA/Browser Forum, Baseline Requirements
§6.3.2, ballots 193, SC-22 and SC-081v3; 398 days are the rule of Apple and Google since 2020-09-01)."""
_FORUM = "2.23.140.1."
"""Policies by which public authorities mark what they issue (Baseline Requirements §7.1.6.1)."""
_BASELINE = "https://cabforum.org/working-groups/server/baseline-requirements/"


def validity(certificate: "Certificate", *, private: bool) -> Iterator[Finding]:
    """Judge how long a certificate is valid.

    Args:
        certificate: That of a server.
        private: Whether a private authority alone is trusted, for which the limits do not hold.
    """
    marked = _is_public(certificate)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    limit = next((days for since, days in _LIMITS if start >= since), None)
    # The last second belongs to it (RFC 5280 §4.1.2.5).
    if limit is None or end - start + timedelta(seconds=1) <= timedelta(days=limit) or (private and not marked):
        return
    days = (end - start) / timedelta(days=1)
    allowed = f"one of {start:%Y-%m-%d} by a public authority may be for {limit}"
    message = f"the certificate is valid for {days:.0f} days; {allowed}"
    if not marked:
        message += ", and browsers refuse it unless its authority is a private one"
    remedy = "let it be issued for a shorter time, and renewed by machine (ACME)"
    level = Level.ERROR if marked else Level.WARNING
    yield Finding(message=message, rule="validity-too-long", level=level, remedy=remedy, link=_BASELINE)


def _is_public(certificate: "Certificate") -> bool:
    """Whether a certificate bears the marks of a public authority: a policy of the Forum, or stamps of public logs."""
    from cryptography.x509 import CertificatePolicies, ExtensionNotFound, PrecertificateSignedCertificateTimestamps

    try:
        policies = certificate.extensions.get_extension_for_class(CertificatePolicies).value
        if any(policy.policy_identifier.dotted_string.startswith(_FORUM) for policy in policies):
            return True
    except (ExtensionNotFound, ValueError):
        pass
    try:
        certificate.extensions.get_extension_for_class(PrecertificateSignedCertificateTimestamps)
    except (ExtensionNotFound, ValueError):
        return False
    return True


def must_staple(certificate: "Certificate") -> bool:
    """Whether a certificate demands an answer about its revocation beside it (RFC 7633)."""
    from cryptography.x509 import ExtensionNotFound, TLSFeature, TLSFeatureType

    try:
        return TLSFeatureType.status_request in certificate.extensions.get_extension_for_class(TLSFeature).value
    except (ExtensionNotFound, ValueError):
        return False


def stapling(certificate: "Certificate", stapled: bool | None) -> Iterator[Finding]:  # noqa: FBT001  what was seen
    """Judge whether a server keeps what its certificate demands; nothing is known when that was not seen."""
    if stapled is False and must_staple(certificate):
        yield Finding(
            message="its certificate demands a stapled answer about revocation, and it sends none: browsers refuse it",
            rule="must-staple",
            remedy="switch OCSP stapling on in the server, or let the certificate be issued without the demand",
            link="https://www.rfc-editor.org/rfc/rfc7633",
        )
