"""Writes a first checklist for a repository, from the files that it finds."""

import errno
import os
from pathlib import Path
from typing import NamedTuple

from readiness.init.compose import compose
from readiness.init.survey import survey

__all__ = ["FILE_NAME", "Written", "compose", "survey", "write"]

FILE_NAME = "readiness.yaml"


class Written(NamedTuple):
    """A checklist that was written."""

    path: Path
    manifests: tuple[str, ...]
    """What is said of each manifest that is neither Python's nor npm's."""
    unreadable: tuple[str, ...] = ()
    """Manifests that cannot be read, each with its place and why."""


def write(root: Path, *, force: bool = False) -> Written:
    """Look at a folder and write its `readiness.yaml`.

    Args:
        root: Root of the repository.
        force: Whether to replace a checklist that is there.

    Raises:
        FileExistsError: There is one already, under either of its names, and `force` is not set.
        OSError: It cannot be written.
    """
    path = root / FILE_NAME
    other = path.with_suffix(".yml")
    if other.exists():  # two checklists would be one too many
        if not force:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(other))
        path = other
    found = survey(root)
    text = compose(found)
    with path.open("w" if force else "x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    return Written(path, tuple(project.said for project in found.projects_of_stacks), found.unreadable)
