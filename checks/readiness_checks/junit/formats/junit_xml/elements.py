"""Turns the elements of JUnit XML into cases and counts them, each once, however deeply suites are nested."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import PYTEST, Case, State
from readiness_checks.junit.formats.junit_xml.claims import Suite
from readiness_checks.junit.formats.junit_xml.states import (
    ATTEMPTS,
    BAD,
    FLAKY,
    GROUPS,
    TROUBLE,
    children_of,
    how_it_ended,
    inside,
    number,
    says_that_it_broke,
)
from readiness_checks.reading.xml_input import local

_LONGEST = 300
"""Characters of a message."""
_TRACE = re.compile(r"^[ \t]*(?:at )?([^\s:()\"']{1,300}):(\d{1,7}):", re.MULTILINE)
_LOOKED_AT = 20_000
_DEEPEST = 100
"""Suites within suites whose names are kept, and the innermost."""


@dataclass
class Seen:
    """A case, and the suite that it is in."""

    case: Case
    suite: Suite
    counts: bool = True
    """Whether it is a case, and not an attempt of a later one."""


@dataclass(frozen=True)
class _Place:
    """Where an element is."""

    suite: Suite
    suites: tuple[str, ...] = ()
    file: str = ""
    run: str = ""
    in_case: bool = False


def walk(root: Element) -> tuple[list[Suite], list[Seen]]:
    """All suites, outer ones before those that they hold, and all cases in the order of the file.

    A suite that broke outside of any case is a case that broke.
    """
    suites: list[Suite] = []
    cases: list[Seen] = []
    running: Counter[str] = Counter()
    outside = Suite(root)
    pending: list[tuple[Element, _Place | Suite]] = [(root, _Place(outside))]
    while pending:
        element, place = pending.pop()
        if isinstance(place, Suite):  # all that is in this suite has been counted
            place.seen.update(running)  # what came before it was taken off when it began
            continue
        kind = local(element).lower()
        if kind in GROUPS:
            place = _entered(element, place, suites)
            place.suite.seen.subtract(running)
            pending.append((element, place.suite))
        elif kind == "testcase":
            seen = _case(element, place)
            cases.append(Seen(seen, place.suite))
            _count_case(element, seen, running)
            place.suite.seen["own"] += 1
            if len(element):
                place = replace(place, in_case=True)
        elif kind in TROUBLE:
            running["trouble"] += 1
            if not place.in_case:
                running["beside"] += 1
                cases.append(Seen(_broken(element, place), place.suite))
        elif kind in ATTEMPTS or kind == "skipped":
            running["skips" if kind == "skipped" else "attempts"] += 1
        elif not place.in_case and says_that_it_broke(element):
            running["beside"] += 1
            cases.append(Seen(_broken(element, place), place.suite))
        pending.extend((child, place) for child in reversed(element))
    return suites, cases


def _broken(element: Element, place: _Place) -> Case:
    """What broke outside of any case."""
    suite = place.suites[-1] if place.suites else "the run"
    return Case(suite, "", State.ERROR, _message(element), place.file, suites=place.suites, run=place.run)


def _entered(element: Element, place: _Place, suites: list[Suite]) -> _Place:
    suite = Suite(element, place.suite if suites else None)
    suites.append(suite)
    place.suite.seen["groups"] += 1
    name = element.get("name", "")
    run = " ".join(filter(None, (element.get("timestamp", ""), element.get("hostname", ""))))
    names = (*place.suites[:_DEEPEST], name) if name else place.suites
    return _Place(suite, names, element.get("file", place.file), run or place.run)


def _count_case(element: Element, case: Case, running: Counter[str]) -> None:
    running["cases"] += 1
    running["broken"] += case.state in BAD
    running["hooks"] += case.state in BAD and '" hook' in case.name
    running["warned"] += case.state is State.PASSED and bool(case.message)
    running["idle"] += case.state is State.SKIPPED
    running["quick"] += _is_quick(case)
    running["run"] += element.get("status") == "run" and "result" not in element.attrib
    troubles = sum(local(inner).lower() in TROUBLE for inner in inside(element))
    running["beside"] += max(troubles - 1, 0)


def _is_quick(case: Case) -> bool:
    return case.state is State.PASSED and case.seconds == 0


def fold_attempts(suites: Sequence[Suite], cases: Iterable[Seen]) -> None:
    """Tell attempts from cases where pytest wrote the file: its plugins write each attempt like one that passed.

    Each id is there once in a run of pytest, unless the totals count each of them.
    """
    last: dict[tuple[int, str, str, str], Seen] = {}
    folded: Counter[int] = Counter()
    for each in cases:
        if not each.suite.by_pytest or each.suite.claimed in {None, each.suite.seen["cases"]}:
            continue
        known = (id(each.suite), each.case.class_name, each.case.name, each.case.file)
        earlier = last.get(known)
        if earlier is not None and earlier.case.state is State.PASSED:
            earlier.counts = False
            folded[id(each.suite)] += 1
            each.case = replace(each.case, flaky=each.case.state is State.PASSED)
        last[known] = each
    for suite in reversed(suites):
        number_of = folded[id(suite)]
        suite.seen["cases"] -= number_of
        if suite.outer is not None:
            folded[id(suite.outer)] += number_of


def mark_to_do(to_do: Iterable[tuple[Suite, int]], cases: Iterable[Seen]) -> int:
    """Take cases that were never run from the passed ones; how many there are among those that cannot be told apart."""
    wanted = {id(suite): missing for suite, missing in to_do}
    quick: dict[int, list[Seen]] = {known: [] for known in wanted}
    for each in cases:
        if id(each.suite) in quick and _is_quick(each.case):
            quick[id(each.suite)].append(each)
    doubtful = 0
    for known, found in quick.items():
        exact = len(found) == wanted[known]
        doubtful += 0 if exact else wanted[known]
        for each in found:
            state = State.SKIPPED if exact else State.PASSED
            each.case = replace(each.case, state=state, doubtful=not exact)
    return doubtful


def _case(element: Element, place: _Place) -> Case:
    children = children_of(element)
    state, cause, message = how_it_ended(element, children)
    text = (cause.text or "") if cause is not None else ""
    if cause is not None:
        message = _message(cause) or ("no reason given" if state is State.PASSED else "")
    by_pytest = not PYTEST.isdisjoint(place.suites)
    return Case(
        name=element.get("name", ""),
        class_name=element.get("classname", ""),
        state=state,
        message=message,
        file=element.get("file", place.file),
        line=_line(element.get("line", ""), zero_based=by_pytest),
        traces=tuple((match[1], int(match[2])) for match in _TRACE.finditer(text[-_LOOKED_AT:])) if text else (),
        suites=place.suites,
        flaky=not FLAKY.isdisjoint(children),
        seconds=_seconds(element.get("time", "")),
        run=place.run,
    )


def _seconds(text: str) -> float | None:
    try:
        found = float(text[:_LONGEST])
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _line(text: str, *, zero_based: bool) -> int | None:
    found = number(text)
    return None if found is None else (found + zero_based or None)


def _message(element: Element) -> str:
    """What a case says, in one short line: its message, else the last line of its text."""
    text = element.get("message", "").strip()
    lines = [line for line in (text or (element.text or "")).strip().splitlines() if line.strip()]
    chosen = lines[0 if text else -1] if lines else element.get("type", "")
    return " ".join(chosen.split())[:_LONGEST]
