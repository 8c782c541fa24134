"""Attacks on the evidence: a change that passes because it weakens what would have noticed."""

from pathlib import Path

import pytest

from readiness.policy import evidence
from support.attacked import Attacked, Seen
from support.program import readiness

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


def test_the_comparison_takes_too_long(tested: Attacked, row: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pull request brings a file on which the comparison hangs, runs out of memory or crashes, and removes a test."""
    monkeypatch.setattr(evidence, "SECONDS", 0.001)  # no file that is known takes 600 s
    assert edit(tested, "test_app.py", TESTS[TESTS.index("\n\ndef test_none") :], "\n") == row


class Reported(Attacked):
    """A project whose tests are compared by name with those that ran on the policy branch."""

    @property
    def base(self) -> Path:
        """The report of a run there."""
        return self.root.parent / "base.json"

    def results(self, *ran: str, skipped: str = "") -> None:
        """Let the tests of `test_app` write what ran."""
        cases = "".join(f'<testcase classname="test_app" name="{name}"/>' for name in ran)
        left = f'<testcase classname="test_app" name="{skipped}"><skipped/></testcase>' if skipped else ""
        self.write("junit.xml", f'<testsuite name="pytest">{cases}{left}</testsuite>')

    def came(self) -> Seen:
        return self.seen("--base-report", str(self.base), ref="main", item=EVIDENCE)


@pytest.fixture
def reported(tmp_path: Path) -> Reported:
    project = Reported(tmp_path / "deedpro")
    project.policy = {"owners": "qa"}
    with_names = {"id": "tests", "title": "Tests pass", "check": "junit", "no_worse_than": "base"}
    project.more = [with_names | {"with": {"paths": "junit.xml"}}]
    project.agree()
    project.write(".gitignore", "junit.xml\n")
    project.write("test_app.py", TESTS)
    project.save(20)
    project.signed(15)
    project.results("test_sum", "test_none[empty]", "test_none[nothing]")
    readiness("check", "-q", "--env", project.environment, "-o", str(project.base), cwd=project.root)
    project.branch("work")
    project.write("conftest.py", "pytest_plugins = ['installed_elsewhere']\n")
    project.save(3)
    return project


def test_a_test_does_not_run(reported: Reported, row: Seen) -> None:
    """A pull request keeps a test from running by a plugin, so that no source of it shows that."""
    reported.results("test_sum", "test_none[empty]", "test_none[no price]")
    honest = reported.outcomes("--policy-ref", "main", "--base-report", str(reported.base))
    assert honest[EVIDENCE]["status"] == "passed", "a case may get another name"
    reported.results("test_none[empty]", "test_none[nothing]", "test_more")
    assert reported.came() == row


def test_a_test_skips_itself(reported: Reported, row: Seen) -> None:
    """A pull request lets a test skip itself by what it finds where it runs."""
    reported.results("test_none[empty]", "test_none[nothing]", skipped="test_sum")
    assert reported.came() == row


def test_fewer_cases_run(reported: Reported, row: Seen) -> None:
    """A pull request lets a test run for fewer of the cases that it computes."""
    reported.results("test_sum", "test_none[empty]")
    assert reported.came() == row
