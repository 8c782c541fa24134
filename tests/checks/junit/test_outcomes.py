"""How a case of JUnit XML ended: what is not known to be a pass is none."""

from pathlib import Path

import pytest

from readiness.outcome import Level, Status
from support.junit_results import PASSING, junit, measured, rules, write


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


@pytest.mark.parametrize("status", ["timedout", "inconclusive", "aborted", "whatever"])
def test_a_status_that_is_not_known_is_no_pass(tmp_path: Path, status: str) -> None:
    write(tmp_path, f'<testsuite>{PASSING}<testcase name="two" status="{status}"/></testsuite>')
    outcome = junit(tmp_path)
    assert outcome.status is Status.FAILED
    assert status in outcome.findings[0].message


def case(inner: str = "", attributes: str = 'name="x"') -> str:
    return f'<testsuite name="s">{PASSING}<testcase {attributes}>{inner}</testcase></testsuite>'


@pytest.mark.parametrize(
    "inner",
    [
        "<aborted/>",
        "<detonated/>",
        "<inconclusive/>",
        "<cancelled/>",
        "<properties><failure/></properties>",
        "<system-out><error/></system-out>",
        "<system-out><deep><deeper><failure/></deeper></deep></system-out>",
        '<x:failure xmlns:x="urn:x"/>',
        "<skipped/><error/>",
        "<flakyFailure/><rerunFailure/>",
        "<testsuite><testcase name='y'><failure/></testcase></testsuite>",
        "<system-err><testcase name='y'><failure/></testcase></system-err>",
    ],
)
def test_a_case_that_holds_what_is_not_known_to_be_a_pass_did_not_pass(tmp_path: Path, inner: str) -> None:
    write(tmp_path, case(inner))
    assert junit(tmp_path).status is Status.FAILED


@pytest.mark.parametrize(
    "inner",
    [
        "<properties><property name='a' value='b'/></properties>",
        "<system-out>o</system-out><system-err>e</system-err>",
        "<attachments><attachment>a.png</attachment></attachments>",
        "<system-out>&lt;failure/></system-out>",
        "<!-- <failure/> -->",
        "<system-out><![CDATA[<failure/>]]></system-out>",
        "<?pi <failure/>?>",
    ],
)
def test_what_a_case_tells_beside_its_end_does_not_break_it(tmp_path: Path, inner: str) -> None:
    write(tmp_path, case(inner))
    assert junit(tmp_path, minimum_tests=2).status is Status.PASSED


@pytest.mark.parametrize("inner", ["<ignored/>", "<pending/>", "<disabled/>", "<SKIPPED/>"])
def test_elements_that_say_that_a_case_did_not_run(tmp_path: Path, inner: str) -> None:
    write(tmp_path, case(inner))
    assert measured(junit(tmp_path))["skipped"] == 1


@pytest.mark.parametrize(
    ("attributes", "counted"),
    [
        ('executed="false"', "skipped"),
        ('executed="false" success="false"', "skipped"),
        ('ignored="true"', "skipped"),
        ('incomplete="true"', "skipped"),
        ('success="false"', "failed"),
        ('passed="False"', "failed"),
        ('failed="true"', "failed"),
        ('failed="false" skipped="false"', "passed"),
        ('disabled="true"', "skipped"),
        ('outcome="failed"', "failed"),
        ('state="Failed"', "failed"),
        ('failure="it differs"', "failed"),
        ('executed="true" success="true"', "passed"),
        ('status="Inconclusive"', "errors"),
    ],
)
def test_attributes_that_say_how_a_case_ended(tmp_path: Path, attributes: str, counted: str) -> None:
    write(tmp_path, case(attributes=f'name="x" {attributes}'))
    assert measured(junit(tmp_path))[counted] == (2 if counted == "passed" else 1)


@pytest.mark.parametrize("inner", ['<test name="y" result="failed"/>', '<suite status="FAILED"/>'])
def test_what_no_reader_knows_and_says_that_it_failed_is_no_pass(tmp_path: Path, inner: str) -> None:
    write(tmp_path, f"<testsuite>{PASSING}{inner}</testsuite>")
    assert measured(junit(tmp_path))["errors"] == 1


def test_a_suite_that_says_that_it_failed_and_shows_no_failure_is_refused(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite name="s" status="failed">{PASSING}</testsuite>')
    assert "suite `s` claims that it failed, but has no case that did" in junit(tmp_path).summary


def test_a_warning_is_shown(tmp_path: Path) -> None:
    write(tmp_path, case('<warning message="it looks at nothing"/>'))
    outcome = junit(tmp_path)
    assert outcome.status is Status.PASSED
    assert [(finding.rule, finding.level) for finding in outcome.findings] == [("test-warning", Level.WARNING)]
    assert "it looks at nothing" in outcome.findings[0].message


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Unable to find executable", "errors"),
        ("Required Files Missing", "errors"),
        ("Fixture dependency failed", "errors"),
        ("Failed test dependencies", "errors"),
        ("SKIP_RETURN_CODE=77", "skipped"),
        ("SKIP_REGULAR_EXPRESSION_MATCHED", "skipped"),
        ("Disabled", "skipped"),
    ],
)
def test_a_program_that_ctest_could_not_start_is_not_skipped(tmp_path: Path, said: str, state: str) -> None:
    write(
        tmp_path,
        '<testsuite name="b" tests="2" failures="0" disabled="0" skipped="1">'
        '<testcase name="a" classname="a" status="run"/>'
        f'<testcase name="x" classname="x" status="notrun"><skipped message="{said}"/></testcase></testsuite>',
    )
    assert measured(junit(tmp_path))[state] == 1


def test_a_failure_of_node_that_is_to_do_is_skipped(tmp_path: Path) -> None:
    todo = '<skipped type="todo" message="true"/><failure type="testCodeFailure" message="no"/>'
    write(tmp_path, case(todo, attributes='name="x" classname="test" failure="no"'))
    assert measured(junit(tmp_path)) == {"ran": 1, "passed": 1, "failed": 0, "errors": 0, "skipped": 1}


def test_names_of_elements_are_known_in_any_case(tmp_path: Path) -> None:
    write(
        tmp_path,
        "<TestSuites><TestSuite><TestCase name='a'/><TestCase name='b'><Failure/></TestCase></TestSuite></TestSuites>",
    )
    assert measured(junit(tmp_path))["failed"] == 1


def test_two_attributes_of_one_name_are_no_xml(tmp_path: Path) -> None:
    write(tmp_path, '<testsuite><testcase name="a" status="passed" status="failed"/></testsuite>')
    assert "duplicate attribute" in junit(tmp_path).summary
