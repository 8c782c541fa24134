"""Sonar's generic coverage: lines to cover, and how many branches of each."""

from pathlib import Path

import pytest

from support.coverage_reports import judge, measure, value, values

REPORT = """<coverage version="1"><file path="src/a.js">
<lineToCover lineNumber="2" covered="true" branchesToCover="4" coveredBranches="1"/>
<lineToCover lineNumber="3" covered="false"/><lineToCover lineNumber="5" covered="true"/></file></coverage>"""


def test_lines_and_branches_are_counted(tmp_path: Path) -> None:
    assert values(tmp_path, REPORT) == {"lines": 66.6666, "branches": 25.0}


def test_where_only_the_number_of_branches_is_known_the_higher_one_counts_and_it_is_told(tmp_path: Path) -> None:
    both = {"a.xml": REPORT, "b.xml": REPORT.replace('coveredBranches="1"', 'coveredBranches="3"')}
    outcome = judge(tmp_path, both, "branches", path="*.xml")
    assert value(outcome) == 75.0
    assert "on 1 line it may be more" in next(f.message for f in outcome.findings if f.rule == "joined")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version="1"', 'version="2"'),
        (' version="1"', ""),
        ('covered="false"', 'covered="no"'),
        (' covered="false"', ""),
        ('lineNumber="3"', 'lineNumber="0"'),
        ('lineNumber="3"', 'lineNumber="99"'),
        ('coveredBranches="1"', 'coveredBranches="5"'),
        ('path="src/a.js"', ""),
        ("</coverage>", ""),
    ],
)
def test_damaged_reports_are_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in REPORT
    assert measure(tmp_path, REPORT.replace(old, new)).status == "error"
