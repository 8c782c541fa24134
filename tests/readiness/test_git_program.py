"""Git runs no filter that a configuration names, nor in submodules; Git LFS and git-crypt are told by their words."""

import contextlib
import os
import subprocess
from pathlib import Path

import pytest

from readiness import git_program
from readiness.git import GitError, Repository
from readiness.git_program import without_filters
from support.judge_attacks import attack
from support.signing import git


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """A file that is there when a filter has run."""
    return tmp_path / "ran"


def planted(root: Path, ran: Path, name: str = "x") -> Path:
    """A repository whose own configuration names a filter for its one file, which seems changed."""
    root.mkdir()
    git(root, "init", "-q")
    (root / "a.txt").write_text("a\n")
    (root / ".gitattributes").write_text(f"* filter={name}\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Begin")
    git(root, "config", f"filter.{name}.clean", f"touch {ran}; cat")
    os.utime(root / "a.txt", (1, 1))
    return root


@attack("A test tells git to run a program, as a filter, in the configuration of the clone or of the user")
def test_a_planted_filter_does_not_run_and_hides_no_change(tmp_path: Path, ran: Path) -> None:
    root = planted(tmp_path / "p", ran)
    git(root, "status")
    assert ran.exists(), "git itself would run it"
    ran.unlink()
    os.utime(root / "a.txt", (2, 2))
    assert Repository(root).changed_files() == []
    git(root, "config", "filter.x.clean", f"touch {ran}; git show HEAD:a.txt")
    (root / "a.txt").write_text("b\n")
    assert Repository(root).changed_files() == ["a.txt"]
    Repository(root).read("hash-object", "--", "a.txt")
    assert not ran.exists()


def test_nor_does_one_of_a_repository_that_was_put_into_the_place_of_a_submodule(tmp_path: Path, ran: Path) -> None:
    outer = tmp_path / "p"
    outer.mkdir()
    git(outer, "init", "-q")
    inner = planted(outer / "evidence", ran)
    commit = git(inner, "rev-parse", "HEAD").strip()
    git(outer, "update-index", "--add", "--cacheinfo", f"160000,{commit},evidence")
    git(outer, "commit", "-qm", "Begin")
    git(outer, "status")
    assert ran.exists(), "git itself would run it"
    ran.unlink()
    os.utime(inner / "a.txt", (2, 2))
    assert Repository(outer).changed_files() == []
    assert not ran.exists()


def test_a_filter_whose_name_no_option_can_say_is_refused(tmp_path: Path, ran: Path) -> None:
    root = planted(tmp_path / "p", ran, name="a=b")
    with pytest.raises(GitError, match="cannot be switched off"):
        Repository(root).changed_files()


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("git-lfs clean -- %f", True),
        ("git lfs filter-process --skip", True),
        ('"git-crypt" clean --key-name=prod', True),
        ("git-lfs clean -- %f; touch x", False),
        ("./git-lfs clean -- %f", False),
        ("sed s/a/b/", False),
        ("", True),
    ],
)
def test_only_the_filters_of_lfs_and_git_crypt_run(line: str, *, runs: bool) -> None:
    said = f"filter.x.clean\n{line}\0"
    found = without_filters(["status"], lambda args: said if "config" in args else "")
    assert (found == []) is runs
    assert without_filters(["log"], lambda _args: f"filter.x.clean\n{line}\0") == []


@pytest.mark.parametrize("key", ["alias.lfs", "lfs.extension.x.clean"])
def test_what_is_told_by_the_words_of_git_lfs_runs_nothing_else(tmp_path: Path, ran: Path, key: str) -> None:
    root = planted(tmp_path / "p", ran, "lfs")
    git(root, "config", "filter.lfs.clean", "git lfs clean -- %f")
    git(root, "config", key, f"!touch {ran}; cat" if key.startswith("alias") else f"touch {ran}; cat")
    with contextlib.suppress(GitError):
        Repository(root).changed_files()
    assert not ran.exists()


def test_the_filter_of_git_lfs_does_not_run_where_it_would_run_extensions() -> None:
    said = "filter.lfs.clean\ngit-lfs clean -- %f\0lfs.extension.x.clean\ncat\0"
    options = without_filters(["status"], lambda args: said if "config" in args else "")
    assert "filter.lfs.clean=" in options


def _told(folder: Path, said: str, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=folder, input=said, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """A repository with a commit of a few objects whose tree names ten million files."""
    folder = tmp_path / "bomb"
    folder.mkdir()
    git(folder, "init", "-q")
    kind, mode, tree = "blob", "100644", _told(folder, "x", "hash-object", "-w", "--stdin")
    for _ in range(7):
        entries = "".join(f"{mode} {kind} {tree}\tn{number}\n" for number in range(10))
        kind, mode, tree = "tree", "040000", _told(folder, entries, "mktree")
    git(folder, "update-ref", "refs/heads/bomb", git(folder, "commit-tree", "-m", "Bomb", tree).strip())
    return folder


def test_a_tree_that_names_millions_of_files_is_refused_and_a_larger_limit_would_read_it(
    bomb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_program, "LARGEST", 2**20)
    program = git_program.GitProgram(bomb)
    with pytest.raises(GitError, match="git ls-tree -r bomb: it tells more than 1 MiB"):
        program.run(["ls-tree", "-r", "bomb"])
    assert program.run(["ls-tree", "bomb"]).count(b"\n") == 10


def test_a_command_that_does_not_end_is_stopped(bomb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_program, "LONGEST_RUN", 0.0)
    with pytest.raises(GitError, match="git ls-tree -r bomb: it did not end within 0 s"):
        git_program.GitProgram(bomb).run(["ls-tree", "-r", "bomb"])


def test_what_a_command_says_on_both_streams_at_once_does_not_stop_it(bomb: Path) -> None:
    bad = "".join(f"{number:040x}\n" for number in range(20_000))
    (bomb / "asked").write_text(bad)
    with (bomb / "asked").open("rb") as asked:
        out = git_program.GitProgram(bomb).run(["cat-file", "--batch-check"], istream=asked)
    assert out.count(b" missing\n") == 20_000
