"""Writes a file completely or not at all."""

import contextlib
import errno
import os
import secrets
from pathlib import Path

TEMPORARY = ".writing-"
"""How the name of a file begins while it is written."""
_UNABLE = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}
"""File systems and folders that cannot be synchronised; the file itself is."""


def atomic_write(path: Path, data: bytes) -> None:
    """Write a file, and the folders above it, so that it is there whole or not at all, also after a power cut.

    Raises:
        OSError: It could not be written; nothing of it stays, and what was there before does. It names the file, not
            the one beside it that was written first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    try:
        _replace(path, temporary, data)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
    try:
        _synchronise(path.parent)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise


def _replace(path: Path, temporary: Path, data: bytes) -> None:
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _synchronise(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
