"""The same test results in each format that the check `junit` reads, as the producers of the format write them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from readiness.testing import context
from readiness_checks.junit.cases import Results
from readiness_checks.junit.formats import FORMATS
from readiness_checks.reading.report_file import ReportFile

Cases = Sequence[tuple[str, str]]
"""Names of test cases, each with `passed`, `failed` or `skipped`."""
TIME = "2024-11-01T10:00:00+00:00"


def trx(cases: Cases) -> str:
    """As vstest's logger writes it: it does not count what was skipped."""
    words = {"passed": "Passed", "failed": "Failed", "skipped": "NotExecuted"}
    count = Counter(state for _, state in cases)
    results = "".join(
        f'<UnitTestResult executionId="e{index}" testId="t{index}" testName="Deeds.Rules.{name}" '
        f'outcome="{words[state]}" duration="00:00:01.5"/>'
        for index, (name, state) in enumerate(cases)
    )
    tests = "".join(
        f'<UnitTest name="{name}" id="t{index}"><TestMethod className="Deeds.Rules" name="{name}"/></UnitTest>'
        for index, (name, _) in enumerate(cases)
    )
    ran = count["passed"] + count["failed"]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<TestRun id="r" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">'
        f'<Times start="{TIME}"/><Results>{results}</Results><TestDefinitions>{tests}</TestDefinitions>'
        f'<ResultSummary outcome="{"Failed" if count["failed"] else "Completed"}"><Counters total="{len(cases)}" '
        f'executed="{ran}" passed="{count["passed"]}" failed="{count["failed"]}" notExecuted="0"/></ResultSummary>'
        "</TestRun>\n"
    )


def nunit3(cases: Cases) -> str:
    """As NUnit's console writes it."""
    count = Counter(state for _, state in cases)
    result = "Failed" if count["failed"] else "Passed"
    inner = "".join(
        f'<test-case name="{name}" fullname="Deeds.Rules.{name}" classname="Deeds.Rules" result="{state.title()}" '
        f'duration="0.5"/>'
        for name, state in cases
    )
    return (
        f'<test-run testcasecount="{len(cases)}" result="{result}" total="{len(cases)}" passed="{count["passed"]}" '
        f'failed="{count["failed"]}" inconclusive="0" skipped="{count["skipped"]}" start-time="{TIME}">'
        f'<test-suite type="Assembly" name="deeds.dll" result="{result}" site="Child">{inner}</test-suite></test-run>\n'
    )


def nunit2(cases: Cases) -> str:
    """As NUnit 2.6 writes it: what did not run is no part of the total."""
    words = {"passed": "Success", "failed": "Failure", "skipped": "Ignored"}
    count = Counter(state for _, state in cases)
    inner = "".join(
        f'<test-case name="Deeds.Rules.{name}" executed="{state != "skipped"}" result="{words[state]}" time="0.5"/>'
        for name, state in cases
    )
    return (
        f'<test-results total="{len(cases) - count["skipped"]}" errors="0" failures="{count["failed"]}" '
        f'not-run="{count["skipped"]}" inconclusive="0" ignored="{count["skipped"]}" date="2024-11-01" time="10:00:00">'
        f'<test-suite type="Assembly" name="deeds.dll" executed="True" result="Success"><results>{inner}</results>'
        "</test-suite></test-results>\n"
    )


def xunit_net(cases: Cases) -> str:
    """As the runner of xUnit.net v2 writes it."""
    words = {"passed": "Pass", "failed": "Fail", "skipped": "Skip"}
    count = Counter(state for _, state in cases)
    inner = "".join(
        f'<test name="Deeds.Rules.{name}" type="Deeds.Rules" method="{name}" time="0.5" result="{words[state]}"/>'
        for name, state in cases
    )
    return (
        f'<assemblies><assembly name="deeds.dll" run-date="2024-11-01" run-time="10:00:00" total="{len(cases)}" '
        f'passed="{count["passed"]}" failed="{count["failed"]}" skipped="{count["skipped"]}" errors="0"><errors/>'
        f'<collection name="Rules">{inner}</collection></assembly></assemblies>\n'
    )


def ctrf(cases: Cases) -> str:
    """As the reporters of CTRF write it."""
    count = Counter(state for _, state in cases)
    summary = {"tests": len(cases), "passed": count["passed"], "failed": count["failed"], "skipped": count["skipped"]}
    tests = [{"name": name, "status": state, "duration": 500, "suite": ["Rules"]} for name, state in cases]
    times = {"pending": 0, "other": 0, "start": 1730455200000, "stop": 1730455201000}
    results = {"tool": {"name": "t"}, "summary": {**summary, **times}, "tests": tests}
    return json.dumps({"reportFormat": "CTRF", "specVersion": "0.0.0", "results": results}, indent=2)


def tap(cases: Cases) -> str:
    """As node's test runner writes it: the plan comes last."""
    marks = {"passed": ("ok", ""), "failed": ("not ok", ""), "skipped": ("ok", " # SKIP not now")}
    lines = [
        f"# Subtest: {name}\n{marks[state][0]} {index} - {name}{marks[state][1]}\n  ---\n  duration_ms: 1\n  ...\n"
        for index, (name, state) in enumerate(cases, start=1)
    ]
    return f"TAP version 13\n{''.join(lines)}1..{len(cases)}\n# tests {len(cases)}\n"


def go_test(cases: Cases) -> str:
    """As `go test -json` of Go 1.26 writes it."""
    words = {"passed": "pass", "failed": "fail", "skipped": "skip"}
    events = [{"Time": TIME, "Action": "start", "Package": "m/rules"}]
    for name, state in cases:
        events += [
            {"Time": TIME, "Action": "run", "Package": "m/rules", "Test": name},
            {"Time": TIME, "Action": "output", "Package": "m/rules", "Test": name, "Output": f"=== RUN   {name}\n"},
            {"Time": TIME, "Action": words[state], "Package": "m/rules", "Test": name},
        ]
    end = "fail" if any(state == "failed" for _, state in cases) else "pass"
    return lines((*events, {"Time": TIME, "Action": end, "Package": "m/rules"}))


def dart(cases: Cases) -> str:
    """As Dart's JSON reporter writes it, with the loading of the suite as a hidden test."""
    words = {"passed": "success", "failed": "failure", "skipped": "success"}
    events: list[dict[str, object]] = [
        {"protocolVersion": "0.1.1", "runnerVersion": "1.26.2", "pid": 1, "type": "start", "time": 0},
        {"suite": {"id": 0, "platform": "vm", "path": "test/rules_test.dart"}, "type": "suite", "time": 0},
        {"test": {"id": 1, "name": "loading", "suiteID": 0, "groupIDs": []}, "type": "testStart", "time": 1},
        {"count": 1, "type": "allSuites", "time": 2},
        {"testID": 1, "result": "success", "skipped": False, "hidden": True, "type": "testDone", "time": 3},
        {"group": {"id": 2, "suiteID": 0, "name": "", "testCount": len(cases)}, "type": "group", "time": 3},
    ]
    for key, (name, state) in enumerate(cases, start=3):
        done = {"testID": key, "result": words[state], "skipped": state == "skipped", "hidden": False}
        events += [
            {"test": {"id": key, "name": name, "suiteID": 0, "groupIDs": [2]}, "type": "testStart", "time": 4},
            {**done, "type": "testDone", "time": 504},
        ]
    good = all(state != "failed" for _, state in cases)
    return lines((*events, {"success": good, "type": "done", "time": 999}))


def cucumber(cases: Cases) -> str:
    """As Cucumber for the JVM writes it."""
    elements = [
        {
            "id": f"rules;{name}",
            "keyword": "Scenario",
            "name": name,
            "line": line,
            "type": "scenario",
            "start_timestamp": "2024-11-01T10:00:00.000Z",
            "steps": [{"keyword": "Given ", "name": "a deed", "result": {"status": state, "duration": 500_000_000}}],
        }
        for line, (name, state) in enumerate(cases, start=3)
    ]
    feature = {"uri": "file:features/rules.feature", "keyword": "Feature", "name": "Rules", "elements": elements}
    return json.dumps([feature])


def lines(events: Iterable[Mapping[str, object]]) -> str:
    """Events, one in a line."""
    return "".join(f"{json.dumps(event)}\n" for event in events)


def read(root: Path, text: str | bytes) -> Results:
    """What the check reads from a file that holds this."""
    path = root / "results"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return FORMATS.read(ReportFile(context(root), path, path.read_bytes()))


def states(root: Path, text: str | bytes) -> list[tuple[str, str]]:
    """The names of the cases that are read, and how they ended; a pass of a second attempt as `flaky`."""
    return [(case.name, "flaky" if case.flaky else case.state.value) for case in read(root, text).cases]


WRITERS: Mapping[str, Callable[[Cases], str]] = {
    each.__name__: each for each in (trx, nunit3, nunit2, xunit_net, ctrf, tap, go_test, dart, cucumber)
}
"""By the name of the module that reads the format."""
