"""The reporter for `.signoffs.html`: who signed what, as a page for print.

Every signature stands with its printed name, date and time, and meaning, as 21 CFR 11.50 asks of what is printed; the
digests link them to what was signed, as 11.70 asks.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import zip_longest
from typing import NamedTuple

from readiness import PRINCIPAL
from readiness.outcome import SignoffState
from readiness.printed_names import own_words
from readiness.report import Report
from readiness_reports.html.environment import asset, digest, template
from readiness_reports.view import records
from readiness_reports.view.text import line


def render(report: Report) -> str:
    """Write the page: a pure function of the report."""
    style = asset("signoffs.css")
    found = entries(report)
    counted = [entry for entry in found if entry.state is SignoffState.VALID]
    missing = [entry for entry in found if entry.state is SignoffState.MISSING]
    refused = [entry for entry in found if entry.state not in {SignoffState.VALID, SignoffState.MISSING}]
    return template("signoffs.html.jinja").render(
        report=report,
        verdict=report.verdict,
        subject=report.subject,
        identity=identity(report),
        counted=counted,
        refused=refused,
        missing=missing,
        script=script(report, counted),
        style=style,
        policy=f"default-src 'none'; style-src '{digest(style)}'; base-uri 'none'; form-action 'none'",
    )


_DIGEST = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_COVERED_SHOWN = 40
"""Covered files that are printed; the record itself names all of them."""


class Entry(NamedTuple):
    """One signature, or one that is still missing."""

    what: str
    """What kind of record it is: `Sign-off` or `Waiver`."""
    item: str
    text: str
    """The item's words: for a waiver those that were signed."""
    role: str
    slot: str
    """For one of a matrix: which."""
    state: SignoffState
    why: str
    code: str
    remedy: str
    meaning: str
    name: str
    """The reviewed one."""
    title: str
    says: str
    """The name that the signer gives, marked as that; empty where it is the reviewed one."""
    principal: str
    signed_at: datetime | None
    expires_at: datetime | None
    countdown: str
    key: str
    record: str
    covers: tuple[tuple[str, str], ...]
    """Path and digest, which is empty where it is not known."""
    uncounted: int
    """How many more files it covers."""
    facts: tuple[tuple[str, str], ...]
    """Further things that were signed: name and value."""


def entries(report: Report) -> tuple[Entry, ...]:
    """Sign-offs in the order of the checklist, then waivers: those that the verdict rests on first."""
    signed = tuple(_signoff(card) for card in records.signoffs(report, by_need=False))
    return signed + tuple(_waiver(waived) for waived in records.waivers(report))


def _signoff(signed: records.Card) -> Entry:
    card, item = signed.card, signed.result.item
    pairs = zip_longest(card.covers[:_COVERED_SHOWN], card.digests[:_COVERED_SHOWN], fillvalue="")
    facts = []
    if signed.quorum:
        is_ = "is" if signed.quorum.value == 1 else "are"
        facts = [("Needed", f"{signed.quorum.value} of {signed.quorum.threshold} {is_} valid")]
    facts += [("Holds for", "the content, whatever the release")] if card.scope == "content" else []
    return Entry(
        what="Sign-off",
        item=item.id,
        text=item.title,
        role=card.role,
        slot=card.subject,
        state=card.state,
        why=card.reason,
        code=card.code,
        remedy=card.remedy,
        meaning=card.meaning,
        name=card.printed_name,
        title=card.title,
        says=own_words(card.printed_name, card.name),
        principal=card.principal,
        signed_at=card.signed_at,
        expires_at=card.expires_at,
        countdown=signed.countdown,
        key=card.key,
        record=card.record,
        covers=tuple((path, digest) for path, digest in pairs if path),
        uncounted=max(len(card.covers) - _COVERED_SHOWN, 0),
        facts=tuple(facts),
    )


def _waiver(waived: records.Waived) -> Entry:
    waiver = waived.waiver
    return Entry(
        what="Waiver",
        item=waiver.item,
        text=waiver.item_text or (waived.result.item.title if waived.result else ""),
        role=waiver.role,
        slot="",
        state=waiver.state,
        why=waiver.why,
        code=waiver.code,
        remedy=waiver.remedy,
        meaning=waiver.meaning,
        name=waiver.printed_name,
        title=waiver.title,
        says=own_words(waiver.printed_name, waiver.name),
        principal=waiver.principal,
        signed_at=waiver.signed_at,
        expires_at=waiver.expires_at,
        countdown=waived.countdown,
        key=waiver.key,
        record=waiver.record,
        covers=(),
        uncounted=0,
        facts=tuple(
            (name, value)
            for name, value in (
                ("Reason", waiver.reason),
                ("Compensating control", waiver.compensating_control),
                ("Asked for by", waiver.requested_by),
                ("For this verdict", waived.standing),
            )
            if value
        ),
    )


def script(report: Report, counted: Iterable[Entry]) -> str:
    """A shell script that checks every signature that counts with git, sha256sum and OpenSSH (9.1 or newer) alone.

    Only what has the grammar of a digest, a principal and a date goes into it, so nothing in it comes from outside
    as a command. Empty when there is nothing to check.
    """
    rows = [
        f"{entry.record} {entry.principal} {entry.signed_at.astimezone(UTC):%Y%m%d%H%M%SZ}"
        for entry in counted
        if entry.signed_at and _DIGEST.fullmatch(entry.record) and PRINCIPAL.fullmatch(entry.principal)
    ]
    if not rows:
        return ""
    return "\n".join(["# in the folder of the checklist", _roster(report), *_LOOP, *dict.fromkeys(rows), "END"])


def _roster(report: Report) -> str:
    """Bring forth the roster that judged: it may have changed since, which records never do."""
    commit = report.policy.commit if report.policy else report.subject.commit
    if not _COMMIT.fullmatch(commit):
        return "roster=.readiness/allowed_signers"
    return f'roster=$(mktemp) && git show {commit}:./.readiness/allowed_signers > "$roster"'


_LOOP = (
    "while read -r record who when; do",
    '  file=.readiness/records/${record%"${record#??}"}/$record',
    '  echo "$record  $file.json" | sha256sum --check --strict &&',
    '  ssh-keygen -Y verify -f "$roster" -I "$who" -n signoff@readiness -O verify-time="$when" \\',
    '    -s "$file.sig" < "$file.json" || echo "NOT GOOD: $file"',
    "done <<'END'",
)


def identity(report: Report) -> str:
    """What stands at the head of every printed page."""
    subject = report.subject
    commit = f"commit {subject.commit[:12]}" if subject.commit else "no commit"
    place = subject.environment and f"for {subject.environment}"
    return line(" ".join(filter(None, (subject.project, subject.release, place, commit))))
