"""Reads single files of `.readiness/` without following links."""

import os
import stat
from pathlib import Path

from readiness.atomic_write import atomic_write
from readiness.records.model.errors import RecordsError

ATTRIBUTES = ".readiness/** -text"
"""Line of `.gitattributes` that keeps git from changing line ends in signed bytes."""
_ATTRIBUTES_LIMIT = 1024 * 1024


def read_file(root: Path, relative: str, *, limit: int) -> bytes | None:
    """Read a regular file; None when it does not exist.

    Args:
        root: Folder of the checklist.
        relative: Path below it.
        limit: Bytes; a larger file is refused.

    Raises:
        RecordsError: It or a folder on the way is a link, or it is not a file, too large or unreadable.
    """
    refuse_links(root, relative)
    try:
        handle = os.open(root / relative, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordsError(f"{relative} cannot be read: {error.strerror}", "make it a readable file") from error
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise RecordsError(f"{relative} is not a file", "make it a readable file")
        with os.fdopen(os.dup(handle), "rb") as file:
            data = file.read(min(state.st_size, limit) + 1)  # room for `limit` would be set aside for each small file
            if len(data) > state.st_size:  # it has grown meanwhile
                data += file.read(limit + 1 - len(data))
    except OSError as error:
        raise RecordsError(f"{relative} cannot be read: {error.strerror}", "make it a readable file") from error
    finally:
        os.close(handle)
    if len(data) > limit:
        raise RecordsError(f"{relative} is larger than {limit} bytes", "make it smaller, or remove it")
    return data


def refuse_links(root: Path, relative: str) -> None:
    """Insist that no part of a path below the root is a link.

    Raises:
        RecordsError: One is.
    """
    place = root
    for part in relative.split("/"):
        place /= part
        if place.is_symlink():
            name = place.relative_to(root).as_posix()
            raise RecordsError(f"{name} is a link: records are read from the repository itself", f"replace {name}")


def keep_bytes(root: Path) -> None:
    """See to it that git never changes line ends below `.readiness`.

    Raises:
        RecordsError: `.gitattributes` is a link, or unreadable.
        OSError: It could not be written.
    """
    present = read_file(root, ".gitattributes", limit=_ATTRIBUTES_LIMIT) or b""
    if ATTRIBUTES.encode() in [line.strip() for line in present.splitlines()]:
        return
    gap = b"" if not present or present.endswith(b"\n") else b"\n"
    atomic_write(root / ".gitattributes", present + gap + ATTRIBUTES.encode() + b"\n")
