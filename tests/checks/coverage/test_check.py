"""The check `coverage`, with reports of real test runs in real git repositories."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.outcome import Level, Status
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage
from support.measured_project import FORMATS, coverage, value


@pytest.mark.parametrize("path", FORMATS)
@pytest.mark.parametrize(("metric", "percent"), [("lines", 75.0), ("branches", 50.0), ("combined", 70.0)])
def test_every_format_of_one_run_gives_the_same_numbers(
    measured_once: Path, path: str, metric: str, percent: float
) -> None:
    outcome = coverage(measured_once, f"backend/{path}", metric, minimum=percent)
    assert outcome.status is Status.PASSED
    assert value(outcome) == percent
    assert (outcome.measurements[0].operator, outcome.measurements[0].threshold) == (">=", percent)
    assert (outcome.examined, outcome.unit) == (3, "files")
    assert len(outcome.evidence[0].sha256) == 64
    assert outcome.evidence[0].produced_at is not None


@pytest.mark.parametrize("path", FORMATS)
def test_too_little_fails_and_names_the_worst_files_and_their_lines(measured_once: Path, path: str) -> None:
    outcome = coverage(measured_once, f"backend/{path}", minimum=75.01)
    assert outcome.status is Status.FAILED
    assert [finding.path for finding in outcome.findings] == ["backend/pkg/half.py"]
    assert outcome.findings[0].level is Level.WARNING  # the measurement is what failed
    assert outcome.findings[0].line == 5
    assert "without a test: 5, 9" in outcome.findings[0].message
    assert outcome.findings[0].remedy


def test_files_below_are_only_warnings_where_the_minimum_is_met(project: Path) -> None:
    outcome = coverage(project)
    assert outcome.status is Status.PASSED
    assert [finding.level for finding in outcome.findings] == [Level.WARNING]


def test_functions_and_statements_are_measured_where_the_format_has_them(project: Path) -> None:
    assert value(coverage(project, metric="functions", minimum=1)) == 66.6666
    assert value(coverage(project, metric="statements", minimum=1)) == 75.0


@pytest.mark.parametrize(("path", "metric"), [("coverage.xml", "functions"), ("lcov.info", "statements")])
def test_a_metric_that_a_format_lacks_is_an_error_that_names_the_others(project: Path, path: str, metric: str) -> None:
    outcome = coverage(project, f"backend/{path}", metric)
    assert outcome.status is Status.ERROR
    assert "branches, combined," in outcome.summary


def test_a_percentage_is_never_rounded_up_to_its_minimum(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("x\n" * 25_000)
    lines = "".join(f"DA:{n},{int(n > 1251)}\n" for n in range(1, 25_001))
    (tmp_path / "lcov.info").write_text(f"SF:a.js\n{lines}end_of_record\n")
    outcome = coverage(tmp_path, "lcov.info", minimum=95)
    assert outcome.status is Status.FAILED
    assert value(outcome) == 94.996
    assert "94.996 % < 95 %" in outcome.summary
    assert "94.9 %" in outcome.findings[0].message


def test_a_minimum_with_many_digits_is_compared_exactly(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("x\n" * 3)
    (tmp_path / "lcov.info").write_text("SF:a.js\nDA:1,1\nDA:2,1\nDA:3,0\nend_of_record\n")
    assert coverage(tmp_path, "lcov.info", minimum=66.66667).status is Status.FAILED
    assert coverage(tmp_path, "lcov.info", minimum=66.66666).status is Status.PASSED


def test_several_sources_are_each_held_to_their_own_minimum(project: Path) -> None:
    sources = [
        {"path": "backend/coverage.json", "metric": "lines", "minimum": 75},
        {"path": "backend/coverage.xml", "metric": "branches", "minimum": 60},
    ]
    outcome = evaluate(Coverage, project, using=context(project, now=datetime.now(UTC)), sources=sources)
    assert outcome.status is Status.FAILED
    assert [measurement.met for measurement in outcome.measurements] == [True, False, None]
    sources[0]["path"] = "missing.json"
    outcome = evaluate(Coverage, project, using=context(project, now=datetime.now(UTC)), sources=sources)
    assert outcome.status is Status.ERROR
    assert "missing.json does not exist" in outcome.summary
    assert [measurement.met for measurement in outcome.measurements] == [False]


def test_files_that_the_report_has_to_be_about_are_missed(project: Path) -> None:
    source: dict[str, Any] = {"path": "backend/coverage.json", "metric": "lines", "minimum": 75}
    source["files"] = ["backend/pkg/**/*.py"]
    using = context(project, now=datetime.now(UTC) + timedelta(seconds=1))
    assert evaluate(Coverage, project, using=using, sources=[source]).status is Status.PASSED
    (project / "backend/pkg/empty.py").write_text("\n")
    (project / "backend/pkg/never_loaded.py").write_text("def untested():\n    return 1\n")
    outcome = evaluate(Coverage, project, using=using, sources=[source])
    assert outcome.status is Status.FAILED
    assert [f.path for f in outcome.findings if f.rule == "unmeasured"] == ["backend/pkg/never_loaded.py"]
    assert "1 file not measured" in outcome.summary
    source["files"] = ["frontend/**"]
    assert evaluate(Coverage, project, using=using, sources=[source]).status is Status.ERROR


# What belongs to other source, or to older source.


@pytest.mark.parametrize(
    "source",
    [
        {"path": "a", "metric": "lines"},
        {"path": "a", "minimum": 95},
        {"path": "a", "metric": "percent", "minimum": 95},
        {"path": "a", "metric": "lines", "minimum": 101},
        {"path": "a", "metric": "lines", "minimum": -1},
        {"path": "a", "metric": "lines", "minimum": "95"},
        {"path": "", "metric": "lines", "minimum": 95},
    ],
)
def test_nonsense_parameters_are_refused(tmp_path: Path, source: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Coverage, tmp_path, sources=[source])


def test_no_source_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        evaluate(Coverage, tmp_path, sources=[])
