"""Reads test results from JUnit XML by counting elements; attributes are only held against them.

There is no standard; this follows what pytest, surefire, Gradle, Jest, node, GoogleTest, PHPUnit and Playwright write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness_checks.junit.claims import compare, tallies
from readiness_checks.junit.states import FLAKY, GROUPS, PYTEST, State, children_of, how_it_ended, number
from readiness_checks.reading import xml_input
from readiness_checks.reading.evidence_files import parse_time
from readiness_checks.reading.xml_input import local

_LONGEST = 300
"""Characters of a message."""
_TRACE = re.compile(r"^[ \t]*(?:at )?([^\s:()\"']{1,300}):(\d{1,7}):", re.MULTILINE)
_LOOKED_AT = 20_000
_DEEPEST = 20
"""Folders and classes that the node id of a pytest case may have."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test case, or a suite that broke before its cases ran."""

    name: str
    class_name: str
    state: State
    message: str = ""
    file: str = ""
    """As the report says; not trusted."""
    line: int | None = None
    traces: tuple[tuple[str, int], ...] = ()
    """Files and lines that its text names, the innermost last; not trusted."""
    suites: tuple[str, ...] = ()
    """Names of the suites that it is in, from the outermost."""
    flaky: bool = False
    """Whether it passed only when it was run again."""

    @property
    def title(self) -> str:
        """What a person calls it."""
        return f"{self.class_name}.{self.name}" if self.class_name else self.name

    @property
    def names(self) -> set[str]:
        """All that `require` may call it."""
        names = {self.name, self.title, self.class_name, f"{self.class_name}::{self.name}", *self.suites}
        if self.file:
            names |= {self.file, f"{self.file}::{self.name}"}
            inner = self.class_name.rpartition(".")[2]
            names.add(f"{self.file}::{inner}::{self.name}")
        elif not PYTEST.isdisjoint(self.suites):
            names |= self._node_ids()
        return names - {""}

    def _node_ids(self) -> set[str]:
        """All that pytest may call it: its file is in the class name only, `tests.test_api.TestLogin`."""
        parts = self.class_name.split(".")[:_DEEPEST]
        files = [("/".join(parts[:end]) + ".py", parts[end:]) for end in range(1, len(parts) + 1)]
        return {name for file, inner in files for name in (file, "::".join([file, *inner, self.name]))}


@dataclass(frozen=True)
class Results:
    """All cases of one file."""

    cases: tuple[Case, ...]
    produced_at: datetime | None
    """The oldest time that a suite in it gives."""


def read(name: str, data: bytes, latest: datetime) -> Results:
    """Read one file.

    Args:
        name: What messages call it.
        data: Its bytes.
        latest: When it was there at the latest: decides what a timestamp without an offset can mean.

    Raises:
        CheckError: It is not JUnit XML, is cut off, or its attributes claim more than its elements show.
    """
    root = xml_input.parse(name, data)
    if local(root) not in GROUPS:
        raise CheckError(
            f"{name} is no JUnit XML: its root is <{local(root)[:50]}>, not <testsuites> or <testsuite>",
            "name the file that the test run writes",
        )
    times = []
    for suite, tally in tallies(root):
        compare(name, suite, tally)
        if suite.get("timestamp"):
            times.append(_time(name, suite.get("timestamp", ""), latest))
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
