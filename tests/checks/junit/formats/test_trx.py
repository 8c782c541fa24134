"""TRX: the outcomes of Microsoft's tools, results inside of results, and a run that broke beside its tests."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.outcome import CheckError
from readiness.testing import context, evaluate
from readiness_checks.junit import JUnit
from support.result_formats import read, states

NAMESPACE = 'xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"'


def trx(results: str, outcome: str = "Completed", counters: str = "", infos: str = "") -> str:
    summary = f'<ResultSummary outcome="{outcome}"><Counters {counters}/>{infos}</ResultSummary>'
    return f"<TestRun {NAMESPACE}><Results>{results}</Results>{summary}</TestRun>"


def result(name: str, outcome: str | None, inner: str = "") -> str:
    said = "" if outcome is None else f'outcome="{outcome}"'
    inside = f"<InnerResults>{inner}</InnerResults>" if inner else ""
    return f'<UnitTestResult testName="{name}" {said}>{inside}</UnitTestResult>'


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("Passed", "passed"),
        ("Failed", "failed"),
        ("Timeout", "failed"),
        ("NotExecuted", "skipped"),
        ("Inconclusive", "skipped"),
        ("Warning", "skipped"),
        ("Pending", "skipped"),
        (None, "error"),  # vstest leaves out the word `Error`
        ("Error", "error"),
        ("Aborted", "error"),
        ("NotRunnable", "error"),
        ("Disconnected", "error"),
        ("PassedButRunAborted", "error"),
        ("Completed", "error"),
        ("InProgress", "error"),
        ("Excellent", "error"),
    ],
)
def test_each_outcome_has_its_meaning(tmp_path: Path, outcome: str | None, state: str) -> None:
    assert states(tmp_path, trx(result("one", outcome))) == [("one", state)]


def test_rows_are_cases_and_what_sums_them_up_is_none(tmp_path: Path) -> None:
    rows = result("adds (1)", "Passed") + result("adds (2)", "Passed")
    text = trx(result("adds", "Passed", rows), counters='total="3" passed="3"')
    assert states(tmp_path, text) == [("adds (1)", "passed"), ("adds (2)", "passed")]
    assert read(tmp_path, text).cases[0].suites == ("adds",)


def test_a_result_that_failed_for_none_of_its_rows_is_told(tmp_path: Path) -> None:
    text = trx(result("adds", "Failed", result("adds (1)", "Passed")), "Failed")
    assert states(tmp_path, text) == [("adds (1)", "passed"), ("adds", "failed")]


@pytest.mark.parametrize("outcome", ["Failed", "Error", "Aborted", "Timeout", "Inconclusive", "Unheard"])
def test_a_run_that_did_not_end_well_while_its_tests_passed_is_told(tmp_path: Path, outcome: str) -> None:
    infos = '<RunInfos><RunInfo outcome="Error"><Text>The test host process crashed</Text></RunInfo></RunInfos>'
    found = read(tmp_path, trx(result("one", "Passed"), outcome, infos=infos)).cases
    assert [(case.name, case.state.value) for case in found] == [("one", "passed"), ("the run", "error")]
    assert "crashed" in found[1].message


def test_a_run_that_failed_because_of_a_test_is_told_once(tmp_path: Path) -> None:
    infos = '<RunInfos><RunInfo outcome="Error"><Text>[xUnit.net] one [FAIL]</Text></RunInfo></RunInfos>'
    assert states(tmp_path, trx(result("one", "Failed"), "Failed", infos=infos)) == [("one", "failed")]
    assert states(tmp_path, trx(result("one", "Inconclusive"), "Inconclusive")) == [("one", "skipped")]


@pytest.mark.parametrize("counters", ['total="2"', 'passed="2"', 'total="1" failed="1"', 'total="many"'])
def test_counters_that_no_result_explains_are_refused(tmp_path: Path, counters: str) -> None:
    with pytest.raises(CheckError, match="contradicts itself"):
        read(tmp_path, trx(result("one", "Passed"), counters=counters))


def test_counters_may_leave_out_what_did_not_run(tmp_path: Path) -> None:
    text = trx(result("one", "Passed") + result("two", "NotExecuted"), counters='total="1" executed="1" passed="1"')
    assert states(tmp_path, text) == [("one", "passed"), ("two", "skipped")]


def test_a_file_without_a_summary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="ResultSummary"):
        read(tmp_path, f"<TestRun {NAMESPACE}><Results>{result('one', 'Passed')}</Results></TestRun>")


def test_the_results_of_cppunit_are_no_trx(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="known format: its root is <TestRun>"):
        read(tmp_path, "<TestRun><FailedTests/><SuccessfulTests><Test/></SuccessfulTests></TestRun>")


def test_class_message_and_place_are_read(tmp_path: Path) -> None:
    said = "<ErrorInfo><Message>\n  sums differ\n</Message><StackTrace>at A.B() in C:\\src\\A.cs:line 7</StackTrace>"
    text = (
        f'<TestRun {NAMESPACE}><Times start="2026-11-01T10:00:00.1234567+02:00"/><TestDefinitions><UnitTest id="t">'
        '<TestMethod className="A.B, A, Version=1.0"/></UnitTest></TestDefinitions><Results><UnitTestResult testId="t" '
        f'testName="A.B.Adds" outcome="Failed" duration="00:01:02.5"><Output>{said}</ErrorInfo></Output>'
        '</UnitTestResult></Results><ResultSummary outcome="Failed"/></TestRun>'
    )
    found = read(tmp_path, text)
    case = found.cases[0]
    assert (case.class_name, case.name, case.message) == ("A.B", "Adds", "sums differ")
    assert case.traces == (("C:/src/A.cs", 7),)
    assert case.seconds == 62.5
    assert found.produced_at is not None
    assert found.produced_at.isoformat() == "2026-11-01T08:00:00.123456+00:00"


def test_a_failure_is_found_in_the_source_that_its_trace_names(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    source = tmp_path / "tests" / "AddsTests.cs"
    source.write_text("class AddsTests {}\n" * 9)
    trace = f"at Calc.Add() in {tmp_path}/elsewhere/Calc.cs:line 3\n at AddsTests.Adds() in {source}:line 7"
    said = f"<Output><ErrorInfo><Message>no</Message><StackTrace>{trace}</StackTrace></ErrorInfo></Output>"
    failed = f'<UnitTestResult testName="a" outcome="Failed">{said}</UnitTestResult>'
    (tmp_path / "r.trx").write_text(trx(failed, "Failed"))
    using = context(tmp_path, now=datetime.now(UTC) + timedelta(minutes=1))
    outcome = evaluate(JUnit, tmp_path, using=using, paths=["r.trx"])
    assert [finding.place for finding in outcome.findings] == ["tests/AddsTests.cs:7"]


@pytest.mark.parametrize("word", ["disconnected", "inProgress", "passedButRunAborted", "notRunnable"])
def test_a_counter_of_what_has_no_good_end_needs_a_result_that_has_none(tmp_path: Path, word: str) -> None:
    with pytest.raises(CheckError, match=word):
        read(tmp_path, trx(result("one", "Passed"), counters=f'total="1" passed="1" {word}="1"'))
    broken = trx(result("one", word), outcome="Failed", counters=f'total="1" passed="0" {word}="1"')
    assert states(tmp_path, broken) == [("one", "error")]


def test_a_file_of_two_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="several <ResultSummary>"):
        read(
            tmp_path, trx(result("one", "Passed")).replace("</TestRun>", '<ResultSummary outcome="Failed"/></TestRun>')
        )


@pytest.mark.parametrize("outcome", ["Error", "Failed", "Aborted", "Timeout", "Unheard"])
def test_a_message_of_the_run_that_is_more_than_a_warning_is_told(tmp_path: Path, outcome: str) -> None:
    """`vstest.console` ends with 1 for it, also where the summary says that the run was completed."""
    infos = f'<RunInfos><RunInfo outcome="{outcome}"><Text>no data collector</Text></RunInfo></RunInfos>'
    found = read(tmp_path, trx(result("one", "Passed"), infos=infos)).cases
    assert [(case.name, case.state.value) for case in found] == [("one", "passed"), ("the run", "error")]
    assert "no data collector" in found[1].message


@pytest.mark.parametrize("said", ['outcome="Warning"', 'outcome="Completed"', ""])
def test_a_warning_of_the_run_is_none(tmp_path: Path, said: str) -> None:
    infos = f"<RunInfos><RunInfo {said}><Text>No test matches the filter</Text></RunInfo></RunInfos>"
    assert states(tmp_path, trx(result("one", "Passed"), infos=infos)) == [("one", "passed")]


def test_a_pass_with_the_trace_of_an_error_is_none(tmp_path: Path) -> None:
    """NUnit's first adapters give the message of `Assert.Pass` to a pass, those of scripts `Test passed`."""
    for inside, state in (
        ("<ErrorInfo><Message>sums differ</Message><StackTrace>at A.B()</StackTrace></ErrorInfo>", "error"),
        ("<ErrorInfo><Message>as good as it gets</Message></ErrorInfo>", "passed"),
        ("<ErrorInfo><Message>as good as it gets</Message><StackTrace/></ErrorInfo>", "passed"),
        ("<ErrorInfo><Message/></ErrorInfo>", "passed"),
        ("<StdOut>fine</StdOut>", "passed"),
    ):
        text = trx(result("one", "Passed")).replace("</UnitTestResult>", f"<Output>{inside}</Output></UnitTestResult>")
        assert states(tmp_path, text) == [("one", state)]


@pytest.mark.parametrize("counters", ['executed="0"', 'executed="2"', 'notExecuted="1"', 'inconclusive="1"'])
def test_counters_of_what_ran_have_to_fit_the_results(tmp_path: Path, counters: str) -> None:
    with pytest.raises(CheckError, match="contradicts itself"):
        read(tmp_path, trx(result("one", "Passed"), counters=counters))


def test_a_result_where_none_belongs_is_refused(tmp_path: Path) -> None:
    text = trx(result("one", "Passed")).replace("</TestRun>", f"<Further>{result('two', 'Failed')}</Further></TestRun>")
    with pytest.raises(CheckError, match="a <UnitTestResult> at a place where none belongs"):
        read(tmp_path, text)
