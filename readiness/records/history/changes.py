"""Finds what changed since a record was signed, by whom and in which commit."""

import hashlib
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from readiness.checklist import Item
from readiness.git import Commit, GitError, Repository
from readiness.loading import NAMES
from readiness.loading.file import LIMIT
from readiness.records.history.checklist_versions import read_item_version
from readiness.records.model.errors import RecordsError
from readiness.records.storage.reading import read_committed
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

    def item_then(self, item: Item, commit: str) -> Item | None:
        """An item as the checklist of a commit wrote it; None when that is not known."""


class NoHistory:
    """Knows nothing."""

    def item_then(self, item: Item, commit: str) -> Item | None:  # noqa: ARG002 - as the protocol says
        """Nothing is known."""
        return None

    def last(self, path: str, commit: str, moment: datetime) -> Commit | None:  # noqa: ARG002 - as the protocol says
        """Nothing is known."""
        return None


class GitHistory:
    """Asks the git repository of a folder, for each path once.

    Args:
        root: The folder.
        until: Object id of the commit to look back from; empty for HEAD.
    """

    def __init__(self, root: Path, until: str = "") -> None:
        self._root, self._tip, self._until = root, until or "HEAD", until or "HEAD"
        self._found: dict[tuple[str, str, str], Commit | None] = {}
        self._touching: dict[str, list[Commit]] = {}
        self._after: dict[str, frozenset[str]] = {}
        self._items: dict[tuple[str, str, str], Item | None] = {}

    def item_then(self, item: Item, commit: str) -> Item | None:
        """An item as the checklist of a commit wrote it; None when that is not known."""
        name = item.source.file if item.source is not None else NAMES[0]
        if self._repository is None or not commit:
            return None
        key = (name, commit, item.id)
        if key not in self._items:
            self._items[key] = self._read_item(self._repository, *key)
        return self._items[key]

    def _read_item(self, repository: Repository, name: str, commit: str, item_id: str) -> Item | None:
        try:
            content = read_committed(repository, commit, name, LIMIT)
        except RecordsError:
            return None
        same = (name, hashlib.sha256(content or b"").hexdigest(), item_id)
        if same not in self._items:
            self._items[same] = read_item_version(name, content or b"", item_id).item
        return self._items[same]

    def at(self, until: str) -> "GitHistory":
        """The same, as it was at an earlier commit; what is read is shared."""
        if until not in self._parents:
            return GitHistory(self._root, until)
        _ = self._repository, self._children
        earlier = copy(self)
        earlier._until = until  # noqa: SLF001 - a copy of itself
        return earlier

    @cached_property
    def _repository(self) -> Repository | None:
        repository = Repository.find(self._root)
        return repository if repository is not None and repository.head else None

    def last(self, path: str, commit: str, moment: datetime) -> Commit | None:
        """Newest commit that changed a path after a commit, or after a moment where git does not know that commit.

        Of a merge that merely took a change over, it is the commit that had made it.
        """
        if self._repository is None:
            return None
        try:
            since = self._known(self._repository, commit)
            key = (path, since, self._until)
            if key not in self._found:
                self._found[key] = self._origin(self._repository, path, since)
        except GitError:
            return None
        found = self._found[key]
        return found if found is not None and (since or found.committed_at >= moment) else None

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        """Parents of every commit of the history."""
        if self._repository is None:
            return {}
        lines = self._repository.read("rev-list", "--parents", self._tip, "--").splitlines()
        return {words[0]: tuple(words[1:]) for words in map(str.split, lines)}

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for commit, parents in self._parents.items():
            for parent in parents:
                found.setdefault(parent, []).append(commit)
        return found

    def _known(self, repository: Repository, commit: str) -> str:
        """The commit; empty when git does not know it."""
        if commit in self._parents:
            return commit
        try:
            return repository.resolve(commit)
        except GitError:
            return ""

    def _newest(self, repository: Repository, path: str, since: str, until: str) -> Commit | None:
        """Newest commit up to `until` that touched a path, and that `since` does not contain."""
        if since and since not in self._parents:
            return next(iter(repository.commits(path, since=since, until=until, limit=1)), None)
        if path not in self._touching:
            self._touching[path] = repository.commits(path, until=self._tip)
        for found in self._touching[path]:
            after = self._descendants(found.id)
            if since not in after and (until == self._tip or until in after):
                return found
        return None

    def _descendants(self, commit: str) -> frozenset[str]:
        """Commits that contain a commit, itself among them."""
        if commit not in self._after:
            found, waiting = {commit}, [commit]
            while waiting:
                new = [child for child in self._children.get(waiting.pop(), ()) if child not in found]
                found.update(new)
                waiting += new
            self._after[commit] = frozenset(found)
        return self._after[commit]

    def _origin(self, repository: Repository, path: str, since: str) -> Commit | None:
        found = self._newest(repository, path, since, self._until)
        for _ in range(_MERGES):
            parents = self._parents.get(found.id, ()) if found is not None else ()
            if found is None or len(parents) == 1:
                return found
            there = repository.tree(found.id, [path])
            sides = [parent for parent in parents if repository.tree(parent, [path]) == there]
            earlier = (self._newest(repository, path, since, side) for side in sides)
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
