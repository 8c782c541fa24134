"""What made a sign-off stale is told with file, commit, author and date, whatever the change and whoever wrote it."""

from datetime import timedelta
from pathlib import Path

import pytest

from readiness.testing import NOW
from support.signing import COUNSEL, PARALEGAL, Project, git

DAY = "2026-11-23T11:00:00Z"
BY = "by dev@example.com on 2026-11-23"
AFTER = f", after {COUNSEL} signed"


@pytest.fixture
def signed(tmp_path: Path) -> Project:
    project = Project(tmp_path / "deedpro", covers=["templates/**"])
    project.sign(at=NOW - timedelta(days=1))
    project.commit("Sign", date="2026-11-22T12:00:00Z")
    return project


def told(project: Project) -> str:
    card = project.outcome().signoffs[0]
    assert (card.state, card.code) == ("stale", "subject-changed")
    return card.reason


def test_each_of_several_files_is_told_with_its_own_commit(signed: Project) -> None:
    signed.write("templates/grant_deed.html", "x")
    one = signed.commit(date=DAY)
    signed.write("templates/lien.html", "x")
    (signed.root / "templates/tax_deed.html").unlink()
    other = signed.commit(author="qa@example.com", date=DAY)
    assert told(signed) == (
        f"`templates/grant_deed.html` changed in {one[:10]} {BY}, "
        f"`templates/lien.html` was added in {other[:10]} by qa@example.com on 2026-11-23, "
        f"`templates/tax_deed.html` was removed in {other[:10]} by qa@example.com on 2026-11-23{AFTER}"
    )


def test_of_many_files_the_first_are_told_and_the_rest_are_counted(signed: Project) -> None:
    for number in range(6):
        signed.write(f"templates/{number}.html", "x")
    commit = signed.commit(date=DAY)
    first = ", ".join(f"`templates/{number}.html` was added in {commit[:10]} {BY}" for number in range(3))
    assert told(signed) == f"{first}, 3 more files changed{AFTER}"


def test_the_commit_on_a_branch_is_told_and_not_its_merge(signed: Project) -> None:
    git(signed.root, "checkout", "-q", "-b", "work")
    signed.write("templates/grant_deed.html", "x")
    commit = signed.commit(date=DAY)
    git(signed.root, "checkout", "-q", "main")
    signed.write("README.md", "x")
    signed.commit(date=DAY)
    git(signed.root, "merge", "-q", "--no-ff", "--no-edit", "work", author="lead@example.com", date=DAY)
    assert told(signed) == f"`templates/grant_deed.html` changed in {commit[:10]} {BY}{AFTER}"


def test_a_merge_that_changed_it_itself_is_told(signed: Project) -> None:
    git(signed.root, "checkout", "-q", "-b", "work")
    signed.write("README.md", "x")
    signed.commit(date=DAY)
    git(signed.root, "checkout", "-q", "main")
    signed.write("LICENSE", "x")
    signed.commit(date=DAY)
    git(signed.root, "merge", "-q", "--no-ff", "--no-commit", "work")
    signed.write("templates/grant_deed.html", "x")
    commit = signed.commit("Merge", author="lead@example.com", date=DAY)
    assert told(signed) == (
        f"`templates/grant_deed.html` changed in {commit[:10]} by lead@example.com on 2026-11-23{AFTER}"
    )


def test_an_author_and_a_file_cannot_speak_to_a_terminal_or_break_the_sentence(signed: Project) -> None:
    signed.write("templates/\u202egnihton.html".replace("\u202e", "`x` was approved, "), "x")
    commit = signed.commit("Subject\x1b[2J", author="a\x1b[31mred@example.com", date=DAY)
    reason = told(signed)
    assert "\x1b" not in reason
    assert f"in {commit[:10]} by a\\x1b[31mred@example.com on 2026-11-23" in reason


def test_without_a_commit_that_explains_it_none_is_made_up(signed: Project) -> None:
    record = signed.sign(PARALEGAL, at=NOW - timedelta(hours=25), alter={"commit": "0" * 40})
    signed.write("templates/grant_deed.html", "x")
    signed.commit(date="2026-11-01T10:00:00Z")
    reason = next(card.reason for card in signed.outcome().signoffs if card.record == record)
    assert reason == f"this is not what {PARALEGAL} signed: `templates/grant_deed.html` changed"


def test_a_file_of_a_folder_is_told_from_that_folder(tmp_path: Path) -> None:
    top = tmp_path / "mono"
    top.mkdir()
    git(top, "init", "-q")
    (top / "app").mkdir()
    project = Project(top / "app", covers=["templates/**"])
    git(top / "app", "rev-parse", "HEAD")
    for path in sorted((top / "app/.git").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    (top / "app/.git").rmdir()
    project.commit(date="2026-11-20T10:00:00Z")
    project.sign(at=NOW - timedelta(days=1))
    project.commit("Sign", date="2026-11-22T12:00:00Z")
    (top / "templates").mkdir()
    (top / "templates/grant_deed.html").write_text("another file of the same name")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "Elsewhere", date=DAY)
    project.write("templates/grant_deed.html", "x")
    commit = project.commit(author="qa@example.com", date=DAY)
    assert told(project) == (
        f"`templates/grant_deed.html` changed in {commit[:10]} by qa@example.com on 2026-11-23{AFTER}"
    )
