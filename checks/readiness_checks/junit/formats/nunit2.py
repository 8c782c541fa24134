"""Reads the results of NUnit 2, as its console, MSTest adapters, Pester 4 and mbunit write them."""

from collections.abc import Sequence
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
    number,
    run_broke,
    seconds,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "NUnit 2"
_STATES = {
    "success": State.PASSED,
    "failure": State.FAILED,
    "error": State.ERROR,
    "ignored": State.SKIPPED,
    "skipped": State.SKIPPED,
    "inconclusive": State.SKIPPED,
}
"""The words of `ResultState`; all others (`NotRunnable`, `Cancelled`) are no answer."""


def recognises(report: ReportFile) -> bool:
    """Whether its root is that of NUnit 2."""
    return report.xml is not None and local(report.xml) == "test-results"


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: It counts other cases than it shows, or a case is where none belongs.
    """
    root = report.xml
    if root is None:
        raise malformed(report, "it is no XML")
    said = f"{root.get('date', '')} {root.get('time', '')}".strip()
    found = parts(report, root)
    doubt = number(root.get("inconclusive", "0")) > 0
    cases = [_case(element, suites, said, doubt=doubt) for element, suites in found if local(element) == "test-case"]
    counts = inside(found, (case.state for case in cases))
    _compare(report, root, cases)
    told = Told(case for case in cases if case.state is not State.PASSED)
    for element, suites in reversed([part for part in found if local(part[0]) == "test-suite"]):
        broken = _suite(element, suites, told, counts)
        if broken:
            told.add(broken)
            cases.append(broken)
    return Results(tuple(cases), *dated(report, [said]))


def _case(element: Element, suites: tuple[str, ...], run: str, *, doubt: bool) -> Case:
    state = _state(element, doubt=doubt)
    message, trace = words(element)
    if state is State.ERROR and not message:
        message = f"its result is `{element.get('result') or element.get('success', '')[:50]}`"
    name = element.get("name", "")
    head = name.partition("(")[0].rpartition(".")[0]
    head = "" if " " in head else head  # a sentence, as Pester has them
    return Case(
        name=name.removeprefix(f"{head}.") if head else name,
        class_name=head or (suites[-1] if suites else ""),
        state=state,
        message="" if state is State.PASSED else message,
        traces=net_traces(trace),
        suites=suites,
        seconds=seconds(element.get("time")),
        run=run,
    )


def _state(element: Element, *, doubt: bool) -> State:
    """By its result; before 2.5.10 by whether it was executed, and with success.

    Args:
        element: The case.
        doubt: Whether the file counts cases that gave no answer: 2.5.2 does not say which, but they have no failure.
    """
    word = element.get("result", "").lower()
    executed, success = element.get("executed", "").lower(), element.get("success", "").lower()
    failed = any(local(child) == "failure" for child in element)
    if not word:
        word = {"true": "success", "false": "failure" if failed or not doubt else "inconclusive"}.get(success, "")
        word = "skipped" if executed == "false" else word
    state = _STATES.get(word, State.ERROR)
    contradicted = state is State.PASSED and (executed == "false" or success == "false" or failed)
    return State.ERROR if contradicted else state


def _suite(element: Element, suites: tuple[str, ...], told: Told, counts: Inside) -> Case | None:
    """A case for a suite that broke, while nothing inside of it tells why."""
    success = element.get("success", "").lower()
    word = element.get("result", "").lower() or {"false": "failure"}.get(success, "")
    path = (*suites, suite_name(element))
    state = _STATES.get(word, State.ERROR) if word else None
    idle = element.get("executed", "").lower() == "false"
    if idle:
        broke = counts[element][State.PASSED] > 0
    else:
        said = success == "false" or any(local(child) == "failure" for child in element)
        broke = state in BROKEN or (state is State.PASSED and said) or unanswered(element, state, counts)
    if not broke or path in told:
        return None
    return run_broke(path[-1] or "a suite", words(element)[0] or _unexplained(word, idle=idle), path)


def _unexplained(word: str, *, idle: bool) -> str:
    """What is said of a suite that gives no reason."""
    if idle:
        return "it was not executed, and cases in it passed"
    return f"its result is `{word[:50]}`, and no case tells why" if word else "it failed, and no case tells why"


def _compare(report: ReportFile, root: Element, cases: Sequence[Case]) -> None:
    """Hold the totals against the cases: NUnit leaves out of `total` what did not run, others count it."""
    count = {state: sum(case.state is state for case in cases) for state in State}
    gone = count[State.SKIPPED] + count[State.ERROR]  # what cannot run is among the errors
    hold(report, [("not-run", root.get("not-run"), range(gone + 1))])
    idle = max(0, *(number(root.get(word, "0")) for word in ("not-run", "skipped")))
    hold(report, [("total", root.get("total"), [len(cases), len(cases) - idle])])
    broken = count[State.FAILED] + count[State.ERROR]
    hold(report, [(word, root.get(word), range(broken + 1)) for word in ("errors", "failures", "invalid")])
    hold(report, [(word, root.get(word), range(count[State.SKIPPED] + 1)) for word in ("ignored", "inconclusive")])
