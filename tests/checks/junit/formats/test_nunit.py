"""NUnit 2 and 3: the words of both, old files without results, and suites that broke beside their cases."""

from pathlib import Path

import pytest

from readiness.outcome import CheckError
from support.result_formats import read, states


def three(body: str, attributes: str = 'result="Passed"') -> str:
    return f"<test-run {attributes}>{body}</test-run>"


def two(body: str, attributes: str = "") -> str:
    return f'<test-results {attributes}><test-suite name="s"><results>{body}</results></test-suite></test-results>'


@pytest.mark.parametrize(
    ("attributes", "state"),
    [
        ('result="Passed"', "passed"),
        ('result="Failed"', "failed"),
        ('result="Failed" label="Test exceeded Timeout value 1ms."', "failed"),
        ('result="Failed" label="Error"', "error"),
        ('result="Failed" label="Cancelled"', "error"),
        ('result="Failed" label="Invalid"', "error"),
        ('result="Skipped" label="Ignored"', "skipped"),
        ('result="Skipped" label="Explicit"', "skipped"),
        ('result="Inconclusive"', "skipped"),
        ('result="Warning"', "skipped"),
        ('result="Invalid"', "error"),
        ("", "error"),
    ],
)
def test_results_of_version_3(tmp_path: Path, attributes: str, state: str) -> None:
    assert states(tmp_path, three(f'<test-case name="a" {attributes}/>')) == [("a", state)]


@pytest.mark.parametrize(
    ("attributes", "state"),
    [
        ('executed="True" result="Success" success="True"', "passed"),
        ('executed="True" result="Failure" success="False"', "failed"),
        ('executed="True" result="Error" success="False"', "error"),
        ('executed="True" result="Inconclusive" success="False"', "skipped"),
        ('executed="False" result="Ignored"', "skipped"),
        ('executed="False" result="NotRunnable"', "error"),
        ('executed="True" result="Cancelled"', "error"),
        ('executed="True" success="True"', "passed"),  # before 2.5.10
        ('executed="true" success="false"', "failed"),
        ('executed="False"', "skipped"),
        ('executed="True"', "error"),
        ('executed="True" success="Turue"', "error"),
        ('executed="False" result="Success"', "error"),
        ('executed="True" result="Success" success="False"', "error"),
    ],
)
def test_results_of_version_2(tmp_path: Path, attributes: str, state: str) -> None:
    assert states(tmp_path, two(f'<test-case name="a" {attributes}/>')) == [("a", state)]


def test_version_2_5_2_says_only_by_its_total_that_a_case_gave_no_answer(tmp_path: Path) -> None:
    bad = '<test-case name="b" executed="True" success="False"><failure><message>no</message></failure></test-case>'
    text = two(f'<test-case name="a" executed="True" success="False"/>{bad}', 'total="2" inconclusive="1" failures="1"')
    assert states(tmp_path, text) == [("a", "skipped"), ("b", "failed")]


@pytest.mark.parametrize(
    "suite",
    [
        'result="Failed" site="TearDown"',
        'result="Failed" site="SetUp"',
        'result="Failed" label="Invalid" runstate="NotRunnable"',
        'result="Failed" site="Child"',
    ],
)
def test_a_suite_that_broke_while_its_cases_passed_is_told(tmp_path: Path, suite: str) -> None:
    body = '<failure><message>no database</message></failure><test-case name="a" result="Passed"/>'
    found = read(tmp_path, three(f'<test-suite name="s" {suite}>{body}</test-suite>', 'result="Failed"')).cases
    assert [(case.name, case.state.value) for case in found] == [("a", "passed"), ("s", "error")]
    assert found[1].message == "no database"


def test_an_assembly_that_cannot_be_loaded_is_counted_as_a_case(tmp_path: Path) -> None:
    body = "<failure><message>no such file</message></failure>"
    text = f'<test-suite type="Assembly" name="a.dll" runstate="NotRunnable" result="Failed">{body}</test-suite>'
    found = read(tmp_path, three(text, 'result="Failed" label="Error" total="1" passed="0" failed="1"')).cases
    assert [(case.name, case.state.value, case.message) for case in found] == [("a.dll", "error", "no such file")]


def test_a_broken_case_explains_the_suites_around_it(tmp_path: Path) -> None:
    inner = '<test-suite name="i" result="Failed" site="Child"><test-case name="a" result="Failed"/></test-suite>'
    text = three(f'<test-suite name="s" result="Failed" site="Child">{inner}</test-suite>', 'result="Failed(Child)"')
    assert states(tmp_path, text) == [("a", "failed")]


def test_a_teardown_is_told_beside_a_broken_case(tmp_path: Path) -> None:
    text = three(
        '<test-suite name="s" result="Failed" site="TearDown"><test-case name="a" result="Failed"/></test-suite>'
    )
    assert states(tmp_path, text) == [("a", "failed"), ("s", "error")]


def test_a_run_without_any_case_that_failed_is_told(tmp_path: Path) -> None:
    assert states(tmp_path, three('<test-case name="a" result="Passed"/>', 'result="Failed"'))[1] == (
        "the run",
        "error",
    )


def test_a_suite_of_version_2_that_broke_is_told(tmp_path: Path) -> None:
    text = (
        '<test-results><test-suite name="s" executed="True" result="Error"><failure><message>no</message></failure>'
        '<results><test-case name="a" executed="True" result="Success"/></results></test-suite></test-results>'
    )
    assert states(tmp_path, text) == [("a", "passed"), ("s", "error")]


def test_what_a_filter_left_out_is_not_missed(tmp_path: Path) -> None:
    text = three('<test-case name="a" result="Passed"/>', 'testcasecount="25" total="1" passed="1" result="Passed"')
    assert states(tmp_path, text) == [("a", "passed")]


@pytest.mark.parametrize(
    "attributes", ['total="2"', 'passed="0"', 'failed="1"', 'skipped="1"', 'inconclusive="1"', 'warnings="1"']
)
def test_totals_of_version_3_that_no_case_explains_are_refused(tmp_path: Path, attributes: str) -> None:
    with pytest.raises(CheckError, match="contradicts itself"):
        read(tmp_path, three('<test-case name="a" result="Passed"/>', attributes))


@pytest.mark.parametrize("attributes", ['total="1"', 'total="2"'])
def test_the_total_of_version_2_may_hold_what_did_not_run(tmp_path: Path, attributes: str) -> None:
    body = '<test-case name="a" executed="True" result="Success"/><test-case name="b" executed="False"/>'
    assert len(states(tmp_path, two(body, f'{attributes} not-run="1"'))) == 2


@pytest.mark.parametrize("attributes", ['total="3"', 'not-run="2"', 'failures="1"', 'errors="1"', 'ignored="2"'])
def test_totals_of_version_2_that_no_case_explains_are_refused(tmp_path: Path, attributes: str) -> None:
    body = '<test-case name="a" executed="True" result="Success"/><test-case name="b" executed="False"/>'
    with pytest.raises(CheckError, match="contradicts itself"):
        read(tmp_path, two(body, attributes))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Deeds.Rules.Adds", ("Deeds.Rules", "Adds")),
        ('Deeds.Rules.Adds(1.5,"a.b")', ("Deeds.Rules", 'Adds(1.5,"a.b")')),
        ("returns 1.5 values", ("s", "returns 1.5 values")),
    ],
)
def test_version_2_writes_the_class_into_the_name(tmp_path: Path, name: str, parts: tuple[str, str]) -> None:
    escaped = name.replace('"', "&quot;")
    case = read(tmp_path, two(f'<test-case name="{escaped}" executed="True" result="Success"/>')).cases[0]
    assert (case.class_name, case.name) == parts


def test_a_time_may_be_written_as_in_america(tmp_path: Path) -> None:
    found = read(tmp_path, two("", 'date="6/12/2007" time="2:46 PM"')).produced_at
    assert found is not None
    assert found.year == 2007


def test_a_time_that_is_none_is_told_only_where_an_age_is_asked(tmp_path: Path) -> None:
    body = '<test-case name="a" executed="True" result="Success"/>'
    found = read(tmp_path, two(body, 'date="2018-05-22" time="26.176"'))
    assert found.produced_at is None
    assert "2018-05-22" in found.unread_time
    assert read(tmp_path, two(body, 'date="2026-11-01" time="10:00:00"')).unread_time == ""
    assert read(tmp_path, three("", 'start-time="2026-11-01 10:00:00Z"')).produced_at is not None


@pytest.mark.parametrize("word", ["Aborted", "Failure", "NotRunnable", "marvellous"])
def test_a_word_of_a_suite_that_is_not_known_is_no_pass(tmp_path: Path, word: str) -> None:
    passed = '<test-case name="a" result="Passed"/>'
    assert states(tmp_path, three(passed, f'result="{word}"')) == [("a", "passed"), ("the run", "error")]
    suite = f'<test-suite name="s" result="{word}">{passed}</test-suite>'
    assert states(tmp_path, three(suite)) == [("a", "passed"), ("s", "error")]
    old = two('<test-case name="a" executed="True" result="Success"/>').replace('name="s"', f'name="s" result="{word}"')
    assert states(tmp_path, old) == [("a", "passed"), ("s", "error")]


@pytest.mark.parametrize(
    ("inside", "state"),
    [
        ("<failure><message>sums differ</message></failure>", "error"),
        ('<assertions><assertion result="Failed"><message>sums differ</message></assertion></assertions>', "error"),
        ("<reason><message>good enough</message></reason>", "passed"),  # Assert.Pass
        ('<assertions><assertion result="Passed"/></assertions>', "passed"),
    ],
)
def test_a_case_of_version_3_that_holds_a_failure_has_not_passed(tmp_path: Path, inside: str, state: str) -> None:
    assert states(tmp_path, three(f'<test-case name="a" result="Passed">{inside}</test-case>')) == [("a", state)]


@pytest.mark.parametrize("attributes", ['total="2"', 'passed="2"', 'failed="1"', 'skipped="1"', 'warnings="1"'])
def test_totals_of_a_suite_of_version_3_that_no_case_in_it_explains_are_refused(
    tmp_path: Path, attributes: str
) -> None:
    """The totals of the run may be right by what is in another suite."""
    other = '<test-case name="b" result="Passed"/><test-case name="c" result="Failed"/>'
    one = f'<test-suite name="one" {attributes}><test-suite name="i"><test-case name="a" result="Passed"/></test-suite>'
    text = three(f"{one}</test-suite><test-suite>{other}</test-suite>", 'total="3" passed="2" failed="1"')
    with pytest.raises(CheckError, match=r"of one` \d, but its cases are"):
        read(tmp_path, text)


def test_totals_of_suites_within_suites_are_right_where_their_cases_are(tmp_path: Path) -> None:
    inner = (
        '<test-suite name="i" result="Skipped" total="2" passed="1" skipped="1">'
        '<test-case name="a" result="Passed"/><test-case name="b" result="Skipped"/></test-suite>'
    )
    empty = '<test-suite name="e" result="Inconclusive" total="0"/>'
    case = '<test-case name="c" result="Passed"/>'
    warned = f'<test-suite name="w" result="Warning" total="1" passed="1">{case}</test-suite>'
    body = f'<test-suite name="s" result="Warning" total="3" passed="2" skipped="1">{inner}{empty}{warned}</test-suite>'
    text = three(body, 'result="Skipped" total="3" passed="2" skipped="1"')
    assert states(tmp_path, text) == [("a", "passed"), ("b", "skipped"), ("c", "passed")]


@pytest.mark.parametrize(
    "suite",
    [
        'result="Inconclusive"',
        'result="Skipped" label="Ignored"',
        'result="Passed" label="Error"',
        'result="Passed" runstate="NotRunnable"',
    ],
)
def test_a_suite_or_case_that_denies_the_pass_of_its_cases_is_no_pass(tmp_path: Path, suite: str) -> None:
    passed = '<test-case name="a" result="Passed"/>'
    found = states(tmp_path, three(f'<test-suite name="s" {suite}>{passed}</test-suite>'))
    assert found == [("a", "passed"), ("s", "error")]
    assert states(tmp_path, three(passed, suite)) == [("a", "passed"), ("the run", "error")]
    assert states(tmp_path, three(f'<test-case name="a" {suite}/>')) != [("a", "passed")]


def test_an_ignored_suite_without_cases_is_why_those_around_it_are_skipped(tmp_path: Path) -> None:
    """As NUnit writes an ignored fixture of slow tests where `--where "cat != Slow"` leaves its cases out."""
    ignored = '<test-suite name="e" result="Skipped" label="Ignored" total="0"/>'
    passed = '<test-case name="a" result="Passed"/>'
    suite = 'result="Skipped" label="Ignored" site="Child" total="1" passed="1"'
    text = three(f'<test-suite name="s" {suite}>{passed}{ignored}</test-suite>', 'result="Skipped" label="Ignored"')
    assert states(tmp_path, text) == [("a", "passed")]
    assert states(tmp_path, text.replace(ignored, ignored.replace("Skipped", "Inconclusive"))) == [
        ("a", "passed"),
        ("s", "error"),
    ]


def test_a_failure_of_a_suite_that_says_it_passed_is_told(tmp_path: Path) -> None:
    failure = "<failure><message>left a mess</message></failure>"
    body = f'<test-suite name="s" result="Passed">{failure}<test-case name="a" result="Passed"/></test-suite>'
    assert read(tmp_path, three(body)).cases[1].message == "left a mess"


@pytest.mark.parametrize(
    "suite",
    [
        'executed="True" result="Inconclusive"',
        'executed="True" result="Success" success="False"',
        'executed="False" result="Ignored"',
    ],
)
def test_a_suite_of_version_2_that_denies_the_pass_of_its_cases_is_no_pass(tmp_path: Path, suite: str) -> None:
    passed = '<test-case name="a" executed="True" result="Success"/>'
    text = two(passed).replace('name="s"', f'name="s" {suite}')
    assert states(tmp_path, text) == [("a", "passed"), ("s", "error")]
    empty = f'<test-suite name="e" {suite.replace("Success", "Inconclusive")}><results/></test-suite>'
    assert states(tmp_path, two(passed + empty)) == [("a", "passed")]


@pytest.mark.parametrize("place", ["properties", "output", "test-case"])
def test_a_case_where_none_belongs_is_refused(tmp_path: Path, place: str) -> None:
    """What it says would be lost, as would a case in a part that a later version brings."""
    stray = f'<{place}><x><test-case name="b" result="Failed" executed="True"/></x></{place}>'
    for text in (three(f'<test-case name="a" result="Passed"/>{stray}'), two(stray)):
        with pytest.raises(CheckError, match="a <test-case> at a place where none belongs"):
            read(tmp_path, text)


def test_totals_of_version_3_may_leave_warnings_out(tmp_path: Path) -> None:
    """As NUnit 3.10 under its console 3.9 counts; no other case may be missing."""
    cases = '<test-case name="a" result="Passed"/><test-case name="b" result="Warning"/>'
    suite = (
        f'<test-suite type="Assembly" name="s" result="Passed" total="1" passed="1" warnings="1">{cases}</test-suite>'
    )
    assert states(tmp_path, three(suite, 'result="Passed" total="1"')) == [("a", "passed"), ("b", "skipped")]
    with pytest.raises(CheckError, match="it says `total` 1, but its cases are 2 or 3"):
        states(tmp_path, three(suite + '<test-case name="c" result="Passed"/>', 'result="Passed" total="1"'))
