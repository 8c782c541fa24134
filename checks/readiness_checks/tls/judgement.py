"""Turns the observations of one address into findings, measurements and evidence."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from readiness.outcome import Evidence, Finding, Level, Measurement
from readiness_checks.tls import certificates, suites
from readiness_checks.tls.endpoint import Seen
from readiness_checks.tls.hello import Reply, Version
from readiness_checks.tls.promises import must_staple, stapling, validity
from readiness_checks.tls.target import Target
from readiness_checks.web.trust import handshake_words, verdict

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

REQUIRED = {"1.2": Version.TLS_1_2, "1.3": None}
_SUITES = "offer TLS 1.2 and 1.3 with the cipher suites of Mozilla's intermediate configuration"
_MOZILLA = "https://wiki.mozilla.org/Security/Server_Side_TLS"
_OLD = "switch it off in the server: RFC 8996 forbids TLS 1.0 and 1.1, RFC 7568 forbids SSL 3.0"


@dataclass(frozen=True)
class Rules:
    """What is required of every endpoint."""

    now: datetime
    min_days: int | None
    min_version: str
    private: bool = False
    """Whether a private authority alone is trusted."""

    @property
    def forbidden(self) -> list[Version]:
        """Versions that must not be offered."""
        lowest = REQUIRED[self.min_version]
        return [version for version in Version if lowest is None or version.value < lowest.value]


@dataclass(frozen=True)
class Judged:
    """The judgement of one address."""

    findings: tuple[Finding, ...]
    unknown: tuple[str, ...]
    """What could not be determined."""
    measurements: tuple[Measurement, ...]
    evidence: Evidence


def judge(target: Target, seen: Seen, rules: Rules) -> Judged:
    """Judge what one address showed."""
    findings = [*_versions(seen, rules), *_suites(seen)]
    unknown = [f"{target}: it gave no usable answer to the offer of {what}" for what in seen.suites.unanswered]
    unknown += [
        f"{target}: it gave no usable answer to the offer of {version.text}"
        for version in rules.forbidden
        if seen.versions[version] is Reply.UNKNOWN
    ]
    try:
        sent, verified = certificates.load(seen.sent), certificates.load(seen.verified)
    except ValueError:
        sent, verified = [], []
        remedy = "let it be issued again by an authority that follows RFC 5280"
        findings.append(Finding(message="a certificate is malformed", rule="malformed", remedy=remedy))
    leaf = (verified or sent)[:1]
    for certificate in leaf:
        findings += [*validity(certificate, private=rules.private), *stapling(certificate, seen.suites.stapled)]
        if must_staple(certificate) and seen.suites.stapled is None and not seen.wants_certificate:
            unknown.append(f"{target}: whether it staples, as its certificate demands, is not seen without TLS 1.2")
    findings += [*_refusal(seen, sent), *_chain(target, sent, verified, rules, refused=seen.refusal is not None)]
    if seen.refusal is None and not verified:
        unknown.append(f"{target}: its certificates could not be read")
    measurements = [_days(target, certificate, rules) for certificate in leaf]
    return Judged(
        findings=tuple(finding.model_copy(update={"host": str(target)}) for finding in _distinct(findings)),
        unknown=tuple(unknown),
        measurements=tuple(measurements),
        evidence=_evidence(target, seen, sent),
    )


def _versions(seen: Seen, rules: Rules) -> Iterator[Finding]:
    for version in rules.forbidden:
        if seen.versions[version] is Reply.OFFERED:
            old = version is not Version.TLS_1_2
            yield Finding(
                message=f"{version.text} is still offered; TLS {rules.min_version} is the oldest allowed",
                rule="old-version",
                remedy=_OLD if old else f"set TLS {rules.min_version} as the oldest version in the server",
                link="https://www.rfc-editor.org/rfc/rfc8996" if old else "",
            )
    if seen.refusal is None and rules.min_version == "1.3" and seen.version != "TLSv1.3":
        message = f"the server agreed on {seen.version}, not on TLS 1.3"
        yield Finding(message=message, rule="no-tls-1.3", remedy="switch TLS 1.3 on in the server")


def _suites(seen: Seen) -> Iterator[Finding]:
    for suite in seen.suites.weak:
        weakness = suites.weakness(suite)
        if weakness is not None:
            yield Finding(
                message=f"{weakness.words} ({suites.name(suite)})",
                rule=weakness.rule,
                level=weakness.level,
                remedy=_SUITES,
                link=_MOZILLA,
            )
    bits = seen.suites.dh_bits
    if bits is not None and bits < suites.LEAST_DH_BITS:
        yield Finding(
            message=f"its DH uses a prime of {bits} bits; {suites.LEAST_DH_BITS} are needed",
            rule="weak-dh",
            remedy="use ECDHE, or a group of RFC 7919 with 2048 bits or more",
            link="https://www.rfc-editor.org/rfc/rfc9325#section-4.2",
        )
    yield from _agreements(seen)
    if seen.wants_certificate:
        message = "it lets in only clients with a certificate; its own were judged"
        yield Finding(message=message, rule="client-certificate", level=Level.NOTE, remedy="none is needed")


def _agreements(seen: Seen) -> Iterator[Finding]:
    """What it agrees to beside suites: small curves, old modes, compression, renegotiation without a bond."""
    found, rfc = seen.suites, "https://www.rfc-editor.org/rfc/rfc"
    if found.weak_group is not None:
        message = f"its ECDHE uses a curve below 224 bits (IANA number {found.weak_group})"
        remedy = "allow X25519, P-256 and P-384 alone"
        yield Finding(message=message, rule="weak-curve", remedy=remedy, link=f"{rfc}8422#section-5.1.1")
    if found.old_cbc is not None:
        version, suite = found.old_cbc
        message = f"it agrees to CBC mode in {version.text} ({suites.name(suite)}), where padding and vectors leak"
        yield Finding(message=message, rule="cbc-in-old-version", remedy=_OLD, link=f"{rfc}8996")
    if found.compresses:
        message = "it compresses what it encrypts, so that lengths tell secrets (CRIME)"
        yield Finding(message=message, rule="compression", remedy="switch it off", link=f"{rfc}9325#section-3.3")
    if found.insecure_renegotiation:
        message = "it does not bind a renegotiation to its connection: others can put their bytes before a client's"
        remedy = "update the TLS library: RFC 5746 is of 2010"
        yield Finding(message=message, rule="insecure-renegotiation", remedy=remedy, link=f"{rfc}5746")


def _refusal(seen: Seen, sent: "list[Certificate]") -> Iterator[Finding]:
    """Why a default client does not connect, in words."""
    if seen.refusal is None:
        return
    why = verdict(seen.refusal)
    if why is None:
        yield Finding(
            message=f"a default client cannot connect: {handshake_words(seen.refusal)}",
            rule="no-connection",
            remedy=_SUITES,
            link=_MOZILLA,
        )
        return
    message = why.words
    if why.rule == "no-issuer" and (missing := certificates.gap(sent)):
        message += f": {missing[:120]}"
    yield Finding(message=message, rule=why.rule, remedy=why.remedy)


def _chain(
    target: Target, sent: "list[Certificate]", verified: "list[Certificate]", rules: Rules, *, refused: bool
) -> Iterator[Finding]:
    """Judge the chain that a client builds; where it builds none, the one that is sent."""
    judged = verified or sent
    for position, certificate in enumerate(judged):
        yield from certificates.dates(certificate, rules.now, rules.min_days)
        yield from certificates.strength(certificate, trusted=bool(verified) and position == len(verified) - 1)
    if refused and sent:
        yield from certificates.host(sent[0], target)
    yield from certificates.order(sent)


def _distinct(findings: list[Finding]) -> Iterator[Finding]:
    """Leave out OpenSSL's general words where a rule of ours says the same with names and numbers."""
    general = {
        "certificate-expired": "a certificate of its chain",
        "certificate-not-yet-valid": "a certificate of its chain",
        "host-mismatch": "its certificate was issued",
        "weak-key": "a key of its chain",
        "weak-signature": "its chain is signed",
    }
    rules = [finding.rule for finding in findings]
    for finding in findings:
        start = general.get(finding.rule)
        if start and finding.message.startswith(start) and rules.count(finding.rule) > 1:
            continue
        yield finding


def _days(target: Target, certificate: "Certificate", rules: Rules) -> Measurement:
    return Measurement(
        name=f"{target}: days until the certificate expires",
        value=certificates.days_left(certificate, rules.now),
        unit="d",
        operator=">=",
        threshold=certificates.days_required(certificate, rules.min_days),
    )


def _evidence(target: Target, seen: Seen, sent: "list[Certificate]") -> Evidence:
    offered = ", ".join(f"{version.text} {reply}" for version, reply in seen.versions.items())
    agreed = f"{seen.version} {seen.cipher}; " if seen.version else ""
    tickets = "; session tickets" if seen.suites.tickets else ""
    chain = " ← ".join(map(certificates.title, sent)) or "no certificate"
    address = "" if seen.address.ip == target.host else f" ({seen.address.text})"
    return Evidence(
        name=f"{target}{address}: certificates",
        sha256=hashlib.sha256(b"".join(seen.sent)).hexdigest() if seen.sent else "",
        excerpt=f"{agreed}{offered}{tickets}; {chain}",
    )
