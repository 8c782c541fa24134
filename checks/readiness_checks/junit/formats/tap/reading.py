"""Reads TAP, versions 12 to 14, as Perl, node, tape, node-tap, bats, pytest-tap, pgTAP and others write it.

As the specification of version 14 says (testanything.org); where it leaves a choice, what is in doubt is no pass.
"""

import re
from collections.abc import Iterator

from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._shared import BROKEN, cut_off, line_number, run_broke, short
from readiness_checks.junit.formats.tap.document import POINT, Document, Point
from readiness_checks.junit.formats.tap.parser import PLAN, VERSION, Parser
from readiness_checks.reading.report_file import ReportFile

NAMES = "TAP"
_SOUGHT = 1_000
"""Lines in which the first test point is looked for."""
_VMS = re.compile(r"^not *\n(?=ok\b)", re.MULTILINE)
_FOLDED = frozenset(("", "|", "|-", "|+", ">", ">-", ">+"))


def recognises(report: ReportFile) -> bool:
    """Whether its lines are those of TAP: a version, a plan with test points, or one of these as the first line."""
    lines = [line.strip() for line in report.text.splitlines()[:_SOUGHT]]
    told = next((line for line in lines if line and not line.startswith("#")), "")
    if any(map(VERSION.fullmatch, lines)) or PLAN.fullmatch(told):
        return True
    if POINT.fullmatch(told):
        return not told.startswith("ok  \t")  # what `go test` prints for a package
    return any(map(PLAN.fullmatch, lines)) and any(map(POINT.fullmatch, lines))


def read(report: ReportFile) -> Results:
    """Read one document.

    Raises:
        CheckError: Its plan is missing, or is not that of its test points; or it is cut off.
    """
    parser = Parser(report)
    text = _VMS.sub("not ", report.text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = text.split("\n")
    for line in lines:
        parser.feed(line)
    document = parser.end()
    if POINT.fullmatch(lines[-1].strip()):
        raise cut_off(report, "its last line is a test point without an end")
    cases = list(_cases(document, (), ""))
    if not document.points and document.plan == 0:
        cases.append(Case("all tests", "", State.SKIPPED, short(document.reason)))
    if parser.bail is not None:
        cases.append(run_broke("the run", f"Bail out! {parser.bail}"))
    return Results(tuple(cases))


def _cases(document: Document, suites: tuple[str, ...], excuse: str) -> Iterator[Case]:
    """The innermost test points, each with the names of those that it is in."""
    for index, point in enumerate(document.points, start=1):
        name = point.description or f"test {index}"
        excused = point.directive or excuse
        if point.inner is None or not point.inner.points:
            yield _case(point, name, suites, excused)
            continue
        inside = list(_cases(point.inner, (*suites, name), excused))
        yield from inside
        if not point.ok and not excused and not any(case.state in BROKEN for case in inside):
            yield run_broke(name, _message(point) or "it is `not ok`, and none of its subtests tells why", suites)


def _case(point: Point, name: str, suites: tuple[str, ...], excused: str) -> Case:
    state = State.PASSED if point.ok else State.FAILED
    if excused or (point.ok and point.inner is not None):  # its plan is 1..0
        state = State.SKIPPED
    said = dict(line.strip().partition(":")[::2] for line in point.said)
    file = (said.get("file") or said.get("fileName") or "").strip(" '\"")
    return Case(
        name=name,
        class_name="",
        state=state,
        message={State.SKIPPED: short(point.reason), State.FAILED: _message(point)}.get(state, ""),
        file=file,
        line=line_number(said.get("line", said.get("lineNumber", "")).strip()) if file else None,
        suites=suites,
        seconds=point.seconds,
    )


def _message(point: Point) -> str:
    """What its YAML block calls the message or the error."""
    for index, line in enumerate(point.said):
        key, _, rest = line.strip().partition(":")
        if key in {"message", "error", "Message"}:
            text = rest.strip()
            return short(next(iter(point.said[index + 1 :]), "") if text in _FOLDED else text.strip("'\""))
    return ""
