import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from readiness import git_program
from readiness.git import GitError, Repository
from readiness.git_objects import GitAnswers, GitObjects, keeping_answers, kept_answers
from readiness.git_program import GitProgram
from support.repositories import commit_all

NAMES = ("a", "a.b/c", "a-b/c", "b/a", "b/a.c", "b/a/x" + "y", "ü/ß", "b-/a", "B/a", "c d/:(top)e")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in NAMES[:5] + NAMES[6:]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    commit_all(tmp_path)
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The git commands that are run."""
    commands: list[str] = []
    run = GitProgram._execute

    def counting(program: GitProgram, args: Sequence[str], *rest: object, **named: bool) -> object:
        commands.append(" ".join(args))
        return run(program, args, *rest, **named)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(GitProgram, "_execute", counting)
    return commands


def test_while_a_command_runs_each_repository_value_asks_git_for_an_object_once(root: Path, asked: list[str]) -> None:
    with keeping_answers():
        answers = []
        for _ in range(3):
            repository = Repository(root)
            head = repository.resolve(repository.head)
            entries = repository.tree(head)
            blobs = [entry.blob for entry in entries]
            answers.append((head, entries, repository.blobs(blobs, limit=99), repository.blob_up_to(99, blobs[0])))
    assert answers[0] == answers[1] == answers[2]
    assert len(asked) - len(set(asked)) == 2, "only HEAD is asked again"
    assert asked.count("rev-parse --verify --quiet HEAD^{commit}") == 3


def test_what_can_change_is_asked_each_time(root: Path) -> None:
    with keeping_answers():
        before = Repository(root).tree("HEAD")
        (root / "new").write_text("new")
        commit_all(root)
        assert {entry.path for entry in Repository(root).tree("HEAD")} == {entry.path for entry in before} | {"new"}
        (root / "ignored").write_text("x")
        assert Repository(root).changed_files() == ["ignored"]


def test_a_file_that_is_looked_for_in_a_kept_tree_is_what_git_would_find(root: Path) -> None:
    head = Repository(root).head
    paths = [[name] for name in NAMES]
    paths += [["b"], ["a.b"], ["a-"], ["b/"], ["./a"], ["b/../a"], ["."], ["a", "B"], ["ü"], ["none"], ["*"], ["b//a"]]
    for asked_for in paths:
        fresh = Repository(root).tree(head, asked_for)
        with keeping_answers():
            Repository(root).tree(head)
            assert Repository(root).tree(head, asked_for) == fresh, asked_for


def test_a_limit_holds_for_a_blob_that_is_kept(root: Path) -> None:
    with keeping_answers():
        repository = Repository(root)
        entry = next(entry for entry in repository.tree() if entry.path == "a.b/c")
        assert repository.blobs([entry.blob], limit=5) == {entry.blob: b"a.b/c"}
        assert repository.blobs([entry.blob], limit=4) == {}
        assert repository.blob_up_to(4, entry.blob) is None


def test_answers_end_with_the_command_and_a_block_within_uses_the_outer_ones() -> None:
    assert kept_answers() is None
    with keeping_answers():
        outer = kept_answers()
        with keeping_answers():
            assert kept_answers() is outer
        assert kept_answers() is outer
    assert kept_answers() is None
    with pytest.raises(ValueError, match="a command"), keeping_answers():
        raise ValueError("a command that fails")
    assert kept_answers() is None


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("readiness.git_objects._MOST", 6)
    answers = GitAnswers()
    assert [answers.keep(question, b"1234") for question in "ab"] == [b"1234", b"1234"]
    assert (answers.get("a"), answers.get("b")) == (b"1234", None)
    answers.keep("c", b"56")
    assert answers.get("c") == b"56"


STOPS = {
    "before it says anything": "kill -STOP $$",
    "in the midst of an object": "echo '{blob} blob 10'; printf 12; kill -STOP $$",
    "instead of ending": "echo '{blob} blob 3'; printf 'a/b\\n'; exec >&-; kill -STOP $$",
    "while another program holds its output": "sleep 3 & exit 0",
}


@pytest.mark.parametrize("where", STOPS)
@pytest.mark.parametrize("how", ["digests", "blob"])
def test_a_git_that_stops_is_waited_for_up_to_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, how: str
) -> None:
    """The program that PATH finds is git, but for the command that stops."""
    root, programs = tmp_path / "p", tmp_path / "bin"
    root.mkdir()
    (root / "a").write_text("a/b")
    commit_all(root)
    repository = Repository(root)
    blob = repository.tree(repository.resolve(repository.head))[0].blob
    real = shutil.which("git")
    programs.mkdir()
    (programs / "git").write_text(
        f'#!/bin/sh\ncase " $* " in *" --batch "*) {STOPS[where].format(blob=blob)};; *) exec {real} "$@";; esac\n'
    )
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git_program, "LONGEST_RUN", 0.5)
    objects = GitObjects(root, GitProgram(root))
    with pytest.raises(GitError, match=r"git cat-file --batch --buffer: it did not end within 0\.5 s"):
        objects.digests([blob]) if how == "digests" else objects.blob(blob, limit=99)
