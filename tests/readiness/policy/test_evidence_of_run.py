"""A test of the policy branch that does not run any more fails the change, unless the owners sign exactly that."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support.program import readiness
from support.proposals import OWNER, Answer, Proposed

ITEM = "evidence-weakening"
CHECKLIST = """\
version: 1
project: deedpro
roles: {owners: [owner@example.com]}
policy: {owners: owners}
environments: {production: {}}
sections:
  - title: Release
    items:
      - {id: tests, title: Tests pass, check: junit, no_worse_than: base, with: {paths: junit.xml}}
"""
SOURCE = "def test_one():\n    assert 1 == 1\n\n\ndef test_two():\n    assert 2 == 2\n"


def results(project: Proposed, ran: Sequence[str], *, skipped: Sequence[str] = ()) -> None:
    """Let the tests write their results."""
    cases = [f'<testcase classname="tests.test_sum" name="{name}"/>' for name in ran]
    cases += [f'<testcase classname="tests.test_sum" name="{name}"><skipped/></testcase>' for name in skipped]
    project.write("junit.xml", f'<testsuite name="pytest">{"".join(cases)}</testsuite>\n')


def begin(folder: Path) -> tuple[Proposed, Path]:
    """A repository with a change, and the report of its run on `main`."""
    made = Proposed(folder / "repository", CHECKLIST)
    made.on_main()
    made.write("tests/test_sum.py", SOURCE)
    made.commit("Test it", days=1)
    base = folder / "base.json"
    results(made, ["test_one", "test_two"])
    readiness("check", "-q", "--env", "production", "-o", str(base), cwd=made.folder)
    made.merge_main()
    made.write("conftest.py", "pytest_plugins = ['left_out']\n")
    made.commit("Leave out what is slow")
    return made, base


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Proposed, Path]:
    """For tests that write nothing but results."""
    return begin(tmp_path_factory.mktemp("ran"))


def check(project: Proposed, base: Path, *args: str) -> Answer:
    return project.check("--base-report", str(base), *args)


def told(answer: Answer) -> list[tuple[str, str, int | None]]:
    return [(one["rule"], one["path"], one["line"]) for one in answer.results[ITEM]["findings"]]


def test_what_runs_as_before_passes_and_is_counted(begun: tuple[Proposed, Path]) -> None:
    project, base = begun
    results(project, ["test_two", "test_one", "test_three"])
    answer = check(project, base)
    assert answer.code == 0
    assert answer.results[ITEM]["summary"].endswith("none weakens the evidence; 2 tests compared by name")
    assert answer.results["tests"]["summary"].startswith("no worse than main (")


def test_another_name_of_the_check_compares_the_same_tests(tmp_path: Path) -> None:
    """The report of the base is of the time before the policy branch wrote the other name."""
    project, base = begin(tmp_path)
    renamed = CHECKLIST.replace("check: junit", "check: test-results")
    project.write("readiness.yaml", renamed)
    results(project, ["test_one"])
    answer = check(project, base)
    weakening = answer.results["policy-weakening"]
    assert (weakening["status"], told(answer)) == ("passed", [("test-not-run", "tests/test_sum.py", 5)])
    said = json.loads(base.read_text())
    for result in said["results"]:
        result["item"]["check"] = {"junit": "test-results"}.get(result["item"]["check"], result["item"]["check"])
    base.write_text(json.dumps(said))
    answer = check(project, base)
    assert (answer.results["tests"]["status"], told(answer)) == ("passed", [("test-not-run", "tests/test_sum.py", 5)])
    run = tmp_path / "run.json"
    run.write_text(json.dumps(answer.report))
    code, said = project.sign(OWNER, "--report", str(run), item=ITEM)
    assert (code, "does not run the test test_two" in said) == (0, True), said
    project.write("readiness.yaml", CHECKLIST)
    project.commit("Sign it off, under the name that the policy branch writes")
    assert check(project, base).code == 0


def test_the_owners_sign_exactly_the_tests_that_did_not_run(tmp_path: Path) -> None:
    """A plugin leaves a test out, and no source of the change says which."""
    project, base = begin(tmp_path)
    results(project, ["test_one"])
    answer = check(project, base)
    assert answer.code == 1
    assert told(answer) == [("test-not-run", "tests/test_sum.py", 5)]
    assert answer.results["tests"]["status"] == "passed"
    run = tmp_path / "run.json"
    run.write_text(json.dumps(answer.report))
    (project.root / ".git" / "readiness" / "last-run.json").unlink()  # as in another clone
    code, said = project.sign(OWNER, item=ITEM)
    assert (code, "--report run.json" in said) == (2, True)
    code, said = project.sign(OWNER, "--report", str(run), item=ITEM)
    assert code == 0, said
    assert "does not run the test test_two of tests.test_sum any more" in said
    project.commit("Sign it off")
    assert check(project, base).code == 0
    results(project, ["test_three"], skipped=["test_one"])
    answer = check(project, base)
    assert (answer.code, "stale" in answer.results[ITEM]["summary"]) == (1, True)
    assert sorted(rule for rule, _, _ in told(answer)) == ["test-not-run", "test-skipped-in-run"]
    code, said = project.sign(OWNER, item=ITEM)  # by the last run here
    assert (code, "skips the test test_one of tests.test_sum" in said) == (0, True), said
    project.commit("Sign that off, too")
    assert check(project, base).code == 0


def _without_names(report: dict[str, Any]) -> None:
    for one in report["results"]:
        del one["outcome"]["tests"]
        if one.get("absolute"):
            del one["absolute"]["tests"]


def test_a_report_of_an_older_version_is_told_and_not_compared(begun: tuple[Proposed, Path], tmp_path: Path) -> None:
    project, base = begun
    report = json.loads(base.read_text())
    _without_names(report)
    base = tmp_path / "older.json"
    base.write_text(json.dumps(report))
    results(project, ["test_one", "test_three"])
    answer = check(project, base)
    assert answer.code == 0
    assert "by name" not in answer.results[ITEM]["summary"]
    assert any("were not compared by name with main" in notice for notice in answer.report["notices"])
    results(project, ["test_one"])
    assert "ran 1 tests, was 2" in check(project, base).results["tests"]["summary"]  # the number is compared instead


@pytest.mark.parametrize("packed", ["zlib:bm8=", "plain"])
def test_names_that_were_edited_are_refused(begun: tuple[Proposed, Path], tmp_path: Path, packed: str) -> None:
    project, base = begun
    edited = tmp_path / "edited.json"
    edited.write_text(re.sub(r'"ran": ?"[^"]+"', f'"ran": "{packed}"', base.read_text(), count=1))
    answer = check(project, edited)
    assert answer.code == 2
    assert "is not a run that this version can read" in answer.errors
    assert "tests.ran" in answer.errors


def test_two_jobs_compare_as_one(begun: tuple[Proposed, Path], tmp_path: Path) -> None:
    project, base = begun
    results(project, ["test_one"])
    folder, asked = str(tmp_path / "collected"), ("--env", "production", "--policy-ref", "main")
    assert readiness("collect", "-q", "-o", folder, *asked, cwd=project.folder).returncode == 0
    more = ("--base-report", str(base), "--format", "json")
    done = readiness("judge", "-q", folder, *asked, *more, cwd=project.folder)
    answer = Answer(done.returncode, json.loads(done.stdout), done.stderr)
    assert (answer.code, told(answer)) == (1, [("test-not-run", "tests/test_sum.py", 5)])
