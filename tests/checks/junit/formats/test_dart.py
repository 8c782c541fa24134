"""Dart's and Flutter's events: hidden tests, errors after the end, retries, and runs that did not end."""

from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import CheckError
from support.result_formats import dart, lines, read, states

START = {"type": "start", "protocolVersion": "0.1.1"}
SUITE = {"type": "suite", "suite": {"id": 0, "path": "test/a_test.dart"}}
DONE = {"type": "done", "success": True}


def run(*events: dict[str, Any], done: dict[str, Any] = DONE) -> str:
    begun = {"type": "testStart", "time": 1, "test": {"id": 1, "name": "a", "suiteID": 0, "groupIDs": []}}
    return lines([START, SUITE, begun, *events, done])


def ended(result: str = "success", **more: Any) -> dict[str, Any]:
    return {"type": "testDone", "testID": 1, "result": result, "hidden": False, "skipped": False, "time": 5, **more}


ERROR = {"type": "error", "testID": 1, "error": "sums differ\nmore", "isFailure": True}


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([ended()], "passed"),
        ([ended(skipped=True)], "skipped"),
        ([ERROR, ended("failure")], "failed"),
        ([ERROR, ended("error")], "error"),
        ([ended("marvellous")], "error"),
        ([], "error"),
        ([ended(), ERROR], "error"),  # after it had passed
        ([ended("error", hidden=True)], "error"),  # its suite cannot be loaded
        ([{"type": "print", "testID": 1, "message": "Retry: a"}, ended()], "flaky"),
        ([{"type": "print", "testID": 1, "message": "Retry: a"}, ended(), ERROR], "error"),
        ([ERROR, {"type": "print", "testID": 1, "message": "Retry: a"}, ended()], "flaky"),
    ],
)
def test_each_end_has_its_meaning(tmp_path: Path, events: list[dict[str, Any]], state: str) -> None:
    assert states(tmp_path, run(*events)) == [("a", state)]


def test_hidden_tests_that_passed_are_no_cases(tmp_path: Path) -> None:
    assert states(tmp_path, run(ended(hidden=True))) == []


@pytest.mark.parametrize(
    "done", [{"type": "done", "success": False}, {"type": "done", "success": None}, {"type": "done"}]
)
def test_a_run_that_did_not_end_well_is_told(tmp_path: Path, done: dict[str, Any]) -> None:
    assert states(tmp_path, run(ended(), done=done)) == [("a", "passed"), ("the run", "error")]
    assert states(tmp_path, run(ended("failure"), done=done)) == [("a", "failed")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (run(ended(), done={"type": "print"}), "no event `done`"),
        (run(ended()) + run(ended()), "several runs"),
        (run(ended("failure"), done={"type": "print"}) + run(ended()), "several runs"),  # the first was cut off
        (run(ended(), {"type": "done", "success": False}), "several runs"),
        (run(ended("failure"), ended()), "several runs"),
        (run(ended("failure"), {"type": "testStart", "test": {"id": 1, "name": "a"}}, ended()), "several runs"),
        (run({"type": "allSuites", "count": 2}, ended()), "allSuites"),
        (run({"type": "group", "group": {"id": 2, "testCount": 1}}, ended()), "testCount"),
        (run(ended(testID=9)), "did not begin"),
    ],
)
def test_streams_that_are_not_whole_are_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CheckError, match=why):
        read(tmp_path, text)


def test_what_flutter_prints_before_and_between_is_passed_over(tmp_path: Path) -> None:
    text = dart((("a", "passed"),)).replace("\n", '\n[{"event":"test.startedProcess","params":{}}]\n', 1)
    assert states(tmp_path, f"Downloading packages...\n{text}") == [("a", "passed")]


def test_names_places_and_reasons(tmp_path: Path) -> None:
    about = {"id": 1, "name": "g adds", "suiteID": 0, "groupIDs": [2, 3], "line": 9, "metadata": {"skipReason": "slow"}}
    groups = [
        {"type": "group", "group": {"id": key, "name": name, "testCount": 1}} for key, name in ((2, ""), (3, "g"))
    ]
    begun = {"type": "testStart", "time": 1, "test": about}
    case = read(tmp_path, lines([START, SUITE, *groups, begun, ended(skipped=True, time=501), DONE])).cases[0]
    assert (case.name, case.file, case.line) == ("g adds", "test/a_test.dart", 9)
    assert (case.suites, case.message, case.seconds) == (("test/a_test.dart", "g"), "slow", 0.5)
