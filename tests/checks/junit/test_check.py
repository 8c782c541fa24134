"""The check `junit`, with results that real tools wrote and with damaged ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.outcome import Status
from readiness.testing import context, evaluate
from readiness_checks.junit import JUnit
from support.junit_results import FAILING, PASSING, SUITE, TESTS, junit, measured, rules, run_pytest, write


def test_results_of_a_real_run_pass_with_their_counts_and_digest(tmp_path: Path) -> None:
    run_pytest(tmp_path, TESTS)
    outcome = junit(tmp_path, require=["test_deed[grant]", "*test_deed[[]quitclaim[]]"], max_age="1h")
    assert outcome.status is Status.PASSED
    assert (outcome.examined, outcome.unit) == (4, "tests")
    assert measured(outcome) == {"ran": 4, "passed": 4, "failed": 0, "errors": 0, "skipped": 2}
    assert len(outcome.evidence[0].sha256) == 64
    assert outcome.evidence[0].produced_at is not None
    assert "2 requirements met" in outcome.summary


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
def test_failing_cases_of_a_real_run_are_findings_with_file_line_and_message(tmp_path: Path, family: str) -> None:
    run_pytest(tmp_path, TESTS + FAILING, "-o", f"junit_family={family}")
    outcome = junit(tmp_path)
    wrong = [
        number
        for number, line in enumerate((TESTS + FAILING).splitlines(), 1)
        if "sums differ" in line or "left a mess" in line
    ]
    assert outcome.status is Status.FAILED
    assert [finding.place for finding in outcome.findings] == [f"tests/test_real.py:{line}" for line in wrong[::-1]]
    assert "sums differ" in outcome.findings[0].message
    assert "left a mess" in outcome.findings[1].message
    assert rules(outcome) == ["test-failed", "test-error"]
    assert all(finding.remedy for finding in outcome.findings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        (f'<testsuites><testsuite name="s">{PASSING}', "junit.xml:1:"),
        (f"<testsuite>{PASSING}\n</testsuites>", "junit.xml:2:"),
        ("not xml", "no file of test results of a known format"),
        ("<testsuite/>", "no test case"),
        ('<testsuites tests="0"/>', "no test case"),
        ("<coverage/>", "its root is <coverage>"),
        ("<html><body/></html>", "its root is <html>"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>', "declares entities"),
        ('<testsuite><testcase name="x"><skipped/></testcase></testsuite>', "all were skipped"),
        ('<?xml version="1.0" encoding="no-such"?><testsuite/>', "junit.xml:1:"),
    ],
)
def test_files_that_show_nothing_are_errors(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, text)
    outcome = junit(tmp_path)
    assert outcome.status is Status.ERROR
    assert said in outcome.summary
    assert outcome.remedy


def test_a_truncated_file_is_an_error_with_its_place(tmp_path: Path) -> None:
    run_pytest(tmp_path, TESTS)
    whole = (tmp_path / "junit.xml").read_bytes()
    for size in range(0, len(whole), 97):
        (tmp_path / "junit.xml").write_bytes(whole[:size])
        assert junit(tmp_path).status is Status.ERROR


def test_a_byte_order_mark_and_other_encodings_are_read(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_bytes(b"\xef\xbb\xbf" + SUITE.encode())
    assert junit(tmp_path).status is Status.PASSED
    declared = '<?xml version="1.0" encoding="iso-8859-1"?><testsuite><testcase name="grün"/></testsuite>'
    (tmp_path / "junit.xml").write_bytes(declared.encode("latin-1"))
    assert junit(tmp_path, require=["grün"]).status is Status.PASSED


def test_a_path_that_matches_nothing_is_an_error_even_beside_one_that_does(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    (tmp_path / "empty").mkdir()
    for path in ("missing.xml", "results/*.xml", "empty", "../*.xml", "**x"):
        outcome = junit(tmp_path, paths=("junit.xml", path))
        assert outcome.status is Status.ERROR
        assert f"`{path}`" in outcome.summary


def test_a_file_that_several_patterns_or_links_lead_to_is_counted_once(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    (tmp_path / "link.xml").symlink_to("junit.xml")
    assert junit(tmp_path, paths=("junit.xml", "*.xml", "**/*.xml")).examined == 1


def test_results_of_several_files_are_counted_together(tmp_path: Path) -> None:
    write(tmp_path, SUITE, "build/a.xml")
    write(tmp_path, SUITE.replace("one", "two"), "build/b.xml")
    outcome = junit(tmp_path, paths=("build",), minimum_tests=2, require=["one", "two"])
    assert outcome.status is Status.PASSED
    assert len(outcome.evidence) == 2


def test_too_few_and_too_many_skipped_fail(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite>{PASSING}<testcase name="x"><skipped/></testcase></testsuite>')
    assert rules(junit(tmp_path, minimum_tests=2)) == ["too-few"]
    skipped = junit(tmp_path, max_skipped=0)
    assert rules(skipped) == ["too-many-skipped"]
    assert "raise `max_skipped`" in skipped.remedy
    assert "fix the tests" not in skipped.remedy
    assert junit(tmp_path, max_skipped=1, minimum_tests=1).status is Status.PASSED


@pytest.mark.parametrize("file", ["/etc/passwd", "../../etc/passwd", "tests/../../x", "a\x7fb", "missing.py"])
def test_a_file_outside_the_repository_is_never_a_place(tmp_path: Path, file: str) -> None:
    write(tmp_path, f'<testsuite><testcase name="x" file="{file}" line="3"><failure/></testcase></testsuite>')
    assert junit(tmp_path).findings[0].path == "junit.xml"


def test_thousands_of_failures_stay_a_short_list(tmp_path: Path) -> None:
    cases = "".join(f'<testcase name="t{n}"><failure message="{"x" * 5000}"/></testcase>' for n in range(1000))
    write(tmp_path, f"<testsuite>{cases}</testsuite>")
    outcome = junit(tmp_path)
    assert len(outcome.findings) == 201
    assert "800 more" in outcome.findings[-1].message
    assert len(outcome.model_dump_json()) < 300_000


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"paths": []},
        {"paths": [""]},
        {"paths": ["a"], "minimum_tests": 0},
        {"paths": ["a"], "max_skipped": -1},
        {"paths": ["a"], "require": [""]},
        {"paths": ["a"], "max_age": "a while"},
        {"paths": ""},
    ],
)
def test_nonsense_parameters_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(JUnit, tmp_path, **params)


def test_a_single_path_and_a_single_requirement_need_no_list(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    using = context(tmp_path, now=datetime.now(UTC) + timedelta(seconds=1))
    assert evaluate(JUnit, tmp_path, using=using, paths="*.xml", require="one").status is Status.PASSED
