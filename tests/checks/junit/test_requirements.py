"""The check `junit` finds the cases that an item requires, and refuses those that did not pass."""

from pathlib import Path

import pytest

from readiness.outcome import Status
from support.junit_results import PASSING, SUITE, TESTS, junit, rules, run_pytest, write


@pytest.mark.parametrize("name", ["test_skipped", "test_known_fault", "tests.test_real.test_skipped", "*known*"])
def test_a_skipped_case_does_not_satisfy_a_requirement(tmp_path: Path, name: str) -> None:
    run_pytest(tmp_path, TESTS)
    outcome = junit(tmp_path, require=[name])
    assert outcome.status is Status.FAILED
    assert rules(outcome) == ["required-skipped"]


def test_a_required_case_that_is_missing_fails_by_name(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    outcome = junit(tmp_path, require=["one", "two"])
    assert outcome.status is Status.FAILED
    assert rules(outcome) == ["required-missing"]
    assert "`two`" in outcome.findings[0].message
    assert outcome.findings[0].place


@pytest.mark.parametrize(
    "pattern",
    ["one", "a.B.one", "a.B::one", "t/a.py::one", "t/a.py::B::one", "t/a.py", "inner", "outer", "o?e", "a.B.*", "in*"],
)
def test_a_requirement_may_call_a_case_by_any_of_its_names(tmp_path: Path, pattern: str) -> None:
    case = '<testcase classname="a.B" name="one" file="t/a.py"/>'
    write(
        tmp_path,
        f'<testsuites><testsuite name="outer"><testsuite name="inner">{case}</testsuite></testsuite></testsuites>',
    )
    assert junit(tmp_path, require=[pattern]).status is Status.PASSED
    assert junit(tmp_path, require=[pattern.upper() + "!"]).status is Status.FAILED


def test_everything_that_a_requirement_finds_has_to_pass(tmp_path: Path) -> None:
    write(
        tmp_path, f'<testsuite name="s">{PASSING}<testcase classname="a" name="two"><skipped/></testcase></testsuite>'
    )
    assert junit(tmp_path, require=["one"]).status is Status.PASSED
    assert junit(tmp_path, require=["a.*"]).status is Status.FAILED
    assert junit(tmp_path, require=["s"]).status is Status.FAILED


def test_square_brackets_are_taken_literally_first(tmp_path: Path) -> None:
    write(tmp_path, '<testsuite><testcase name="testa"/></testsuite>')
    assert junit(tmp_path, require=["test[abc]"]).status is Status.PASSED
    write(tmp_path, '<testsuite><testcase name="testa"/><testcase name="xtest[abc]"><skipped/></testcase></testsuite>')
    assert junit(tmp_path, require=["*test[abc]"]).status is Status.FAILED


def test_pytest_s_node_ids_and_classes_are_names(tmp_path: Path) -> None:
    run_pytest(tmp_path, TESTS)
    ids = [
        "tests/test_real.py::test_passes",
        "tests/test_real.py::TestThings::test_inside",
        "tests.test_real.TestThings",
    ]
    outcome = junit(tmp_path, require=ids)
    assert outcome.status is Status.PASSED
    assert outcome.summary.endswith("; 3 requirements met")


def test_a_missing_requirement_says_what_was_probably_meant(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    outcome = junit(tmp_path, require=["onne", "one"])
    assert outcome.summary.endswith("; 1 of 2 requirements is not met")
    assert "did you mean `one`?" in outcome.findings[0].remedy
