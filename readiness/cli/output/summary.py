"""The result of a run on a terminal: the verdict, the blockers, their owners and remedies."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, NamedTuple

from readiness.checklist import EVIDENCE_WEAKENING, POLICY_WEAKENING
from readiness.cli.output.terminal import colored, reading_width, safe, shape, wrapped
from readiness.countdown import countdown, loud
from readiness.outcome import Status
from readiness.printed_names import printed
from readiness.report import PolicyChange, PolicyFact, Report, Result, WaiverFact
from readiness.text import count

_COMMIT = 9
_FINDINGS = 3
_CHANGES = 10
_VALUE = 100
"""Characters of a value before or after a change; the end of a long one is left out, visibly."""


class _Page(NamedTuple):
    """What is written on."""

    stream: IO[str]
    columns: int
    now: datetime
    """When the run began: days are counted from here."""


def summarize(report: Report, stream: IO[str]) -> Iterator[str]:
    """Lines of the summary, fit for a stream."""
    page = _Page(stream, reading_width(stream), report.started_at)
    columns = page.columns
    results = {result.item.id: result for result in report.results}
    word = report.verdict.word.value
    yield colored(f"{shape(word, stream)} {word}", word, bold=True) + f"  {_subject(report)}"
    yield from wrapped(safe(report.verdict.reason), "  ", columns)
    yield from _until(report, page)
    if report.verdict.blockers:
        yield ""
        yield "To GO, in this order:"
        for number, blocker in enumerate(report.verdict.blockers, 1):
            unblocks = f"unblocks {', '.join(blocker.unblocks)}" if blocker.unblocks else ""
            yield from _result(results[blocker.item], page, f"{number:>3}. ", unblocks)
    others = [r for r in report.results if r.selected and r.status is not Status.PASSED and not r.blocks]
    if others:
        yield ""
        yield "Not blocking:"
        for result in others:
            yield from _result(result, page, "     ", "waived" if result.waiver else result.item.severity)
    if report.policy:
        yield ""
        blocking = any(blocker.item == POLICY_WEAKENING for blocker in report.verdict.blockers)
        yield from _policy(report.policy, page, told=_FINDINGS if blocking else 0)
        yield from _accepted_evidence(results.get(EVIDENCE_WEAKENING), page)
    yield ""
    yield from wrapped(_counts(report), "", columns)
    for notice in report.notices:
        yield from wrapped(f"note: {safe(notice)}", "  ", columns, first="")


def _until(report: Report, page: _Page) -> Iterator[str]:
    """When the verdict falls by itself, and what makes it fall then."""
    ends = report.verdict.valid_until
    if ends is None:
        return
    lapses = ", ".join(safe(flip.text) for flip in report.verdict.flips if flip.at == ends)
    text = f"valid until {_moment(ends)}, {countdown(ends, page.now)}" + (f": {lapses}" if lapses else "")
    yield from _lines(text, "  ", page, loudly=loud(ends, page.now))


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _lines(text: str, indent: str, page: _Page, *, loudly: bool) -> Iterator[str]:
    """Wrapped text; what nobody may overlook stands out, without colour by its mark."""
    mark = f"{shape('error', page.stream)} " if loudly else ""
    for line in wrapped(mark + text, indent, page.columns):
        yield colored(line, "pending") if loudly else line


def _subject(report: Report) -> str:
    subject = report.subject
    words = [safe(subject.project), safe(subject.release)]
    words += [f"({safe(subject.environment)})"] if subject.environment else []
    words += [f"at {subject.commit[:_COMMIT]}"] if subject.commit else []
    words += [f"with {count(subject.changed, 'uncommitted change')}"] if subject.dirty else []
    return " ".join(filter(None, words))


def _result(result: Result, page: _Page, first: str, note: str) -> Iterator[str]:
    stream, columns, _ = page
    status = result.status.value
    owner = f" [{safe(result.item.owner)}]" if result.item.owner else ""
    head = f"{result.item.id}{owner}" + (f" ({note})" if note else "")
    indent = " " * 7
    mark = f"{shape(status, stream)} {status:<8}"
    for line in wrapped(head, indent, columns, f"{first}{mark} "):
        yield line.replace(mark, colored(mark, status), 1)
    yield from wrapped(safe(result.outcome.summary), indent, columns)
    if result.waiver:
        yield from _waiver(result.waiver, indent, page)
    findings = [f for f in result.outcome.findings if f.message not in result.outcome.summary] if result.blocks else []
    shown = _CHANGES if result.item.id == EVIDENCE_WEAKENING else _FINDINGS
    for finding in findings[:shown]:
        place = f"{safe(finding.place)}: " if finding.place else ""
        yield from wrapped(f"{place}{safe(finding.message)}", indent + "  ", columns, first=indent + "- ")
    if len(findings) > shown:
        yield f"{indent}- and {len(findings) - shown} more"
    remedy = result.outcome.remedy or next((f.remedy for f in result.outcome.findings if f.remedy), "")
    if remedy:
        yield from wrapped(f"-> {safe(remedy)}", indent + "   ", columns, first=indent)


def _waiver(waiver: WaiverFact, indent: str, page: _Page) -> Iterator[str]:
    by = safe(printed(waiver.principal, name=waiver.printed_name, title=waiver.title, says=waiver.name))
    left = countdown(waiver.expires_at, page.now)
    text = f"waived until {_moment(waiver.expires_at)}, {left}, by {by}: {safe(waiver.reason)}"
    yield from _lines(text, indent, page, loudly=loud(waiver.expires_at, page.now))


def _accepted_evidence(result: Result | None, page: _Page) -> Iterator[str]:
    """What weakens the evidence with the consent of the policy's owners."""
    if result is not None and result.status is Status.PASSED and result.outcome.findings:
        yield from wrapped(f"Accepted: {safe(result.outcome.summary)}", "  ", page.columns, first="")


def _policy(policy: PolicyFact, page: _Page, *, told: int) -> Iterator[str]:
    """Which policy judged, and what would weaken it.

    Args:
        policy: The policy.
        page: What is written on.
        told: How many findings the item has shown already that holds the release for the weakening.
    """
    weaker = [change for change in policy.changes if change.kind == "weakens"]
    others = len(policy.changes) - len(weaker)
    name = f" ({safe(policy.name)})" if policy.name not in {"", policy.ref} else ""
    head = f"Policy of {safe(policy.ref)}{name} at {policy.commit[:_COMMIT]}: "
    if weaker:
        approved = "which its owners signed off" if policy.approved else "which its owners have not signed off"
        head += f"weakened in {count(len(weaker), 'place')}, {approved}"
    else:
        head += "not weakened"
    yield from wrapped(head + (f"; {count(others, 'other change')}" if others else ""), "  ", page.columns, first="")
    if len(weaker) <= told:
        return
    for change in weaker[:_CHANGES]:
        yield from wrapped(f"- {_change(change)}", " " * 7, page.columns, first=" " * 5)
    if len(weaker) > _CHANGES:
        yield f"     and {len(weaker) - _CHANGES} more"


def _change(change: PolicyChange) -> str:
    before, after = _value(change.before), _value(change.after)
    values = f"{before} -> {after}" if before and after else before or after
    return safe(change.text) + (f": {values}" if values else "")


def _value(text: str) -> str:
    text = safe(text)
    return text if len(text) <= _VALUE else text[: _VALUE - 4] + " ..."


def _counts(report: Report) -> str:
    counts = report.verdict.counts
    added = [result for result in report.results if result.added]
    total, asked = sum(counts.values()), len(report.results) - len(added)
    words = ", ".join(f"{number} {status.value.replace('_', ' ')}" for status, number in counts.items())
    of = f"{total:,} of " if total != asked else ""
    parts = [f"{of}{count(asked, 'item')}: {words or 'none evaluated'}"]
    if added:
        parts.append("added by the run: " + ", ".join(f"{result.item.id} {result.status.value}" for result in added))
    return "; ".join([*parts, f"{report.duration:.1f} s"])
