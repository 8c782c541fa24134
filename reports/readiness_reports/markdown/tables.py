"""Writes the parts of a Markdown page: tables that may be cut, about records, policy changes and controls."""

from collections.abc import Sequence
from typing import NamedTuple

from readiness.controls import ControlState
from readiness.outcome import SignoffState
from readiness.report import Report, Result
from readiness_reports.markdown.escaping import code, prose, table
from readiness_reports.view import control_matrix, records, wording
from readiness_reports.view.wording import state

MARKS = {
    "passed": "✅ passed",
    "failed": "❌ failed",
    "error": "⚠️ error",
    "pending": "⏳ pending",
    "not_applicable": "➖ not applicable",
    "skipped": "⏭️ skipped",
    "unselected": "▫️ not selected",
}


class Part(NamedTuple):
    """A heading, lines that belong together, and as many rows below them as there is room for."""

    head: list[str]
    rows: list[str]
    noun: str
    """What a row is, for saying how many are left out."""


def part(title: str, noun: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *before: str) -> Part:
    """A table under a heading.

    Args:
        title: The heading.
        noun: What a row is.
        head: Names of the columns.
        rows: Cells, which are Markdown already.
        before: Paragraphs between the heading and the table.
    """
    lines = table(head, rows)
    between = [line for paragraph in before for line in (paragraph, "")]
    return Part([f"## {title}", "", *between, *lines[:2]], lines[2:], noun)


def mark(result: Result) -> str:
    """The state of an item as a shape and a word."""
    return MARKS[state(result)]


_DIGEST_SHOWN = 12
"""Hex digits of a record, which `readiness records show` takes."""
_ITEMS_SHOWN = 20
_STANDINGS = {
    ControlState.MET: "✅ met",
    ControlState.WAIVED: "🔶 waived",
    ControlState.NOT_MET: "❌ not met",
    ControlState.PARTLY_ASSESSED: "◐ partly assessed",
    ControlState.NOT_ASSESSED: "▫️ not assessed",
}
_CHANGES = {"weakens": "❌ weakens", "strengthens": "✅ strengthens", "neutral": "➖ neutral"}


def parts(report: Report) -> tuple[Part, ...]:
    """Policy, waivers, sign-offs and controls; a part without rows is to be left out."""
    return (_policy(report), _waivers(report), _signoffs(report), _controls(report))


def origin(report: Report) -> str:
    """Which policy judged, in a few words."""
    if report.policy is None:
        return "read from what is judged itself, so a change of it would be judged by itself"
    policy = report.policy
    name = f" ({code(policy.name)})" if policy.name not in {"", policy.ref} else ""
    return f"{code(policy.ref)}{name} at {code(policy.commit)}. {records.policy_words(policy)}"


def _policy(report: Report) -> Part:
    groups = records.changes(report.policy) if report.policy else ()
    rows = [
        (
            _CHANGES[group.kind],
            prose(change.text),
            _value(change.before),
            _value(change.after),
            code(change.code),
            prose(f"{change.source.file}:{change.source.line}") if change.source else "",
        )
        for group in groups
        for change in group.changes
    ]
    said = records.policy_words(report.policy) if report.policy else ""
    return part("Policy", "change of the policy", ("Kind", "Change", "Before", "After", "Code", "Where"), rows, said)


def _value(text: str) -> str:
    """A value on one line on which its lines can still be told apart."""
    return code(text.strip().replace("\n", " ⏎ "))


def _state(state: SignoffState, code_: str) -> str:
    shape = "✅" if state is SignoffState.VALID else "⏳" if state is SignoffState.MISSING else "❌"
    return f"{shape} {state.value}" + (f" ({code(code_)})" if code_ and code_ != state.value else "")


def _waivers(report: Report) -> Part:
    rows = [
        (
            code(waived.waiver.item),
            _state(waived.waiver.state, waived.waiver.code),
            f"{wording.moment(waived.waiver.expires_at)}, {'⚠️ ' if waived.loud else ''}{waived.countdown}",
            _standing(waived),
            prose(waived.waiver.reason),
            prose(waived.waiver.compensating_control),
            prose(records.who(waived.waiver)),
            prose(waived.waiver.requested_by),
            f"{code(waived.waiver.record[:_DIGEST_SHOWN])} {code(waived.waiver.key)}".strip(),
        )
        for waived in records.waivers(report)
    ]
    head = (
        *("Item", "State", "Until", "What it does", "Reason", "Compensating control"),
        *("Waived by", "Asked by", "Record and key"),
    )
    return part("Waivers", "waiver", head, rows)


def _standing(waived: records.Waived) -> str:
    if waived.waiver.state is SignoffState.VALID:
        return waived.standing
    remedy = f" → {prose(waived.waiver.remedy)}" if waived.waiver.remedy else ""
    return f"{waived.standing.removesuffix('.')}: {prose(waived.waiver.why)}{remedy}"


def _signoffs(report: Report) -> Part:
    rows = []
    for signed in records.signoffs(report):
        card = signed.card
        ends = f", ends {wording.moment(card.expires_at)}" if card.expires_at else ""
        left = f", {'⚠️ ' if signed.loud else ''}{signed.countdown}" if signed.countdown else ""
        needed = f" ({signed.quorum.value} of {signed.quorum.threshold} needed)" if signed.quorum else ""
        remedy = f" → {prose(card.remedy)}" if card.remedy else ""
        rows.append(
            (
                _state(card.state, card.code),
                prose(f"{card.role}, {card.subject}" if card.subject else card.role) + needed,
                code(signed.result.item.id),
                prose(records.who(card)),
                prose(card.meaning),
                wording.moment(card.signed_at) + ends + left if card.signed_at else "",
                f"{code(card.record[:_DIGEST_SHOWN])} {code(card.key)}".strip(),
                prose(card.reason) + remedy,
            )
        )
    head = ("State", "Role", "Item", "Who", "Meaning", "When", "Record and key", "Reason")
    return part("Sign-offs", "sign-off", head, rows)


def _controls(report: Report) -> Part:
    controls = control_matrix.controls(report)
    rows = []
    for control in controls:
        named = [
            f"{mark(r)}{' (waived)' if r.waiver and r.status.value != 'passed' else ''} {code(r.item.id)}"
            for r in control.results[:_ITEMS_SHOWN]
        ]
        left = len(control.results) - len(named)
        more = f", and {left:,} more" if left else ""
        passed = f"{control.passed:,} of {len(control.results):,}"
        rows.append((prose(control.name), _STANDINGS[control.state], passed, ", ".join(named) + more))
    said = f"{control_matrix.words(controls)}. {control_matrix.RULE}" if controls else ""
    return part("Controls", "control", ("Control", "Standing", "Items passed", "Items"), rows, said)
