"""What stands for the content of a file that items are judged by, in a commit and in the work tree."""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from readiness.git import Repository
from readiness.policy.commands.sections import Part, content
from readiness.policy.links import folders
from readiness.records.storage.reading import REGULAR, reading_history

LARGEST = 2**18
"""Bytes of a script that is followed, or of a file of which a part is compared."""
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:[^\n]*\n)*?oid sha256:([0-9a-f]{64})\n")
_POINTER_SIZE = 1_024
"""Bytes; the specification of Git LFS bounds a pointer by it."""
_CHUNK = 2**20
_EXECUTABLE = " executable"
_LINK, _SUBMODULE = "120000", "160000"


def committed_digests(repository: Repository, commit: str, parts: Iterable[Part]) -> dict[Part, str]:
    """What stands for the content of each part in a commit; empty for one that is not there.

    Raises:
        RecordsError: Git cannot tell.
    """
    wanted = list(parts)
    with reading_history():
        entries = {entry.path: entry for entry in repository.tree(commit)}
        there = {part: entries[part.path] for part in wanted if part.path in entries}
        whole = blob_digests(
            repository, (e.blob for part, e in there.items() if not part.section and e.mode in REGULAR)
        )
        ids = [e.blob for part, e in there.items() if part.section or e.mode == _LINK]
        content_of = repository.blobs(ids, limit=LARGEST)
    known = folders(entries)
    found = {part: "folder" for part in wanted if part.section == "folder" and part.path in known}
    for part, entry in there.items():
        data = content_of.get(entry.blob)
        if entry.mode == _SUBMODULE:
            found[part] = f"commit:{entry.blob}"
        elif entry.mode == _LINK:
            found[part] = f"link:{hashlib.sha256(data or b'').hexdigest()}"
        elif part.section:
            found[part] = "too large" if data is None else hashlib.sha256(content(part, data)).hexdigest()
        else:
            found[part] = whole[entry.blob] + _EXECUTABLE * (entry.mode == "100755")
    return {part: found.get(part, "") for part in wanted}


def blob_digests(repository: Repository, blobs: Iterable[str]) -> dict[str, str]:
    """SHA-256 of what each of these blobs is in a work tree, by object id: a pointer of Git LFS is what it points to.

    Raises:
        RecordsError: Git cannot tell.
    """
    wanted = sorted(set(blobs))
    with reading_history():
        pointers = repository.blobs(wanted, limit=_POINTER_SIZE) if wanted else {}
        found = repository.sha256_of_blobs(wanted)
    for blob, data in pointers.items():
        match = _POINTER.match(data)
        if match is not None:
            found[blob] = match[1].decode("ascii")
    return found


def index_modes(repository: Repository) -> dict[str, str]:
    """Mode of each file of the index, which knows better than some file systems whether a file can be executed.

    Raises:
        RecordsError: Git cannot tell.
    """
    with reading_history():
        lines = repository.read("ls-files", "-z", "--cached", "--stage").split("\0")
    return {path: about.partition(" ")[0] for about, _, path in (line.partition("\t") for line in lines if line)}


def in_work_tree(repository: Repository, part: Part, modes: Mapping[str, str]) -> str:
    """The same of the work tree; empty, too, for what cannot be read, or what a link of a folder leads to.

    Args:
        repository: Seen from the top.
        part: The file, or the part of it.
        modes: Those of the index.
    """
    place = repository.folder / part.path
    if Path(os.path.realpath(place.parent)) != place.parent:
        return ""
    if place.is_symlink():
        return f"link:{hashlib.sha256(os.fsencode(place.readlink())).hexdigest()}"
    if part.section == "folder":
        return "folder" if place.is_dir() else ""
    try:
        if place.is_dir():
            return _submodule(repository, part.path)
        runs = modes[part.path] == "100755" if part.path in modes else os.access(place, os.X_OK)
        return _digest(place, part) + _EXECUTABLE * (runs and not part.section)
    except OSError:
        return ""


def _submodule(repository: Repository, path: str) -> str:
    with reading_history():
        entry = next((entry for entry in repository.tree("HEAD", [path]) if entry.path == path), None)
    return f"commit:{entry.blob}" if entry is not None and entry.mode == _SUBMODULE else ""


def _digest(place: Path, part: Part) -> str:
    with place.open("rb") as file:
        if part.section:
            data = file.read(LARGEST + 1)
            return "too large" if len(data) > LARGEST else hashlib.sha256(content(part, data)).hexdigest()
        digest = hashlib.sha256()
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
