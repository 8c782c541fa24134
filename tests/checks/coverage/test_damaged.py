"""A report that was edited or cut off, or that measured nothing, is an error."""

import json
import re
from pathlib import Path

import pytest

from readiness.outcome import Status
from support.measured_project import FORMATS, coverage


def test_totals_that_were_edited_are_an_error(project: Path) -> None:
    report = project / "backend/coverage.json"
    original = json.loads(report.read_text())
    for key, changed in (("percent_covered", 100.0), ("covered_lines", 99), ("num_statements", 4), ("num_branches", 0)):
        document = json.loads(json.dumps(original))
        document["totals"][key] = changed
        report.write_text(json.dumps(document))
        outcome = coverage(project)
        assert outcome.status is Status.ERROR
        assert "contradicts itself" in outcome.summary


def test_a_file_that_was_edited_is_an_error(project: Path) -> None:
    report = project / "backend/coverage.json"
    document = json.loads(report.read_text())
    document["files"]["pkg/half.py"]["missing_lines"] = []
    report.write_text(json.dumps(document))
    assert "contradicts itself" in coverage(project).summary


def test_rates_that_were_edited_in_xml_are_an_error(project: Path) -> None:
    report = project / "backend/coverage.xml"
    original = report.read_text()
    for pattern, replacement, metric in (
        (r'lines-covered="\d+"', 'lines-covered="8"', "lines"),
        (r'line-rate="[\d.]+"', 'line-rate="1"', "lines"),
        (r'branch-rate="[\d.]+"', 'branch-rate="1"', "branches"),
        (r'branch-rate="[\d.]+"', 'branch-rate="1"', "combined"),
    ):
        report.write_text(re.sub(pattern, replacement, original, count=1))
        assert "contradicts itself" in coverage(project, "backend/coverage.xml", metric).summary


@pytest.mark.parametrize("path", FORMATS)
def test_a_report_that_is_cut_off_is_an_error(project: Path, path: str) -> None:
    whole = (project / "backend" / path).read_bytes()
    for part in (0.0, 0.1, 0.5, 0.9):
        (project / "backend" / path).write_bytes(whole[: int(len(whole) * part)])
        assert coverage(project, f"backend/{path}").status is Status.ERROR


def test_a_run_that_measured_nothing_is_an_error(project: Path) -> None:
    report = project / "backend/coverage.json"
    document = json.loads(report.read_text())
    document["files"] = {}
    document["totals"] = {**dict.fromkeys(document["totals"], 0), "percent_covered": 100.0}
    report.write_text(json.dumps({key: document[key] for key in ("meta", "files", "totals")}, default=str))
    outcome = coverage(project, minimum=0)
    assert outcome.status is Status.ERROR
    assert "nothing was measured" in outcome.summary
