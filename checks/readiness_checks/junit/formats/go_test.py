"""Reads the events of Go's test2json: `go test -json`, and what gotestsum keeps of it (`--jsonfile`).

As `go doc test2json` (Go 1.26) says. A stream does not tell how many packages there are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from readiness_checks.junit.cases import Case, Results, State
from readiness_checks.junit.formats._json_lines import events, first_event
from readiness_checks.junit.formats._shared import BROKEN, cut_off, dated, run_broke, seconds, short, text_of
from readiness_checks.reading.report_file import ReportFile

NAMES = "go test -json"
_ENDS = {"pass": State.PASSED, "bench": State.PASSED, "fail": State.FAILED, "skip": State.SKIPPED}
_ACTIONS = frozenset((*_ENDS, "start", "run", "output", "build-output", "build-fail"))
_KEYS = frozenset(("Package", "ImportPath", "Test", "Output"))
_FAILED = re.compile(r"^FAIL(?:\t(\S+))?(?: \[(.{1,100})\]|\t.*)?$")
"""What `go` itself prints, as text before Go 1.24, when a package cannot be built or has failed."""
_SAID = re.compile(r"^\s*\S{1,300}\.go:\d{1,7}: (.*)")
_MARK = re.compile(r"^\s*(?:=== |--- |PASS$|FAIL|ok\s|exit status)")
_MEASURED = re.compile(r"\t\s{0,30}+[\d.e+]{1,30} ns/op\b")
_KEPT = 50
"""Lines of output that a message is taken from."""
_WORST = (State.ERROR, State.FAILED, State.SKIPPED, State.PASSED)


@dataclass
class _Test:
    """One test in one run of its package."""

    states: list[State | None] = field(default_factory=list)
    """One for each time that it ran (`-count`), in order; None while it has not ended."""
    said: list[str] = field(default_factory=list)
    took: float | None = None

    @property
    def state(self) -> State:
        """The worst of all times."""
        return min((state or State.ERROR for state in self.states), key=_WORST.index)


@dataclass
class _Run:
    """One run of one package."""

    package: str
    tests: dict[str, _Test] = field(default_factory=dict)
    began: str = ""
    said: list[str] = field(default_factory=list)
    end: State | None = None

    @property
    def broken(self) -> set[str]:
        """Tests that failed, or did not end."""
        return {name for name, test in self.tests.items() if test.state in BROKEN}


@dataclass
class _Stream:
    runs: dict[str, list[_Run]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """What `go` said on its own."""
    builds: dict[str, list[str]] = field(default_factory=dict)
    failed_builds: list[str] = field(default_factory=list)
    time: str = ""
    """Of the first event that has one."""


def recognises(report: ReportFile) -> bool:
    """Whether its first event is one of test2json."""
    event = first_event(report)
    return event.get("Action") in _ACTIONS and not _KEYS.isdisjoint(event)


def read(report: ReportFile) -> Results:
    """Read one stream.

    Raises:
        CheckError: It is cut off.
    """
    stream = _Stream()
    for event, text in events(report):
        if event:
            _take(stream, event)
            stream.time = stream.time or text_of(event.get("Time"))
        elif _FAILED.match(text):
            stream.faults.append(text)
    open_ones = [runs[-1].package for runs in stream.runs.values() if runs[-1].end is None]
    if open_ones:
        raise cut_off(report, f"package {open_ones[0][:200]} did not end")
    cases = [case for runs in stream.runs.values() for case in _package(runs)]
    cases.extend(_faults(stream, cases))
    cached = [name for name, runs in stream.runs.items() if any("(cached)" in line for line in runs[-1].said)]
    undated = f"{cached[0][:200]} comes from Go's cache (`-count=1` runs it)" if cached else ""
    return Results(tuple(cases), *dated(report, [stream.time]), undated=undated)


def _take(stream: _Stream, event: dict[str, Any]) -> None:
    action, output = text_of(event.get("Action")), text_of(event.get("Output"))
    package, name = text_of(event.get("Package")), text_of(event.get("Test"))
    if action == "build-output":
        stream.builds.setdefault(text_of(event.get("ImportPath")), []).append(output[:1000])
    elif action == "build-fail":
        stream.failed_builds.append(text_of(event.get("ImportPath")))
    else:  # without a package where `go tool test2json` was not told its name
        runs = stream.runs.setdefault(package, [])
        if not runs or (runs[-1].end is not None and action != "output"):
            runs.append(_Run(package, began=text_of(event.get("Time"))))
        run = runs[-1]
        if not name:
            _take_package(run, action, output, text_of(event.get("FailedBuild")), stream)
        else:
            if name.startswith("Benchmark") and _MEASURED.search(output):
                action = "bench"  # a benchmark that has passed has no other end
            _take_test(run.tests.setdefault(name, _Test()), action, output, event.get("Elapsed"))


def _take_package(run: _Run, action: str, output: str, build: str, stream: _Stream) -> None:
    if action in _ENDS:
        run.end = _ENDS[action]
        run.said[:0] = stream.builds.get(build, [])
    elif action == "output":
        run.said.append(output[:1000])
        del run.said[:-_KEPT]


def _take_test(test: _Test, action: str, output: str, took: object) -> None:
    if action in _ENDS:
        if not test.states or test.states[-1] is not None:
            test.states.append(None)
        test.states[-1], test.took = _ENDS[action], seconds(took)
    elif action == "run":
        test.states.append(None)
    elif action == "output" and len(test.said) < _KEPT:
        test.said.append(output[:1000])


def _package(runs: list[_Run]) -> Iterator[Case]:
    """The cases of one package: a run of what had failed, and nothing else, is another attempt (gotestsum)."""
    found: dict[str, Case] = {}
    for run in runs:
        again = bool(found) and all(_was_broken(name, found) for name in run.tests)
        if found and not again:
            yield from found.values()
            found = {}
        for name, test in run.tests.items():
            if test.states:
                flaky = again and test.state is State.PASSED
                found[name] = Case(
                    name, run.package, test.state, _why(test), flaky=flaky, seconds=test.took, run=run.began
                )
        if run.end is State.FAILED and not run.broken:
            said = next((short(line) for line in run.said if line.strip() and not _MARK.match(line)), "")
            said = said or next((short(line) for line in run.said if "[" in line), "")
            yield run_broke(run.package, said or "it failed, and none of its tests tells why", (run.package,))
    yield from found.values()


def _was_broken(name: str, found: dict[str, Case]) -> bool:
    """Whether a test had failed; or had not run, inside of one that had failed."""
    known = found.get(name) or found.get(name.partition("/")[0])
    return known is not None and known.state in BROKEN


def _why(test: _Test) -> str:
    if test.state is State.PASSED:
        return ""
    said = next((found[1] for found in map(_SAID.match, test.said) if found), "")
    said = said or next((line for line in test.said if line.strip() and not _MARK.match(line)), "")
    if None in test.states:
        return "it did not end; before Go 1.20 that is also so where it prints text without a line break"
    return short(said)


def _faults(stream: _Stream, cases: list[Case]) -> Iterator[Case]:
    """What no event of a package tells: that it could not be built."""
    known = {case.class_name for case in cases} | {case.name for case in cases}
    for fault in stream.faults:
        found = _FAILED.match(fault)
        if found and found[1] and found[1] not in known:
            yield run_broke(found[1], found[2] or "it failed", (found[1],))
            known.add(found[1])
    named = any(found and found[1] for found in map(_FAILED.match, stream.faults))
    if (stream.faults or stream.failed_builds) and not named and not any(case.state in BROKEN for case in cases):
        name = (stream.failed_builds or ["the run"])[0]
        yield run_broke(name, next(map(short, stream.builds.get(name, [])), "") or "`go test` failed")
