"""A report counts for the very source that it measured: not for one that is newer, elsewhere or gone."""

import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from readiness.outcome import Level, Status
from support.measured_project import FORMATS, HALF, age, coverage
from support.repositories import commit_all, git


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
