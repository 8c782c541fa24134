"""The result of a run as a person reads it on a terminal: the verdict, what holds it, who owns it, what to do."""

from collections.abc import Iterator
from typing import IO, NamedTuple

from readiness.cli.layout import wrapped
from readiness.cli.terminal import colored, reading_width, safe, shape
from readiness.outcome import Status
from readiness.report import Report, Result

_COMMIT = 9
_FINDINGS = 3


class _Page(NamedTuple):
    """What is written on."""

    stream: IO[str]
    columns: int


def summarize(report: Report, stream: IO[str]) -> Iterator[str]:
    """Lines of the summary, fit for a stream."""
    page = _Page(stream, reading_width(stream))
    columns = page.columns
    results = {result.item.id: result for result in report.results}
    word = report.verdict.word.value
    yield colored(f"{shape(word, stream)} {word}", word, bold=True) + f"  {_subject(report)}"
    yield from wrapped(safe(report.verdict.reason), "  ", columns)
    if report.verdict.valid_until:
        yield f"  valid until {report.verdict.valid_until:%Y-%m-%d %H:%M} UTC"
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
    yield ""
    yield from wrapped(_counts(report), "", columns)
    for notice in report.notices:
        yield from wrapped(f"note: {safe(notice)}", "  ", columns, first="")


def _subject(report: Report) -> str:
    subject = report.subject
    words = [safe(subject.project), safe(subject.release)]
    words += [f"({safe(subject.environment)})"] if subject.environment else []
    words += [f"at {subject.commit[:_COMMIT]}"] if subject.commit else []
    words += (
        [f"with {subject.changed} uncommitted change{'' if subject.changed == 1 else 's'}"] if subject.dirty else []
    )
    return " ".join(filter(None, words))


def _result(result: Result, page: _Page, first: str, note: str) -> Iterator[str]:
    stream, columns = page
    status = result.status.value
    owner = f" [{safe(result.item.owner)}]" if result.item.owner else ""
    head = f"{result.item.id}{owner}" + (f" ({note})" if note else "")
    indent = " " * 7
    mark = f"{shape(status, stream)} {status:<8}"
    for line in wrapped(head, indent, columns, f"{first}{mark} "):
        yield line.replace(mark, colored(mark, status), 1)
    yield from wrapped(safe(result.outcome.summary), indent, columns)
    findings = [f for f in result.outcome.findings if f.message not in result.outcome.summary] if result.blocks else []
    for finding in findings[:_FINDINGS]:
        place = f"{safe(finding.place)}: " if finding.place else ""
        yield from wrapped(f"{place}{safe(finding.message)}", indent + "  ", columns, first=indent + "- ")
    if len(findings) > _FINDINGS:
        yield f"{indent}- and {len(findings) - _FINDINGS} more"
    remedy = result.outcome.remedy or next((f.remedy for f in result.outcome.findings if f.remedy), "")
    if remedy:
        yield from wrapped(f"-> {safe(remedy)}", indent + "   ", columns, first=indent)


def _counts(report: Report) -> str:
    counts = report.verdict.counts
    total, asked = sum(counts.values()), len(report.results)
    words = ", ".join(f"{number} {status.value.replace('_', ' ')}" for status, number in counts.items())
    of = f" of {asked}" if total != asked else ""
    return f"{total}{of} item{'' if asked == 1 else 's'}: {words or 'none evaluated'}; {report.duration:.1f} s"
