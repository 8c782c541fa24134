"""Clover XML in the dialects of its producers: OpenClover, PHPUnit, istanbul, ReportGenerator."""

from pathlib import Path

import pytest

from support.coverage_reports import measure, refused, value, values

OPEN_CLOVER = """<?xml version="1.0"?>
<coverage generated="0" clover="4.4.1"><project timestamp="0">
<metrics statements="3" coveredstatements="2" conditionals="2" coveredconditionals="1" methods="2" coveredmethods="1"/>
<package name="shop"><file name="a.js" path="/ci/src/a.js">
<line num="2" type="method" signature="add()" count="1"/>
<line num="3" type="stmt" count="4"/><line num="3" type="stmt" count="0"/>
<line num="4" type="cond" truecount="3" falsecount="0"/>
<line num="7" type="method" signature="sum()" count="0"/>
</file></package></project>
<testproject timestamp="0"><file name="b.js" path="/ci/src/b.js"><line num="1" type="stmt" count="1"/></file>
</testproject>
</coverage>"""
ISTANBUL = """<coverage generated="0" clover="3.2.0"><project timestamp="0" name="All files">
<metrics statements="3" coveredstatements="2" conditionals="3" coveredconditionals="2" methods="4" coveredmethods="4"/>
<file name="a.js" path="src/a.js"><line num="1" count="1" type="stmt"/><line num="2" count="0" type="stmt"/>
<line num="3" count="5" type="cond" truecount="2" falsecount="1"/></file></project></coverage>"""
PHPUNIT = """<coverage generated="0"><project timestamp="0"><file name="/app/src/a.js">
<class name="A" namespace="global"><metrics methods="1" statements="2"/></class>
<line num="4" type="method" name="run" count="1"/><line num="5" type="stmt" count="1"/>
<line num="6" type="stmt" count="0"/>
<metrics statements="2" coveredstatements="1"/></file>
<metrics statements="2" coveredstatements="1" conditionals="0" coveredconditionals="0" methods="1" coveredmethods="1"/>
</project></coverage>"""


def test_open_clover_counts_a_condition_as_two_branches(tmp_path: Path) -> None:
    found = values(tmp_path, OPEN_CLOVER)
    assert found == {"lines": 100.0, "branches": 50.0, "functions": 50.0, "statements": 66.6666}


def test_istanbul_counts_the_branches_of_a_line(tmp_path: Path) -> None:
    assert values(tmp_path, ISTANBUL) == {"lines": 66.6666, "branches": 66.6666, "statements": 66.6666}


def test_lines_of_methods_are_no_lines_in_phpunit(tmp_path: Path) -> None:
    assert values(tmp_path, PHPUNIT) == {"lines": 50.0, "functions": 100.0, "statements": 50.0}


def test_report_generator_writes_the_first_line_of_a_method_once(tmp_path: Path) -> None:
    counted = PHPUNIT.replace('statements="2" coveredstatements="1" cond', 'statements="3" coveredstatements="2" cond')
    assert value(measure(tmp_path, counted)) == 66.6666


def test_a_line_with_branches_that_was_not_run_is_not_covered_by_a_branch(tmp_path: Path) -> None:
    text = ISTANBUL.replace('num="3" count="5"', 'num="3" count="0"').replace(
        'coveredstatements="2"', 'coveredstatements="1"'
    )
    assert value(measure(tmp_path, text)) == 33.3333


def test_phpunit_counts_methods_of_which_every_line_was_run_and_it_is_told(tmp_path: Path) -> None:
    text = PHPUNIT.replace('coveredmethods="1"', 'coveredmethods="0"')
    outcome = measure(tmp_path, text, "functions")
    assert value(outcome) == 100.0
    assert "0 of 1; 1 of 1 were run at all" in next(
        f.message for f in outcome.findings if f.rule == "counted-otherwise"
    )


def test_branches_that_istanbul_does_not_list_make_branches_an_error_and_lines_none(tmp_path: Path) -> None:
    text = ISTANBUL.replace('conditionals="3" coveredconditionals="2"', 'conditionals="5" coveredconditionals="3"')
    refused(measure(tmp_path, text, "branches"), "`conditionals` is 3 of 5")
    outcome = measure(tmp_path, text)
    assert value(outcome) == 66.6666
    assert "counted-otherwise" in {finding.rule for finding in outcome.findings}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('statements="3" coveredstatements="2"', 'statements="3" coveredstatements="3"', "`statements` is 3 of 3"),
        ('num="2" count="0"', 'num="2" count="x"', "no count"),
        ('num="2" count="0"', 'num="2"', "of no known type"),
        ('num="2" count="0" type="stmt"', 'num="2" count="0" type="other"', "of no known type"),
        ('num="2"', 'num="0"', "of no known type"),
        ('num="2"', 'num="99"', "no line 99"),
        (' truecount="2"', "", "no `truecount`"),
        ("</file>", '</file><file name="a.js" path="src/a.js"/>', "twice"),
        (' name="a.js" path="src/a.js"', "", "no `name`"),
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in ISTANBUL
    refused(measure(tmp_path, ISTANBUL.replace(old, new)), said)
