"""Finds the files that items are judged by: trust anchors, databases of advisories, and scripts of commands."""

import hashlib
import os
import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from readiness.git import Repository, TreeEntry
from readiness.loading.as_written import Resolved
from readiness.plugins import Description
from readiness.policy.base import PolicyBase
from readiness.records.storage.repository import REGULAR, reading_history
from readiness.strictness.named import naming_parameters
from readiness.strictness.rules import Undirected
from readiness.strictness.structures import Rule

_INTERPRETER = re.compile(r"(ba|da|k|z)?sh|python[0-9.]*|node|ruby|perl|php|env|source|\.")
_WORDS = re.compile(r"[\s;|&(){}<>]+")
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:[^\n]*\n)*?oid sha256:([0-9a-f]{64})\n")
_POINTER_SIZE = 1_024
"""Bytes; the specification of Git LFS bounds a pointer by it."""
_CHUNK = 2**20


@dataclass(frozen=True)
class _Named:
    """A path that an item names, from the top."""

    path: str
    trusted: bool
    """Whether it is what others are judged by, file or folder; else it may be a script that a command runs."""
    sure: bool = True
    """For a script: whether one that is no program counts."""

    def means(self, entry: TreeEntry) -> bool:
        """Whether a file of the commit is what is named."""
        if self.trusted and entry.path.startswith(f"{self.path}/"):
            return True
        return entry.path == self.path and (self.trusted or self.sure or entry.mode == "100755")


def trusted_files(
    checklist: Resolved, repository: Repository, base: PolicyBase, checks: Mapping[str, Description]
) -> dict[str, str]:
    """Object ids, by path from the top, of the files of the policy's commit that its items are judged by.

    Those are what parameters name that are declared as `stricter.trusted_file`, for instance `ca_file` of `tls`; and
    the scripts that command lines (`stricter.command_line`) run by their path. Files that those read are not seen.

    Args:
        checklist: That of the policy.
        repository: Seen from the top.
        base: The policy.
        checks: What its checks say about themselves, by name.

    Returns:
        An empty id for what is a link or a submodule, and for a file that the work tree adds.

    Raises:
        RecordsError: Git cannot tell.
    """
    named = list(dict.fromkeys(_all_named(checklist, posixpath.dirname(base.path), checks)))
    if not named:
        return {}
    with reading_history():
        entries = repository.tree(base.commit, list(dict.fromkeys(one.path for one in named)))
    meant = [entry for entry in entries if any(one.means(entry) for one in named)]
    found = {entry.path: entry.blob if entry.mode in REGULAR else "" for entry in meant}
    for path in {one.path for one in named if one.trusted and one.path not in found}:
        # what CI puts there is its own affair, but not what the change brings, or adds to a folder of the base
        known = any(name.startswith(f"{path}/") for name in found)
        added = _files_below(base.top, path) if known else repository.tracked_files([path])
        found |= {name: "" for name in sorted(added) if name not in found}
    return found


def _files_below(top: Path, folder: str) -> list[str]:
    return [place.relative_to(top).as_posix() for place in (top / folder).rglob("*") if place.is_file()]


def _all_named(checklist: Resolved, folder: str, checks: Mapping[str, Description]) -> Iterator[_Named]:
    for item in checklist.checklist.items:
        directions = checks[item.check].directions if item.check in checks else {}
        for params in checklist.params.values():
            for one in _named(directions, params.get(item.id, {})):
                path = posixpath.normpath(posixpath.join(folder, one.path))
                outside = posixpath.isabs(path) or path in {".", ".."} or path.startswith("../")
                if one.path and "\0" not in path and not outside:
                    yield replace(one, path=path)


def committed_digests(repository: Repository, blobs: Iterable[str]) -> dict[str, str]:
    """SHA-256 of what each of these blobs is in a work tree, by object id: a pointer of Git LFS is what it points to.

    Raises:
        RecordsError: Git cannot tell.
    """
    wanted = sorted(set(blobs))
    with reading_history():
        pointers = repository.blobs(wanted, limit=_POINTER_SIZE) if wanted else {}
        found = repository.sha256_of_blobs(wanted)
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


def _named(directions: Mapping[str, Rule], params: Mapping[str, Any]) -> Iterator[_Named]:
    """What the parameters of an item name, from the folder of the checklist."""
    for found in naming_parameters(directions, params):
        if found.rule.names == "trusted_file":
            yield from (_Named(path, trusted=True) for path in found.texts)
        elif found.rule.names == "command_line":
            folder = _folder(found.directions, found.params, found.rule.folder)
            for word, sure in _programs(found.value):
                yield _Named(posixpath.join(folder, word), trusted=False, sure=sure)


def _folder(directions: Mapping[str, Rule], params: Mapping[str, Any], name: str) -> str:
    """Value of the parameter that names the folder a command runs in."""
    rule = directions.get(name)
    value = params.get(name, rule.default if isinstance(rule, Undirected) else ".")
    return value if isinstance(value, str) else "."


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
