"""The output of a process, in a temporary file of limited size that keeps the end."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

LARGEST = 4 * 2**20
"""Bytes; beyond this the beginning is thrown away."""
KEPT = 16 * 1024
"""Bytes of the end that are kept."""
_TRIES = 100


class Log:
    """A file without a name that processes append to."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="readiness-")
        os.close(handle)
        # Opened again: only in append mode may the file be emptied while others write to it.
        self._handle = os.open(name, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        Path(name).unlink()
        self._before = b""

    def fileno(self) -> int:
        """Descriptor, for `subprocess`."""
        return self._handle

    def trim(self) -> None:
        """Throw away the beginning when there is too much.

        What is written while the end is read is kept, too, unless the process never pauses: then there is no end yet.
        """
        size = os.fstat(self._handle).st_size
        if size <= LARGEST:
            return
        for _ in range(_TRIES):
            self._before = self._read()
            before, size = size, os.fstat(self._handle).st_size
            if size == before:
                break
        os.ftruncate(self._handle, 0)

    def clear(self) -> None:
        """Forget everything."""
        self._before = b""
        if os.fstat(self._handle).st_size:
            os.ftruncate(self._handle, 0)

    def tail(self) -> str:
        """The end of what was printed."""
        return (self._before + self._read())[-KEPT:].decode(errors="replace").strip()

    def _read(self) -> bytes:
        size = os.fstat(self._handle).st_size
        return os.pread(self._handle, KEPT, max(size - KEPT, 0))

    def close(self) -> None:
        """Give the space back."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
