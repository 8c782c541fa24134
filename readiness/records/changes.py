"""What changed between what was signed and what is there, by whom and in which commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from readiness.git import Commit, GitError, Repository
from readiness.records.words import short

_NAMED = 3


@dataclass(frozen=True)
class Change:
    """One file that is not as it was signed."""

    path: str
    what: str
    """`changed`, `was added` or `was removed`."""


class History(Protocol):
    """Answers who changed a file."""

    def last(self, path: str, since: str) -> Commit | None:
        """Newest commit that touched a path, after `since` where that is known; None when there is none."""


class NoHistory:
    """Knows nothing."""

    def last(self, path: str, since: str) -> Commit | None:  # noqa: ARG002 - the signature is the protocol's
        """Nothing is known."""
        return None


class GitHistory:
    """Asks the git repository of a folder."""

    def __init__(self, root: Path) -> None:
        self._repository = Repository.find(root)

    def last(self, path: str, since: str) -> Commit | None:
        """Newest commit that touched a path, after `since` where git still knows that."""
        if self._repository is None or not self._repository.head:
            return None
        try:
            found = self._repository.commits(path, since=since, limit=1) if since else []
        except GitError:
            found = []
        try:
            return next(iter(found or self._repository.commits(path, limit=1)), None)
        except GitError:
            return None


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


def tell(changes: Sequence[Change], since: str, history: History) -> str:
    """Say it in words, the first few with their commits.

    Args:
        changes: At least one.
        since: The commit at which it was signed; empty when unknown.
        history: Where to look for the commits.
    """
    told = []
    for change in changes[:_NAMED]:
        words = f"`{short(change.path)}` {change.what}"
        commit = history.last(change.path, since)
        if commit is not None:
            words += f" in {commit.id[:10]} by {short(commit.author)} on {commit.committed_at.date()}"
        told.append(words)
    if len(changes) > _NAMED:
        told.append(f"{len(changes) - _NAMED} more files changed" if len(changes) - _NAMED > 1 else "1 more changed")
    return ", ".join(told)
