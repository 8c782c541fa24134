"""Reads the XML of xUnit.net v2 and v3, and of Fixie, which writes the same."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._shared import (
    BROKEN,
    dated,
    hold,
    malformed,
    net_traces,
    number,
    refuse_strays,
    run_broke,
    seconds,
    short,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "xUnit.net"
_STATES = {"pass": State.PASSED, "fail": State.FAILED, "skip": State.SKIPPED, "notrun": State.SKIPPED}
"""All others are no answer. `NotRun` is what v3 writes for an explicit test that was not asked for."""


def recognises(report: ReportFile) -> bool:
    """Whether its root is that of xUnit.net; Maven and Windows have other documents with such a root."""
    root = report.xml
    if root is None:
        return False
    if local(root) == "assemblies":
        return "}" not in root.tag
    return local(root) == "assembly" and "total" in root.attrib


def read(report: ReportFile) -> Results:
    """Read one file.

    Raises:
        CheckError: An assembly or collection counts other tests than it shows, or a test is outside of them.
    """
    root = report.xml
    if root is None:
        raise malformed(report, "it is no XML")
    cases: list[Case] = []
    times = []
    shown = 0
    for assembly in [root] if local(root) == "assembly" else [part for part in root if local(part) == "assembly"]:
        said = assembly.get("start-rtf") or f"{assembly.get('run-date', '')}T{assembly.get('run-time', '')}"
        found = list(_groups(assembly, said))
        every = [case for _, inner in found for case in inner]
        _compare(report, assembly, every)
        for group, inner in found:
            _compare(report, group, inner)
        shown += len(every)
        cases.extend((*every, *_errors(assembly, every)))
        times.append("" if said == "T" else said)
    refuse_strays(report, root, "test", shown)
    return Results(tuple(cases), *dated(report, times))


def _groups(assembly: Element, run: str) -> Iterator[tuple[Element, list[Case]]]:
    """The collections of an assembly, each with its cases."""
    file = assembly.get("name", "").replace("\\", "/").rpartition("/")[2]
    for group in assembly:
        if local(group) in {"collection", "class"}:  # v1 groups by class
            suites = tuple(filter(None, (file, group.get("name", ""))))
            yield group, [_case(test, suites, run) for test in group if local(test) == "test"]


def _case(element: Element, suites: tuple[str, ...], run: str) -> Case:
    parts = {local(part): part for part in element}
    state = _STATES.get(element.get("result", "").lower(), State.ERROR)
    if "failure" in parts and state not in BROKEN:
        state = State.ERROR
    texts = {local(part): part.text or "" for part in parts.get("failure", ())}
    reason = parts["reason"].text or "" if "reason" in parts else ""
    message = short(texts.get("message", "")) or short(reason)
    if state is State.ERROR and not message:
        message = f"its result is `{element.get('result', '')[:50]}`"
    name, of = element.get("name", ""), element.get("type", "")
    return Case(
        name=name.removeprefix(f"{of}.") if of else name,
        class_name=of,
        state=state,
        message="" if state is State.PASSED else message,
        file=element.get("source-file", ""),
        line=number(element.get("source-line")) if number(element.get("source-line")) > 0 else None,
        traces=net_traces(texts.get("stack-trace", "")),
        suites=suites,
        seconds=seconds(element.get("time")),
        run=run,
    )


def _errors(assembly: Element, cases: Sequence[Case]) -> Iterator[Case]:
    """A case for each error outside of the tests: the cleanup of a fixture, a crash."""
    errors = [error for part in assembly if local(part) == "errors" for error in part if local(error) == "error"]
    for error in errors:
        texts = [short(part.text or "") for part in error.iter() if local(part) == "message"]
        name = error.get("name") or error.get("type") or "the run"
        yield run_broke(name, next(filter(None, texts), "it broke outside of its tests"))
    if not errors and number(assembly.get("errors", "0")) and not any(case.state in BROKEN for case in cases):
        yield run_broke("the run", f"it counts {assembly.get('errors', '')[:20]} errors outside of its tests")


def _compare(report: ReportFile, part: Element, cases: Sequence[Case]) -> None:
    """Hold the totals of an assembly or a collection against its cases."""
    count = {state: sum(case.state is state for case in cases) for state in State}
    idle = count[State.SKIPPED]
    waiting = number(part.get("not-run", "0"))
    totals = [len(cases), len(cases) - max(waiting, 0)]
    hold(report, [("total", part.get("total"), totals), ("passed", part.get("passed"), [count[State.PASSED]])])
    broken = count[State.FAILED] + count[State.ERROR]
    hold(report, [("failed", part.get("failed"), range(broken + 1))])
    hold(report, [(word, part.get(word), range(idle + 1)) for word in ("skipped", "not-run")])
