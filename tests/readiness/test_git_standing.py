"""Processes of git that stay answer as those do that are started for one question."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from readiness.git import GitError, Repository
from readiness.git_objects import keeping_answers, kept_answers, let_no_git_stay
from readiness.git_program import GitProgram
from readiness.git_standing import MOST
from support.repositories import commit_all, git

SIZES = (0, 1, 300_000, 70_000)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for size in SIZES:
        (tmp_path / f"of{size}").write_bytes(b"\n" * size)
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


@pytest.fixture
def staying() -> Iterator[None]:
    with keeping_answers(standing=True):
        yield


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.name() == "git"]


def everything(root: Path) -> list[object]:
    """What a repository tells of its objects, by every way to ask."""
    repository = Repository(root)
    blobs = [entry.blob for entry in repository.tree()]
    found: list[object] = [repository.head, repository.resolve("HEAD"), repository.resolve(repository.head)]
    found += [repository.blob_up_to(limit, blob) for blob in blobs for limit in (0, 69_999, 70_000)]
    found += [repository.sizes_of_blobs(blobs), repository.sha256_of_blobs(blobs)]
    return [*found, repository.blobs(blobs, limit=70_000), repository.blobs(blobs, limit=10**6)]


def test_two_processes_answer_all_questions_and_as_many_processes_would(root: Path, asked: list[str]) -> None:
    alone = everything(root)
    asked.clear()
    with keeping_answers(standing=True):
        assert everything(root) == alone
        assert Repository(root).sha256_of_blobs([]) == {}
    assert sorted(line for line in asked if line.startswith("cat-file")) == [
        "cat-file --batch",
        "cat-file --batch-check",
    ]
    assert not [line for line in asked if "HEAD^{commit}" in line]
    assert hashlib.sha256(b"\n" * max(SIZES)).hexdigest() in alone[-3].values()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("staying")
def test_a_new_commit_and_a_new_file_are_seen_at_once(root: Path) -> None:
    before = Repository(root).head
    (root / "new").write_text("new")
    commit_all(root)
    repository = Repository(root)
    assert repository.head not in ("", before)
    assert repository.head == git(root, "rev-parse", "HEAD").strip()
    (blob,) = (entry.blob for entry in repository.tree() if entry.path == "new")
    assert repository.blob_up_to(3, blob) == b"new"


@pytest.mark.usefixtures("staying")
@pytest.mark.parametrize("ask", [Repository.sizes_of_blobs, Repository.sha256_of_blobs])
def test_an_object_that_is_not_there_is_refused_and_the_next_question_answered(root: Path, ask: object) -> None:
    repository = Repository(root)
    blobs = [entry.blob for entry in repository.tree()]
    for wrong in ("0" * 40, repository.head):
        with pytest.raises(GitError, match="is missing or is no blob"):
            ask(repository, [blobs[0], wrong, blobs[1]])  # type: ignore[operator]  # a method of a repository
        with pytest.raises(GitError, match="no such commit"):
            repository.resolve("0" * 40)
        assert list(repository.sizes_of_blobs(blobs).values()) == list(SIZES)


@pytest.mark.usefixtures("staying")
def test_before_the_first_commit_there_is_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert Repository(tmp_path).head == ""
    (tmp_path / "a").write_text("a")
    commit_all(tmp_path)
    assert Repository(tmp_path).head == git(tmp_path, "rev-parse", "HEAD").strip()


@pytest.mark.usefixtures("staying")
def test_one_that_was_killed_is_replaced(root: Path) -> None:
    alone = everything(root)
    for child in children():
        child.kill()
        child.wait()
    repository = Repository(root)
    assert repository.head == alone[0]
    assert list(repository.sizes_of_blobs(entry.blob for entry in repository.tree()).values()) == list(SIZES)


@pytest.mark.usefixtures("staying")
def test_many_names_at_once_and_a_git_that_warns_of_each_block_nothing(root: Path) -> None:
    for number in range(MOST):
        (root / f"n{number}").write_text(str(number))
    commit_all(root)
    git(root, "update-ref", "refs/heads/HEAD", "HEAD")  # git warns that HEAD is ambiguous
    for _ in range(MOST):
        assert Repository(root).head
    repository = Repository(root)
    blobs = [entry.blob for entry in repository.tree()]
    for some in (blobs[:MOST], blobs):
        assert len(repository.sizes_of_blobs(some)) == len(some)
    assert len(repository.blobs(blobs[:MOST], limit=10**6)) == MOST


def test_none_stays_longer_than_the_command_or_beside_the_programs_of_a_change(root: Path) -> None:
    before = len(children())
    with keeping_answers(standing=True):
        head = Repository(root).head
        assert len(children()) == before + 1
        let_no_git_stay()
        assert len(children()) == before
        assert Repository(root).head == head
        assert len(children()) == before
    with keeping_answers(standing=True):
        assert Repository(root).head == head
    assert len(children()) == before
    with keeping_answers():
        assert Repository(root).head == head
        assert len(children()) == before
    assert kept_answers() is None
    let_no_git_stay()
