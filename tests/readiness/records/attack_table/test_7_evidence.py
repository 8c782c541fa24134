"""Attacks on the evidence: a change that passes because it weakens what would have noticed."""

import pytest

from support.attacked import Attacked, Seen

EVIDENCE = "evidence-weakening"
TESTS = """\
from app import total


def test_sum():
    assert total([1, 2]) == 3


def test_none():
    assert total([]) == 0
"""
WORKFLOW = "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"


@pytest.fixture
def tested(project: Attacked) -> Attacked:
    """A policy with owners and signed templates, beside an application with tests; a branch `work` is checked out."""
    project.policy = {"owners": "qa"}
    project.agree()
    project.write("app.py", "def total(prices):\n    return sum(prices)\n")
    project.write("test_app.py", TESTS)
    project.write(".coveragerc", "[report]\nfail_under = 90\n")
    project.write(".github/workflows/ci.yml", WORKFLOW)
    project.save(20)
    project.signed(15)
    project.branch("work")
    return project


def edit(project: Attacked, path: str, old: str, new: str) -> Seen:
    """Propose another text in a file."""
    text = (project.root / path).read_text(encoding="utf-8")
    assert old in text
    project.write(path, text.replace(old, new))
    project.save(3)
    return project.seen(ref="main", item=EVIDENCE)


def test_a_test_is_removed(tested: Attacked, row: Seen) -> None:
    """A pull request deletes a test of code that stays."""
    assert edit(tested, "test_app.py", TESTS[TESTS.index("\n\ndef test_none") :], "\n") == row


def test_a_test_is_skipped(tested: Attacked, row: Seen) -> None:
    """A pull request skips a test."""
    assert edit(tested, "test_app.py", "def test_none", "@pytest.mark.skip\ndef test_none") == row


def test_a_test_is_renamed_away(tested: Attacked, row: Seen) -> None:
    """A pull request gives a test a name that no runner collects."""
    assert edit(tested, "test_app.py", "def test_none", "def check_none") == row


def test_an_assertion_is_dropped(tested: Attacked, row: Seen) -> None:
    """A pull request lets a test assert nothing."""
    assert edit(tested, "test_app.py", "    assert total([]) == 0", "    total([])") == row


def test_a_suppression(tested: Attacked, row: Seen) -> None:
    """A pull request hides a finding of a scanner."""
    assert edit(tested, "app.py", "return sum(prices)", "return eval(prices)  # nosec") == row


def test_a_threshold(tested: Attacked, row: Seen) -> None:
    """A pull request lowers a threshold of a tool."""
    assert edit(tested, ".coveragerc", "90", "50") == row


def test_a_step_that_may_fail(tested: Attacked, row: Seen) -> None:
    """A pull request lets a step of the pipeline fail without consequence."""
    assert edit(tested, ".github/workflows/ci.yml", "pytest", "pytest || true") == row


def test_a_job_is_dropped(tested: Attacked, row: Seen) -> None:
    """A pull request drops a job of the pipeline."""
    (tested.root / ".github/workflows/ci.yml").unlink()
    tested.save(3)
    assert tested.seen(ref="main", item=EVIDENCE) == row
