"""Writes a first checklist for a repository, from the files that it finds."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from readiness.init.compose import compose
from readiness.init.quality import quality
from readiness.init.survey import Survey, survey

__all__ = ["FILE_NAME", "Written", "compose", "survey", "write"]

FILE_NAME = "readiness.yaml"


class Written(NamedTuple):
    """A checklist that was written."""

    path: Path
    manifests: tuple[str, ...]
    """What is said of each manifest that is neither Python's nor npm's."""
    unreadable: tuple[str, ...] = ()
    """Manifests that cannot be read, each with its place and why."""
    outputs: tuple[str, ...] = ()
    """Results and reports that tools write and items read, as paths or globs; empty without git."""


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
    said = tuple(project.said for project in found.projects_of_stacks)
    return Written(path, said, found.unreadable, tuple(dict.fromkeys(_outputs(found))) if found.git else ())


def _outputs(found: Survey) -> Iterator[str]:
    for drafted in quality(found):
        params = drafted.params if drafted.check != "command" else {}
        yield from params.get("paths", ())
        yield from (source["path"] for source in params.get("sources", ()))
