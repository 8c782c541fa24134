"""Which files commits changed after a moment, by dates that no committer can set back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness import Repository
from readiness_checks.reading.changes import History
from support.repositories import commit_all, git

START = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
NOW = START + timedelta(days=30)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


class Project:
    """A repository whose commits are dated in hours."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.change("a.py", 0)

    def change(self, name: str, hours: float, text: str = "") -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or f"{name} of {hours}\n")
        return commit_all(self.root, date=at(hours))

    def changed_after(self, hours: float, *, tip: str = "HEAD", whole: bool = False, folder: str = ".") -> set[str]:
        history = History(Repository(self.root / folder), NOW)
        return history.changed_after(at(hours), tip=tip, whole=whole)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_commits_after_the_moment_count_and_those_at_it_do_not(project: Project) -> None:
    project.change("b.py", 1)
    project.change("c.py", 2)
    assert project.changed_after(2) == set()
    assert project.changed_after(1) == {"c.py"}
    assert project.changed_after(0.5) == {"b.py", "c.py"}
    assert project.changed_after(-1) == {"a.py", "b.py", "c.py"}


def test_a_commit_that_is_dated_before_its_parent_is_as_young_as_that(project: Project) -> None:
    project.change("b.py", 5)
    project.change("c.py", -1000)
    assert project.changed_after(1) == {"b.py", "c.py"}
    assert project.changed_after(5) == set()


def test_a_commit_of_the_future_is_as_young_as_the_next_one_or_as_now(project: Project) -> None:
    project.change("b.py", 24 * 365)
    assert project.changed_after(24 * 29) == {"b.py"}
    project.change("c.py", 3)
    assert project.changed_after(3) == set()
    assert project.changed_after(2) == {"b.py", "c.py"}


def test_a_merge_is_judged_by_what_it_changed_itself_or_as_a_whole(project: Project) -> None:
    git(project.root, "checkout", "-q", "-b", "side")
    project.change("side.py", 1)
    git(project.root, "checkout", "-q", "main")
    project.change("main.py", 2)
    git(project.root, "merge", "-q", "--no-ff", "side", "-m", "Merge", date=at(3))
    assert project.changed_after(2) == set()
    assert project.changed_after(2, whole=True) == {"side.py"}


def test_a_merge_that_gives_the_content_of_a_parent_brings_nothing(project: Project) -> None:
    git(project.root, "checkout", "-q", "-b", "side")
    project.change("side.py", 1)
    git(project.root, "checkout", "-q", "main")
    git(project.root, "merge", "-q", "--no-ff", "side", "-m", "Merge", date=at(3))
    assert project.changed_after(2, whole=True) == set()
    assert project.changed_after(0.5, whole=True) == {"side.py"}


def test_what_a_commit_builds_on_can_be_asked_for(project: Project) -> None:
    project.change("b.py", 1)
    tip = project.change("c.py", 2)
    project.change("d.py", 3)
    assert project.changed_after(0.5, tip=tip) == {"b.py"}
    assert project.changed_after(-1, tip=git(project.root, "rev-list", "--max-parents=0", "HEAD")) == set()


def test_names_are_those_of_the_folder_that_is_judged(project: Project) -> None:
    project.change("service/b.py", 1)
    project.change("other/c.py", 1)
    assert project.changed_after(0, folder="service") == {"b.py"}


def test_names_that_git_would_quote_are_taken_as_they_are(project: Project) -> None:
    project.change('ünïcode \n"x".py', 1)
    assert project.changed_after(0) == {'ünïcode \n"x".py'}


def test_a_shallow_clone_takes_its_oldest_commit_for_the_origin_of_all(project: Project, tmp_path: Path) -> None:
    project.change("b.py", 1)
    git(tmp_path, "clone", "--quiet", "--depth=1", project.root.as_uri(), "clone")
    history = History(Repository(tmp_path / "clone"), NOW)
    assert history.changed_after(at(0.5)) == {"a.py", "b.py"}
    assert history.changed_after(at(1)) == set()
