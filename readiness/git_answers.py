"""Keeps what git said about objects while a command runs, so that git is not started twice for the same answer.

An object id names the same content for ever, so such an answer cannot become stale. What can change while a command
runs (HEAD, refs, the index, the work tree, whether history is cut off) is not kept: it is asked each time. A log that
was read is kept, as history was then.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

_MOST = 64 * 2**20
"""Bytes that are kept in all. What comes after that is asked again."""


class GitAnswers:
    """Answers by question."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, bytes] = {}
        self._left = _MOST

    def get(self, question: Hashable) -> bytes | None:
        """The answer; None when it is not kept."""
        return self._answers.get(question)

    def keep(self, question: Hashable, answer: bytes) -> bytes:
        """Keep an answer if there is room, and return it."""
        if len(answer) <= self._left and question not in self._answers:
            self._left -= len(answer)
            self._answers[question] = answer
        return answer


_of_the_run: GitAnswers | None = None


def kept_answers() -> GitAnswers | None:
    """Those of the command that runs; None outside of one."""
    return _of_the_run


@contextmanager
def keeping_answers() -> Iterator[None]:
    """Keep answers for all repositories while the block runs; a block within a block uses those of the outer one."""
    global _of_the_run  # noqa: PLW0603  a process runs one command at a time, in several threads
    outer = _of_the_run
    _of_the_run = outer or GitAnswers()
    try:
        yield
    finally:
        _of_the_run = outer
