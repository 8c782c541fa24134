"""The output of a process, in a temporary file of limited size that keeps the end."""

import ctypes
import os
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

LARGEST = 4 * 2**20
"""Bytes; beyond this the beginning is thrown away."""
KEPT = 16 * 1024
"""Bytes of the end that are kept."""
_TRIES = 100
_KEEP_SIZE, _PUNCH_HOLE = 1, 2
"""Of fallocate(2): give space back within a file whose size stays."""


class Log:
    """A file without a name that processes append to."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="readiness-")
        os.close(handle)
        # Opened again: only in append mode may the file be emptied while others write to it.
        self._handle = os.open(name, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        Path(name).unlink()
        self._before = b""
        self._freed = 0
        """Bytes at the beginning that take no space any more."""

    def fileno(self) -> int:
        """Descriptor, for `subprocess`."""
        return self._handle

    def trim(self) -> None:
        """Throw away the beginning when there is too much.

        Linux gives its space back and leaves the rest alone. Elsewhere the file is emptied after its end was read; what
        a process writes in that very moment is lost.
        """
        size = os.fstat(self._handle).st_size
        if size - self._freed <= LARGEST:
            return
        if _give_back(self._handle, size - KEPT):
            self._freed = size - KEPT
            return
        for _ in range(_TRIES):
            self._before = self._read()
            before, size = size, os.fstat(self._handle).st_size
            if size == before:
                break
        self._empty()

    def clear(self) -> None:
        """Forget everything."""
        self._before = b""
        if os.fstat(self._handle).st_size:
            self._empty()

    def _empty(self) -> None:
        os.ftruncate(self._handle, 0)
        self._freed = 0

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


def _give_back(handle: int, length: int) -> bool:
    """Give back the space of the first bytes of a file; whether the system can do that."""
    if sys.platform != "linux":
        return False
    call = getattr(ctypes.CDLL(None), "fallocate64", None)
    if call is None:
        return False
    call.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return bool(call(handle, _KEEP_SIZE | _PUNCH_HOLE, 0, length) == 0)
