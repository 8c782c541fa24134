"""Makes values of a report that look like those of a real run."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from readiness.checklist import Item, Source
from readiness.outcome import Evidence, EvidenceSignature, Outcome, SignoffCard, SignoffState, Status
from readiness.report import Plugin, Report, Result, Subject, Tool, WaiverFact
from readiness.verdict import judge

STARTED = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
COMMIT = "5db0d36c1f8a0b7e2d94c3a6f1e8b05d7c2a9e41"


def digest(text: str) -> str:
    """A digest that looks like one."""
    return hashlib.sha256(text.encode()).hexdigest()


def plugin(check: str) -> Plugin:
    """Where a built-in check comes from."""
    return Plugin(name=check, entry_point=f"readiness_checks.{check}:Check", distribution="readiness", version="0.1.0")


def seen(name: str, excerpt: str = "", *, days: int = 0) -> Evidence:
    """Evidence produced shortly before the run."""
    produced = STARTED - timedelta(days=days, minutes=4)
    return Evidence(name=name, sha256=digest(name), produced_at=produced, excerpt=excerpt)


def passed(summary: str, examined: int, unit: str, **more: Any) -> Outcome:
    return Outcome(status=Status.PASSED, summary=summary, examined=examined, unit=unit, **more)


def evidence_signature() -> EvidenceSignature:
    """A file of evidence that was signed."""
    return EvidenceSignature(
        role="tests",
        principal="ci@example.com",
        key="SHA256:x",
        signed_at=STARTED,
        envelope="unit.xml.intoto.json",
        envelope_sha256=digest("envelope"),
    )


def failed(summary: str, remedy: str, **more: Any) -> Outcome:
    return Outcome(status=Status.FAILED, summary=summary, remedy=remedy, **more)


def result(identifier: str, title: str, check: str, section: str, outcome: Outcome, **more: Any) -> Result:
    """One result; `more` goes to the item, but for `duration`, `selected` and `waiver`."""
    beside = {key: more.pop(key) for key in ("duration", "selected", "waiver") if key in more}
    beside.setdefault("duration", 0.4)
    line = 20 + sum(identifier.encode()) % 180
    item = Item(
        id=identifier, title=title, check=check, source=Source(file="readiness.yaml", line=line, column=9), **more
    )
    return Result(item=item, section=section, outcome=outcome, plugin=plugin(check), **beside)


def report(results: Sequence[Result], *, interrupted: bool = False, **subject: Any) -> Report:
    """A report whose verdict the engine's own judge gives; `subject` also takes other parts of the report."""
    about: dict[str, Any] = {
        "project": "deedpro",
        "release": "3.0.0",
        "environment": "production",
        "commit": COMMIT,
        "branch": "main",
        "committed_at": STARTED - timedelta(hours=3),
        "dirty": False,
        "checklist": "readiness.yaml",
        "checklist_sha256": digest("readiness.yaml"),
    }
    notices, policy, flips = subject.pop("notices", ()), subject.pop("policy", None), subject.pop("flips", ())
    waivers = (*(r.waiver for r in results if r.waiver is not None), *subject.pop("waivers", ()))
    verdict = judge(results, interrupted=interrupted)
    return Report(
        tool=Tool(version="0.1.0", python="3.11.2"),
        subject=Subject(**(about | subject)),
        started_at=STARTED,
        duration=74.2,
        interrupted=interrupted,
        verdict=verdict.model_copy(update={"flips": tuple(flips)}) if flips else verdict,
        sections=tuple(dict.fromkeys(r.section for r in results)),
        results=tuple(results),
        waivers=waivers,
        policy=policy,
        notices=notices,
    )


def card(role: str, state: SignoffState, reason: str, **more: Any) -> SignoffCard:
    """A sign-off; one that was given has a person, a date, a key and a record."""
    if state is not SignoffState.MISSING:
        given: dict[str, Any] = {
            "principal": f"{role}@example.com",
            "name": {"legal": "Ines Okafor", "qa": "Marta Lindqvist"}.get(role, "Tomas Reyes"),
            "meaning": "I reviewed this and approve its use in California.",
            "signed_at": STARTED - timedelta(days=12),
            "expires_at": STARTED + timedelta(days=168),
            "key": "SHA256:Qm9yZWFsIGZvcmVzdCBzYXlzIGhlbGxvIHRvIHlvdSE",
            "record": digest(role + reason),
        }
        more = given | more
    return SignoffCard(role=role, state=state, reason=reason, **more)


def signed(role: str, covers: tuple[str, ...] = ()) -> Outcome:
    """A valid sign-off."""
    given = card(role, SignoffState.VALID, "signed by a holder of the role, nothing changed since", covers=covers)
    return passed(
        f"1 of 1 sign-off by {role} is valid.",
        1,
        "sign-offs",
        signoffs=(given,),
        evidence=(seen(".readiness/allowed_signers"),),
    )


def waiver(item: str, *, days: int = 14, **more: Any) -> WaiverFact:
    """A waiver that ends some days after the run, given 20 hours before it."""
    given: dict[str, Any] = {
        "item": item,
        "record": digest("waiver" + item),
        "principal": "release@example.com",
        "name": "Ada Novak",
        "role": "release",
        "meaning": "I accept this for as long as it is said here.",
        "requested_by": "platform@example.com",
        "reason": "The renewal is booked for 2026-11-27; the certificate is valid until then.",
        "compensating_control": "An alert fires 5 days before the certificate ends.",
        "signed_at": STARTED - timedelta(hours=20),
        "expires_at": STARTED + timedelta(days=days),
        "key": "SHA256:d2FpdmluZyBpcyBub3QgZHJvd25pbmcgYnV0IHdhdmluZyE",
    }
    return WaiverFact(**(given | more))
