"""How one case of JUnit XML ended: by its elements, and by the words that some tools put into its attributes."""

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import State
from readiness_checks.reading.xml_input import local

GROUPS = frozenset(("testsuites", "testsuite"))
TROUBLE = frozenset(("failure", "error"))
_NOT_RUN = frozenset((
    "notrun", "not run", "not_run", "disabled", "suppressed", "skipped", "skip", "ignored", "pending", "todo",
))  # fmt: skip
"""Values of `status` and `result` by which GoogleTest and others say that a case did not run."""
_STILL_BROKEN = frozenset(("rerunfailure", "rerunerror"))
"""Surefire's elements for a case that was run again and broke again."""
FLAKY = frozenset(("flakyfailure", "flakyerror"))
"""Surefire's and nextest's elements for an attempt that broke before one that passed."""
ATTEMPTS = FLAKY | _STILL_BROKEN
_SKIPS = frozenset(("skipped", "disabled", "ignored", "skip", "pending", "notrun"))
"""Elements that say that a case did not run."""
_TOLD = frozenset((
    "", "properties", "property", "system-out", "system-err", "attachments", "attachment", "time", "steps",
    "description", "requirements", "tags", "annotations", "metadata", "output", "stdout", "stderr",
))  # fmt: skip
"""Elements that tell more about a case, and nothing of how it ended. Any other is no pass."""
_BROKEN = frozenset(("failed", "failure", "fail", "error", "errored", "broken"))
_PASSED = frozenset((
    "", "run", "completed", "executed", "passed", "pass", "ok", "success", "successful", "succeeded",
    "fixed", "flaky", "expected", "done", "true",
))  # fmt: skip
"""Values that say no more than that it ran, or that it passed. Any other is no pass."""
_WORDS = ("status", "result", "outcome", "state")
_ENDS_BADLY = {"success": "false", "passed": "false"}
_ENDS = frozenset(
    (*_ENDS_BADLY, "failed", "broken", "errored", "ignored", "incomplete", "skipped", "disabled", "notrun")
)
"""Attributes that say by yes or no how a case ended."""
_LONGEST = 300
_REAL_SKIPS = ("SKIP_RETURN_CODE", "SKIP_REGULAR_EXPRESSION", "Disabled")
"""How the messages of CTest begin for tests that were meant to be skipped (cmCTestRunTest.cxx of CMake 4.1)."""

BAD = frozenset((State.FAILED, State.ERROR))


def inside(case: Element) -> Iterator[Element]:
    """All that a case holds, but not what cases and suites inside of it hold."""
    pending = list(case)
    while pending:
        element = pending.pop()
        if local(element).lower() not in GROUPS | {"testcase"}:
            yield element
            pending.extend(element)


def children_of(element: Element) -> dict[str, Element]:
    """The first child of each kind; what tells of trouble counts wherever in the case it is hidden."""
    hidden = {local(inner).lower(): inner for inner in inside(element) if local(inner).lower() in TROUBLE}
    return {**hidden, **{local(child).lower(): child for child in reversed(element)}}


def words_of(element: Element) -> set[str]:
    """The words by which attributes say how a case or a suite ended."""
    return {element.attrib[key].strip().lower() for key in _WORDS if key in element.attrib}


def says_that_it_broke(element: Element) -> bool:
    """Whether an element that is no case says by a word that it failed."""
    return not words_of(element).isdisjoint(_BROKEN)


def how_it_ended(element: Element, children: Mapping[str, Element]) -> tuple[State, Element | None, str]:
    """How a case ended, the element that says why, and what else is to be said; a pass with words is a warning."""
    words = words_of(element)
    if _is_todo(element, children) or _may_fail(children):
        return State.SKIPPED, children["skipped"], ""
    for kind, state in (("failure", State.FAILED), ("error", State.ERROR), ("aborted", State.ERROR)):
        if kind in children:
            return state, children[kind], ""
    if children.keys() & _STILL_BROKEN:
        return State.FAILED, next(child for kind, child in children.items() if kind in _STILL_BROKEN), ""
    if words & _BROKEN or element.get("failure") or element.get("error"):
        return State.FAILED, None, (element.get("failure") or element.get("error") or "")[:_LONGEST]
    skip = next((children[kind] for kind in sorted(_SKIPS & children.keys())), None)
    if skip is not None or words & _NOT_RUN or _says(element, "executed", "false"):
        missing = skip is not None and _did_not_start(element, skip)
        return (State.ERROR if missing else State.SKIPPED), skip, ""
    return _passed_or_unknown(element, children, words)


def _passed_or_unknown(
    element: Element, children: Mapping[str, Element], words: set[str]
) -> tuple[State, Element | None, str]:
    """Only what is known to be a pass is one."""
    said = {key for key in _ENDS & element.attrib.keys() if _says(element, key, _ENDS_BADLY.get(key, "true"))}
    if said & _BROKEN | said & _ENDS_BADLY.keys():
        return State.FAILED, None, f"it says {min(said)}={element.get(min(said), '')!r}"
    if said:
        return State.SKIPPED, None, ""
    if words - _PASSED:
        return State.ERROR, None, f"it says `{min(words - _PASSED)[:50]}`, which is not known to be a pass"
    unknown = sorted(children.keys() - _TOLD - ATTEMPTS - GROUPS - {"testcase", "warning"})
    if unknown:
        return State.ERROR, None, f"it holds <{unknown[0][:50]}>, which is not known to be a pass"
    return State.PASSED, children.get("warning"), ""


def _says(element: Element, attribute: str, value: str) -> bool:
    return element.get(attribute, "").strip().lower() == value


def _is_todo(element: Element, children: Mapping[str, Element]) -> bool:
    """Whether node's runner has marked a case as still to do: its failure fails no run."""
    skip = children.get("skipped")
    return skip is not None and skip.get("type") == "todo" and "failure" in element.attrib


def _may_fail(children: Mapping[str, Element]) -> bool:
    """Whether Catch2 (2.13, 3) has marked a failure as one that may be (`[!mayfail]`, `[!shouldfail]`), and ends well.

    It does so only where an assertion failed; the suite does not count it as a failure.
    """
    skip = children.get("skipped")
    return skip is not None and skip.get("message") == "TEST_CASE tagged with !mayfail"


def _did_not_start(element: Element, skip: Element) -> bool:
    """Whether CTest says `skipped` for a test that could not run: it counts these as failed, and exits with 8."""
    by_ctest = _says(element, "status", "notrun") and element.get("classname") == element.get("name")
    said = skip.get("message", "").strip()
    return by_ctest and "result" not in element.attrib and bool(said) and not said.startswith(_REAL_SKIPS)


def number(text: str) -> int | None:
    """A count or a line; None for what is none."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None
