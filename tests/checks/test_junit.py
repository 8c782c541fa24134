"""The check `junit`, with results that real tools wrote and with damaged ones."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from pydantic import ValidationError

from readiness.outcome import Level, Outcome, Status
from readiness.testing import context, evaluate
from readiness_checks.junit import JUnit
from readiness_checks.junit.formats.junit_xml import elements, states
from support.repositories import commit_all, git

NOW = datetime.now(UTC)
PASSING = '<testcase classname="a" name="one"/>'
SUITE = f'<testsuite name="s">{PASSING}</testsuite>'

TESTS = """
import pytest

@pytest.fixture
def breaks_afterwards():
    yield
    raise RuntimeError("left a mess")

def test_passes():
    pass

@pytest.mark.parametrize("kind", ["grant", "quitclaim"])
def test_deed(kind):
    pass

@pytest.mark.skip(reason="later")
def test_skipped():
    raise AssertionError

@pytest.mark.xfail
def test_known_fault():
    raise AssertionError

class TestThings:
    def test_inside(self):
        pass
"""
FAILING = """
def test_fails():
    total = 1
    assert total == 2, "sums differ"

def test_breaks_afterwards(breaks_afterwards):
    pass
"""


def write(root: Path, text: str, name: str = "junit.xml") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def junit(
    root: Path, *, paths: tuple[str, ...] = ("junit.xml",), now: datetime | None = None, **params: Any
) -> Outcome:
    moment = now or datetime.now(UTC) + timedelta(seconds=1)
    return evaluate(JUnit, root, using=context(root, now=moment), paths=list(paths), **params)


def run_pytest(root: Path, source: str, *options: str) -> None:
    (root / "tests").mkdir()
    (root / "tests" / "test_real.py").write_text(source)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--junitxml=junit.xml",
        *options,
        "tests",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True, timeout=120)


def measured(outcome: Outcome) -> dict[str, object]:
    return {measurement.name: measurement.value for measurement in outcome.measurements}


def rules(outcome: Outcome) -> list[str]:
    return [finding.rule for finding in outcome.findings]


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


@pytest.mark.parametrize(
    "attributes",
    ["", 'tests="0" failures="0" errors="0"', 'tests="1"'],
)
def test_attributes_do_not_hide_a_failing_element(tmp_path: Path, attributes: str) -> None:
    write(tmp_path, f'<testsuite {attributes}><testcase name="x"><failure message="no"/></testcase></testsuite>')
    assert junit(tmp_path).status is Status.FAILED


@pytest.mark.parametrize(
    "attributes",
    ['tests="10"', 'failures="3"', 'errors="1"', 'skipped="2"', 'disabled="1"', 'tests="many"', 'failures="-1"'],
)
def test_attributes_that_claim_more_than_the_elements_show_are_an_error(tmp_path: Path, attributes: str) -> None:
    write(tmp_path, f'<testsuites {attributes}><testsuite name="s">{PASSING}{PASSING}</testsuite></testsuites>')
    outcome = junit(tmp_path)
    assert outcome.status is Status.ERROR
    assert outcome.remedy


def test_nested_suites_are_counted_once(tmp_path: Path) -> None:
    inner = f'<testsuite name="inner" tests="2">{PASSING}{PASSING}</testsuite>'
    write(
        tmp_path, f'<testsuites tests="3"><testsuite name="outer" tests="3">{PASSING}{inner}</testsuite></testsuites>'
    )
    assert junit(tmp_path).examined == 3


def test_a_case_inside_of_a_case_is_not_hidden_by_it(tmp_path: Path) -> None:
    write(tmp_path, '<testsuite><testcase name="a"><testcase name="b"><failure/></testcase></testcase></testsuite>')
    assert junit(tmp_path).status is Status.FAILED


def test_a_namespace_does_not_hide_anything(tmp_path: Path) -> None:
    write(tmp_path, '<testsuite xmlns="urn:x"><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>')
    outcome = junit(tmp_path)
    assert outcome.status is Status.FAILED
    assert outcome.examined == 2


@pytest.mark.parametrize("element", ["error", "failure"])
def test_a_suite_that_broke_itself_fails(tmp_path: Path, element: str) -> None:
    write(tmp_path, f'<testsuite name="s">{PASSING}<{element} message="no database"/></testsuite>')
    outcome = junit(tmp_path)
    assert outcome.status is Status.FAILED
    assert "no database" in outcome.findings[0].message


@pytest.mark.parametrize(
    "case",
    [
        "<skipped/>",
        '<skipped type="pytest.xfail"/>',
        "<Skipped/>",
        "<disabled/>",
    ],
)
def test_cases_that_did_not_run_are_not_passes(tmp_path: Path, case: str) -> None:
    write(tmp_path, f'<testsuite>{PASSING}<testcase name="x">{case}</testcase></testsuite>')
    assert measured(junit(tmp_path))["skipped"] == 1


@pytest.mark.parametrize("attribute", ['status="notrun"', 'result="suppressed"', 'status="disabled"'])
def test_cases_that_say_by_attribute_that_they_did_not_run_are_not_passes(tmp_path: Path, attribute: str) -> None:
    write(tmp_path, f'<testsuite>{PASSING}<testcase name="x" {attribute}/></testsuite>')
    assert measured(junit(tmp_path))["skipped"] == 1


@pytest.mark.parametrize(
    "body",
    ["<failure/>", "<error/>", "<skipped/><failure/>", "<FAILURE/>", "<rerunFailure/>", "<failure/><rerunFailure/>"],
)
def test_a_broken_case_fails_whatever_stands_beside_it(tmp_path: Path, body: str) -> None:
    write(tmp_path, f'<testsuite>{PASSING}<testcase name="x">{body}</testcase></testsuite>')
    assert junit(tmp_path).status is Status.FAILED


def test_a_case_that_says_failed_without_an_element_fails(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite>{PASSING}<testcase name="x" status="failed"/></testsuite>')
    assert junit(tmp_path).status is Status.FAILED


def test_a_flaky_case_passes_with_a_warning(tmp_path: Path) -> None:
    write(tmp_path, '<testsuite><testcase name="x"><flakyFailure message="once"/></testcase></testsuite>')
    outcome = junit(tmp_path)
    assert outcome.status is Status.PASSED
    assert outcome.findings[0].level is Level.WARNING


def test_a_retry_that_passes_does_not_undo_a_failure(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite><testcase classname="a" name="one"><failure/></testcase>{PASSING}</testsuite>')
    outcome = junit(tmp_path, require=["one"])
    assert outcome.status is Status.FAILED
    assert "required-failed" in rules(outcome)


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
    assert rules(junit(tmp_path, max_skipped=0)) == ["too-many-skipped"]
    assert junit(tmp_path, max_skipped=1, minimum_tests=1).status is Status.PASSED


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(minutes=59), Status.PASSED), (timedelta(hours=2), Status.ERROR)]
)
def test_the_timestamp_decides_the_age_whatever_the_file_s_date(tmp_path: Path, age: timedelta, status: Status) -> None:
    write(tmp_path, f'<testsuite timestamp="{(NOW - age).isoformat()}">{PASSING}</testsuite>')
    outcome = junit(tmp_path, max_age="1h", now=NOW)
    assert outcome.status is status
    assert junit(tmp_path, now=NOW).status is Status.PASSED


def test_the_oldest_suite_decides(tmp_path: Path) -> None:
    old, new = (NOW - timedelta(days=9)).isoformat(), NOW.isoformat()
    suites = "".join(f'<testsuite timestamp="{stamp}">{PASSING}</testsuite>' for stamp in (new, old))
    write(tmp_path, f"<testsuites>{suites}</testsuites>")
    assert junit(tmp_path, max_age="1d", now=NOW).status is Status.ERROR


def test_without_a_timestamp_the_date_of_the_file_decides(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    before = (NOW - timedelta(days=2)).timestamp()
    os.utime(tmp_path / "junit.xml", (before, before))
    assert junit(tmp_path, max_age="1d", now=NOW).status is Status.ERROR
    assert junit(tmp_path, max_age="3d", now=NOW).status is Status.PASSED


def test_results_from_the_future_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite timestamp="{(NOW + timedelta(hours=1)).isoformat()}">{PASSING}</testsuite>')
    outcome = junit(tmp_path, now=NOW)
    assert outcome.status is Status.ERROR
    assert "future" in outcome.summary
    write(tmp_path, f'<testsuite timestamp="{(NOW + timedelta(minutes=2)).isoformat()}">{PASSING}</testsuite>')
    assert junit(tmp_path, now=NOW, max_age="1h").status is Status.PASSED


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


def test_deeply_nested_suites_do_not_crash(tmp_path: Path) -> None:
    depth = 3000
    write(tmp_path, "<testsuite>" * depth + PASSING + "</testsuite>" * depth)
    assert junit(tmp_path).examined == 1


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


@pytest.mark.parametrize("status", ["timedout", "inconclusive", "aborted", "whatever"])
def test_a_status_that_is_not_known_is_no_pass(tmp_path: Path, status: str) -> None:
    write(tmp_path, f'<testsuite>{PASSING}<testcase name="two" status="{status}"/></testsuite>')
    outcome = junit(tmp_path)
    assert outcome.status is Status.FAILED
    assert status in outcome.findings[0].message


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


def test_a_single_path_and_a_single_requirement_need_no_list(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    using = context(tmp_path, now=datetime.now(UTC) + timedelta(seconds=1))
    assert evaluate(JUnit, tmp_path, using=using, paths="*.xml", require="one").status is Status.PASSED


def test_a_utc_time_without_an_offset_is_not_in_the_future_west_of_greenwich(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, f'<testsuite timestamp="{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}">{PASSING}</testsuite>')
    monkeypatch.setenv("TZ", "EST5")
    time.tzset()
    try:
        outcome = junit(tmp_path, max_age="1h")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert outcome.status is Status.PASSED, outcome.summary


def project(root: Path, *, date: datetime) -> None:
    """A repository with a test, its subject, and results that git ignores; as a clone of now has it."""
    for name in ("src/app.py", "tests/test_app.py"):
        (root / name).parent.mkdir()
        (root / name).write_text("x = 1\n")
    (root / ".gitignore").write_text("*.xml\n")
    commit_all(root, date=date)


def results_of(root: Path, made: datetime, name: str = "junit.xml") -> None:
    stamp = made.astimezone(UTC).isoformat()
    write(
        root,
        f'<testsuite name="s" timestamp="{stamp}"><testcase classname="tests.test_app" name="a"/></testsuite>',
        name,
    )


HOUR = timedelta(hours=1)


def test_results_that_the_job_of_this_commit_made_pass_in_any_clone(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 2 * HOUR)  # in an earlier job than the checkout that is judged
    assert junit(tmp_path).status is Status.PASSED


def test_results_that_are_older_than_the_commit_are_stale(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 4 * HOUR)
    outcome = junit(tmp_path)
    assert outcome.status is Status.ERROR
    assert "junit.xml is stale: 2 of the source files are younger than it" in outcome.summary
    assert "run the tests of this very source again" in outcome.remedy


def test_results_of_a_commit_that_only_prose_and_records_followed_pass(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 2 * HOUR)
    for name in ("README.md", ".readiness/records/ab/x.json"):
        write(tmp_path, "x", name)
    commit_all(tmp_path, date=NOW - HOUR)
    assert junit(tmp_path).status is Status.PASSED
    write(tmp_path, "changed\n", "src/app.py")
    commit_all(tmp_path, date=NOW - HOUR)
    assert junit(tmp_path).status is Status.ERROR


def test_results_of_one_shard_of_many_that_are_old_are_stale(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 2 * HOUR, "out/TEST-A.xml")
    results_of(tmp_path, NOW - 9 * HOUR, "out/TEST-B.xml")
    outcome = junit(tmp_path, paths=("out/*.xml",))
    assert outcome.status is Status.ERROR
    assert "out/TEST-B.xml is stale" in outcome.summary


def test_committed_results_have_to_come_with_this_very_source(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 9 * HOUR)
    results_of(tmp_path, NOW - 8 * HOUR)
    git(tmp_path, "add", "--force", "junit.xml")
    commit_all(tmp_path, date=NOW - 8 * HOUR)
    outcome = junit(tmp_path)
    assert (outcome.status, rules(outcome)) == (Status.PASSED, ["committed"])
    write(tmp_path, "changed\n", "src/app.py")
    commit_all(tmp_path, date=NOW - 7 * HOUR)
    assert junit(tmp_path).status is Status.ERROR


def test_without_git_a_test_that_was_edited_after_the_results_makes_them_stale(tmp_path: Path) -> None:
    write(tmp_path, "x = 1\n", "tests/test_app.py")
    results_of(tmp_path, NOW - HOUR)
    assert junit(tmp_path).status is Status.ERROR
    os.utime(tmp_path / "tests/test_app.py", (0, 0))
    assert junit(tmp_path).status is Status.PASSED


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Tokyo", 9), ("America/New_York", -5), ("UTC", 0)])
@pytest.mark.parametrize("kind", ["local", "utc"])
def test_a_timestamp_without_an_offset_is_local_or_utc_whichever_the_date_of_the_file_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, hours: int, kind: str
) -> None:
    made = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    shown = made.replace(tzinfo=None) + timedelta(hours=hours if kind == "local" else 0)
    write(tmp_path, f'<testsuite name="s" timestamp="{shown.isoformat()}">{PASSING}</testsuite>')
    os.utime(tmp_path / "junit.xml", (made.timestamp(), made.timestamp()))
    try:
        outcome = junit(tmp_path)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert outcome.evidence[0].produced_at == made


@pytest.mark.parametrize("depth", [1, 60])
def test_a_case_is_judged_as_often_in_nested_suites_as_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    judged: list[object] = []
    judge = states.how_it_ended

    def counting(element: Element, children: Mapping[str, Element]) -> object:
        judged.append(element)
        return judge(element, children)

    monkeypatch.setattr(elements, "how_it_ended", counting)
    write(tmp_path, '<testsuite name="s" tests="20">' * depth + PASSING * 20 + "</testsuite>" * depth)
    assert junit(tmp_path).status is Status.PASSED
    assert len(judged) == 20


def test_what_a_nested_suite_claims_is_compared_with_what_it_holds(tmp_path: Path) -> None:
    inner = f'<testsuite name="inner" tests="2">{PASSING}</testsuite>'
    write(tmp_path, f'<testsuites tests="3">{SUITE}<testsuite name="outer">{inner}{PASSING}</testsuite></testsuites>')
    outcome = junit(tmp_path)
    assert outcome.status is Status.ERROR
    assert "suite `inner` claims 2 tests, but has 1 cases" in outcome.summary


SUBTESTS = """\
<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" skipped="{skipped}" tests="8">
<testcase classname="test_s.T" name="test_a"/><testcase classname="test_s.T" name="test_c">
<skipped type="pytest.skip" message="x">test_s.py:11: x</skipped>
<skipped type="pytest.skip" message="y">test_s.py:11: y</skipped></testcase></testsuite></testsuites>
"""
"""As pytest 9.2 writes it for two cases with three `subTest`s each, of which two are skipped."""


def test_parts_of_a_case_that_pytest_counts_and_does_not_write_are_no_contradiction(tmp_path: Path) -> None:
    write(tmp_path, SUBTESTS.format(skipped=2))
    outcome = junit(tmp_path)
    assert outcome.status is Status.PASSED, outcome.summary
    assert outcome.summary == "1 test ran: 1 passed, 1 skipped"


def test_more_skipped_parts_than_elements_are_a_contradiction(tmp_path: Path) -> None:
    write(tmp_path, SUBTESTS.format(skipped=3))
    assert "claims 3 skipped, but has 2 skipped elements" in junit(tmp_path).summary
