"""Reads the results of NUnit 3 and later, as its console, its engine, NUnitLite and Unity write them."""

from collections import Counter
from collections.abc import Container
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._nunit import Inside, inside, parts, suite_name, unanswered, words
from readiness_checks.junit.formats._shared import (
    BROKEN,
    Told,
    dated,
    hold,
    malformed,
    net_traces,
    run_broke,
    seconds,
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
        CheckError: The run or one of its suites counts other cases than it shows, or a case is where none belongs.
    """
    root = report.xml
    if root is None:
        raise malformed(report, "it is no XML")
    run = root.get("start-time", "")
    found = parts(report, root)
    cases = [_case(element, suites, run) for element, suites in found if local(element) == "test-case"]
    counts = inside(found, (case.state for case in cases))
    suites_told: list[Case] = []
    told = Told(case for case in cases if case.state in BROKEN)
    # from the innermost: what a suite says of itself is explained by what is inside of it
    for element, suites in reversed([part for part in found if local(part[0]) != "test-case"]):
        broken = _suite(element, suites, told, counts)
        if broken:
            told.add(broken)
            suites_told.append(broken)
    for element, count in counts.items():
        if local(element) != "test-case":
            _compare(report, element, count, len(suites_told))
    return Results((*cases, *suites_told), *dated(report, [run]))


def _case(element: Element, suites: tuple[str, ...], run: str) -> Case:
    state = _state(element)
    message, trace = words(element)
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
    if state is State.PASSED and (_contradicted(element) or any(map(_failed, element))):
        return State.ERROR
    return State.ERROR if state is State.FAILED and element.get("label", "").lower() in _ERRORS else state


def _contradicted(element: Element) -> bool:
    """Whether a case or suite has a word of failure beside its result."""
    return element.get("label", "").lower() in _ERRORS or element.get("runstate", "").lower() == "notrunnable"


def _failed(part: Element) -> bool:
    """Whether a part of a case says that it failed: no case with such a part has passed."""
    failed = any(each.get("result", "").lower() in {"failed", "error"} for each in part)
    return local(part) == "failure" or (local(part) == "assertions" and failed)


def _suite(element: Element, suites: tuple[str, ...], told: Told, counts: Inside) -> Case | None:
    """A case for a suite, or for the run, that broke while nothing inside of it tells why: in its own teardown."""
    word = element.get("result", "").partition("(")[0].lower()  # TestCentric writes `Failed(Child)`
    path = (*suites, suite_name(element)) if local(element) == "test-suite" else suites
    state = _STATES.get(word, State.ERROR) if word else None
    broke = state in BROKEN or (state is State.PASSED and (_contradicted(element) or any(map(_failed, element))))
    if not broke and not (word != "warning" and unanswered(element, state, counts)):
        return None
    if path in told and element.get("site") != "TearDown":
        return None
    message = words(element)[0] or f"its result is `{element.get('result', '')[:50]}`, and no case tells why"
    return run_broke(suite_name(element) or "the run", message, path)


def _warned(element: Element) -> int:
    """How many cases in a suite ended with a warning: NUnit 3.10 and its console 3.9 leave them out of `total`."""
    return sum(local(case) == "test-case" and case.get("result", "").lower() == "warning" for case in element.iter())


def _compare(report: ReportFile, element: Element, count: Counter[State], suites: int) -> None:
    """Hold the totals of the run or a suite against its cases. `testcasecount` also counts what a filter left out.

    Args:
        report: The report.
        element: Its root, or a suite.
        count: The cases in it.
        suites: How many suites broke beside their cases: an assembly that cannot be loaded is counted as a case.
    """
    of = f" of {suite_name(element)[:100]}" if local(element) == "test-suite" else ""
    warned = _warned(element) if element.get("total") != str(count.total()) else 0
    total, broken, idle = count.total(), count[State.FAILED] + count[State.ERROR] + suites, count[State.SKIPPED]
    totals = [*dict.fromkeys((total, total + suites, total - warned, total + suites - warned))]
    claims: list[tuple[str, Container[int]]] = [
        ("total", totals), ("passed", [count[State.PASSED]]), ("failed", range(broken + 1)),
        *((word, range(idle + 1)) for word in ("skipped", "inconclusive", "warnings")),
    ]  # fmt: skip
    hold(report, [(f"{word}{of}", element.get(word), seen) for word, seen in claims])
