"""CTRF: its words and those of the tools behind it, attempts, and summaries."""

import json
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import CheckError
from support.result_formats import read, states


def ctrf(*tests: dict[str, Any], **summary: Any) -> str:
    return json.dumps({"results": {"tool": {"name": "t"}, "summary": summary, "tests": list(tests)}})


def one(status: str, **more: Any) -> dict[str, Any]:
    return {"name": "a", "status": status, "duration": 1, **more}


@pytest.mark.parametrize(
    ("test", "state"),
    [
        (one("passed"), "passed"),
        (one("failed"), "failed"),
        (one("skipped"), "skipped"),
        (one("pending"), "skipped"),
        (one("other"), "error"),
        (one("other", rawStatus="todo"), "skipped"),  # Jest
        (one("other", rawStatus="timedOut"), "error"),
        (one("brilliant"), "error"),
        (one("passed", flaky=True), "flaky"),
        (one("passed", retries=1), "flaky"),
        (one("passed", retryAttempts=[{"attempt": 1, "status": "failed"}]), "flaky"),
        (one("passed", retries=0, flaky=False, retryAttempts=[]), "passed"),
        (one("passed", retries=None, flaky=None, retryAttempts=None), "passed"),
        (one("failed", retries=2, flaky=True), "failed"),
    ],
)
def test_each_status_has_its_meaning(tmp_path: Path, test: dict[str, Any], state: str) -> None:
    assert states(tmp_path, ctrf(test)) == [("a", state)]


@pytest.mark.parametrize("suite", ["Rules", ["Rules"]])
def test_suites_are_a_list_or_one_text(tmp_path: Path, suite: Any) -> None:
    case = read(tmp_path, ctrf(one("passed", suite=suite, filePath="a.ts", line=3, duration=1500))).cases[0]
    assert (case.suites, case.file, case.line, case.seconds) == (("Rules",), "a.ts", 3, 1.5)


@pytest.mark.parametrize("summary", [{"tests": 2}, {"passed": 0}, {"failed": 1}, {"tests": "1 of 1"}, {"other": True}])
def test_summaries_that_no_test_explains_are_refused(tmp_path: Path, summary: dict[str, Any]) -> None:
    with pytest.raises(CheckError, match="contradicts itself"):
        read(tmp_path, ctrf(one("passed"), **summary))


def test_playwright_counts_a_failure_that_was_expected_as_one(tmp_path: Path) -> None:
    text = ctrf(one("passed", rawStatus="failed"), tests=1, passed=0, failed=1)
    assert states(tmp_path, text) == [("a", "passed")]


@pytest.mark.parametrize("tests", [[{"name": "a"}], [{"status": "passed"}], ["a"], {}, [one("passed", suite=[1])]])
def test_what_is_not_as_the_format_says_is_refused(tmp_path: Path, tests: Any) -> None:
    with pytest.raises(CheckError, match="cannot be read"):
        read(tmp_path, json.dumps({"results": {"summary": {}, "tests": tests}}))


@pytest.mark.parametrize(
    ("start", "year"), [(1793527200000, 2026), (1793527200, 2026), (0, None), ("soon", None), (10**40, None)]
)
def test_the_start_counts_milliseconds_or_seconds(tmp_path: Path, start: Any, year: int | None) -> None:
    found = read(tmp_path, ctrf(one("passed"), start=start)).produced_at
    assert (found and found.year) == year
