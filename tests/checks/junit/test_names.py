"""The check `junit` names its cases for a later comparison, where the item asks for one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.checklist import Item
from readiness.evidence.ran_tests import compare
from readiness.outcome import Status, TestNames
from readiness.testing import context, evaluate
from readiness_checks.junit import JUnit
from readiness_checks.junit.formats import FORMATS
from readiness_checks.junit.names import names_of
from readiness_checks.junit.places import Located
from readiness_checks.reading.report_file import ReportFile

FORMS = {
    "pytest": ('<testsuite name="pytest"><testcase classname="tests.test_x" name="test_x"/>', "tests.test_x\ttest_x"),
    "jest": (
        '<testsuite name="Cart"><testcase classname="Cart adds a line" name="Cart adds a line"/>',
        "Cart\tCart adds a line",
    ),
    "mocha": (
        '<testsuite name="Cart" file="/elsewhere/cart.js"><testcase classname="adds" name="Cart adds"/>',
        "cart.js\tCart adds",
    ),
    "node": ('<testsuite name="Cart"><testcase classname="test" name="adds" file="{root}/a/b.js"/>', "a/b.js\tadds"),
    "node, without files": (
        '<testsuite name="Cart"><testsuite name="inner"><testcase classname="test" name="is empty"/></testsuite>',
        "Cart > inner\tis empty",
    ),
    "vitest": ('<testsuite name="x"><testcase classname="src/x.ts" name="Cart &gt; adds"/>', "src/x.ts\tCart > adds"),
    "go": ('<testsuite name="a"><testcase classname="example.com/a" name="TestA/one"/>', "example.com/a\tTestA/one"),
    "white space": ('<testsuite name="a"><testcase classname="a&#9;b" name="one&#10;two"/>', "a b\tone two"),
}


def names(root: Path, *texts: str) -> TestNames:
    cases = []
    for number, text in enumerate(texts):
        (root / f"{number}.xml").write_text(f"{text}</testsuite>")
        report = ReportFile(context(root), root / f"{number}.xml", f"{text}</testsuite>".encode())
        cases += [Located(case, report.path) for case in FORMATS.read(report).cases]
    return names_of(root, cases)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_case_belongs_to_its_class_its_file_or_its_suite(tmp_path: Path, form: tuple[str, str]) -> None:
    text, line = form
    found = names(tmp_path, text.replace("{root}", str(tmp_path)))
    assert found == TestNames(ran=line, counted="ran")


@pytest.mark.parametrize("no_worse_than", ["", "base"])
def test_names_are_kept_where_a_comparison_is_asked_for(tmp_path: Path, no_worse_than: str) -> None:
    """Ordinary reports stay small."""
    (tmp_path / "junit.xml").write_text('<testsuite name="a"><testcase classname="a" name="b"/></testsuite>')
    item = Item.model_validate({"id": "i", "title": "T", "check": "junit", "no_worse_than": no_worse_than})
    using = context(tmp_path, now=datetime.now(UTC) + timedelta(seconds=1), item=item)
    outcome = evaluate(JUnit, tmp_path, using=using, paths=["junit.xml"])
    assert outcome.status is Status.PASSED
    assert (outcome.tests is not None) is bool(no_worse_than)


def test_shards_and_versions_that_report_a_case_again_are_one_run(tmp_path: Path) -> None:
    ran, skipped = (f'<testcase classname="t" name="one">{inner}</testcase>' for inner in ("", "<skipped/>"))
    both = '<testcase classname="t" name="two"><skipped type="pytest.xfail"/></testcase>'
    found = names(tmp_path, f'<testsuite name="3.11">{ran}{both}', f'<testsuite name="3.12">{skipped}{ran}')
    assert found == TestNames(ran="t\tone", skipped="t\ttwo", counted="ran")


def test_what_failed_has_run_and_what_broke_may_not_have(tmp_path: Path) -> None:
    cases = '<testcase classname="t" name="one"><failure/></testcase><testcase name="two"><error/></testcase>'
    found = names(tmp_path, f'<testsuite name="s">{cases}')
    assert found == TestNames(ran="t\tone", broken="s\ttwo", counted="ran")


def test_a_name_that_passes_several_times_in_one_suite_is_as_many_cases(tmp_path: Path) -> None:
    """TestNG repeats the method for each row; a run again after a failure is no case, nor is another version."""
    one, failed = ('<testcase classname="t" name="one">' + inner + "</testcase>" for inner in ("", "<failure/>"))
    rows = f'<testsuite name="s">{one * 3}'
    assert names(tmp_path, rows, rows).ran.split("\n") == ["t\tone", "t\tone[#2]", "t\tone[#3]"]
    assert names(tmp_path, f'<testsuite name="s">{failed}{one}').ran == "t\tone"
    versions = "".join(f'<testsuite name="{version}">{one}</testsuite>' for version in ("3.11", "3.12"))
    assert names(tmp_path, f'<testsuite name="all">{versions}').ran == "t\tone"
    (lost,) = compare(names(tmp_path, rows), names(tmp_path, f'<testsuite name="s">{one}')).lost
    assert (lost.function, lost.was, len(lost.names)) == ("one", 3, 2)
