"""Decides whether an attested verdict lets a deploy job go on: trusted key, right commit, not expired."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from readiness.attestation.demand import ATTEST, Demand, Objection, contradictions, foreign, policy_objections
from readiness.attestation.envelope import PAYLOAD_TYPE, Envelope
from readiness.attestation.keys import TrustedKey
from readiness.attestation.statement import PREDICATE, STATEMENT, Statement, parse_payload, parse_statement
from readiness.duration import render
from readiness.moment import show
from readiness.report import VerdictWord
from readiness.text import count, short

AHEAD = timedelta(minutes=5)
"""How far clocks may differ."""


@dataclass(frozen=True)
class Examination:
    """What was found."""

    statement: Statement | None = None
    """None when it was not signed by a trusted key, or is about something else: nothing in it may be believed."""
    key: TrustedKey | None = None
    """Who signed."""
    objections: tuple[Objection, ...] = ()
    """What speaks against relying on it; none when it is good."""


def examine(signed: Envelope, keys: Sequence[TrustedKey], demand: Demand, now: datetime) -> Examination:
    """Compare an envelope with what the deploy job requires.

    Raises:
        AttestationError: What is signed is no verdict that can be read.
    """
    found = authenticate(signed, keys)
    if found.statement is None:
        return found
    statement = found.statement
    objections = (
        *found.objections,
        *_subject(statement, demand),
        *_question(statement, demand),
        *policy_objections(statement, demand),
        *_time(statement, demand, now),
    )
    return Examination(statement, found.key, objections)


def authenticate(signed: Envelope, keys: Sequence[TrustedKey]) -> Examination:
    """Find out who signed a verdict, and that it is one that passed.

    Raises:
        AttestationError: What is signed is no verdict that can be read.
    """
    key = signed.signer(keys)
    if key is None:
        return Examination(objections=(_unsigned(signed, keys),))
    if signed.payload_type != PAYLOAD_TYPE:
        return Examination(key=key, objections=(foreign("payload-type", signed.payload_type, PAYLOAD_TYPE),))
    said = parse_payload(signed.payload)
    for code, name, expected in (
        ("statement-type", "_type", STATEMENT),
        ("predicate-type", "predicateType", PREDICATE),
    ):
        if said.get(name) != expected:
            return Examination(key=key, objections=(foreign(code, str(said.get(name)), expected),))
    statement = parse_statement(said)
    return Examination(statement, key, tuple(contradictions(statement)))


def _unsigned(signed: Envelope, keys: Sequence[TrustedKey]) -> Objection:
    hints = ", ".join(short(one.keyid)[:16] or "unnamed" for one in signed.signatures)
    return Objection(
        "refuted",
        "bad-signature",
        f"no trusted key has signed it: it names the key {hints}, and trusted is "
        f"{', '.join(key.id[:16] for key in keys)}",
        "if the key is the right one, the file was changed: get it again from the run that attested it",
    )


def _subject(statement: Statement, demand: Demand) -> Iterator[Objection]:
    commits = [resource.digest["gitCommit"] for resource in statement.subject if "gitCommit" in resource.digest]
    if demand.commit not in commits:
        shown = ", ".join(short(commit) for commit in commits) or "none"
        yield Objection(
            "refuted",
            "other-commit",
            f"it is about another commit: {shown}, not {demand.commit}",
            f"deploy the commit that was judged, or attest this one: {ATTEST}",
        )
    files = {resource.digest.get("sha256") for resource in statement.subject if "gitCommit" not in resource.digest}
    for name, sha256 in demand.artifacts.items():
        if sha256 not in files:
            yield Objection(
                "refuted",
                "other-artifact",
                f"{short(name)} (sha256:{sha256}) is not among its artefacts",
                f"deploy the file that was judged, or attest this one: {ATTEST} with `--artifact`",
            )


def _question(statement: Statement, demand: Demand) -> Iterator[Objection]:
    verdict = statement.predicate.verdict
    for code, said, wanted in (
        ("project", verdict.project, demand.project),
        ("release", verdict.release, demand.release),
        ("environment", verdict.environment, demand.environment),
    ):
        if wanted is not None and said != wanted:
            yield Objection(
                "refuted",
                f"other-{code}",
                f"it is about {_named(code, said)}, not {_named(code, wanted)}",
                f"attest that {code}: {ATTEST}",
            )
    if verdict.phase != demand.phase:
        yield Objection(
            "refuted",
            "other-phase",
            f"it is about {_scope(verdict.phase)}, not {_scope(demand.phase)}",
            f"if that is meant, say `--phase {short(verdict.phase)}`" if verdict.phase else "leave out `--phase`",
        )
    if verdict.word is VerdictWord.CONDITIONAL_GO and not demand.conditional:
        yield Objection(
            "refuted",
            "conditional",
            "its verdict is CONDITIONAL_GO: it depends on waivers",
            "fix what is waived, or leave out `--fail-on conditional`",
        )


def _named(code: str, value: str) -> str:
    return f"the {code} `{short(value)}`" if value else f"no {code}"


def _scope(phase: str) -> str:
    return f"the phase `{short(phase)}` alone" if phase else "the whole checklist"


def _time(statement: Statement, demand: Demand, now: datetime) -> Iterator[Objection]:
    verified, verdict = statement.predicate.time_verified, statement.predicate.verdict
    if verified > now + AHEAD:
        yield Objection(
            "refuted", "in-the-future", f"it was judged at {show(verified)}, which is yet to come", "set the clocks"
        )
    elif now - verified > demand.max_age:
        yield Objection(
            "lapsed",
            "too-old",
            f"it was judged at {show(verified)}, {age(now - verified)} ago; {render(demand.max_age)} is the most",
            ATTEST,
        )
    if verdict.valid_until is not None and now >= verdict.valid_until:
        why = next((flip.text for flip in verdict.flips if flip.at <= now), "")
        yield Objection(
            "lapsed",
            "lapsed",
            f"it was valid until {show(verdict.valid_until)}" + (f": {short(why)}" if why else ""),
            f"renew what lapsed, and {ATTEST}",
        )


def age(length: timedelta) -> str:
    """A length of time in words, in the largest unit that fits."""
    seconds = max(int(length.total_seconds()), 0)
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(seconds // size, noun)
    return count(seconds, "second")
