"""Reads what a program prints while it runs, until a deadline."""

import os
import selectors
import subprocess
import time
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Self

_CHUNK = 2**16


class Running:
    """A program that runs, and what it prints.

    Args:
        process: It; nobody has read its output yet.
        seconds: How long it may run, or take for each question that it is asked.
        owner: What ends the program when nobody holds it any more.
    """

    def __init__(self, process: "subprocess.Popen[Any]", seconds: float, owner: object = None) -> None:
        self._process = process
        self._owner = owner
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._unread = bytearray()
        self._said = bytearray()
        self._waiting = selectors.DefaultSelector()
        for pipe in (process.stdout, process.stderr):
            self._waiting.register(_pipe(pipe), selectors.EVENT_READ)

    def __enter__(self) -> Self:
        """Begin to read."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program, however far it is."""
        self.end()

    def end(self) -> None:
        """End the program, however far it is."""
        self._process.kill()
        self._waiting.close()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):  # what nobody reads any more
                    pipe.close()
        self._process.wait()

    def ask(self, question: bytes) -> None:
        """Give the program something to read, and time for it.

        Args:
            question: No more than a pipe holds while nobody reads; all earlier answers have been read.

        Raises:
            OSError: The program has ended.
        """
        self._deadline = time.monotonic() + self._seconds
        pipe = _pipe(self._process.stdin)
        pipe.write(question)
        pipe.flush()

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
        while self._waiting.get_map():
            self._next()
        try:
            return self._process.wait(max(0.0, self._deadline - time.monotonic())), bytes(self._said)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error

    def _more(self) -> bool:
        """Read on; whether the output has not ended."""
        output = _pipe(self._process.stdout)
        while output in (key.fileobj for key in self._waiting.get_map().values()):
            if self._next() is output:
                return True
        return False

    def _next(self) -> object:
        """Read a piece of what comes first, output or errors; give the pipe, or nothing at its end."""
        ready = self._waiting.select(max(0.0, self._deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        pipe = ready[0][0].fileobj
        piece = os.read(ready[0][0].fd, _CHUNK)
        if not piece:
            self._waiting.unregister(pipe)
            return None
        if pipe is self._process.stdout:
            self._unread += piece
        else:
            self._said += piece
            del self._said[:-_CHUNK]
        return pipe

    def _taken(self, size: int) -> bytes:
        piece = bytes(self._unread[:size])
        del self._unread[:size]
        return piece


def _pipe(stream: IO[Any] | None) -> IO[Any]:
    if stream is None:
        raise ValueError("the program has no such pipe")
    return stream
