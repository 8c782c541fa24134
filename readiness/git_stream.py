"""Reads what a program prints while it runs, until a deadline."""

import os
import selectors
import subprocess
import time
from types import TracebackType
from typing import IO, Any, Self

_CHUNK = 2**16


class Running:
    """A program that runs, and what it prints.

    Args:
        process: It; nobody has read its output yet.
        seconds: How long it may run.
    """

    def __init__(self, process: "subprocess.Popen[Any]", seconds: float) -> None:
        self._process = process
        self._deadline = time.monotonic() + seconds
        self._unread = bytearray()
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(_pipe(process.stdout), selectors.EVENT_READ)

    def __enter__(self) -> Self:
        """Begin to read."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program, however far it is."""
        self._process.kill()
        self._waiting.close()
        _pipe(self._process.stdout).close()
        _pipe(self._process.stderr).close()

    def readline(self) -> bytes:
        """The rest of the current line, with its end; less at the end of the output.

        Raises:
            TimeoutError: It takes too long.
        """
        at = 0
        while (end := self._unread.find(b"\n", at)) < 0:
            at = len(self._unread)
            if not self._more():
                return self._taken(at)
        return self._taken(end + 1)

    def read(self, size: int) -> bytes:
        """So many bytes; less at the end of the output.

        Raises:
            TimeoutError: It takes too long.
        """
        while len(self._unread) < size and self._more():
            pass
        return self._taken(size)

    def wait(self) -> tuple[int, bytes]:
        """The exit code, and what the program said of errors, once it has ended.

        Raises:
            TimeoutError: It takes too long.
        """
        with selectors.DefaultSelector() as waiting:
            said = bytearray()
            waiting.register(_pipe(self._process.stderr), selectors.EVENT_READ)
            while piece := self._next(waiting):
                said += piece
                del said[:-_CHUNK]
        try:
            return self._process.wait(max(0.0, self._deadline - time.monotonic())), bytes(said)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error

    def _more(self) -> bool:
        piece = self._next(self._waiting)
        self._unread += piece
        return bool(piece)

    def _next(self, waiting: selectors.BaseSelector) -> bytes:
        ready = waiting.select(max(0.0, self._deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        return os.read(ready[0][0].fd, _CHUNK)

    def _taken(self, size: int) -> bytes:
        piece = bytes(self._unread[:size])
        del self._unread[:size]
        return piece


def _pipe(stream: IO[Any] | None) -> IO[Any]:
    if stream is None:
        raise ValueError("the program has no such pipe")
    return stream
