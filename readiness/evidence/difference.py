"""What differs between a commit and what is judged, by object ids: nothing is parsed, and no file of git is read."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from readiness.git import Repository, TreeEntry

_REGULAR = ("100644", "100755")


@dataclass(frozen=True)
class Difference:
    """Both sides of a change, without the content of a file."""

    repository: Repository
    was: Sequence[TreeEntry]
    now: Sequence[TreeEntry]
    dirty: Collection[str]
    """Tracked files whose content in the work tree is not that of HEAD."""

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not self.dirty and list(self.was) == list(self.now)

    def compared(self, skipped: Sequence[str]) -> int:
        """How many files there are on either side.

        Args:
            skipped: Folders, from the top, that are not compared.
        """
        paths = files_of(self.was).keys() | files_of(self.now).keys()
        return sum(not is_below(path, skipped) for path in paths)

    def paths(self, skipped: Sequence[str]) -> list[str]:
        """Everything that differs, in order."""
        sides = {entry.path: entry for entry in self.was}, {entry.path: entry for entry in self.now}
        known = sides[0].keys() | sides[1].keys()
        differing = {path for path in known if sides[0].get(path) != sides[1].get(path)} | set(self.dirty)
        return sorted(path for path in differing if not is_below(path, skipped))

    def digest(self, skipped: Sequence[str]) -> str:
        """One number for everything that differs, so that an approval of this change is of no other one."""
        was, now = ({entry.path: f"{entry.mode} {entry.blob}" for entry in side} for side in (self.was, self.now))
        whole = hashlib.sha256()
        for path in self.paths(skipped):
            after = _on_disk(self.repository.top / path) if path in self.dirty else now.get(path, "")
            whole.update(repr((path, was.get(path, ""), after)).encode("utf-8", "surrogateescape"))
        return f"sha256:{whole.hexdigest()}"


def difference(repository: Repository, base: str) -> Difference:
    """Compare a commit with the work tree.

    Args:
        repository: Seen from the top of its work tree.
        base: Object id of the commit.

    Raises:
        GitError: Git cannot tell.
    """
    was, now = repository.tree(base), repository.tree(repository.head)
    # what is not tracked was made by the job, not by the change
    dirty = set(repository.changed_files()) & {*repository.tracked_files(), *files_of(now)}
    return Difference(repository, was, now, dirty)


def files_of(entries: Sequence[TreeEntry]) -> Mapping[str, str]:
    """Object ids of the regular files of a tree, by path."""
    return {entry.path: entry.blob for entry in entries if entry.mode in _REGULAR}


def is_below(path: str, folders: Sequence[str]) -> bool:
    """Whether a path is one of these, or below it."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _on_disk(place: Path) -> str:
    """What is in the work tree now; only its kind where that is no file."""
    if place.is_symlink():
        return f"link {place.readlink()}"
    if not place.is_file():
        return "no file"
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
