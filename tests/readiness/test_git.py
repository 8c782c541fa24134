import os
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from git import Git

from readiness.git import GitError, Repository
from readiness.git_program import GitProgram


def git(folder: Path, *args: str) -> str:
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    environ |= {"GIT_COMMITTER_DATE": "2026-11-01T10:00:00+02:00", "GIT_AUTHOR_DATE": "2026-11-01T10:00:00+02:00"}
    options = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", "-C", str(folder), *options, *args], check=True, capture_output=True, env=environ)
    return done.stdout.decode(errors="surrogateescape").strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with one commit of two files, one below a folder."""
    git(tmp_path, "init", "-q")
    (tmp_path / "a.txt").write_bytes(b"a\r\n\xff")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "ü b.txt").write_text("b")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "First: ü")
    return tmp_path


def test_there_is_none_outside_a_repository(tmp_path: Path) -> None:
    assert Repository.find(tmp_path) is None
    with pytest.raises(GitError):
        Repository(tmp_path)


def test_before_the_first_commit_there_is_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    repository = Repository(tmp_path)
    assert (repository.head, repository.branch) == ("", "main")
    with pytest.raises(GitError):
        repository.commit()


def test_knows_the_head(folder: Path) -> None:
    repository = Repository(folder)
    commit = repository.commit()
    assert repository.head == commit.id == git(folder, "rev-parse", "HEAD") == repository.resolve("main")
    assert (commit.author, commit.subject) == ("ada@example.com", "First: ü")
    assert commit.committed_at == datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    assert not repository.shallow
    git(folder, "checkout", "-q", "--detach")
    assert Repository(folder).branch == ""


def test_lists_what_is_tracked_and_what_changed_relative_to_its_folder(folder: Path) -> None:
    assert Repository(folder).tracked_files() == ["a.txt", "sub/ü b.txt"]
    below = Repository(folder / "sub")
    assert below.tracked_files() == ["ü b.txt"]
    assert below.changed_files() == []
    (folder / "sub" / "new").mkdir()
    (folder / "sub" / "new" / "c").write_text("c")
    (folder / "sub" / "ü b.txt").unlink()
    (folder / "a.txt").write_text("changed")
    assert sorted(below.changed_files()) == ["new/c", "ü b.txt"]
    assert "a.txt" in Repository(folder).changed_files()


def test_reads_trees_and_blobs_as_they_were_committed(folder: Path) -> None:
    repository = Repository(folder)
    (folder / "a.txt").write_text("changed")
    entries = {entry.path: entry for entry in repository.tree()}
    assert {path: entry.mode for path, entry in entries.items()} == {"a.txt": "100644", "sub/ü b.txt": "100644"}
    assert repository.blob(entries["a.txt"].blob) == b"a\r\n\xff"
    with pytest.raises(GitError):
        repository.blob("0" * 40)
    with pytest.raises(GitError):
        repository.tree("nowhere")


def test_a_ref_is_never_taken_for_an_option(folder: Path) -> None:
    repository = Repository(folder)
    for ref in ("--help", "--output=stolen", "-1"):
        with pytest.raises(GitError):
            repository.resolve(ref)
        with pytest.raises(GitError):
            repository.commit(ref)
    assert not (folder / "stolen").exists()


def test_lists_commits_that_touched_a_path(folder: Path) -> None:
    first = git(folder, "rev-parse", "HEAD")
    (folder / "a.txt").write_text("2")
    git(folder, "commit", "-qam", "Second")
    repository = Repository(folder)
    assert [commit.subject for commit in repository.commits()] == ["Second", "First: ü"]
    assert [commit.subject for commit in repository.commits("sub")] == ["First: ü"]
    assert [commit.subject for commit in repository.commits(since=first)] == ["Second"]
    assert [commit.subject for commit in repository.commits(limit=1)] == ["Second"]


def test_tells_what_is_ignored(folder: Path) -> None:
    (folder / ".gitignore").write_text(".env\na.txt\n:odd\nabsent\n")
    for name in (".env", ":odd", "*"):
        (folder / name).write_text("x")
    repository = Repository(folder)
    assert repository.ignored([".env", "a.txt", "sub/x", "*", ":odd", "absent"]) == {".env", ":odd"}
    assert repository.ignored([]) == set()
    with pytest.raises(GitError):
        repository.ignored(["../outside"])


def test_replace_refs_do_not_lie(folder: Path) -> None:
    honest = Repository(folder).blob(git(folder, "rev-parse", "HEAD:a.txt"))
    (folder / "lie").write_text("lie")
    lie = git(folder, "hash-object", "-w", "lie")
    git(folder, "replace", git(folder, "rev-parse", "HEAD:a.txt"), lie)
    assert Repository(folder).blob(git(folder, "rev-parse", "HEAD:a.txt")) == honest


def test_the_configuration_of_a_repository_runs_no_program(folder: Path) -> None:
    trap = folder / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {folder}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        git(folder, "config", key, str(trap))
    git(folder, "config", "log.showSignature", "true")
    (folder / "sprung").unlink(missing_ok=True)
    repository = Repository(folder)
    repository.changed_files()
    repository.commits()
    repository.tree()
    assert not (folder / "sprung").exists()


@pytest.mark.parametrize("how", ["file", "ssh"])
def test_a_partial_clone_fetches_by_no_program_that_its_configuration_names(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, how: str
) -> None:
    git(folder, "config", "uploadpack.allowFilter", "true")
    partial = tmp_path_factory.mktemp("partial") / "clone"
    git(folder, "clone", "-q", "--no-checkout", "--filter=blob:none", folder.as_uri(), str(partial))
    trap, sprung = partial / "trap.sh", partial / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    git(partial, "config", "remote.origin.uploadpack", str(trap))
    git(partial, "config", "core.sshCommand", str(trap))
    if how == "ssh":
        git(partial, "remote", "set-url", "origin", "ssh://127.0.0.1:9/nowhere")
    missing = git(folder, "rev-parse", "HEAD:a.txt")
    with pytest.raises(GitError):
        Repository(partial).blob(missing)
    assert not sprung.exists()
    with pytest.raises(subprocess.CalledProcessError):
        git(partial, "cat-file", "blob", missing)
    assert sprung.exists(), "git itself would run it"


def test_a_file_name_that_is_not_utf8_is_kept(folder: Path) -> None:
    name = os.fsdecode(b"latin-\xe9")
    (folder / name).write_text("x")
    git(folder, "add", ".")
    assert name in Repository(folder).tracked_files()


def test_grafts_do_not_lie(folder: Path) -> None:
    git(folder, "commit", "-q", "--allow-empty", "-m", "Second")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Third")
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / ".git/info/grafts").write_text(f"{git(folder, 'rev-parse', 'HEAD')}\n")
    assert len(git(folder, "rev-list", "HEAD").split()) == 1
    assert [commit.subject for commit in Repository(folder).commits()] == ["Third", "Second", "First: ü"]


def test_reads_many_blobs_at_once_and_leaves_out_large_ones(folder: Path) -> None:
    (folder / "empty").write_bytes(b"")
    (folder / "large").write_bytes(b"x" * 1_000)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "More")
    repository = Repository(folder)
    blobs = {entry.path: entry.blob for entry in repository.tree()}
    read = repository.blobs([*blobs.values(), *blobs.values()], limit=999)
    assert {path: read.get(blob) for path, blob in blobs.items()} == {
        "a.txt": b"a\r\n\xff", "sub/ü b.txt": b"b", "empty": b"", "large": None,
    }  # fmt: skip
    assert repository.blobs([], limit=10) == {}


@pytest.mark.parametrize("missing", ["0" * 40, "HEAD^{tree}"])
def test_an_object_that_is_no_blob_or_is_not_there_is_an_error(folder: Path, missing: str) -> None:
    repository = Repository(folder)
    wanted = missing if missing.isdigit() else git(folder, "rev-parse", missing)
    with pytest.raises(GitError, match="missing or is no blob"):
        repository.blobs([wanted], limit=10_000)
    with pytest.raises(GitError, match="missing or is no blob"):
        repository.sha256_of_blobs([wanted])


def test_knows_where_two_commits_parted_and_what_a_merge_joined(folder: Path) -> None:
    base = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "-q", "-b", "side")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Side")
    git(folder, "checkout", "-q", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Main")
    repository = Repository(folder)
    assert repository.merge_base("main", "side") == base
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert repository.parents("main") == (git(folder, "rev-parse", "main~"), git(folder, "rev-parse", "side"))
    assert repository.parents(base) == ()
    git(folder, "checkout", "-q", "--orphan", "other")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Other")
    assert repository.merge_base("main", "other") == ""
    with pytest.raises(GitError):
        repository.merge_base("main", "nowhere")


def test_a_commit_whose_author_holds_separators_is_read_whole(folder: Path) -> None:
    git(folder, "-c", "user.email=x\x1fy\x01@example.com", "commit", "-q", "--allow-empty", "-m", "Odd")
    commit = Repository(folder).commit()
    assert (commit.author, commit.subject) == ("x\x1fy\x01@example.com", "Odd")


def test_the_folder_knows_its_place(folder: Path) -> None:
    assert (Repository(folder).prefix, Repository(folder / "sub").prefix) == ("", "sub/")


@pytest.mark.parametrize("content", [b"", b"\n", b"a\r\n\xff" * 100_000])
def test_reads_a_blob_up_to_a_limit_by_one_process(
    folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one").write_bytes(content)
    blob = git(folder, "hash-object", "-w", "one")
    repository = Repository(folder)
    started: list[list[str]] = []
    execute = Git.execute

    def counted(self: Git, command: list[str], **how: Any) -> Any:
        started.append(command)
        return execute(self, command, **how)

    monkeypatch.setattr(Git, "execute", counted)
    assert repository.blob_up_to(len(content), blob) == content
    assert len(started) == 1
    assert repository.blob_up_to(len(content) - 1, blob) is None


def test_a_blob_that_is_damaged_is_an_error(folder: Path) -> None:
    (folder / "one").write_bytes(os.urandom(200_000))
    blob = git(folder, "hash-object", "-w", "one")
    loose = folder / ".git/objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    kept = loose.read_bytes()
    loose.write_bytes(kept[:100_000] + bytes(100) + kept[100_100:])
    with pytest.raises(GitError):
        Repository(folder).blob_up_to(2**20, blob)


@pytest.mark.parametrize("missing", ["0" * 40, "HEAD^{tree}"])
def test_one_object_that_is_no_blob_or_is_not_there_is_an_error(folder: Path, missing: str) -> None:
    asked = git(folder, "rev-parse", missing) if "^" in missing else missing
    with pytest.raises(GitError, match="is missing or is no blob"):
        Repository(folder).blob_up_to(100, asked)


def test_an_object_id_is_asked_for_once_and_a_branch_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(folder)
    first = repository.resolve("main")
    asked: list[str] = []
    run = GitProgram.run

    def counted(self: GitProgram, args: Sequence[str], **how: Any) -> bytes:
        asked.append(args[-1])
        return run(self, args, **how)

    monkeypatch.setattr(GitProgram, "run", counted)
    assert [repository.resolve(first) for _ in range(3)] == [first] * 3
    assert asked == [first + "^{commit}"]
    git(folder, "commit", "-q", "--allow-empty", "-m", "Second")
    assert repository.resolve("main") == git(folder, "rev-parse", "HEAD") != first
    assert repository.resolve(first[:12]) == first


def test_an_object_id_that_is_not_there_is_not_remembered(folder: Path) -> None:
    repository = Repository(folder)
    git(folder, "commit", "-q", "--allow-empty", "-m", "Second")
    second = git(folder, "rev-parse", "HEAD")
    loose = folder / ".git/objects" / second[:2] / second[2:]
    kept = loose.read_bytes()
    loose.unlink()
    with pytest.raises(GitError):
        repository.resolve(second)
    loose.write_bytes(kept)
    assert repository.resolve(second) == second
