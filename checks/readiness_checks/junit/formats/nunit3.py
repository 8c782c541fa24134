"""Reads the results of NUnit 3 and later, as its console, its engine, NUnitLite and Unity write them."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._shared import (
    BROKEN,
    Told,
    dated,
    hold,
    malformed,
    net_traces,
    nunit_parts,
    run_broke,
    seconds,
    short,
    suite_name,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "NUnit 3"
_STATES = {
    "passed": State.PASSED,
    "failed": State.FAILED,
    "skipped": State.SKIPPED,
    "inconclusive": State.SKIPPED,
    "warning": State.SKIPPED,  # as the adapter of NUnit has it in Visual Studio, where nothing else is asked for
}
"""The words of `TestStatus`; all others are no answer."""
_ERRORS = frozenset(("error", "invalid", "cancelled"))
"""Labels of a case that failed for another reason than an assertion."""


def recognises(report: ReportFile) -> bool:
    """Whether its root is that of NUnit 3."""
    return report.xml is not None and local(report.xml) == "test-run"


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: It counts other cases than it shows.
    """
    root = report.xml
    if root is None:
        raise malformed(report, "it is no XML")
    run = root.get("start-time", "")
    parts = list(nunit_parts(report, root))
    cases = [_case(element, suites, run) for element, suites in parts if local(element) == "test-case"]
    suites_told: list[Case] = []
    told = Told(case for case in cases if case.state in BROKEN)
    # from the innermost: what a suite says of itself is explained by what is inside of it
    for element, suites in reversed([part for part in parts if local(part[0]) != "test-case"]):
        found = _suite(element, suites, told)
        if found:
            told.add(found)
            suites_told.append(found)
    _compare(report, root, cases, len(suites_told))
    return Results((*cases, *suites_told), *dated(report, [run]))


def _case(element: Element, suites: tuple[str, ...], run: str) -> Case:
    state = _state(element)
    message, trace = _said(element)
    if state is State.ERROR and not message:
        message = f"its result is `{element.get('result', '')[:50]}`"
    name, of = element.get("name", ""), element.get("classname", "")
    return Case(
        name=name.removeprefix(f"{of}.") if of else name,
        class_name=of or element.get("fullname", "").removesuffix(name).rstrip("."),
        state=state,
        message="" if state is State.PASSED else message,
        traces=net_traces(trace),
        suites=suites,
        seconds=seconds(element.get("duration")),
        run=run,
    )


def _state(element: Element) -> State:
    state = _STATES.get(element.get("result", "").lower(), State.ERROR)
    if state is State.PASSED and any(map(_failed, element)):
        return State.ERROR
    return State.ERROR if state is State.FAILED and element.get("label", "").lower() in _ERRORS else state


def _failed(part: Element) -> bool:
    """Whether a part of a case says that it failed: no case with such a part has passed."""
    failed = any(each.get("result", "").lower() in {"failed", "error"} for each in part)
    return local(part) == "failure" or (local(part) == "assertions" and failed)


def _said(element: Element) -> tuple[str, str]:
    """Why it failed or was skipped, and the trace; only its own words, not those of what is inside of it."""
    parts = [part for group in element if local(group) in {"failure", "reason"} for part in group]
    texts = {local(part): part.text or "" for part in parts}
    return short(texts.get("message", "")), texts.get("stack-trace", "")


def _suite(element: Element, suites: tuple[str, ...], told: Told) -> Case | None:
    """A case for a suite, or for the run, that broke while nothing inside of it tells why: in its own teardown."""
    word = element.get("result", "").partition("(")[0].lower()  # TestCentric writes `Failed(Child)`
    path = (*suites, suite_name(element)) if local(element) == "test-suite" else suites
    if not word or _STATES.get(word, State.ERROR) not in BROKEN or (path in told and element.get("site") != "TearDown"):
        return None
    message = _said(element)[0] or f"its result is `{element.get('result', '')[:50]}`, and no case tells why"
    return run_broke(suite_name(element) or "the run", message, path)


def _compare(report: ReportFile, root: Element, cases: Sequence[Case], suites: int) -> None:
    """Hold the totals of the run against its cases. `testcasecount` also counts what a filter left out.

    Args:
        report: The report.
        root: Its root.
        cases: Those that it shows.
        suites: How many suites broke beside their cases: an assembly that cannot be loaded is counted as a case.
    """
    count = {state: sum(case.state is state for case in cases) for state in State}
    broken, idle = count[State.FAILED] + count[State.ERROR] + suites, count[State.SKIPPED]
    hold(report, [("total", root.get("total"), [len(cases), len(cases) + suites])])
    hold(
        report,
        [("passed", root.get("passed"), [count[State.PASSED]]), ("failed", root.get("failed"), range(broken + 1))],
    )
    hold(report, [(word, root.get(word), range(idle + 1)) for word in ("skipped", "inconclusive", "warnings")])
