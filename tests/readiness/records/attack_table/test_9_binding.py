"""Attacks with evidence and approvals that are not about this commit: brought along, left over, incomplete, unbound."""

import os
from pathlib import Path
from typing import Any

import pytest

from support.attacked import Attacked, Seen, ago

RESULTS = '<testsuite name="s" tests="1"><testcase classname="t" name="total" file="README.md"/></testsuite>'
LCOV = "SF:src/app.py\nDA:1,1\nend_of_record\n"
TESTS = {"id": "tests", "title": "The tests pass", "check": "junit", "with": {"paths": ["reports/*.xml"]}}


def coverage(**more: Any) -> dict[str, Any]:
    """An item about the lines of `src`."""
    source = {"path": "reports/app.info", "metric": "lines", "minimum": 90} | more
    return {"id": "coverage", "title": "Tests reach the code", "check": "coverage", "with": {"sources": [source]}}


@pytest.fixture
def measured(project: Attacked) -> Attacked:
    """A policy with signed templates, results of tests and coverage; a branch `work` of it is checked out."""
    project.more = [TESTS, coverage(files=["src/*.py"], max_excluded=0)]
    project.agree()
    project.write("src/app.py", "x = 1\n")
    project.write(".gitignore", "/reports/\n")
    project.save(20)
    project.signed(15)
    project.branch("work")
    return project


def run_tests(project: Attacked) -> None:
    project.write("reports/unit.xml", RESULTS)
    project.write("reports/app.info", LCOV)


def test_it_brings_its_results(measured: Attacked, row: Seen) -> None:
    """A pull request brings the results that it is judged by."""
    run_tests(measured)
    honest = measured.outcomes("--policy-ref", "main")
    assert {honest[name]["status"] for name in ("tests", "coverage")} == {"passed"}, "made by CI, they would count"
    measured.write(".gitignore", "")
    measured.save(3)
    assert measured.seen(ref="main", item="tests") == row


def test_left_over_results(measured: Attacked, row: Seen) -> None:
    """Results of an earlier run are left over, from before the source changed."""
    run_tests(measured)
    before = ago(10).timestamp()
    for name in ("unit.xml", "app.info"):
        os.utime(measured.root / "reports" / name, (before, before))
    measured.write("src/app.py", "x = 2\n")
    measured.save(3)
    assert measured.seen(ref="main", item="tests") == row


def test_a_file_without_tests(measured: Attacked, row: Seen) -> None:
    """A pull request adds source that no report of coverage mentions."""
    measured.write("src/more.py", "y = 1\n")
    measured.save(3)
    run_tests(measured)
    assert measured.seen(ref="main", item="coverage") == row


def test_excluded_lines(measured: Attacked, row: Seen) -> None:
    """A pull request takes lines out of the coverage."""
    measured.write("src/app.py", "x = 1\ny = 1  # pragma: no cover\n")
    measured.save(3)
    run_tests(measured)
    assert measured.seen(ref="main", item="coverage") == row


def test_an_approval_of_nothing(tmp_path: Path, row: Seen) -> None:
    """An approval that names neither a release nor files is kept for what comes later."""
    project = Attacked(tmp_path / "deedpro")
    project.release = ""
    del project.params["covers"]
    project.agree()
    project.save(20)
    project.signed(15)
    assert project.seen() == row
