"""Tells which file a comparison reads, so that whoever has to end it can name the file."""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator

from readiness.evidence.change import ChangedFile

_MARK = "compares: "
_listener: Callable[[str], None] | None = None


def at(path: str) -> None:
    """Say which file is looked at now; empty when it is none in particular."""
    if _listener is not None:
        _listener(path)


def each(files: Iterable[ChangedFile]) -> Iterator[ChangedFile]:
    """The files one after the other, each told before it is looked at."""
    for file in files:
        at(file.path)
        yield file
    at("")


@contextlib.contextmanager
def telling(listener: Callable[[str], None]) -> Iterator[None]:
    """Tell a listener in this block: the path of a file, or an empty text."""
    global _listener  # noqa: PLW0603  a process compares one change at a time
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


def written(path: str) -> bytes:
    """The line of a log that names a file."""
    return f"{_MARK}{json.dumps(path)}\n".encode("ascii")


def last_written(log: str) -> str:
    """The path that a log names last; empty when it names none."""
    for line in reversed(log.splitlines()):
        if line.startswith(_MARK):
            with contextlib.suppress(ValueError):
                found = json.loads(line.removeprefix(_MARK))
                return found if isinstance(found, str) else ""
    return ""
