"""Follows configuration files that a change moves to another folder."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile

_SAME_FILE = 0.5
"""Share of equal lines by which a new file is a gone one of the same name, moved."""


def followed(files: Sequence[ChangedFile]) -> list[ChangedFile]:
    """The files, with what a moved one had before at its new place."""
    gone = [file for file in files if file.after is None]
    found = []
    for file in files:
        old = next((other for other in gone if file.before is None and _is_moved(other, file)), None)
        if old is not None:
            gone.remove(old)
            found.append(ChangedFile(file.path, old.before, file.after))
        elif file.after is not None:
            found.append(file)
    return [*found, *gone]


def _is_moved(old: ChangedFile, new: ChangedFile) -> bool:
    if PurePosixPath(old.path).name != PurePosixPath(new.path).name or old.before is None or new.after is None:
        return False
    first, second = set(old.before.splitlines()), set(new.after.splitlines())
    return 2 * len(first & second) >= _SAME_FILE * (len(first) + len(second))
