"""The totals of JUnit XML are explained by what their producers count, or refused."""

from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from readiness.outcome import Status
from readiness_checks.junit.formats.junit_xml import elements, states
from support.junit_results import PASSING, SUITE, junit, measured, rules, write


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


def test_deeply_nested_suites_do_not_crash(tmp_path: Path) -> None:
    depth = 3000
    write(tmp_path, "<testsuite>" * depth + PASSING + "</testsuite>" * depth)
    assert junit(tmp_path).examined == 1


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


def counted_otherwise(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def cases(*names: str, inner: str = "", attributes: str = "") -> str:
    return "".join(f'<testcase classname="c" name="{name}" {attributes}>{inner}</testcase>' for name in names)


MOCHA = """\
<testsuites name="Mocha Tests" tests="6" failures="0" skipped="3"><testsuite name="Root Suite" tests="0" failures="0"/>
<testsuite name="Deed" tests="4" failures="0">{one}{two}</testsuite>
<testsuite name="Tax" tests="2" failures="0">{three}</testsuite></testsuites>
""".format(one=cases("one"), two=cases("two"), three=cases("three"))
"""As mocha-junit-reporter 2.2 writes three pending tests by default: counted, and not written."""
HOOK = """\
<testsuites name="Mocha Tests" tests="3" failures="1"><testsuite name="Deed" tests="3" failures="1">
<testcase name="Deed &quot;before all&quot; hook for &quot;one&quot;"><failure/></testcase></testsuite></testsuites>
"""
"""As mocha-junit-reporter writes a hook that breaks before three tests."""
MOCHA_XUNIT = """\
<testsuite name="Mocha Tests" tests="1" failures="0" errors="2" skipped="-1"><testcase classname="a" name="one"/>
<testcase classname="a" name="two"><failure/></testcase>
<testcase classname="b" name="&quot;before all&quot; hook"><failure/></testcase></testsuite>
"""
"""As Mocha's own `xunit` writes a hook that breaks: it takes the failures from the tests to have the skipped ones."""
SUREFIRE = """\
<testsuite version="3.5.2" name="x.FlakyTest" tests="6" errors="1" skipped="0" failures="3">
<testcase name="app" classname="x.FlakyTest"><flakyFailure/><flakyError/></testcase>
<testcase name="bad" classname="x.FlakyTest"><failure message="no"/><rerunFailure/></testcase>
<testcase name="ok" classname="x.FlakyTest"/></testsuite>
"""
PYTEST_RERUN = """\
<testsuites name="pytest tests"><testsuite name="{name}" errors="0" failures="0" skipped="0" tests="{tests}">
<testcase classname="test_x" name="test_a"/><testcase classname="test_x" name="test_a"/>
<testcase classname="test_x" name="test_b"/></testsuite></testsuites>
"""
"""As pytest-rerunfailures 16 writes one test that passed at the second attempt: each looks as if it had passed."""
CATCH = f'<testsuites><testsuite name="unit" errors="0" failures="0" skipped="0" tests="941" hostname="tbd">{PASSING}'
CATCH += "</testsuite></testsuites>"
"""As Catch2 3 counts assertions."""
DOCTEST = '<testsuites><testsuite name="unit" errors="0" failures="0" tests="0"><testcase classname="a.cpp" name="one" '
DOCTEST += 'status="run"/></testsuite></testsuites>'
"""As doctest 2.4 counts assertions, of which a case need not have any."""
DOCTEST_2_4_9 = counted_otherwise(
    DOCTEST, ('tests="0"', 'tests="3" time="0.01" timestamp="2026-11-28T06:00:00Z" doctest_version="2.4.9"')
)
MAY_FAIL = """\
<testsuites><testsuite name="unit" errors="0" failures="0" tests="2" hostname="tbd">
<testcase classname="unit.global" name="ok" status="run"/><testcase classname="unit.global" name="later" status="run">
<skipped message="TEST_CASE tagged with !mayfail"/><failure message="false" type="CHECK">FAILED</failure></testcase>
</testsuite></testsuites>
"""
"""As Catch2 2.13 writes a failure that is allowed: it ends with 0."""
BATS = f"""\
<testsuites time="0.1"><testsuite name="a.bats" tests="3" failures="1" errors="0" skipped="0">{PASSING}
<testcase classname="a.bats" name="last"><failure type="failure">teardown_file failed</failure></testcase></testsuite>
</testsuites>
"""
"""As Bats 1.8 writes a `teardown_file` that broke: as one test more than it shows."""
NODE = f"""\
<testsuites><testsuite name="a" disabled="0" errors="0" tests="2" failures="0" skipped="0">{PASSING}
<testsuite name="b" disabled="0" errors="0" tests="2" failures="0" skipped="0">{cases("two", "three")}</testsuite>
</testsuite></testsuites>
"""
"""As node 20 counts: what is right inside of a suite, cases and suites."""
NO_SKIPS = f'<testsuite tests="1" failures="0">{PASSING}{cases("two", "three", inner="<skipped/>")}</testsuite>'
"""As tools count that say nothing of skipped tests."""
WARNED = (
    f'<testsuite tests="1" failures="0" errors="0" warnings="1">{PASSING}{cases("two", inner="<warning/>")}</testsuite>'
)
"""As Codeception counts with PHPUnit 7."""
JEST = """\
<testsuites name="jest tests" tests="2" failures="0" errors="0"><testsuite name="a" errors="0" failures="0" skipped="0"
tests="2"><testcase name="a later" time="0"/><testcase name="a b" time="{time}"/><testcase name="a c" time="0.1"/>
</testsuite></testsuites>
"""
"""As jest-junit 17 writes `test.todo`: like a test that passed in no time, and is not counted."""
MINITEST = f'<testsuite tests="3" failures="2" errors="1">{PASSING}{cases("two", inner="<failure/>")}'
MINITEST += f"{cases('three', inner='<error/>')}</testsuite>"
"""As minitest-junit 2 counts errors among the failures, too."""
EXPLAINED = {
    "mocha-junit-reporter, pending": (MOCHA, "passed", "3 tests ran: 3 passed, 3 skipped"),
    "mocha-junit-reporter, hook": (HOOK, "failed", "1 test ran: 1 failed"),
    "mocha's xunit, hook": (MOCHA_XUNIT, "failed", "3 tests ran: 1 passed, 2 failed"),
    "surefire, reruns": (SUREFIRE, "failed", "3 tests ran: 2 passed, 1 failed, 1 flaky"),
    "pytest, reruns": (PYTEST_RERUN.format(name="pytest", tests=2), "passed", "2 tests ran: 2 passed, 1 flaky"),
    "pytest, named": (PYTEST_RERUN.format(name="unit", tests=2), "passed", "2 tests ran: 2 passed, 1 flaky"),
    "pytest, on two machines": (PYTEST_RERUN.format(name="pytest", tests=3), "passed", "3 tests ran: 3 passed"),
    "Catch2": (CATCH, "passed", "1 test ran: 1 passed"),
    "doctest": (DOCTEST, "passed", "1 test ran: 1 passed"),
    "doctest 2.4.9": (DOCTEST_2_4_9, "passed", "1 test ran: 1 passed"),
    "Catch2, may fail": (MAY_FAIL, "passed", "1 test ran: 1 passed, 1 skipped"),
    "Bats, teardown": (BATS, "failed", "2 tests ran: 1 passed, 1 failed"),
    "node": (NODE, "passed", "3 tests ran: 3 passed"),
    "skipped ones left out": (NO_SKIPS, "passed", "1 test ran: 1 passed, 2 skipped"),
    "minitest": (MINITEST, "failed", "3 tests ran: 1 passed, 1 failed, 1 broke"),
    "Codeception": (WARNED, "passed", "2 tests ran: 2 passed"),
    "jest, to do": (JEST.format(time="0.2"), "passed", "2 tests ran: 2 passed, 1 skipped"),
    "jest, one of two is to do": (JEST.format(time="0"), "passed", "2 tests ran: 2 passed, 1 skipped"),
}


@pytest.mark.parametrize(("text", "status", "summary"), EXPLAINED.values(), ids=EXPLAINED)
def test_totals_that_a_known_producer_counts_in_its_way_are_explained(
    tmp_path: Path, text: str, status: str, summary: str
) -> None:
    write(tmp_path, text)
    outcome = junit(tmp_path)
    assert (outcome.status, outcome.summary) == (status, summary)


UNEXPLAINED = {
    "more pending tests than the suites have room for": counted_otherwise(MOCHA, ('skipped="3"', 'skipped="4"')),
    "fewer pending tests than are missing": counted_otherwise(MOCHA, ('skipped="3"', 'skipped="2"')),
    "suites that count more than all pending tests": counted_otherwise(MOCHA, ('"Deed" tests="4"', '"Deed" tests="5"')),
    "a skipped test that is shown as passed": f'<testsuite tests="2" skipped="1">{PASSING}{PASSING}</testsuite>',
    "more tests than attempts": counted_otherwise(SUREFIRE, ('tests="6"', 'tests="7"')),
    "more failures than attempts": counted_otherwise(SUREFIRE, ('failures="3"', 'failures="4"')),
    "a test that pytest did not skip": counted_otherwise(
        PYTEST_RERUN.format(name="pytest", tests=4), ('skipped="0"', 'skipped="1"')
    ),
    "assertions of a doctest that does not say so": counted_otherwise(DOCTEST_2_4_9, ("doctest_version", "version")),
    "a test more than Bats shows, and none that broke": counted_otherwise(
        BATS, ('failures="1"', ""), ('<failure type="failure">teardown_file failed</failure>', "")
    ),
    "assertions of no tool that counts them": counted_otherwise(CATCH, ("tbd", "ci-7")),
    "an error that no case shows": f'<testsuites errors="1"><testsuite>{PASSING}</testsuite></testsuites>',
    "cases that are not counted": f'<testsuite tests="1">{PASSING}{cases("two")}</testsuite>',
    "cases although none is counted": f'<testsuite tests="0" failures="0">{PASSING}</testsuite>',
    "a case that took time and is not counted": counted_otherwise(JEST.format(time="0.2"), ('time="0"', 'time="0.3"')),
    "cases in a comment": f'<testsuite tests="2">{PASSING}<!-- {cases("two")} --></testsuite>',
    "cases in text": f'<testsuite tests="2">{PASSING}<system-out><![CDATA[{cases("two")}]]></system-out></testsuite>',
    "a hook that did not break": counted_otherwise(HOOK, ("<failure/>", ""), ('failures="1"', 'failures="0"')),
}


@pytest.mark.parametrize("text", UNEXPLAINED.values(), ids=UNEXPLAINED)
def test_totals_that_nothing_explains_are_refused_with_the_reason(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    outcome = junit(tmp_path)
    assert outcome.status is Status.ERROR
    assert "contradicts itself: suite" in outcome.summary
    assert "run" in outcome.remedy


def test_what_explains_totals_is_told(tmp_path: Path) -> None:
    for text, rule in (
        (MOCHA, "unnamed-skipped"),
        (CATCH, "parts"),
        (SUBTESTS.format(skipped=2), "parts"),
        (JEST.format(time="0"), "to-do"),
        (PYTEST_RERUN.format(name="pytest", tests=2), "test-flaky"),
    ):
        write(tmp_path, text)
        assert rules(junit(tmp_path)) == [rule]


def test_skipped_tests_that_are_not_named_count_against_the_limit(tmp_path: Path) -> None:
    write(tmp_path, MOCHA)
    assert junit(tmp_path, max_skipped=3).status is Status.PASSED
    assert rules(junit(tmp_path, max_skipped=2))[0] == "too-many-skipped"


@pytest.mark.parametrize(("time", "rule"), [("0.2", "required-skipped"), ("0", "required-doubtful")])
def test_a_test_of_jest_that_is_to_do_meets_no_requirement(tmp_path: Path, time: str, rule: str) -> None:
    write(tmp_path, JEST.format(time=time))
    assert rules(junit(tmp_path, require=["a later"]))[0] == rule
    assert junit(tmp_path, require=["a c"]).status is Status.PASSED


def test_only_tests_that_are_to_do_are_no_run(tmp_path: Path) -> None:
    """jest-junit counts none of them."""
    case = '<testcase name="a" time="0"/>'
    suite = f'<testsuite name="s" errors="0" failures="0" skipped="0" tests="0">{case}</testsuite>'
    write(tmp_path, f'<testsuites tests="0" failures="0" errors="0">{suite}</testsuites>')
    outcome = junit(tmp_path)
    assert (outcome.status, outcome.summary) == (Status.ERROR, "none of 1 test ran: all were skipped")


def test_an_attempt_of_pytest_that_broke_is_not_behind_one_that_passed(tmp_path: Path) -> None:
    text = counted_otherwise(
        PYTEST_RERUN.format(name="pytest", tests=2),
        ('name="test_a"/><testcase', 'name="test_a"><failure/></testcase><testcase'),
    )
    write(tmp_path, text)
    outcome = junit(tmp_path, require=["test_a"])
    assert outcome.status is Status.FAILED
    assert "required-failed" in rules(outcome)


@pytest.mark.parametrize(("most", "status"), [(0, Status.FAILED), (1, Status.PASSED), (None, Status.PASSED)])
def test_a_limit_says_how_many_flaky_tests_may_pass(tmp_path: Path, most: int | None, status: Status) -> None:
    write(tmp_path, PYTEST_RERUN.format(name="pytest", tests=2))
    outcome = junit(tmp_path, max_flaky=most)
    assert outcome.status is status
    assert ("too-many-flaky" in rules(outcome)) is (status is Status.FAILED)
    assert measured(outcome)["flaky"] == 1
