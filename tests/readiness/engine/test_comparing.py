"""A comparison of the evidence whose worker hangs, ends or crashes tells so, and which file it read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.engine import Host, worker
from readiness.engine.protocol import Reply, pack
from readiness.evidence import reading
from readiness.evidence.change import ChangedFile, Comparing, Stopped, WeakenedEvidence
from readiness.evidence.progress import each, written
from readiness.evidence.reading import compare_sources
from readiness.git_program import GitError
from support.speaking_workers import READY, WAIT, speak

NAME = "odd \n caf\udce9.py"
NOTHING = WeakenedEvidence((), (), 1, 1)
READING = f"os.write(2, {written('first.py') + written(NAME)!r});"


def compared(timeout: float = 30) -> WeakenedEvidence | Stopped:
    with Host(environ=dict(os.environ)) as host:
        return host.compare(Comparing(Path.cwd(), ("HEAD",), timeout=timeout))


def test_the_answer_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, READY, pack(Reply(id=1, kind="compared", evidence=NOTHING)))
    assert compared() == NOTHING


def test_git_that_cannot_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, READY, pack(Reply(id=1, kind="refused", refused="a blob is missing")))
    with pytest.raises(GitError, match="a blob is missing"):
        compared()


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (f"{READING} {WAIT}", "took longer than 1 s and was stopped"),
        (f"{READING} os._exit(3)", "crashed: it ended the process with exit code 3"),
        (f"{READING} os.kill(os.getpid(), 11)", "crashed: it was ended by signal SIGSEGV"),
        (f"{READING} os.write(2, b'MemoryError'); os._exit(1)", "needed more memory than the 4.0 GB"),
    ],
)
def test_one_that_is_stopped_names_the_file(monkeypatch: pytest.MonkeyPatch, then: str, why: str) -> None:
    speak(monkeypatch, READY, b"", then=then)
    stopped = compared(timeout=1)
    assert isinstance(stopped, Stopped)
    assert stopped.why.startswith(why)
    assert stopped.path == NAME


@pytest.mark.parametrize("answer", [Reply(id=1, kind="compared"), Reply(id=2, kind="compared", evidence=NOTHING)])
def test_no_answer_is_taken_for_nothing_that_weakens(monkeypatch: pytest.MonkeyPatch, answer: Reply) -> None:
    speak(monkeypatch, READY, pack(answer))
    stopped = compared()
    assert isinstance(stopped, Stopped)
    assert "to another question" in stopped.why


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (lambda: KeyError("x"), "crashed: KeyError: 'x' (test_comparing.py:"),
        (MemoryError, "needed more memory than the 4.0 GB that the item may take"),
        (RecursionError, "crashed: RecursionError (test_comparing.py:"),
        (lambda: GitError("git cat-file: fatal: Out of memory, malloc failed"), "needed more memory than the 4.0 GB"),
        (lambda: GitError("git ls-tree -r: [Errno 12] Cannot allocate memory: 'git'"), "needed more memory than the"),
    ],
)
def test_the_worker_names_the_file_at_which_it_crashed(
    monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], why: str
) -> None:
    def crash(asked: Comparing) -> WeakenedEvidence:
        compare_sources([ChangedFile("a.py", b"x = 1", b"x = 2")])
        for _file in each([ChangedFile(NAME, b"x", b"y")]):
            raise error()
        raise AssertionError(asked)

    monkeypatch.setattr(reading, "compare_commits", crash)
    reply = worker._compared(7, Comparing(Path.cwd(), ("HEAD",)))
    assert reply.stopped is not None
    assert (reply.id, reply.evidence, reply.stopped.path) == (7, None, NAME)
    assert reply.stopped.why.startswith(why)
