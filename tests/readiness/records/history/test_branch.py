"""What the history of a branch says about records, in real repositories."""

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.git import Repository
from readiness.records.history.branch import Branch, read_branch, read_line
from readiness.records.model.errors import RecordsError
from readiness.records.storage.work_tree import record_path
from support.repositories import commit_literally, git

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class Folder:
    """A repository whose record files hold any bytes: the branch does not read them."""

    def __init__(self, root: Path, below: str = "") -> None:
        self.top, self.root = root, root / below
        self.root.mkdir(parents=True, exist_ok=True)
        git(root, "init", "-q")
        self.days = 0
        self.write("README.md", b"x")
        self.commit()

    def write(self, path: str, data: bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        return place

    def commit(self, message: str = "Change", *, days: int | None = None) -> str:
        """Commit everything, a day after the last commit."""
        self.days += 1
        date = START + timedelta(days=self.days if days is None else days)
        git(self.top, "add", "-A")
        git(self.top, "commit", "-q", "--allow-empty", "-m", message, date=date)
        return git(self.top, "rev-parse", "HEAD")

    def keep(self, text: str) -> str:
        """Write both files of a record."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.write(record_path(digest), text.encode())
        self.write(record_path(digest, "sig"), b"signature of " + text.encode())
        return digest

    def paths(self, digest: str) -> tuple[Path, Path]:
        return self.root / record_path(digest), self.root / record_path(digest, "sig")

    def branch(self, ref: str = "HEAD") -> Branch:
        return read_branch(Repository(self.root), git(self.top, "rev-parse", ref))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def codes(branch: Branch) -> list[tuple[str, str, str]]:
    return [(violation.code, violation.path.rpartition(".")[2], violation.commit) for violation in branch.violations]


def test_each_record_is_dated_by_the_commit_that_brought_it(folder: Folder) -> None:
    one = folder.keep("one")
    first = folder.commit()
    two = folder.keep("two")
    second = folder.commit()
    folder.commit()
    branch = folder.branch()
    assert {digest: (seen.commit, seen.at) for digest, seen in branch.seen.items()} == {
        one: (first, START + timedelta(days=2)),
        two: (second, START + timedelta(days=3)),
    }
    assert (len(branch.line), branch.violations, branch.lost) == (4, (), ())


def test_a_record_of_the_first_commit_is_seen_whatever_git_is_configured_to_show(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name, value in (
        ("log.showRoot", "false"), ("log.diffMerges", "off"), ("log.follow", "true"), ("diff.relative", "true"),
        ("diff.renames", "copies"), ("diff.ignoreSubmodules", "all"), ("color.ui", "always"), ("log.date", "relative"),
        ("log.showSignature", "true"), ("format.pretty", "oneline"), ("core.quotePath", "true"),
    ):  # fmt: skip
        git(tmp_path, "config", name, value)
    folder = Folder.__new__(Folder)
    folder.top = folder.root = tmp_path
    folder.days = 0
    digest = folder.keep("one")
    commit = folder.commit()
    for path in folder.paths(digest):
        path.rename(tmp_path / path.name)
    gone = folder.commit()
    branch = folder.branch()
    assert branch.seen[digest].commit == commit
    assert codes(branch) == [("record-deleted", "json", gone), ("record-deleted", "sig", gone)]


def edit(folder: Folder, digest: str) -> None:
    folder.paths(digest)[0].write_bytes(b"other")


def edit_signature(folder: Folder, digest: str) -> None:
    folder.paths(digest)[1].write_bytes(b"other")


def delete(folder: Folder, digest: str) -> None:
    for path in folder.paths(digest):
        path.unlink()


def rename(folder: Folder, digest: str) -> None:
    for path in folder.paths(digest):
        path.rename(path.with_name(f"old-{path.name}"))


def link(folder: Folder, digest: str) -> None:
    path = folder.paths(digest)[0]
    path.rename(folder.top / "elsewhere")
    path.symlink_to("../../../elsewhere")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edit, [("record-edited", "json")]),
        (edit_signature, [("record-edited", "sig")]),
        (delete, [("record-deleted", "json"), ("record-deleted", "sig")]),
        (rename, [("record-deleted", "json"), ("record-deleted", "sig")]),
        (link, [("record-retyped", "json")]),
    ],
)
def test_what_is_done_to_a_record_is_named_with_commit_author_and_date(
    folder: Folder, change: Callable[[Folder, str], None], expected: list[tuple[str, str]]
) -> None:
    digest = folder.keep("one")
    folder.commit()
    change(folder, digest)
    commit = folder.commit()
    branch = folder.branch()
    assert codes(branch) == [(*entry, commit) for entry in expected]
    violation = branch.violations[0]
    assert (violation.author, violation.digest) == ("test@example.com", digest)
    assert violation.at == START + timedelta(days=3)
    assert f"in commit {commit[:10]} by test@example.com on 2026-11-04" in violation.reason
    assert violation.path in violation.remedy


def test_a_record_that_is_deleted_and_brought_back_is_named_twice(folder: Folder) -> None:
    digest = folder.keep("one")
    first = folder.commit()
    delete(folder, digest)
    gone = folder.commit()
    folder.keep("one")
    back = folder.commit()
    branch = folder.branch()
    assert codes(branch) == [
        ("record-deleted", "json", gone), ("record-deleted", "sig", gone),
        ("record-brought-back", "json", back), ("record-brought-back", "sig", back),
    ]  # fmt: skip
    assert branch.seen[digest].commit == first


def test_the_mode_of_a_file_is_not_its_content(folder: Folder) -> None:
    digest = folder.keep("one")
    folder.commit()
    folder.paths(digest)[0].chmod(0o755)
    folder.commit()
    assert folder.branch().violations == ()


def test_what_is_no_record_may_come_and_go(folder: Folder) -> None:
    path = folder.write(".readiness/records/ab/.writing-1", b"x")
    folder.commit()
    path.unlink()
    folder.commit()
    assert folder.branch().violations == ()


def test_an_evil_merge_is_found_where_git_itself_shows_nothing(folder: Folder) -> None:
    git(folder.root, "config", "log.diffMerges", "off")
    digest = folder.keep("one")
    folder.commit()
    git(folder.root, "checkout", "-q", "-b", "side")
    folder.keep("two")
    folder.commit()
    git(folder.root, "checkout", "-q", "main")
    folder.write("README.md", b"y")
    folder.commit()
    git(folder.root, "merge", "-q", "--no-ff", "--no-commit", "side")
    delete(folder, digest)
    evil = folder.commit("Merge side")
    shown = git(folder.root, "log", "--diff-filter=D", "--full-history", "--name-only", "--", ".readiness/records")
    assert shown == ""
    branch = folder.branch()
    assert codes(branch) == [("record-deleted", "json", evil), ("record-deleted", "sig", evil)]
    assert {path for path, _blob in branch.lost} == {record_path(digest), record_path(digest, "sig")}


def test_a_merge_that_brings_records_is_no_violation_and_dates_them(folder: Folder) -> None:
    git(folder.root, "checkout", "-q", "-b", "side")
    digest = folder.keep("one")
    folder.commit()
    git(folder.root, "checkout", "-q", "main")
    folder.keep("two")
    folder.commit()
    git(folder.root, "merge", "-q", "--no-ff", "--no-commit", "side")
    merge = folder.commit("Merge side")
    branch = folder.branch()
    assert branch.seen[digest].commit == merge
    assert (branch.violations, branch.lost) == ((), ())


def test_what_a_merge_hides_behind_its_second_parent_is_not_lost(folder: Folder) -> None:
    base = git(folder.root, "rev-parse", "HEAD")
    digest = folder.keep("one")
    folder.commit()
    delete(folder, digest)
    folder.commit()
    git(folder.root, "checkout", "-q", "-b", "side", base)
    folder.write("README.md", b"y")
    folder.commit()
    git(folder.root, "merge", "-q", "--no-ff", "-m", "Merge main", "main")
    branch = folder.branch()
    assert (branch.violations, dict(branch.seen)) == ((), {})
    assert {path for path, _blob in branch.lost} == {record_path(digest), record_path(digest, "sig")}


def test_what_a_merge_drops_of_its_second_parent_is_not_lost(folder: Folder) -> None:
    git(folder.root, "checkout", "-q", "-b", "side")
    digest = folder.keep("one")
    folder.commit()
    git(folder.root, "checkout", "-q", "main")
    folder.commit()
    git(folder.root, "merge", "-q", "--no-ff", "--no-commit", "side")
    delete(folder, digest)
    folder.commit("Merge side")
    branch = folder.branch()
    assert (branch.violations, dict(branch.seen)) == ((), {})
    assert {path for path, _blob in branch.lost} == {record_path(digest), record_path(digest, "sig")}


def test_a_record_counts_from_when_its_signature_came(folder: Folder) -> None:
    digest = folder.keep("one")
    folder.paths(digest)[1].unlink()
    folder.commit()
    assert dict(folder.branch().seen) == {}
    folder.keep("one")
    second = folder.commit()
    assert folder.branch().seen[digest].commit == second
    folder.paths(digest)[1].write_bytes(b"better")
    third = folder.commit()
    assert folder.branch().seen[digest].commit == third


def test_a_commit_is_never_older_than_the_one_it_builds_on(folder: Folder) -> None:
    digest = folder.keep("one")
    folder.commit(days=-300)
    assert folder.branch().seen[digest].at == START + timedelta(days=1)


def test_a_checklist_below_the_top_has_its_own_records(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "app")
    digest = folder.keep("one")
    folder.commit()
    other = tmp_path / ".readiness/records/ab"
    other.mkdir(parents=True)
    (other / f"ab{'0' * 62}.json").write_text("x")
    folder.commit()
    (other / f"ab{'0' * 62}.json").unlink()
    folder.commit()
    assert (list(folder.branch().seen), folder.branch().violations) == ([digest], ())
    delete(folder, digest)
    gone = folder.commit()
    assert codes(folder.branch()) == [("record-deleted", "json", gone), ("record-deleted", "sig", gone)]
    assert folder.branch().violations[0].path == record_path(digest)


@pytest.mark.parametrize("how", ["replace", "graft"])
def test_neither_replace_refs_nor_grafts_hide_a_commit(folder: Folder, how: str) -> None:
    digest = folder.keep("one")
    before = folder.commit()
    delete(folder, digest)
    gone = folder.commit()
    tip = folder.commit()
    if how == "replace":
        git(folder.root, "replace", "--graft", tip, f"{before}~")
    else:
        (folder.root / ".git/info").mkdir(exist_ok=True)
        (folder.root / ".git/info/grafts").write_text(f"{tip} {git(folder.root, 'rev-parse', before + '~')}\n")
    assert gone not in git(folder.root, "rev-list", "HEAD")
    assert codes(folder.branch()) == [("record-deleted", "json", gone), ("record-deleted", "sig", gone)]


@pytest.mark.parametrize("date", ["99999999999999999999 +0000", "-5 +0000", "+0000"])
def test_a_date_that_cannot_be_read_is_never_early(folder: Folder, date: str) -> None:
    digest = folder.keep("one")
    who = f"x <x@example.com> {date}"
    commit_literally(folder.root, f"author {who}\ncommitter {who}\n\nmessage\n")
    assert folder.branch().seen[digest].at >= START + timedelta(days=1)


NOT_BELIEVED = [["99999999999999999999 +0000"], ["+0000"], ["4102444800 +0000"], ["4102444800 +0000", "+0000"]]
"""Dates of commits in a row that cannot be read, or lie in the year 2100."""


@pytest.mark.parametrize("dates", NOT_BELIEVED, ids=str)
def test_a_commit_whose_date_cannot_be_true_counts_from_the_next_one(folder: Folder, dates: list[str]) -> None:
    digests = []
    for number, date in enumerate(dates):
        digests.append(folder.keep(f"record {number}"))
        who = f"x <x@example.com> {date}"
        commit_literally(folder.root, f"author {who}\ncommitter {who}\n\nmessage\n")
    after = folder.keep("after")
    folder.commit()
    branch = folder.branch()
    assert {branch.seen[digest].at for digest in (*digests, after)} == {START + timedelta(days=2)}
    assert [commit.misdated for commit in branch.line] == [False, *[True] * len(dates), False]


@pytest.mark.parametrize("dates", NOT_BELIEVED, ids=str)
def test_the_newest_commit_counts_from_the_run_where_its_date_cannot_be_true(folder: Folder, dates: list[str]) -> None:
    for date in dates:
        digest = folder.keep(date)
        who = f"x <x@example.com> {date}"
        tip = commit_literally(folder.root, f"author {who}\ncommitter {who}\n\nmessage\n")
    clock = START + timedelta(days=90)
    assert read_branch(Repository(folder.root), tip, clock=clock).seen[digest].at == clock


def test_a_wrong_clock_lets_nothing_reach_back_in_time(folder: Folder) -> None:
    folder.commit(days=20)
    folder.commit(days=20_000)
    digest = folder.keep("one")
    folder.commit(days=-300)
    assert folder.branch().seen[digest].at == START + timedelta(days=20)


def test_a_date_counts_as_written_from_the_moment_that_it_names(folder: Folder) -> None:
    """Git alone cannot tell it from a true one any more, so it holds those after it: nothing reaches back in time."""
    folder.commit(days=20)
    digest = folder.keep("one")
    tip = folder.commit(days=10)
    for clock, day in ((19, 10), (20, 20), (21, 20)):
        branch = read_branch(Repository(folder.root), tip, clock=START + timedelta(days=clock))
        assert branch.seen[digest].at == START + timedelta(days=day)


def test_the_line_alone_is_dated_as_with_its_records(folder: Folder) -> None:
    for days in (3, 20_000, 2, 4):
        folder.commit(days=days)
    repository = Repository(folder.root)
    assert read_line(repository, repository.head) == folder.branch().line
    assert [commit.position for commit in folder.branch().line] == [0, 1, 2, 3, 4]


def test_a_shallow_clone_is_refused_with_its_remedy(folder: Folder, tmp_path: Path) -> None:
    folder.commit()
    target = tmp_path.parent / f"{tmp_path.name}-shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", folder.root.as_uri(), str(target)], check=True, capture_output=True
    )
    repository = Repository(target)
    with pytest.raises(RecordsError, match="shallow clone") as caught:
        read_branch(repository, repository.head)
    assert "git fetch --unshallow" in caught.value.remedy
    assert "fetch-depth: 0" in caught.value.remedy


def test_a_commit_that_is_missing_is_an_error_and_not_the_end_of_history(folder: Folder) -> None:
    missing = folder.commit()
    folder.commit()
    (folder.root / ".git/objects" / missing[:2] / missing[2:]).unlink()
    with pytest.raises(RecordsError, match="cannot read the history"):
        folder.branch()


def test_versions_of_watched_files_are_told_by_their_place_on_the_line(folder: Folder) -> None:
    folder.write("roles", b"a")
    folder.commit()
    folder.write("roles", b"b")
    folder.commit()
    folder.commit()
    (folder.root / "roles").unlink()
    folder.commit()
    repository = Repository(folder.root)
    versions = read_branch(repository, repository.head, ["roles"]).versions["roles"]
    assert [position for position, _blob in versions] == [1, 2, 4]
    blobs = [blob for _position, blob in versions]
    assert [repository.blob(blob) if blob else b"" for blob in blobs] == [b"a", b"b", b""]


@pytest.mark.parametrize("read", [read_branch, read_line], ids=lambda read: read.__name__)
def test_git_that_ends_well_and_names_no_commit_is_an_error(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, read: Callable[[Repository, str], object]
) -> None:
    repository, tip = Repository(folder.root), git(folder.top, "rev-parse", "HEAD")
    answer = repository.read_once
    monkeypatch.setattr(repository, "read_once", lambda *args: "" if "log" in args else answer(*args))
    with pytest.raises(RecordsError, match=f"git log named no commit, not even {tip}"):
        read(repository, tip)
