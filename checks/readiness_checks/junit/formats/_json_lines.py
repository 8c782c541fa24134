"""Reads a stream of events, one JSON object in a line, among lines of other programs."""

from collections.abc import Iterator
from typing import Any

from readiness_checks.junit.formats._shared import cut_off, malformed
from readiness_checks.reading import json_input
from readiness_checks.reading.report_file import ReportFile

_SOUGHT = 1_000
"""Lines in which the first event is looked for."""


def first_event(report: ReportFile) -> dict[str, Any]:
    """The first event of a stream; empty where the report is none.

    What stands before it may be text (of a build) or lists (of Flutter's daemon), but no JSON of several lines.
    """
    if not is_of_lines(report):
        return report.json if isinstance(report.json, dict) else {}
    for line in report.start.split(b"\n", _SOUGHT)[:_SOUGHT]:
        if line.lstrip().startswith((b"{", b"[")):
            try:
                found = json_input.read(line)
            except ValueError:
                return {}
            if isinstance(found, dict):
                return found
    return {}


def is_of_lines(report: ReportFile) -> bool:
    """Whether the report has several lines: one alone may be a long document, and is parsed once."""
    return b"\n" in report.start.strip()


def is_stream(report: ReportFile) -> bool:
    """Whether the report is a stream of objects, and no single JSON document."""
    return is_of_lines(report) and bool(first_event(report))


def events(report: ReportFile) -> Iterator[tuple[dict[str, Any], str]]:
    """Each object with an empty text; or an empty object with the text of a line that is none.

    Raises:
        CheckError: A line begins like an object, and is none.
    """
    lines = report.start.split(b"\n")
    for index, line in enumerate(lines):
        if not line.lstrip().startswith(b"{"):
            yield {}, line.decode(errors="replace").rstrip("\r")
            continue
        try:
            found = json_input.read(line)
        except ValueError as error:
            if index == len(lines) - 1:
                raise cut_off(report, "its last line ends in the middle") from error
            raise malformed(report, f"line {index + 1} begins like an event, and is none: {error}") from error
        yield found, ""
