"""How one case of JUnit XML ended: by its elements, and by the words that some tools put into its attributes."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import State
from readiness_checks.reading.xml_input import local

GROUPS = frozenset(("testsuites", "testsuite"))
_NOT_RUN = frozenset(("notrun", "disabled", "suppressed", "skipped", "ignored", "pending"))
"""Values of `status` and `result` by which GoogleTest and others say that a case did not run."""
_STILL_BROKEN = frozenset(("rerunfailure", "rerunerror"))
"""Surefire's elements for a case that was run again and broke again."""
FLAKY = frozenset(("flakyfailure", "flakyerror"))
_BROKEN = frozenset(("failed", "failure", "fail", "error", "errored", "broken"))
_PASSED = frozenset((
    "", "run", "completed", "executed", "passed", "pass", "ok", "success", "successful", "succeeded",
    "fixed", "flaky", "expected", "done", "true",
))  # fmt: skip
"""Values that say no more than that it ran, or that it passed. Any other is no pass."""
BAD = frozenset((State.FAILED, State.ERROR))


def children_of(element: Element) -> dict[str, Element]:
    """The first child of each kind."""
    return {local(child).lower(): child for child in reversed(element)}


def how_it_ended(element: Element, children: Mapping[str, Element]) -> tuple[State, Element | None, str]:
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


def number(text: str) -> int | None:
    """A count or a line; None for what is none."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None
