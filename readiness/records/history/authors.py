"""Who changed the files that a sign-off covers: every commit of a history, with the people who say they made it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from readiness.git import GitError, Repository
from readiness.records.history.log import LoggedCommit, read_log
from readiness.records.model import globs
from readiness.records.model.errors import RecordsError
from readiness.records.storage.reading import reading_history, refuse_shallow
from readiness.records.storage.work_tree import FOLDER

_FIELDS = 4
_PLAIN = ("--no-merges", "--full-history")
_MERGES = ("--merges", "--full-history", "--sparse", "--diff-merges=separate")
_TRAILER = re.compile(r"(?im)^[ \t]*co-authored-by[ \t]*:[ \t]*(.*)$")
_ADDRESS = re.compile(r"<([^<>]*)>")
_NO_BASE = 1
"""Exit code of `git merge-base` when there is none."""


@dataclass(frozen=True)
class CoveredChange:
    """One commit that changed covered files."""

    commit: str
    """Object id."""
    at: datetime
    """Date of the commit."""
    paths: tuple[str, ...]
    names: frozenset[str]
    """Addresses of its author, its committer and its co-authors, as the commit claims them."""
    trailers: frozenset[str] = frozenset()
    """Those of them that only a `Co-authored-by` line names."""
    merges: tuple[LoggedCommit, ...] = ()
    """For a merge: how it differs from each parent. Whether that is its own doing is for `Authors.made` to tell."""


class Authors:
    """The history of the covered files.

    Args:
        root: Folder of the checklist.
        patterns: As in `covers`.
        commit: Object id of the newest commit.

    Raises:
        RecordsError: The history is cut off, or cannot be read.
    """

    def __init__(self, root: Path, patterns: Sequence[str], commit: str) -> None:
        self._commit, self._chosen = commit, globs.chosen(tuple(patterns))
        self._roots = self._chosen.roots
        with reading_history():
            self._repository = Repository(root)
            refuse_shallow(self._repository)
            self._changes = (*self._read(_PLAIN), *self._read(_MERGES))

    @cached_property
    def names(self) -> frozenset[str]:
        """Everybody who may ever have changed a covered file."""
        return frozenset(name for change in self._changes for name in change.names)

    def made(self, names: frozenset[str], *, until: str, since: frozenset[str]) -> tuple[CoveredChange, ...]:
        """Changes of covered files that somebody of these names made, the newest first.

        Args:
            names: As commits claim them.
            until: Object id of the newest commit.
            since: Object ids; what these commits contain is left out.

        Raises:
            RecordsError: The history cannot be read.
        """
        theirs = [change for change in self._changes if change.names & names]
        if not theirs:
            return ()
        with reading_history():
            between = self._repository.read("rev-list", until, *sorted(f"^{commit}" for commit in since), "--")
            commits = frozenset(between.split())
            found = [self._own(change) for change in theirs if change.commit in commits]
        return tuple(sorted((t for t in found if t.paths), key=lambda t: (t.at, t.commit), reverse=True))

    def _read(self, how: Sequence[str]) -> Iterator[CoveredChange]:
        steps: dict[str, list[LoggedCommit]] = {}
        for step in read_log(self._repository, self._commit, how, self._roots):
            steps.setdefault(step.commit, []).append(step)
        touching = {commit: paths for commit, some in steps.items() if (paths := self._covered(some))}
        claims = self._claims(how) if touching else {}
        for commit, paths in touching.items():
            merges = tuple(steps[commit]) if how is _MERGES else ()
            yield CoveredChange(commit, steps[commit][0].at, paths, *claims[commit], merges)

    def _covered(self, steps: Sequence[LoggedCommit]) -> tuple[str, ...]:
        paths = {change.path for step in steps for change in step.changes}
        return tuple(sorted(path for path in paths if self._covers(path)))

    def _covers(self, path: str) -> bool:
        return not path.startswith(f"{FOLDER}/") and self._chosen.takes(path)

    def _claims(self, how: Sequence[str]) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
        """Names by commit: all, and those that only a trailer names.

        `--encoding=none`: a recoded text could bring a NUL, and thereby whole made-up commits.
        """
        wanted = [option for option in how if not option.startswith("--diff")]
        out = self._repository.read(
            "log", *wanted, "--no-patch", "-z", "--encoding=none", "--no-mailmap", "--no-notes",
            "--format=tformat:%H%x00%ae%x00%ce%x00%B", self._commit, "--", *self._roots,
        )  # fmt: skip
        words = out.split("\0")
        if len(words) % _FIELDS != 1:
            raise GitError("git log said something that is not understood")
        rows = (words[start : start + _FIELDS] for start in range(0, len(words) - 1, _FIELDS))
        return {commit: _names({author, committer}, message) for commit, author, committer, message in rows}

    def _own(self, change: CoveredChange) -> CoveredChange:
        """Leave out of a merge what it merely brought together: files that a single side had changed.

        What no side had, what undoes a side's change, and what combines the changes of two sides is the merger's own.
        `git log -c` hides the second (it is like one of the parents), so each file is compared with the merge base.
        """
        if not change.merges:
            return change
        parents = self._repository.parents(change.commit)
        bases = [self._blobs(base, change.paths) for base in self._bases(parents)]
        sides = [self._blobs(parent, change.paths) for parent in parents]
        after = self._blobs(change.commit, change.paths)
        own = tuple(path for path in change.paths if _is_own(path, after, sides, bases))
        return CoveredChange(change.commit, change.at, own, change.names, change.trailers)

    def _bases(self, parents: Sequence[str]) -> list[str]:
        how = ("--octopus",) if len(parents) > 2 else ()  # noqa: PLR2004 - a merge of more than two
        try:
            return self._repository.read("merge-base", "--all", *how, *parents).split()
        except GitError as error:
            if getattr(error.__cause__, "status", None) == _NO_BASE:
                return []
            raise

    def _blobs(self, commit: str, paths: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        return {entry.path: (entry.mode, entry.blob) for entry in self._repository.tree(commit, paths)}


def _is_own(
    path: str,
    after: Mapping[str, tuple[str, str]],
    sides: Sequence[Mapping[str, tuple[str, str]]],
    bases: Sequence[Mapping[str, tuple[str, str]]],
) -> bool:
    before = {base.get(path) for base in bases} or {None}
    if len(before) > 1:  # a criss-cross merge: it takes both sides alike to leave nothing to decide
        return {side.get(path) for side in sides} != {after.get(path)}
    changed = {side.get(path) for side in sides} - before
    return after.get(path) not in (changed or before) or len(changed) > 1


def _names(makers: set[str], message: str) -> tuple[frozenset[str], frozenset[str]]:
    """Everybody whom a commit names, and those of them that only its trailers name."""
    named: set[str] = set()
    for said in _TRAILER.findall(message):
        named.update(_ADDRESS.findall(said) or [said])
    own, others = (frozenset(n for each in some if (n := each.strip(" \t\r<>"))) for some in (makers, named))
    return own | others, others - own


@lru_cache(maxsize=16)
def authors(root: Path, patterns: tuple[str, ...], commit: str) -> Authors:
    """The history of covered files, read once: what a commit contains never changes.

    Raises:
        RecordsError: As for `Authors`.
    """
    if not commit:
        raise RecordsError("there is no commit, so nobody can tell who changed what", "commit what is to be judged")
    return Authors(root, patterns, commit)
