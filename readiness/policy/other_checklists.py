"""Finds checklists that a change puts where gates would find them before the one that judges."""

import hashlib
import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from readiness.checklist import Source
from readiness.git import Repository
from readiness.loading.file import NAMES
from readiness.policy.base import PolicyBase
from readiness.policy.links import folders, replaced_folders
from readiness.records.storage.reading import reading_history
from readiness.report import PolicyChange

_NAMES = frozenset(name.casefold() for name in NAMES)
"""What a file system that does not tell upper from lower case finds by the usual names."""


def other_checklists(base: PolicyBase, top: Repository) -> Iterator[PolicyChange]:
    """Compare where checklists are, in the folder of the one that judges and below.

    A checklist in a folder that the policy branch has takes over from the one that judges there; one beside it makes
    gates that name no file fail. In a folder that is new itself no gate has run yet: there it is free, and is shown.

    Args:
        base: The policy that judges.
        top: The repository, seen from the top.

    Raises:
        RecordsError: Git cannot tell.
    """
    if base.place.name not in NAMES:
        return  # gates that are judged by it name their file
    root = posixpath.dirname(base.path)
    with reading_history():
        trees = [{entry.path for entry in top.tree(commit)} for commit in (base.commit, *base.merge_bases)]
        there = _present(top, root)
    before, known = trees[0], folders(trees[0])
    for path in sorted(there - before):
        if all(path in tree for tree in trees[1:]):
            continue  # the policy branch has removed it since; merging keeps that
        folder = posixpath.dirname(path)
        if _renamed(path, before, there):
            continue
        if folder in known or folder in before or folder == root:
            yield _added("weakens", path, _effect(folder, root, base), base)
        else:
            yield _added("neutral", path, "a checklist of a folder that is new itself", base)
    for path in replaced_folders(base.top, before):
        nearest = _nearest(base.top, path)
        if _within(path, root) and (nearest != base.path or any(_within(one, path) for one in before if _usual(one))):
            text = f"puts a link to {(base.top / path).readlink()} in the place of the folder {path}"
            yield PolicyChange(
                kind="weakens", code="folder-became-link", text=f"{text}: gates there find {nearest or 'none'}"
            )


def _effect(folder: str, root: str, base: PolicyBase) -> str:
    if folder == root:
        return f"gates that name no file find two checklists, {base.path} and this one"
    return f"gates in {folder} are judged by it, and no longer by what judges them now"


def _added(kind: str, path: str, effect: str, base: PolicyBase) -> PolicyChange:
    place = base.top / path
    try:
        content = os.fsencode(place.readlink()) if place.is_symlink() else place.read_bytes()
    except OSError:
        content = b""
    return PolicyChange.model_validate(
        {
            "kind": kind,
            "code": "checklist-added",
            "text": f"adds {path}: {effect}",
            "after": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "source": Source(file=posixpath.relpath(path, posixpath.dirname(base.path) or "."), line=1, column=1),
        }
    )


def _present(top: Repository, root: str) -> set[str]:
    """Checklists of the work tree, tracked or not, in a folder and below; what git ignores cannot be merged."""
    out = top.read("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", root or ".")
    return {path for path in out.split("\0") if _usual(path) and os.path.lexists(top.folder / path)}


def _renamed(path: str, before: set[str], there: set[str]) -> bool:
    """Whether it has taken the place of the other usual name in the same folder; the gate there compares the two."""
    folder = posixpath.dirname(path)
    gone = [name for name in before - there if _usual(name) and posixpath.dirname(name) == folder]
    beside = [name for name in there if posixpath.dirname(name) == folder]
    return bool(gone) and beside == [path]


def _nearest(top: Path, path: str) -> str:
    """Path of the checklist that a gate finds in a folder of the work tree, links followed."""
    here = Path(os.path.realpath(top / path))
    while here.is_relative_to(top):
        found = next((here / name for name in NAMES if (here / name).exists()), None)
        if found is not None:
            return found.relative_to(top).as_posix()
        here = here.parent
    return ""


def _within(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _usual(path: str) -> bool:
    return posixpath.basename(path).casefold() in _NAMES
