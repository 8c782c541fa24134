"""Reads TRX, as `dotnet test --logger trx`, Microsoft.Testing.Platform, Visual Studio and MSTest write it.

The words are those of `TestOutcome` in the source of vstest (17.14); it leaves out the outcome of an `Error`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._shared import (
    BROKEN,
    DEEPEST,
    Told,
    cut_off,
    dated,
    hold,
    malformed,
    net_traces,
    refuse_strays,
    run_broke,
    short,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "TRX"
_STATES = {
    "passed": State.PASSED,
    "failed": State.FAILED,
    "timeout": State.FAILED,
    "notexecuted": State.SKIPPED,
    "inconclusive": State.SKIPPED,
    "pending": State.SKIPPED,  # of the reporter for mocha
    "warning": State.SKIPPED,  # the adapter of NUnit skips a test that warns
}
"""All others mean that the case, or the run, broke before there was an answer."""
_GOOD = frozenset(("completed", "passed", "warning"))
_TROUBLE = (
    "failed", "error", "timeout", "aborted", "passedButRunAborted", "notRunnable", "disconnected", "inProgress",
)  # fmt: skip
"""Counters of results that are no pass, and did not stay out either."""
_STAYED_OUT = ("notExecuted", "inconclusive", "pending")
_IDLE = frozenset(("notexecuted", "inconclusive", "pending"))
_DURATION = re.compile(r"(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,9})?)")


@dataclass(frozen=True)
class _Result:
    """One result, and the names of those that it is in."""

    element: Element
    parents: tuple[str, ...]
    inner: bool
    """Whether it holds results itself: it sums them up, and is no case of its own."""


def recognises(report: ReportFile) -> bool:
    """Whether its root is that of TRX; CppUnit's has the same name, and other parts."""
    root = report.xml
    if root is None or local(root) != "TestRun":
        return False
    return "TeamTest" in root.tag or any(local(child) in {"ResultSummary", "TestDefinitions"} for child in root)


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: Its summary is missing, or counts other results than it shows.
    """
    root = report.xml
    if root is None:
        raise malformed(report, "it is no XML")
    results = [found for part in root if local(part) == "Results" for found in _results(report, part)]
    refuse_strays(report, root, "UnitTestResult", sum(local(each.element) == "UnitTestResult" for each in results))
    classes = dict(_classes(root))
    cases = [_case(each, classes, root.get("id", "")) for each in results if not each.inner]
    told = Told(case for case in cases if case.state in BROKEN)
    for each in results:
        path = (*each.parents, each.element.get("testName", ""))
        if each.inner and _state(each.element) in BROKEN and path not in told:
            cases.append(_case(each, classes, root.get("id", "")))
    summary = _summary(report, root)
    _compare(report, summary, [each.element for each in results], [each.element for each in results if not each.inner])
    cases.extend(_run(summary, cases))
    times = [part.get("start", "") for part in root if local(part) == "Times"]
    return Results(tuple(cases), *dated(report, times))


def _summary(report: ReportFile, root: Element) -> Element:
    """The one part that says how the run ended."""
    found = [part for part in root if local(part) == "ResultSummary"]
    if not found:
        raise cut_off(report, "it has no <ResultSummary>, by which TRX says how the run ended")
    if len(found) > 1:
        raise malformed(report, "it has several <ResultSummary>: let each run write a file of its own")
    return found[0]


def _results(report: ReportFile, part: Element) -> Iterator[_Result]:
    """All results, those inside of others too."""
    pending: list[tuple[Element, tuple[str, ...]]] = [(child, ()) for child in reversed(part)]
    while pending:
        element, parents = pending.pop()
        inner = [child for group in element if local(group) == "InnerResults" for child in group]
        yield _Result(element, parents, bool(inner))
        if inner and len(parents) == DEEPEST:
            raise malformed(report, "its results are nested too deeply")
        pending.extend((child, (*parents, element.get("testName", ""))) for child in reversed(inner))


def _classes(root: Element) -> Iterator[tuple[str, str]]:
    """The class of each test, by its id."""
    for test in (test for part in root if local(part) == "TestDefinitions" for test in part):
        for method in test:
            if local(method) == "TestMethod":
                yield test.get("id", ""), method.get("className", "").partition(",")[0].strip()


def _case(result: _Result, classes: Mapping[str, str], run: str) -> Case:
    element = result.element
    name, of = element.get("testName", ""), classes.get(element.get("testId", ""), "")
    message, trace = _said(element)
    state = _state(element)
    if state is State.ERROR and not message:
        message = f"its outcome is `{element.get('outcome', 'Error')[:50]}`"
    return Case(
        name=name.removeprefix(f"{of}.") if of else name,
        class_name=of,
        state=state,
        message="" if state is State.PASSED else message,
        traces=trace,
        suites=result.parents,
        seconds=_seconds(element.get("duration", "")),
        run=run,
    )


def _state(element: Element) -> State:
    """By its outcome; a trace of an error denies a pass. Its message alone does not.

    Adapters give a message to tests that passed, too: their reason for it, or `Test passed successfully`.
    """
    state = _state_of(element.get("outcome"))
    errors = [part for group in element if local(group) == "Output" for part in group if local(part) == "ErrorInfo"]
    thrown = any((part.text or "").strip() for error in errors for part in error if local(part) == "StackTrace")
    return State.ERROR if thrown and state is State.PASSED else state


def _state_of(outcome: str | None) -> State:
    return _STATES.get((outcome or "Error").lower(), State.ERROR)


def _said(element: Element) -> tuple[str, tuple[tuple[str, int], ...]]:
    """What a result says about a failure or a skip, and the lines of the source that its trace names."""
    texts = {local(part): part.text or "" for part in element.iter() if local(part) in {"Message", "StackTrace"}}
    return short(texts.get("Message", "")), net_traces(texts.get("StackTrace", ""))


def _seconds(text: str) -> float | None:
    found = _DURATION.fullmatch(text.strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None


def _compare(report: ReportFile, summary: Element, every: Sequence[Element], leaves: Sequence[Element]) -> None:
    """Hold the counters against the results: with those that sum others up (Visual Studio), or without."""
    counters = next((dict(part.attrib) for part in summary if local(part) == "Counters"), {})
    idle = sum(_state(each) is State.SKIPPED for each in every)
    passed = [sum(_state(each) is State.PASSED for each in some) for some in (every, leaves)]
    totals = [len(every), len(leaves), len(every) - idle]  # some leave out what did not run
    hold(report, [("total", counters.get("total"), totals), ("passed", counters.get("passed"), passed)])
    ran = [sum(_state(each) is not State.SKIPPED for each in some) for some in (every, leaves)]
    hold(report, [("executed", counters.get("executed"), range(min(*passed, *ran), len(every) + 1))])
    hold(report, [(word, counters.get(word), range(idle + 1)) for word in _STAYED_OUT])
    broken = sum(_state(each) in BROKEN for each in every)
    hold(report, [(word, counters.get(word), range(broken + 1)) for word in _TROUBLE])


def _troubled(info: Element) -> bool:
    """Whether a message about the run is more than a warning."""
    outcome = info.get("outcome", "Warning").lower()
    return outcome not in _GOOD and _state_of(outcome) in BROKEN


def _run(summary: Element, cases: Sequence[Case]) -> Iterator[Case]:
    """A case for the run, where it did not end well and no case tells why: a host that crashed, for instance.

    `vstest.console` ends with 1 for each error that it writes to `RunInfos`, whatever the outcome of the summary is.
    """
    outcome = summary.get("outcome", "Error")
    states = {case.state for case in cases}
    infos = [part for part in summary.iter() if local(part) == "RunInfo" and _troubled(part)]
    good = outcome.lower() in _GOOD or (outcome.lower() in _IDLE and State.SKIPPED in states)
    if (good and not infos) or states & BROKEN:
        return
    texts = [text.text or "" for info in infos for text in info.iter() if local(text) == "Text"]
    said = next(filter(None, map(short, texts)), "no case tells why")
    yield run_broke("the run", f"its outcome is `{outcome[:50]}`: {said}")
