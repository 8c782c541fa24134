"""Finds what changed since a record was signed, by whom and in which commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from readiness.git import Commit, GitError, Repository
from readiness.text import short

_NAMED = 3
_MERGES = 50
"""Of so many merges, one in the other, the commit that they took over is looked for."""


@dataclass(frozen=True)
class Change:
    """One file that is not as it was signed."""

    path: str
    what: str
    """`changed`, `was added` or `was removed`."""


class History(Protocol):
    """Answers who changed a file."""

    def last(self, path: str, commit: str, moment: datetime) -> Commit | None:
        """Newest commit that touched a path after a commit, or after a moment where that commit is not known."""


class NoHistory:
    """Knows nothing."""

    def last(self, path: str, commit: str, moment: datetime) -> Commit | None:  # noqa: ARG002 - as the protocol says
        """Nothing is known."""
        return None


class GitHistory:
    """Asks the git repository of a folder.

    Args:
        root: The folder.
        until: Object id of the commit to look back from; empty for HEAD.
    """

    def __init__(self, root: Path, until: str = "") -> None:
        self._root, self._until = root, until or "HEAD"

    @cached_property
    def _repository(self) -> Repository | None:
        return Repository.find(self._root)

    def last(self, path: str, commit: str, moment: datetime) -> Commit | None:
        """Newest commit that changed a path after a commit, or after a moment where git does not know that commit.

        Of a merge that merely took a change over, it is the commit that had made it.
        """
        if self._repository is None or not self._repository.head:
            return None
        try:
            self._repository.resolve(commit)
        except GitError:
            commit = ""
        try:
            found = _origin(self._repository, path, commit, self._until)
        except GitError:
            return None
        return found if found is not None and (commit or found.committed_at >= moment) else None


def _origin(repository: Repository, path: str, since: str, until: str) -> Commit | None:
    found = next(iter(repository.commits(path, since=since, until=until, limit=1)), None)
    for _ in range(_MERGES):
        parents = repository.parents(found.id) if found is not None else ()
        if found is None or len(parents) == 1:
            return found
        there = repository.tree(found.id, [path])
        sides = [parent for parent in parents if repository.tree(parent, [path]) == there]
        earlier = (next(iter(repository.commits(path, since=since, until=side, limit=1)), None) for side in sides)
        before = next((commit for commit in earlier if commit is not None), None)
        if before is None:
            return found  # no side had it so since then: the merge did it
        found = before
    return found


def compare(signed: Mapping[str, str], present: Mapping[str, str]) -> tuple[Change, ...]:
    """Compare digests by path."""
    changes = []
    for path in sorted({*signed, *present}):
        if path not in present:
            changes.append(Change(path, "was removed"))
        elif path not in signed:
            changes.append(Change(path, "was added"))
        elif signed[path] != present[path]:
            changes.append(Change(path, "changed"))
    return tuple(changes)


def describe_changes(changes: Sequence[Change], who: str, commit: str, moment: datetime, history: History) -> str:
    """Say it in words, the first few with their commits.

    Args:
        changes: At least one.
        who: Who signed.
        commit: HEAD when it was signed; empty when unknown.
        moment: When it was signed.
        history: Where to look for the commits.
    """
    told, explained = [], True
    for change in changes[:_NAMED]:
        words = f"`{short(change.path)}` {change.what}"
        found = history.last(change.path, commit, moment)
        if found is None:
            explained = False
        else:
            words += f" in {found.id[:10]} by {short(found.author)} on {found.committed_at.date()}"
        told.append(words)
    more = len(changes) - _NAMED
    if more > 0:
        told.append(f"{more} more {'file' if more == 1 else 'files'} changed")
    text = ", ".join(told)
    return f"{text}, after {who} signed" if explained else f"this is not what {who} signed: {text}"
