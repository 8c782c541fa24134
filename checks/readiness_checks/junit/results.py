"""Reads test results from JUnit XML by counting elements; attributes are only held against them.

There is no standard; this follows what pytest, surefire, Gradle, Jest, node, GoogleTest, PHPUnit and Playwright write.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness_checks.reading import xml_input
from readiness_checks.reading.evidence_files import parse_time
from readiness_checks.reading.xml_input import local

_GROUPS = frozenset(("testsuites", "testsuite"))
_LONGEST = 300
"""Characters of a message."""
_NOT_RUN = frozenset(("notrun", "disabled", "suppressed", "skipped", "ignored", "pending"))
"""Values of `status` and `result` by which GoogleTest and others say that a case did not run."""
_STILL_BROKEN = frozenset(("rerunfailure", "rerunerror"))
"""Surefire's elements for a case that was run again and broke again."""
_FLAKY = frozenset(("flakyfailure", "flakyerror"))
_BROKEN = frozenset(("failed", "failure", "fail", "error", "errored", "broken"))
_PASSED = frozenset((
    "", "run", "completed", "executed", "passed", "pass", "ok", "success", "successful", "succeeded",
    "fixed", "flaky", "expected", "done", "true",
))  # fmt: skip
"""Values that say no more than that it ran, or that it passed. Any other is no pass."""
_PYTEST = frozenset(("pytest", "pytest tests"))
"""Names that pytest gives its suites; it counts lines from 0."""
_TRACE = re.compile(r"^[ \t]*(?:at )?([^\s:()\"']{1,300}):(\d{1,7}):", re.MULTILINE)
_LOOKED_AT = 20_000
_DEEPEST = 20
"""Folders and classes that the node id of a pytest case may have."""


class State(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


_BAD = frozenset((State.FAILED, State.ERROR))


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
        elif not _PYTEST.isdisjoint(self.suites):
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
    if local(root) not in _GROUPS:
        raise CheckError(
            f"{name} is no JUnit XML: its root is <{local(root)[:50]}>, not <testsuites> or <testsuite>",
            "name the file that the test run writes",
        )
    times = []
    for suite, tally in _tallies(root):
        _compare(name, suite, tally)
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
        if kind in _GROUPS:
            suites += (element.get("name", ""),) if element.get("name") else ()
            file = element.get("file", file)
        elif kind == "testcase":
            yield _case(element, suites, file)
            pending.extend((child, suites, file) for child in element if local(child) in _GROUPS | {"testcase"})
            continue
        elif kind in {"error", "failure"}:  # outside any case: the suite itself broke
            suite = suites[-1] if suites else "the run"
            yield Case(suite, "", State.ERROR, _message(element), file, suites=suites)
            continue
        pending.extend((child, suites, file) for child in reversed(element))


def _case(element: Element, suites: tuple[str, ...], file: str) -> Case:
    children = _children(element)
    state, cause, message = _judged(element, children)
    text = (cause.text or "") if cause is not None else ""
    return Case(
        name=element.get("name", ""),
        class_name=element.get("classname", ""),
        state=state,
        message=_message(cause) if cause is not None else message,
        file=element.get("file", file),
        line=_line(element.get("line", ""), zero_based=not _PYTEST.isdisjoint(suites)),
        traces=tuple((match[1], int(match[2])) for match in _TRACE.finditer(text[-_LOOKED_AT:])) if text else (),
        suites=suites,
        flaky=not _FLAKY.isdisjoint(children),
    )


def _children(element: Element) -> dict[str, Element]:
    """The first child of each kind."""
    return {local(child).lower(): child for child in reversed(element)}


def _judged(element: Element, children: Mapping[str, Element]) -> tuple[State, Element | None, str]:
    """How a case ended, the element that says why, and what else is to be said."""
    words = {element.get(key, "").strip().lower() for key in ("status", "result")}
    for kind, state in (("failure", State.FAILED), ("error", State.ERROR)):
        if kind in children:
            return state, children[kind], ""
    if children.keys() & _STILL_BROKEN:
        return State.FAILED, next(child for kind, child in children.items() if kind in _STILL_BROKEN), ""
    if words & _BROKEN:
        return State.FAILED, None, ""
    if "skipped" in children or "disabled" in children or words & _NOT_RUN:
        return State.SKIPPED, children.get("skipped"), ""
    if words - _PASSED:
        return State.ERROR, None, f"it says `{min(words - _PASSED)[:50]}`, which is not known to be a pass"
    return State.PASSED, None, ""


def _line(text: str, *, zero_based: bool) -> int | None:
    number = _number(text)
    return None if number is None else (number + zero_based or None)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def _message(element: Element) -> str:
    """What a case says, in one short line: its message, else the last line of its text."""
    text = element.get("message", "").strip()
    lines = [line for line in (text or (element.text or "")).strip().splitlines() if line.strip()]
    chosen = lines[0 if text else -1] if lines else element.get("type", "")
    return " ".join(chosen.split())[:_LONGEST]


@dataclass(frozen=True)
class _Tally:
    """What a suite holds, however deeply."""

    cases: int = 0
    troubles: int = 0
    """Elements that tell of a failure or an error."""
    errors: int = 0
    """Those of them that tell of an error."""
    broken: int = 0
    """Cases that failed or broke."""
    idle: int = 0
    """Cases that were skipped."""

    def since(self, earlier: "_Tally") -> "_Tally":
        """What came after an earlier count."""
        return _Tally(*(now - then for now, then in zip(astuple(self), astuple(earlier), strict=True)))


def _tallies(root: Element) -> list[tuple[Element, _Tally]]:
    """Each suite, in the order of the file, with what it holds; counted in one pass, however deeply they are nested."""
    found: list[tuple[Element, _Tally]] = []
    cases = troubles = errors = broken = idle = 0
    pending: list[tuple[Element, int]] = [(root, -1)]
    while pending:
        element, index = pending.pop()
        if index >= 0:  # all that is in this suite has been counted
            found[index] = (element, _Tally(cases, troubles, errors, broken, idle).since(found[index][1]))
            continue
        kind = local(element)
        if kind in _GROUPS:
            pending.append((element, len(found)))
            found.append((element, _Tally(cases, troubles, errors, broken, idle)))
        elif kind == "testcase":
            state = _judged(element, _children(element))[0]
            cases, broken, idle = cases + 1, broken + (state in _BAD), idle + (state is State.SKIPPED)
        elif kind.lower() in {"failure", "error"}:
            troubles, errors = troubles + 1, errors + (kind.lower() == "error")
        pending.extend((child, -1) for child in reversed(element))
    return found


def _compare(name: str, suite: Element, tally: _Tally) -> None:
    """Refuse a suite whose attributes claim more cases or more trouble than its elements show.

    Fewer is common: some tools count their own cases only, or nothing at all; the elements decide.
    """
    bad = max(tally.troubles, tally.broken)
    claims = {word: _count(name, suite, word) for word in ("tests", "failures", "errors", "skipped", "disabled")}
    shown = {
        # pytest counts a case that passes and then breaks on teardown twice
        f"{claims['tests']} tests": (claims["tests"], tally.cases + tally.errors, f"{tally.cases} cases"),
        f"{claims['failures'] + claims['errors']} failures and errors": (
            claims["failures"] + claims["errors"],
            bad,
            f"{bad} failing elements",
        ),
        f"{claims['skipped']} skipped": (
            max(claims["skipped"], claims["disabled"]),
            tally.idle,
            f"{tally.idle} skipped elements",
        ),
    }
    for claim, (claimed, seen, words) in shown.items():
        if claimed > seen:
            raise CheckError(
                f"{name} contradicts itself: suite `{suite.get('name', '')[:80]}` claims {claim}, but has {words}",
                "it is cut off or was edited: run the tests again",
            )


def _count(name: str, suite: Element, word: str) -> int:
    text = suite.get(word, "").strip() or "0"
    number = _number(text)
    if number is None:
        raise CheckError(f"{name} has `{word}={text[:50]!r}`, which is no count", "run the tests again")
    return number
