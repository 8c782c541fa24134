"""The most memory that an item may take: limits the process that evaluates it, and the programs that it starts.

On Linux (setrlimit(2), RLIMIT_DATA, since 4.7): what a process can write to counts; files that are mapped for reading
do not. Other systems have the call, and do not keep to it.
"""

import contextlib
import re
import resource
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from readiness import size

DEFAULT = 4 * 10**9
"""Bytes that an item may take when it does not say. The largest honest report that was measured, lcov with 16 million
lines in 136 MiB, takes 2.5 GB."""
LEAST = 256 * 10**6
"""Bytes without which no item is evaluated: Python and the libraries of a check take a quarter of it."""
REMEDY = "give it less to read, or raise `memory` of the item"
_FIRST_TO_GO = "500"
_ENDED = re.compile(
    rb"(?im)^MemoryError|memory allocation of \d+ bytes failed|std::bad_alloc|out of memory|cannot allocate memory"
)
"""What Python, Rust, C++ and C programs say last, such as git, when they get no more memory."""
_SPARE = 4 * 2**20
"""Bytes that are set aside to end with when all others are used."""
_starting = threading.Lock()
_before: tuple[int, int] | None = None
"""What this process could have before it was limited; None while it is not."""


class limited:  # noqa: N801  used like a function
    """Lets this process have at most so many bytes: asking for more raises `MemoryError`, or ends the process.

    Programs that it starts get the same limit, each for itself; those that are started in `lifted` do not. No generator
    makes this context manager: when there is no memory left, it needs none to give back the limit.

    Args:
        most: Bytes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._before = resource.getrlimit(resource.RLIMIT_DATA)
        self._spare: bytearray | None = None

    def __enter__(self) -> None:
        global _before  # noqa: PLW0603  a process has one limit
        _before = self._before
        hard = self._before[1]
        self._spare = bytearray(_SPARE)
        resource.setrlimit(resource.RLIMIT_DATA, (self._most if hard < 0 else min(self._most, hard), hard))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _before  # noqa: PLW0603  a process has one limit
        self._spare = None
        with _starting:
            _before = None
            resource.setrlimit(resource.RLIMIT_DATA, self._before)


@contextlib.contextmanager
def lifted() -> Iterator[None]:
    """Start a program in here: it gets the limit that this process had before."""
    before = _before
    if before is None:
        yield
        return
    with _starting:
        now = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, before)
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, now)


def exceeded(most: int) -> str:
    """What to say of what was stopped, behind its name."""
    return f"needed more memory than the {size.render(most)} that the item may take"


def was_exceeded(last_words: bytes) -> bool:
    """Whether a program has ended for want of memory, by what it printed last."""
    return _ENDED.search(last_words[-2_000:]) is not None


def be_first_to_go() -> None:
    """Let Linux end this process before others when the memory of the machine is used up (proc(5), `oom_score_adj`)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
