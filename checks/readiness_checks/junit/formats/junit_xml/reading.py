"""Reads test results from JUnit XML by counting elements; attributes are only held against them.

There is no standard; this follows what pytest, surefire, Gradle, Jest, node, GoogleTest, PHPUnit and Playwright write.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness_checks.junit.cases import PYTEST, Case, Results, State
from readiness_checks.junit.formats.junit_xml.claims import compare, tallies
from readiness_checks.junit.formats.junit_xml.states import FLAKY, GROUPS, children_of, how_it_ended, number
from readiness_checks.reading.evidence_files import CLOCK_SKEW, modified_at, parse_time
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

_LONGEST = 300
"""Characters of a message."""
_TRACE = re.compile(r"^[ \t]*(?:at )?([^\s:()\"']{1,300}):(\d{1,7}):", re.MULTILINE)
_LOOKED_AT = 20_000


NAMES = "JUnit XML"


def recognises(report: ReportFile) -> bool:
    """Whether its root is one of JUnit's."""
    return report.xml is not None and local(report.xml) in GROUPS


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: Its attributes claim more than its elements show.
    """
    root = report.xml
    if root is None:
        raise CheckError(f"{report.name} is no XML", "name the file that the test run writes")
    latest = min(report.context.now, modified_at(report.path) + CLOCK_SKEW)
    times = []
    for suite, tally in tallies(root):
        compare(report.name, suite, tally)
        if suite.get("timestamp"):
            times.append(_time(report.name, suite.get("timestamp", ""), latest))
    return Results(tuple(_cases(root)), min(times, default=None))


def _time(name: str, text: str, latest: datetime) -> datetime:
    """A timestamp; without an offset it is local (pytest) or UTC (Gradle, jest-junit): the later one that can be.

    Raises:
        CheckError: It is no time.
    """
    time = parse_time(text)
    if time is None:
        raise CheckError(f"{name} has a timestamp that is no ISO 8601 time: {text[:50]!r}", "produce it again")
    written = datetime.fromisoformat(text.strip())
    both = (time, written.replace(tzinfo=UTC)) if written.tzinfo is None else (time,)
    return max((each for each in both if each <= latest), default=min(both))


def _cases(root: Element) -> Iterator[Case]:
    """Every case once, in the order of the file, however deeply suites are nested."""
    pending: list[tuple[Element, tuple[str, ...], str]] = [(root, (), "")]
    while pending:
        element, suites, file = pending.pop()
        kind = local(element)
        if kind in GROUPS:
            suites += (element.get("name", ""),) if element.get("name") else ()
            file = element.get("file", file)
        elif kind == "testcase":
            yield _case(element, suites, file)
            pending.extend((child, suites, file) for child in element if local(child) in GROUPS | {"testcase"})
            continue
        elif kind in {"error", "failure"}:  # outside any case: the suite itself broke
            suite = suites[-1] if suites else "the run"
            yield Case(suite, "", State.ERROR, _message(element), file, suites=suites)
            continue
        pending.extend((child, suites, file) for child in reversed(element))


def _case(element: Element, suites: tuple[str, ...], file: str) -> Case:
    children = children_of(element)
    state, cause, message = how_it_ended(element, children)
    text = (cause.text or "") if cause is not None else ""
    return Case(
        name=element.get("name", ""),
        class_name=element.get("classname", ""),
        state=state,
        message=_message(cause) if cause is not None else message,
        file=element.get("file", file),
        line=_line(element.get("line", ""), zero_based=not PYTEST.isdisjoint(suites)),
        traces=tuple((match[1], int(match[2])) for match in _TRACE.finditer(text[-_LOOKED_AT:])) if text else (),
        suites=suites,
        flaky=not FLAKY.isdisjoint(children),
    )


def _line(text: str, *, zero_based: bool) -> int | None:
    found = number(text)
    return None if found is None else (found + zero_based or None)


def _message(element: Element) -> str:
    """What a case says, in one short line: its message, else the last line of its text."""
    text = element.get("message", "").strip()
    lines = [line for line in (text or (element.text or "")).strip().splitlines() if line.strip()]
    chosen = lines[0 if text else -1] if lines else element.get("type", "")
    return " ".join(chosen.split())[:_LONGEST]
