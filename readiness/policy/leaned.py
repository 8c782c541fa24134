"""Finds the files that the judging policy leans on: trust anchors, databases of advisories, and scripts that judge."""

import hashlib
import os
import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from readiness.git import GitError, Repository
from readiness.loading.resolved import Resolved
from readiness.policy.base import PolicyBase
from readiness.policy.directions import TRUSTED_FILES
from readiness.records.committed import REGULAR, unreadable

_INTERPRETER = re.compile(r"(ba|da|k|z)?sh|python[0-9.]*|node|ruby|perl|php|env|source|\.")
_WORDS = re.compile(r"[\s;|&(){}<>]+")
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:[^\n]*\n)*?oid sha256:([0-9a-f]{64})\n")
_POINTER_SIZE = 1_024
"""Bytes; the specification of Git LFS bounds a pointer by it."""
_CHUNK = 2**20


def leaned_on(asked: Resolved, repository: Repository, base: PolicyBase) -> dict[str, str]:
    """Object ids, by path from the top, of the files of the policy's commit that its items are judged by.

    Those are the files and folders that `ca_file` and `database` name, and the scripts that a `command` runs by their
    path. What those read in turn cannot be seen.

    Args:
        asked: The checklist of the policy.
        repository: Seen from the top.
        base: The policy.

    Raises:
        RecordsError: Git cannot tell.
    """
    folder = posixpath.dirname(base.path)
    candidates = {
        posixpath.normpath(posixpath.join(folder, path)): sure
        for item in asked.checklist.items
        for params in asked.params.values()
        for path, sure in _candidates(item.check, params.get(item.id, {}))
        if path and "\0" not in path and not posixpath.isabs(path)
    }
    wanted = [path for path in candidates if path != ".." and not path.startswith("../")]
    if not wanted:
        return {}
    try:
        entries = repository.tree(base.commit, wanted)
    except GitError as error:
        raise unreadable(error) from error
    return {
        entry.path: entry.blob if entry.mode in REGULAR else ""
        for entry in entries
        if candidates.get(entry.path, True) or entry.mode == "100755"
    }


def committed_digests(repository: Repository, blobs: Iterable[str]) -> dict[str, str]:
    """SHA-256 of what each of these blobs is in a work tree, by object id: a pointer of Git LFS is what it points to.

    Raises:
        RecordsError: Git cannot tell.
    """
    wanted = sorted(set(blobs))
    try:
        pointers = repository.blobs(wanted, limit=_POINTER_SIZE) if wanted else {}
        found = repository.sha256_of_blobs(wanted)
    except GitError as error:
        raise unreadable(error) from error
    for blob, content in pointers.items():
        match = _POINTER.match(content)
        if match is not None:
            found[blob] = match[1].decode("ascii")
    return found


def in_work_tree(top: Path, path: str) -> str:
    """SHA-256 of a file of the work tree; empty when it is not there, or cannot be read, or a link leads to it."""
    place = top / path
    if Path(os.path.realpath(place)) != place:
        return ""
    digest = hashlib.sha256()
    try:
        with place.open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
    except OSError:
        return ""
    return digest.hexdigest()


def _candidates(check: str, params: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Paths that may name a file, from the folder of the checklist, and whether one that is no program counts."""
    for name in TRUSTED_FILES.get(check, ()):
        value = params.get(name)
        if isinstance(value, str):
            yield value, True
    if check == "command":
        cwd = params.get("cwd", ".")
        for word, sure in _programs(params.get("run")):
            yield posixpath.join(cwd if isinstance(cwd, str) else ".", word), sure


def _programs(run: Any) -> Iterator[tuple[str, bool]]:
    """Words of a command that may be scripts: sure ones stand first, or behind an interpreter."""
    words = [str(word) for word in run] if isinstance(run, list) else _split(str(run or ""))
    before = "env"
    for word in words:
        if word.startswith("-"):
            continue
        yield word, _INTERPRETER.fullmatch(posixpath.basename(before)) is not None
        before = word


def _split(line: str) -> list[str]:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        words = line.split()
    return [part for word in words for part in _WORDS.split(word) if part]
