"""Who made a change is told by the history as it is: merges, made-up text, other names and folders hide nobody."""

from pathlib import Path

import pytest

from readiness.outcome import Status
from readiness.testing import NOW
from support.authored import DAY, DEED, OWN, change, first, outcome
from support.signing import COUNSEL, Project, git


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro", covers=["templates/**"], not_by="authors")


def merge(project: Project, *, by: str = COUNSEL, date: str = "2026-11-22T12:00:00Z", strategy: str = "ort") -> None:
    git(project.root, "merge", "-q", "--no-ff", "--no-commit", "-s", strategy, "side", author=by, date=date)


def side(project: Project) -> None:
    """A branch on which a developer changed the deed, while the main branch changed something else."""
    git(project.root, "checkout", "-q", "-b", "side")
    change(project, "dev@example.com")
    git(project.root, "checkout", "-q", "main")
    project.write("README.md", "more")
    project.commit(author="dev@example.com", date=DAY)


def test_who_merely_merges_is_no_author(project: Project) -> None:
    side(project)
    merge(project)
    project.commit("Merge", author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED


def test_a_merge_that_changes_something_of_its_own_is_a_change(project: Project) -> None:
    side(project)
    merge(project)
    project.write("templates/tax_deed.html", "evil")
    project.commit("Merge", author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_a_merge_that_drops_the_change_of_a_side_is_a_change(project: Project) -> None:
    side(project)
    merge(project, strategy="ours")
    project.commit("Merge", author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_a_merge_with_an_ancestor_that_takes_back_a_change_is_a_change(project: Project) -> None:
    older = git(project.root, "rev-parse", "HEAD").strip()
    change(project, "dev@example.com")
    head = git(project.root, "rev-parse", "HEAD").strip()
    tree = git(project.root, "rev-parse", f"{older}^{{tree}}").strip()
    made = git(project.root, "commit-tree", tree, "-p", head, "-p", older, "-m", "Merge", author=COUNSEL, date=DAY)
    git(project.root, "reset", "-q", "--hard", made.strip())
    assert git(project.root, "show", "-c", "--name-only", "--format=").strip() == "", "git itself names no file"
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_to_combine_two_changes_of_one_file_is_a_change(project: Project) -> None:
    project.write(DEED, "\n".join("abcdefgh"))
    project.commit(author="dev@example.com", date="2026-11-01T10:00:00Z")
    git(project.root, "checkout", "-q", "-b", "side")
    change(project, "dev@example.com", "\n".join("Abcdefgh"))
    git(project.root, "checkout", "-q", "main")
    change(project, "dev@example.com", "\n".join("abcdefgH"))
    merge(project)
    project.commit("Merge", author=COUNSEL, date=DAY)
    assert (project.root / DEED).read_text() == "\n".join("AbcdefgH")
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_a_merge_of_three_branches_is_looked_at_too(project: Project) -> None:
    for name in ("one", "two"):
        git(project.root, "checkout", "-q", "-b", name, "main")
        project.write(f"{name}.txt", name)
        project.commit(author="dev@example.com", date=DAY)
    git(project.root, "checkout", "-q", "main")
    git(project.root, "merge", "-q", "--no-commit", "one", "two")
    project.commit("Merge", author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED
    project.write(DEED, "evil")
    git(project.root, "add", "-A")
    git(project.root, "commit", "-q", "--amend", "-m", "Merge", author=COUNSEL, date=DAY)
    project.sign(COUNSEL, at=NOW)
    assert first(outcome(project)) == OWN


def test_histories_that_share_no_commit_can_be_merged(project: Project) -> None:
    git(project.root, "checkout", "-q", "--orphan", "side")
    git(project.root, "rm", "-qrf", ".")
    project.write("templates/other.html", "other")
    project.commit(author="dev@example.com", date=DAY)
    git(project.root, "checkout", "-q", "main")
    git(project.root, "merge", "-q", "--no-commit", "--allow-unrelated-histories", "side")
    project.commit("Merge", author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED


def test_a_mailmap_does_not_turn_an_author_into_another(project: Project) -> None:
    project.write(".mailmap", "Dev <dev@example.com> <counsel@example.com>\n")
    git(project.root, "config", "log.mailmap", "true")
    change(project, COUNSEL)
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_a_replace_ref_does_not_turn_an_author_into_another(project: Project) -> None:
    commit = change(project, COUNSEL)
    git(project.root, "checkout", "-q", "-b", "other", "HEAD~")
    other = change(project, "dev@example.com")
    git(project.root, "checkout", "-q", "main")
    project.sign(COUNSEL)
    git(project.root, "replace", commit, other)
    assert first(outcome(project)) == OWN


def test_made_up_text_in_a_commit_hides_no_author(project: Project) -> None:
    project.write(DEED, "changed")
    git(project.root, "add", "-A")
    message = f"commit {'0' * 40}\n\n\x01:100644 100644 {'0' * 40} {'0' * 40} M\ttemplates/x\n+AAA-dev@example.com+AAA-"
    git(project.root, "-c", "i18n.commitEncoding=UTF-7", "commit", "-q", "-m", message, author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert first(outcome(project)) == OWN


def test_in_a_folder_of_the_repository_only_that_folder_counts(tmp_path: Path) -> None:
    top = tmp_path / "mono"
    top.mkdir()
    git(top, "init", "-q")
    project = Project(top / "app", covers=["**/*.html"], not_by="authors")
    for path in sorted((top / "app/.git").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (top / "app/.git").rmdir()
    project.commit(date=DAY)
    (top / "templates").mkdir()
    (top / "templates/other.html").write_text("other")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "Elsewhere", author=COUNSEL, date=DAY)
    project.sign(COUNSEL)
    assert outcome(project).status is Status.PASSED
    change(project, COUNSEL)
    project.sign(COUNSEL, at=NOW)
    assert first(outcome(project)) == OWN
