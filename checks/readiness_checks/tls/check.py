"""The check `tls`: examines every address of every host and judges it."""

import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from readiness.check import Check, Context
from readiness.outcome import Finding, Level, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.parameters import ONE_OR_MANY, Also, in_days
from readiness_checks.tls.endpoint import look
from readiness_checks.tls.judgement import Judged, Rules, judge
from readiness_checks.tls.starttls import StartTlsError
from readiness_checks.tls.target import Target, TargetText, parse
from readiness_checks.web.network import Address, Deadline, NetworkError, NoRouteError, budget, resolve
from readiness_checks.web.trust import Trust, trust
from readiness_checks.web.url import is_loopback

MOST_ADDRESSES = 8
"""Addresses of one host that are examined."""
_WORKERS = 8


def _version(value: Any) -> Any:
    """Read a version as YAML reads it without quotes, or as OpenSSL and nginx write it: 1.2, `TLSv1.2`, `TLS 1.2`."""
    if isinstance(value, float):
        return str(value)
    return re.sub(r"^TLS ?v?(?=1\.)", "", value, flags=re.IGNORECASE) if isinstance(value, str) else value


class Tls(Check):
    """Certificates, keys and protocol versions of every host are sound, and stay so for a while.

    Why: An expired certificate stops every user at once, a chain without its intermediate stops some of them, and an
    old protocol version or a weak key lets others read along.

    How: Connects to every address of every host as a strict client does: the chain has to lead to a trusted
    authority, the host has to be among the subject alternative names, and the dates have to hold, both by the clock
    of the machine and by that of the run. Reads the chain that was verified, and the one that was sent: days left,
    RSA of at least 2048 bits or EC of at least 256, no signature with MD5 or SHA-1 (that of the trusted certificate
    itself does not count). Then it offers SSL 3.0, TLS 1.0, 1.1 and 1.2 one by one, with a ClientHello of its own
    making, because the local TLS library may be unable to offer them. In the same way it offers what no server should
    agree to: suites without encryption or certificate or with broken ciphers, CBC before TLS 1.2, DH below 2048 bits,
    curves below 224, compression, renegotiation that is not bound to its connection; suites without forward secrecy
    are a warning. Session tickets are told in the evidence. A server that wants a certificate of the client is judged
    by its own. A certificate that demands a stapled answer has to come with one, and one of a public authority may be
    valid no longer than the CA/Browser Forum allows for its first day.

    With `smtp://`, `imap://` or `postgres://` TLS begins by the command of that protocol, on every connection. A server
    that does not offer it fails, and so does one that sends plain text behind its consent.

    A host that cannot be reached or whose answer cannot be read is an error. Of several addresses behind one host each
    is examined, eight at most; one that this machine has no route to (no IPv6) is only noted when another was
    examined, and so is a closed port on one of the addresses of localhost. Whether a certificate was revoked is not
    asked.

    Remedy: Follow the remedy of each finding; mostly: renew by machine, send the whole chain, allow TLS 1.2 and 1.3.

    Example:
        - id: tls
          title: Certificates are valid
          check: tls
          phase: post-deploy
          with: {hosts: [app.example.com, "smtp://mail.example.com:587"], min_days: 21}
    """

    runs_foreign_code: ClassVar[bool] = False

    hosts: Annotated[list[TargetText], Field(min_length=1), ONE_OR_MANY, stricter.more_entries]
    """Endpoints: `host` (port 443), `host:port`, `[ipv6]:port`, an https URL; with STARTTLS `smtp://host`, `imap://host`,
    `postgres://host`, each with `:port` where it is not the usual one."""
    min_days: Annotated[
        Annotated[int, Field(ge=1, le=825), Also(in_days, {"type": "string", "pattern": "^[0-9]+[dw]$"})] | None,
        stricter.higher.measured_as("days").when_absent(0, 30),
    ] = None
    """Days that every certificate of the chain must still be valid. When not given: 30, or a third of the certificate's
    life if that is less."""
    min_version: Annotated[
        Literal["1.2", "1.3"],
        Also(_version, {"enum": [1.2, 1.3, "TLSv1.2", "TLSv1.3"]}),
        stricter.higher.measured_as("tls_version"),
    ] = "1.2"
    """Oldest version of TLS that may be offered."""
    ca_file: Annotated[str | None, Field(min_length=1), stricter.trusted_file] = None
    """PEM file of a private authority, which alone is trusted then; the machine's authorities when not given."""

    def run(self, context: Context) -> Outcome:
        """Examine all hosts side by side."""
        trusted = trust(context, self.ca_file)
        rules = Rules(context.now, self.min_days, self.min_version, private=self.ca_file is not None)
        deadline = Deadline(budget(context.remaining))
        targets = sorted({parse(text) for text in self.hosts})
        with ThreadPoolExecutor(_WORKERS) as pool:
            answers = list(pool.map(lambda target: _examine(target, trusted, rules, deadline), targets))
        return _outcome(answers, trusted)


@dataclass(frozen=True)
class _Host:
    """What is known about one host."""

    target: Target
    judged: tuple[tuple[Address, Judged], ...] = ()
    obstacles: tuple[Finding, ...] = ()
    """Why something could not be examined."""
    notes: tuple[Finding, ...] = ()
    refusals: tuple[Finding, ...] = ()
    """Defects for which no TLS was begun at all."""

    @property
    def findings(self) -> list[Finding]:
        """Findings of all addresses, each once, with the addresses where it is not true of all."""
        where: defaultdict[Finding, list[str]] = defaultdict(list)
        for address, judged in self.judged:
            for finding in judged.findings:
                where[finding].append(address.ip)
        of_addresses = [
            finding
            if len(ips) == len(self.judged)
            else finding.model_copy(update={"message": f"{finding.message} (at {', '.join(ips)})"})
            for finding, ips in where.items()
        ]
        return [*self.refusals, *of_addresses]


def _examine(target: Target, trusted: Trust, rules: Rules, deadline: Deadline) -> _Host:
    try:
        addresses = resolve(target.host, target.port, deadline)
    except NetworkError as error:
        return _Host(target, obstacles=(_obstacle(target, error),))
    judged: list[tuple[Address, Judged]] = []
    failures: list[tuple[Address, NetworkError]] = []
    refusals: list[Finding] = []
    for address in addresses[:MOST_ADDRESSES]:
        try:
            judged.append((address, judge(target, look(target, address, trusted, deadline), rules)))
        except StartTlsError as error:
            refusals.append(Finding(message=str(error), rule=error.rule, host=str(target), remedy=error.remedy))
        except NetworkError as error:
            failures.append((address, error))
    answered = bool(judged or refusals)
    obstacles = [_obstacle(target, error) for _, error in failures if not (answered and _harmless(target, error))]
    obstacles += [_unknown(target, words) for _, answer in judged for words in answer.unknown]
    notes = [
        _obstacle(target, error).model_copy(update={"level": Level.NOTE})
        for _, error in failures
        if answered and _harmless(target, error)
    ]
    if len(addresses) > MOST_ADDRESSES:
        notes.append(
            Finding(
                message=f"only the first {MOST_ADDRESSES} of {len(addresses)} addresses were examined",
                rule="more-addresses",
                level=Level.WARNING,
                host=str(target),
                remedy="name the other addresses' own hosts too",
            )
        )
    return _Host(target, tuple(judged), tuple(dict.fromkeys(obstacles)), tuple(notes), tuple(dict.fromkeys(refusals)))


def _harmless(target: Target, error: NetworkError) -> bool:
    """Whether an address that did not answer says nothing about the host, since another did."""
    refused = isinstance(error.__cause__, ConnectionRefusedError)
    return isinstance(error, NoRouteError) or (refused and is_loopback(target.host))


def _obstacle(target: Target, error: NetworkError) -> Finding:
    return Finding(message=str(error), rule="unreachable", host=str(target), remedy=error.remedy)


def _unknown(target: Target, words: str) -> Finding:
    remedy = "look whether something in between swallows old versions of TLS, and run from elsewhere"
    return Finding(message=words, rule="undetermined", host=str(target), remedy=remedy)


def _outcome(hosts: list[_Host], trusted: Trust) -> Outcome:
    """Put the answer together: a defect that was seen makes it failed, whatever else stayed unknown."""
    obstacles = [finding for host in hosts for finding in host.obstacles]
    findings = [finding for host in hosts for finding in host.findings]
    defects = [finding for finding in findings if finding.level is Level.ERROR]
    judged = [answer for host in hosts for _, answer in host.judged]
    examined = sum(bool(host.judged or host.refusals) for host in hosts)
    first = next(iter([*defects, *obstacles]), None)
    if first is None:
        status, summary = Status.PASSED, _good(hosts)
    else:
        status = Status.FAILED if defects else Status.ERROR
        many = f"{count(len(defects), 'defect')} at {len({f.host for f in defects})} of {count(examined, 'host')}: "
        place = f"{first.host}: " if defects else ""
        unknown = f"; {len(obstacles)} not determined" if defects and obstacles else ""
        summary = f"{many if defects else ''}{place}{first.message}{unknown}"
    return Outcome(
        status=status,
        summary=summary,
        examined=examined,
        unit="hosts",
        measurements=tuple(dict.fromkeys(measured for answer in judged for measured in answer.measurements)),
        findings=(*obstacles, *findings, *(note for host in hosts for note in host.notes)),
        evidence=(*(answer.evidence for answer in judged), *trusted.evidence),
        remedy=first.remedy if first else "",
    )


def _good(hosts: list[_Host]) -> str:
    days = [
        (float(measured.value or 0), host.target)
        for host in hosts
        for _, answer in host.judged
        for measured in answer.measurements
    ]
    soonest, target = min(days)
    return f"{count(len(hosts), 'host')} sound; the next certificate to expire is that of {target}, in {soonest:g} days"
