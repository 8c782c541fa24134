"""Reads what a change does to the files of a repository, in one pass over the difference of two trees."""

import os
import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration import judges
from readiness.evidence.suppressions import group_of
from readiness.git import Repository, TreeEntry

LARGEST = 4 * 2**20
"""Bytes of one file; a larger one is not compared."""
MOST = 64 * 2**20
"""Bytes of all files of a change together."""
_MOST_ALIKE = 20
"""Unchanged files of one kind that are read beside a new one."""
_REGULAR = ("100644", "100755")
_LINK = ("120000",)
_NEVER_READ = frozenset(
    {
        ".7z", ".avif", ".bin", ".bmp", ".class", ".dll", ".eot", ".exe", ".gif", ".gz", ".ico", ".jar", ".jpeg",
        ".jpg", ".map", ".mov", ".mp3", ".mp4", ".ogg", ".otf", ".parquet", ".pdf", ".png", ".psd", ".pyc", ".so",
        ".svg", ".tar", ".tgz", ".tif", ".tiff", ".ttf", ".wasm", ".wav", ".webm", ".webp", ".woff", ".woff2", ".xz",
        ".zip",
    }
)  # fmt: skip
"""No tool reads tests, suppressions or its configuration from such a file."""
_DATA = frozenset(
    {
        ".csv", ".db", ".geojson", ".json", ".jsonl", ".log", ".md", ".ndjson", ".npy", ".npz", ".pickle", ".pkl",
        ".po", ".rst", ".sqlite", ".sqlite3", ".tsv", ".txt",
    }
)  # fmt: skip
"""Nor from such a one, unless its name says that it is configuration: `package.json`."""


@dataclass(frozen=True)
class Change:
    """What is judged, against the commit where it left the policy branch."""

    files: tuple[ChangedFile, ...]
    """Files that differ and were read, and unchanged ones `beside` the new."""
    compared: int
    """How many files were compared, by their object ids."""
    unread: tuple[EvidenceWeakening, ...] = ()
    """Files that differ, and are too large to be read; and configuration that is a link now."""

    @property
    def differing(self) -> int:
        """How many of the files differ."""
        return sum(file.before != file.after for file in self.files)


def read_change(repository: Repository, base: str, *, skipped: Sequence[str] = ()) -> Change:
    """Compare a commit with the work tree.

    Args:
        repository: Seen from the top of its work tree.
        base: Object id of the commit where what is judged left the policy branch.
        skipped: Folders, from the top, that are not compared.

    Raises:
        GitError: Git cannot tell.
    """
    was, now = repository.tree(base), repository.tree(repository.head)
    before, committed = _files(was, skipped), _files(now, skipped)
    # what is not tracked was made by the job, not by the change
    dirty = set(repository.changed_files()) & {*repository.tracked_files(), *committed}
    dirty = {path for path in dirty if not _below(path, skipped)}
    sides = _Sides(repository, before, committed, dirty)
    differing = [path for path in sides.differing() if is_read(path)]
    paths = [*differing, *beside(differing, before)]
    small, large, total = [], [], 0
    sizes = sides.sizes(paths)
    for path in paths:
        if max(sizes[path]) > LARGEST or total + sum(sizes[path]) > MOST:
            large.append(path)
        else:
            small.append(path)
            total += sum(sizes[path])
    told = {*differing, *filter(judges, paths)}
    unread = (path for path in large if min(sizes[path]) <= LARGEST and path in told)
    links = _new_links(repository, _files(was, skipped, _LINK), _files(now, skipped, _LINK), dirty)
    compared = len(before.keys() | committed.keys())
    return Change(tuple(sides.read(small)), compared, (*_too_large(unread), *map(_not_compared, links)))


@dataclass(frozen=True)
class _Sides:
    """The merge base and what is judged: object ids of a file in each, or its content in the work tree."""

    repository: Repository
    before: Mapping[str, str]
    committed: Mapping[str, str]
    dirty: Collection[str]
    """Tracked files whose content in the work tree is not that of HEAD."""

    def differing(self) -> list[str]:
        """Paths of the files that differ."""
        known = self.before.keys() | self.committed.keys() | set(self.dirty)
        return sorted(path for path in known if path in self.dirty or self._old(path) != self._new(path))

    def sizes(self, paths: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Bytes of each file on both sides."""
        blobs = self.repository.sizes_of_blobs(self._blobs(paths))
        return {
            path: (
                blobs.get(self._old(path), 0),
                self._size_on_disk(path) if path in self.dirty else blobs.get(self._new(path), 0),
            )
            for path in paths
        }

    def read(self, paths: Sequence[str]) -> Iterator[ChangedFile]:
        """Both sides of each file; what differs in the ends of lines alone comes as equal."""
        blobs = self.repository.blobs(self._blobs(paths), limit=LARGEST)
        for path in paths:
            was = blobs.get(self._old(path))
            now = self._on_disk(path) if path in self.dirty else blobs.get(self._new(path))
            if _lines(was) != _lines(now):
                yield ChangedFile(path, was, now)
            elif path not in self.dirty:
                yield ChangedFile(path, was, was)

    def _old(self, path: str) -> str:
        return self.before.get(path, "")

    def _new(self, path: str) -> str:
        return self.committed.get(path, "")

    def _blobs(self, paths: Sequence[str]) -> set[str]:
        clean = (self._new(path) for path in paths if path not in self.dirty)
        return {blob for blob in (*map(self._old, paths), *clean) if blob}

    def _size_on_disk(self, path: str) -> int:
        place = self.repository.top / path
        return place.stat().st_size if place.is_file() and not place.is_symlink() else 0

    def _on_disk(self, path: str) -> bytes | None:
        place = self.repository.top / path
        if place.is_symlink() or not place.is_file():
            return None
        with place.open("rb") as file:
            return file.read(LARGEST + 1)


def _files(
    entries: Iterable[TreeEntry], skipped: Sequence[str], modes: Collection[str] = _REGULAR
) -> Mapping[str, str]:
    """Object ids of the regular files of a tree, by path, or of those of other modes."""
    return {entry.path: entry.blob for entry in entries if entry.mode in modes and not _below(entry.path, skipped)}


def _new_links(
    repository: Repository, before: Mapping[str, str], committed: Mapping[str, str], dirty: Collection[str]
) -> list[str]:
    """Paths of configuration that is a link in what is judged, and was none or led elsewhere."""
    changed = {path for path, blob in committed.items() if path not in dirty and before.get(path) != blob}
    on_disk = {path for path in dirty if judges(path) and (repository.top / path).is_symlink()}
    known = repository.blobs({before[path] for path in on_disk & before.keys()}, limit=LARGEST)
    for path in on_disk:
        target = os.fsencode((repository.top / path).readlink())
        if path not in before or known.get(before[path]) != target:
            changed.add(path)
    return sorted(filter(judges, changed))


def is_read(path: str) -> bool:
    """Whether something in a file is compared; others are not read, however large a change makes them."""
    suffix = PurePosixPath(path).suffix.lower()
    return judges(path) or suffix not in _NEVER_READ | _DATA


def _below(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def beside(paths: Sequence[str], before: Collection[str]) -> list[str]:
    """Unchanged files by which new ones are understood.

    Configuration in the folder of a new one, which may take its place: `.coveragerc` that of `pyproject.toml`. And
    generated and vendored files like the new one, whose suppressions are no new ones.

    Args:
        paths: The files that differ.
        before: Those of the merge base.
    """
    there = set(paths)
    new = [path for path in paths if path not in before]
    folders = {posixpath.dirname(path) for path in new if judges(path)}
    groups = Counter({group: _MOST_ALIKE for group in map(group_of, new) if group})
    found = []
    for path in before if folders or groups else ():
        if path in there:
            continue
        group = group_of(path) if groups else ""
        if groups[group] > 0:
            groups[group] -= 1
            found.append(path)
        elif posixpath.dirname(path) in folders and judges(path):
            found.append(path)
    return found


def _lines(content: bytes | None) -> bytes | None:
    """The content without the ends of lines that git may change on the way to the work tree."""
    return content if content is None else content.replace(b"\r\n", b"\n")


def _too_large(paths: Iterable[str]) -> Iterable[EvidenceWeakening]:
    for path in paths:
        text = f"is too large to be compared: at most {LARGEST >> 20} MiB a file, {MOST >> 20} MiB a change"
        yield EvidenceWeakening("too-large-to-compare", text, path)


def _not_compared(path: str) -> EvidenceWeakening:
    return EvidenceWeakening("link-not-compared", "is a link now: what it leads to was not compared", path)
