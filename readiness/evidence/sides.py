"""Reads both sides of the files of a change: the merge base, and what is judged, in git or in the work tree."""

import os
import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile
from readiness.evidence.configuration import judges
from readiness.evidence.difference import difference, files_of
from readiness.evidence.links import Links, names_by_links
from readiness.git import Repository, TreeEntry

LARGEST = 4 * 2**20
"""Bytes of one file; a larger one is not compared."""
_LINK = "120000"


@dataclass(frozen=True)
class Sides:
    """Object ids of a file on each side, or its content in the work tree.

    Configuration is read where its tool finds it: behind links.
    """

    repository: Repository
    before: Mapping[str, str]
    committed: Mapping[str, str]
    dirty: Collection[str]
    """Tracked files whose content in the work tree is not that of HEAD."""
    old_links: Links
    new_links: Links

    def differing(self) -> list[str]:
        """Paths of the files that differ, links left out."""
        known = self.before.keys() | self.committed.keys() | set(self.dirty)
        return sorted(path for path in known if path in self.dirty or self.before.get(path) != self.committed.get(path))

    def behind_links(self, differing: Sequence[str]) -> tuple[list[str], bool]:
        """Configuration by the names that links give it, if it differs there, and whether all names were looked at."""
        places = self._newly_linked()
        known = self.before.keys() | self.committed.keys() if places else ()
        below = [path for path in known if places & {"", path, *map(str, PurePosixPath(path).parents)}]
        names, complete = names_by_links([*differing, *below], self.old_links, self.new_links)
        return sorted(name for name in names if judges(name) and self._differs(name)), complete

    def known_before(self) -> list[str]:
        """Files of the merge base, and configuration that is a link to one there."""
        linked = [path for path in self.old_links.targets if judges(path) and self._old(path)]
        return [*self.before, *linked]

    def some_link(self) -> str:
        """The first link that is judged, or else of the merge base."""
        return min(self.new_links.targets or self.old_links.targets)

    def out_of_sight(self) -> list[str]:
        """Paths of configuration that is a link in what is judged, was none or led elsewhere, and leads to no file."""
        links = self.new_links.targets
        return sorted(
            path
            for path, target in links.items()
            if judges(path)
            and (self.old_links.targets.get(path) != target or self.old_links.lead(path) != self.new_links.lead(path))
            and not self._is_file(self.new_links.lead(path))
        )

    def sizes(self, paths: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Bytes of each file on both sides."""
        blobs = self.repository.sizes_of_blobs(self._blobs(paths))
        return {
            path: (
                blobs.get(self._old(path), 0),
                self._size_on_disk(self._now_at(path)) if self._is_dirty(path) else blobs.get(self._new(path), 0),
            )
            for path in paths
        }

    def read(self, paths: Sequence[str]) -> Iterator[ChangedFile]:
        """Both sides of each file; what differs in the ends of lines alone comes as equal."""
        blobs = self.repository.blobs(self._blobs(paths), limit=LARGEST)
        for path in paths:
            was = blobs.get(self._old(path))
            now = self._on_disk(self._now_at(path)) if self._is_dirty(path) else blobs.get(self._new(path))
            if _lines(was) != _lines(now):
                yield ChangedFile(path, was, now)
            elif not self._is_dirty(path):
                yield ChangedFile(path, was, was)

    def _newly_linked(self) -> set[str]:
        """The places that links lead to on one side, and not on the other."""
        old, new = self.old_links, self.new_links
        places: set[str | None] = set()
        for path in old.targets.keys() | new.targets.keys():
            if old.targets.get(path) != new.targets.get(path):
                places |= {links.lead(path) for links in (old, new) if path in links.targets}
        return {place for place in places if place is not None}

    def _differs(self, name: str) -> bool:
        """Whether configuration differs by this name, unless the file that it leads to is told by itself."""
        was_at, now_at = self._was_at(name), self._now_at(name)
        same_name = posixpath.basename(now_at) == posixpath.basename(name)
        if was_at == now_at and same_name and judges(now_at):
            return False
        return self._is_dirty(name) or self._old(name) != self._new(name)

    def _was_at(self, path: str) -> str:
        return (self.old_links.lead(path) or "") if judges(path) else path

    def _now_at(self, path: str) -> str:
        return (self.new_links.lead(path) or "") if judges(path) else path

    def _is_dirty(self, path: str) -> bool:
        return self._now_at(path) in self.dirty

    def _old(self, path: str) -> str:
        return self.before.get(self._was_at(path), "")

    def _new(self, path: str) -> str:
        return self.committed.get(self._now_at(path), "")

    def _blobs(self, paths: Sequence[str]) -> set[str]:
        clean = (self._new(path) for path in paths if not self._is_dirty(path))
        return {blob for blob in (*map(self._old, paths), *clean) if blob}

    def _is_file(self, place: str | None) -> bool:
        if place is None:
            return False
        return self._is_on_disk(place) if place in self.dirty else place in self.committed

    def _is_on_disk(self, path: str) -> bool:
        """Whether a file is in the work tree, and no link that git does not know is on the way."""
        place = self.repository.top.resolve() / path
        return place.is_file() and place.resolve() == place

    def _size_on_disk(self, path: str) -> int:
        return (self.repository.top / path).stat().st_size if self._is_on_disk(path) else 0

    def _on_disk(self, path: str) -> bytes | None:
        if not self._is_on_disk(path):
            return None
        with (self.repository.top / path).open("rb") as file:
            return file.read(LARGEST + 1)


def sides_of(repository: Repository, base: str) -> Sides:
    """Both sides, over the whole tree.

    Raises:
        GitError: Git cannot tell.
    """
    differs = difference(repository, base)
    was, now, dirty = differs.was, differs.now, differs.dirty
    before, committed = files_of(was), files_of(now)
    old_links, new_links = _targets(repository, was), _targets(repository, [e for e in now if e.path not in dirty])
    on_disk = {path: repository.top / path for path in dirty if (repository.top / path).is_symlink()}
    new_links |= {path: os.fsdecode(place.readlink()) for path, place in on_disk.items()}
    return Sides(repository, before, committed, dirty, Links(old_links), Links(new_links))


def _targets(repository: Repository, entries: Sequence[TreeEntry]) -> dict[str, str]:
    links = {entry.path: entry.blob for entry in entries if entry.mode == _LINK}
    known = repository.blobs(set(links.values()), limit=LARGEST)
    return {path: os.fsdecode(known[blob]) for path, blob in links.items() if blob in known}


def _lines(content: bytes | None) -> bytes | None:
    """The content without the ends of lines that git may change on the way to the work tree."""
    return content if content is None else content.replace(b"\r\n", b"\n")
