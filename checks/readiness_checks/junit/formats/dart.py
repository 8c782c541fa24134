"""Reads the JSON reporter of Dart (`dart test --reporter json`) and Flutter (`flutter test --machine`).

As its page says (package test, doc/json_reporter.md), protocol version 0.1.1: one event in a line, and `done` the last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._json_lines import events, first_event
from readiness_checks.junit.formats._shared import (
    BROKEN,
    cut_off,
    hold,
    line_number,
    malformed,
    run_broke,
    short,
    text_of,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "Dart and Flutter JSON"
_STATES = {"success": State.PASSED, "failure": State.FAILED, "error": State.ERROR}


@dataclass
class _Test:
    about: dict[str, Any]
    started: Any
    done: dict[str, Any] | None = None
    ended: Any = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    again: bool = False
    """Whether it was run again, as `retry` asks."""
    late: bool = False
    """Whether it went wrong after its end."""


@dataclass
class _Run:
    """What the events tell."""

    suites: dict[int, str] = field(default_factory=dict)
    groups: dict[int, dict[str, Any]] = field(default_factory=dict)
    tests: dict[int, _Test] = field(default_factory=dict)
    counted: int | None = None
    done: dict[str, Any] | None = None
    started: bool = False


def recognises(report: ReportFile) -> bool:
    """Whether its first event is the start of Dart's protocol."""
    event = first_event(report)
    return event.get("type") == "start" and "protocolVersion" in event


def read(report: ReportFile) -> Results:
    """Read one stream.

    Raises:
        CheckError: It is cut off, or counts other tests and suites than it shows.
    """
    run = _Run()
    for event, _ in events(report):
        _require_once(report, run, event)
        _take(report, run, event)
    if run.done is None:
        raise cut_off(report, "it has no event `done`")
    _compare(report, run)
    cases = list(_cases(run))
    if run.done.get("success") is not True and not any(case.state in BROKEN for case in cases):
        cases.append(run_broke("the run", "it did not end well, and no test tells why"))
    return Results(tuple(cases))


def _require_once(report: ReportFile, run: _Run, event: dict[str, Any]) -> None:
    """Refuse what begins or ends a second time: a later run would take the place of one that failed or was cut off."""
    match event:
        case {"type": "start"}:
            again, run.started = run.started, True
        case {"type": "done"}:
            again = run.done is not None
        case {"type": "testStart", "test": {"id": int(key)}}:
            again = key in run.tests
        case {"type": "testDone", "testID": int(key)} if key in run.tests:
            again = run.tests[key].done is not None
        case _:
            again = False
    if again:
        raise malformed(report, "it holds several runs: let each write a file of its own")


def _take(report: ReportFile, run: _Run, event: dict[str, Any]) -> None:
    match event:
        case {"type": "suite", "suite": {"id": int(key)} as suite}:
            run.suites[key] = text_of(suite.get("path"))
        case {"type": "group", "group": {"id": int(key)} as group}:
            run.groups[key] = group
        case {"type": "allSuites", "count": int(number)}:
            run.counted = number
        case {"type": "testStart", "test": {"id": int(key)} as about}:
            run.tests[key] = _Test(about, event.get("time", 0))
        case {"type": "testDone" | "error" | "print", "testID": int(key)} if key in run.tests:
            _tell(run.tests[key], event)
        case {"type": "testDone" | "error"}:
            raise malformed(report, "a test ends that did not begin")
        case {"type": "done"}:
            run.done = event


def _tell(test: _Test, event: dict[str, Any]) -> None:
    if event["type"] == "testDone":
        test.done, test.ended = event, event.get("time", 0)
    elif event["type"] == "error":
        test.errors.append(event)
        test.late |= test.done is not None
    elif text_of(event.get("message")).startswith("Retry: "):
        test.again = True


def _cases(run: _Run) -> Iterator[Case]:
    for test in run.tests.values():
        state, done = _state(test), test.done or {}
        if done.get("hidden") is True and state is State.PASSED:
            continue  # the loading of a suite
        path = run.suites.get(test.about.get("suiteID", -1), "")
        groups = [text_of(run.groups.get(key, {}).get("name")) for key in test.about.get("groupIDs") or ()]
        took = test.ended - test.started if isinstance(test.ended, int) and isinstance(test.started, int) else -1
        yield Case(
            name=text_of(test.about.get("name")),
            class_name="",
            state=state,
            message=_message(test, state),
            file=path,
            line=line_number(test.about.get("root_line") or test.about.get("line")),
            suites=tuple(filter(None, (path, *groups))),
            flaky=test.again and state is State.PASSED,
            seconds=took / 1000 if took >= 0 else None,
        )


def _message(test: _Test, state: State) -> str:
    if state is State.PASSED:
        return ""
    reason = (test.about.get("metadata") or {}).get("skipReason") if test.done else "it did not end"
    return next(filter(None, (short(error.get("error")) for error in test.errors)), "") or short(reason)


def _state(test: _Test) -> State:
    """How it ended; an error after it had passed is one, too."""
    done = test.done or {}
    state = _STATES.get(text_of(done.get("result")), State.ERROR)
    if state is State.PASSED and (test.late or (test.errors and not test.again)):
        return State.ERROR
    return State.SKIPPED if state is State.PASSED and done.get("skipped") is True else state


def _compare(report: ReportFile, run: _Run) -> None:
    """Hold the counts of suites and of the tests in each against what was seen."""
    if run.counted is not None:
        hold(report, [("allSuites", run.counted, [len(set(run.suites.values()))])])
    seen: dict[int, int] = {}
    for test in run.tests.values():
        if (test.done or {}).get("hidden") is not True:
            for key in test.about.get("groupIDs") or ():
                seen[key] = seen.get(key, 0) + 1
    groups = [(key, group.get("testCount")) for key, group in run.groups.items()]
    hold(report, [("testCount", count, [seen.get(key, 0)]) for key, count in groups])
