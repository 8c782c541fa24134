"""Writes annotations and the job summary for GitHub Actions."""

import os
import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.text import safe, safe_lines

if TYPE_CHECKING:
    from readiness.outcome import Finding
    from readiness.report import Report, Result

_MOST = 10
"""Annotations of one kind that GitHub shows for a step."""
_SUMMARY_LIMIT = 1024 * 1024
"""Bytes that GitHub accepts as the summary of a step."""
_BLOCKING, _OTHER = "error", "warning"


def annotations(report: "Report", prefix: str) -> Iterator[str]:
    """Workflow commands, what blocks first; one for each finding, as many as are shown.

    Args:
        report: The run.
        prefix: The folder that was judged, from the root of its repository, where GitHub looks for files.
    """
    results = {result.item.id: result for result in report.results}
    blocking = [results[blocker.item] for blocker in report.verdict.blockers]
    others = [r for r in report.results if r.selected and r.status.value in {"failed", "error"} and not r.blocks]
    for kind, chosen in ((_BLOCKING, blocking), (_OTHER, others)):
        commands = [command for result in chosen for command in _of(kind, result, prefix)]
        firsts = [next(_of(kind, result, prefix)) for result in chosen]
        ordered = list(dict.fromkeys([*firsts, *commands]))
        yield from ordered[:_MOST]
    yield from _lapsing(report)


def _lapsing(report: "Report") -> Iterator[str]:
    """Waivers that the verdict rests on, and that lapse soon."""
    from readiness.countdown import countdown, loud

    for waiver in report.waivers:
        if waiver.used and loud(waiver.expires_at, report.started_at):
            told = f"{countdown(waiver.expires_at, report.started_at)}: the waiver of {waiver.principal}"
            yield f"::{_OTHER} title={_property(f'{waiver.item}: waived')}::{data(told)}"


def _of(kind: str, result: "Result", prefix: str) -> Iterator[str]:
    findings: list[Finding | None] = [f for f in result.outcome.findings if f.level == "error"] or [None]
    for finding in findings:
        text = result.outcome.summary if finding is None else finding.message
        remedy = (finding.remedy if finding else "") or result.outcome.remedy
        place = {"title": f"{result.item.id}: {result.status.value}"}
        if finding is not None and finding.path:
            place = {
                "file": _from_top(prefix, finding.path),
                **({"line": str(finding.line)} if finding.line else {}),
                **place,
            }
        elif result.item.source is not None:
            place = {"file": _from_top(prefix, result.item.source.file), "line": str(result.item.source.line), **place}
        properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
        yield f"::{kind} {properties}::{data(text + (chr(10) + remedy if remedy else ''))}"


def _from_top(prefix: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(prefix, path))


def data(text: str) -> str:
    """Make the message of a workflow command safe, and escape it as the runner's toolkit does."""
    return safe_lines(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    """Make a property of a workflow command safe, and escape it."""
    return data(safe(text)).replace(":", "%3A").replace(",", "%2C")


def add_to_summary(render: Callable[[], str]) -> str:
    """Append a page to the summary of the job, where GitHub says to.

    Args:
        render: Makes the page; called only where there is a summary.

    Returns:
        Why it was not added; empty when it was, or when nobody asked.
    """
    from readiness.plugins import PluginError

    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return ""
    try:
        page = (render() + "\n").encode("utf-8", "backslashreplace")
        with Path(place).open("ab") as stream:
            if stream.tell() + len(page) > _SUMMARY_LIMIT:
                return f"the run was not added to the job's summary: it would be larger than {_SUMMARY_LIMIT} bytes"
            stream.write(page)
    except (PluginError, OSError) as error:
        return f"the run was not added to the job's summary: {error}"
    return ""
