"""The check `coverage`, with reports of real test runs in real git repositories."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from coverage import CoverageData
from pydantic import ValidationError

from readiness.outcome import Level, Outcome, Status
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage
from support.repositories import commit_all, git

HALF = """
def covered(x):
    if x:
        return 1
    return 2


def never_called():
    return 3
"""
FORMATS = ("coverage.json", "coverage.xml", "lcov.info", ".coverage")


def run_tests(folder: Path) -> None:
    """Run a small test suite under coverage.py, and write every format that it has."""
    tool = [sys.executable, "-m", "coverage"]
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    steps = (
        ["run", "--branch", "--source=pkg", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        ["json", "-q"],
        ["xml", "-q"],
        ["lcov", "-q", "-o", "lcov.info"],
    )
    for step in steps:
        subprocess.run([*tool, *step], cwd=folder, env=variables, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def measured_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("measured")
    backend = root / "backend"
    (backend / "pkg").mkdir(parents=True)
    (backend / "tests").mkdir()
    (backend / "pkg" / "__init__.py").touch()
    (backend / "pkg" / "half.py").write_text(HALF)
    (backend / "pkg" / "full.py").write_text("def full():\n    return 1\n")
    imports = "from pkg.half import covered\nfrom pkg.full import full\n"
    (backend / "tests" / "test_it.py").write_text(f"{imports}\n\ndef test_them():\n    assert covered(1) == full()\n")
    (root / ".gitignore").write_text(".coverage\ncoverage.*\nlcov.info\n__pycache__/\n")
    commit_all(root)
    run_tests(backend)
    return root


@pytest.fixture
def project(measured_once: Path, tmp_path: Path) -> Path:
    """A copy, with dates kept; the data file still names the files of the original by their absolute paths."""
    return Path(shutil.copytree(measured_once, tmp_path / "project"))


def coverage(
    root: Path,
    path: str = "backend/coverage.json",
    metric: str = "lines",
    minimum: float = 70,
    now: datetime | None = None,
    **params: Any,
) -> Outcome:
    using = context(root, now=now or datetime.now(UTC) + timedelta(seconds=1), environ=os.environ)
    return evaluate(
        Coverage, root, using=using, sources=[{"path": path, "metric": metric, "minimum": minimum}], **params
    )


def value(outcome: Outcome) -> object:
    return outcome.measurements[0].value


def age(path: Path, hours: float) -> None:
    then = datetime.now(UTC).timestamp() - hours * 3600
    os.utime(path, (then, then))


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


def test_a_report_older_than_a_changed_file_is_stale(project: Path) -> None:
    (project / "backend/pkg/half.py").write_text(HALF + "\n\nX = 1\n")
    later = datetime.now(UTC).timestamp() + 60
    os.utime(project / "backend/pkg/half.py", (later, later))
    for path in ("coverage.json", "coverage.xml", "lcov.info"):
        outcome = coverage(project, f"backend/{path}", now=datetime.now(UTC) + timedelta(minutes=2))
        assert outcome.status is Status.ERROR
        assert "stale" in outcome.summary
        assert outcome.findings[0].path == "backend/pkg/half.py"
    commit_all(project, date=datetime.now(UTC) + timedelta(seconds=60))
    assert coverage(project).status is Status.ERROR


def test_a_commit_of_what_was_tested_does_not_make_the_report_stale(project: Path) -> None:
    commit_all(project, date=datetime.now(UTC) + timedelta(minutes=1))
    assert coverage(project).status is Status.PASSED


def test_a_clone_after_the_test_run_does_not_make_the_report_stale(project: Path, tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    git(tmp_path, "clone", "--quiet", "--no-local", str(project), "job")
    for path in ("coverage.json", "coverage.xml"):
        shutil.copy2(project / "backend" / path, tmp_path / "job" / "backend" / path)
    later = datetime.now(UTC).timestamp() + 60
    for source in (tmp_path / "job" / "backend" / "pkg").iterdir():
        os.utime(source, (later, later))
    for path in ("coverage.json", "coverage.xml"):
        outcome = coverage(tmp_path / "job", f"backend/{path}", now=datetime.now(UTC) + timedelta(minutes=2))
        assert outcome.status is Status.PASSED


def test_its_own_time_counts_where_it_has_been_copied_since(project: Path) -> None:
    report = project / "backend/coverage.json"
    text = re.sub(r'"timestamp": "[^"]*"', '"timestamp": "2020-01-01T00:00:00"', report.read_text())
    report.write_text(text)
    assert "stale" in coverage(project).summary


def commit_report(project: Path) -> None:
    (project / ".gitignore").write_text(".coverage\n__pycache__/\n")
    commit_all(project, "Commit the report, too")


def test_a_report_committed_with_its_source_is_good_in_any_clone(project: Path, tmp_path: Path) -> None:
    commit_report(project)
    git(tmp_path, "clone", "--quiet", "--no-local", str(project), "clone")
    outcome = coverage(tmp_path / "clone")
    assert outcome.status is Status.PASSED
    assert "committed" in [finding.rule for finding in outcome.findings if finding.level is Level.WARNING]


def test_a_committed_report_is_stale_after_a_later_commit_to_its_source(project: Path, tmp_path: Path) -> None:
    commit_report(project)
    (project / "README.md").write_text("not measured\n")
    commit_all(project)
    assert coverage(project).status is Status.PASSED
    half = project / "backend/pkg/half.py"
    half.write_text(HALF.replace("3", "4"))
    assert "not committed" in coverage(project).summary
    commit_all(project)
    git(tmp_path, "clone", "--quiet", "--no-local", str(project), "clone")
    for root in (project, tmp_path / "clone"):
        outcome = coverage(root)
        assert outcome.status is Status.ERROR
        assert "later commits" in outcome.summary
    half.write_text(HALF)
    commit_all(project, "Take it back")
    assert coverage(project).status is Status.PASSED


def test_a_committed_report_is_stale_after_a_merge_that_changes_its_source(project: Path) -> None:
    commit_report(project)
    git(project, "checkout", "--quiet", "-b", "other", "HEAD~1")
    (project / "backend/pkg/full.py").write_text("def full():\n    return 2 - 1\n")
    commit_all(project)
    git(project, "checkout", "--quiet", "main")
    git(project, "merge", "--quiet", "--no-edit", "other")
    assert coverage(project).status is Status.ERROR


def test_a_link_to_a_report_is_judged_by_what_it_leads_to(project: Path) -> None:
    (project / "report.json").symlink_to("backend/coverage.json")
    commit_all(project)
    assert coverage(project, "report.json").status is Status.PASSED
    age(project / "backend/coverage.json", hours=24 * 365)
    assert coverage(project, "report.json").status is Status.ERROR


def test_in_a_shallow_clone_a_committed_report_proves_nothing(project: Path, tmp_path: Path) -> None:
    commit_report(project)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{project}", "shallow")
    outcome = coverage(tmp_path / "shallow")
    assert outcome.status is Status.ERROR
    assert "shallow" in outcome.summary
    assert "fetch" in outcome.remedy


def test_files_that_are_gone_make_the_report_foreign(project: Path) -> None:
    (project / "backend/pkg/full.py").unlink()
    outcome = coverage(project)
    assert outcome.status is Status.ERROR
    assert "not in the repository" in outcome.summary
    assert "pkg/full.py" in outcome.summary


def test_a_report_of_another_project_is_foreign(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "app.py").write_text("print()\n")
    commit_all(other)
    for path in FORMATS:
        shutil.copy(project / "backend" / path, other)
        assert coverage(other, path).status is Status.ERROR


def test_a_report_that_mentions_lines_beyond_the_end_is_stale(project: Path) -> None:
    (project / "backend/pkg/half.py").write_text("def covered(x):\n    return 1\n")
    age(project / "backend/pkg/half.py", hours=1)
    outcome = coverage(project)
    assert outcome.status is Status.ERROR
    assert "no line 9" in outcome.summary


def test_outside_of_git_the_dates_of_the_files_decide(project: Path) -> None:
    shutil.rmtree(project / ".git")
    assert coverage(project).status is Status.PASSED
    later = datetime.now(UTC).timestamp() + 60
    os.utime(project / "backend/pkg/full.py", (later, later))
    assert coverage(project).status is Status.ERROR


def test_max_age_and_the_future(project: Path) -> None:
    assert coverage(project, max_age="1h").status is Status.PASSED
    outcome = coverage(project, max_age="1h", now=datetime.now(UTC) + timedelta(hours=2))
    assert outcome.status is Status.ERROR
    assert "longer than 1h ago" in outcome.summary
    outcome = coverage(project, now=datetime.now(UTC) - timedelta(hours=2))
    assert outcome.status is Status.ERROR
    assert "future" in outcome.summary


# What the report says about itself.


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


def test_the_configuration_of_the_repository_runs_no_code(measured_once: Path) -> None:
    hostile = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\ncoverage_init = print\n"
    backend = measured_once / "backend"
    planted = {"evil.py": hostile, "coverage.py": hostile, ".coveragerc": "[run]\nplugins = evil\n"}
    try:
        for name, text in planted.items():
            (backend / name).write_text(text)
        assert coverage(measured_once, "backend/.coverage").status is Status.PASSED
        assert not (backend / "ran").exists()
    finally:
        for name in planted:
            (backend / name).unlink()


def test_a_data_file_alone_counts_and_stays_as_it_is(measured_once: Path) -> None:
    backend = measured_once / "backend"
    data, beside = backend / ".coverage", backend / ".coverage.more"
    half = str(backend / "pkg" / "half.py")
    other = CoverageData(str(beside))
    other.add_arcs({half: [(line, line + 1) for line in range(1, 9)]})
    other.write()
    before = data.read_bytes(), beside.read_bytes()
    try:
        assert value(coverage(measured_once, "backend/.coverage")) == 75.0  # coverage.py would have combined them
        assert (data.read_bytes(), beside.read_bytes()) == before
    finally:
        beside.unlink()
        data.write_bytes(before[0])


def test_a_data_file_with_relative_names_is_read_where_it_lies(project: Path) -> None:
    backend = project / "backend"
    with closing(sqlite3.connect(backend / ".coverage")) as database:
        for number, name in database.execute("SELECT id, path FROM file").fetchall():
            relative = name.partition("/backend/")[2]
            database.execute("UPDATE file SET path = ? WHERE id = ?", (relative, number))
        database.commit()
    outcome = coverage(project, "backend/.coverage")
    assert (outcome.status, value(outcome)) == (Status.PASSED, 75.0)


def test_a_data_file_whose_sources_are_elsewhere_is_an_error(project: Path, tmp_path: Path) -> None:
    outcome = coverage(project, "backend/.coverage")  # it names the files of the original
    assert outcome.status is Status.ERROR
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".coverage").write_bytes(b"SQLite format 3\0" + b"garbage" * 100)
    outcome = coverage(tmp_path / "empty", ".coverage")
    assert outcome.status is Status.ERROR
    assert outcome.remedy


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
