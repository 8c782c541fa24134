"""Reads what a change does to the files of a repository, in one pass over the difference of two trees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration import judges
from readiness.evidence.source import language_of
from readiness.git import Repository, TreeEntry

LARGEST = 4 * 2**20
"""Bytes of one file; a larger one is not compared."""
MOST = 64 * 2**20
"""Bytes of all files of a change together."""
_REGULAR = ("100644", "100755")
_NEVER_READ = frozenset(
    {
        ".7z", ".avif", ".bin", ".bmp", ".class", ".dll", ".eot", ".exe", ".gif", ".gz", ".ico", ".jar", ".jpeg",
        ".jpg", ".map", ".mov", ".mp3", ".mp4", ".ogg", ".otf", ".parquet", ".pdf", ".png", ".psd", ".pyc", ".so",
        ".svg", ".tar", ".tgz", ".tif", ".tiff", ".ttf", ".wasm", ".wav", ".webm", ".webp", ".woff", ".woff2", ".xz",
        ".zip",
    }
)  # fmt: skip
"""No tool reads tests, suppressions or its configuration from such a file."""


@dataclass(frozen=True)
class Change:
    """What is judged, against the commit where it left the policy branch."""

    files: tuple[ChangedFile, ...]
    """Files that differ and were read."""
    compared: int
    """How many files were compared, by their object ids."""
    unread: tuple[EvidenceWeakening, ...] = ()
    """Files that differ, and are too large to be read."""


def read_change(repository: Repository, base: str, *, skipped: Sequence[str] = ()) -> Change:
    """Compare a commit with the work tree.

    Args:
        repository: Seen from the top of its work tree.
        base: Object id of the commit where what is judged left the policy branch.
        skipped: Folders, from the top, that are not compared.

    Raises:
        GitError: Git cannot tell.
    """
    before = _files(repository.tree(base), skipped)
    committed = _files(repository.tree(repository.head), skipped)
    dirty = [path for path in repository.changed_files() if not _below(path, skipped)]
    paths = sorted(
        path
        for path in before.keys() | committed.keys() | set(dirty)
        if path in dirty or before.get(path) != committed.get(path)
    )
    wanted = [path for path in paths if PurePosixPath(path).suffix.lower() not in _NEVER_READ]
    old = {path: before[path] for path in wanted if path in before}
    new = {path: committed[path] for path in wanted if path in committed and path not in dirty}
    sizes = repository.sizes_of_blobs({*old.values(), *new.values()})
    on_disk = {path: _on_disk(repository, path) for path in dirty}

    def size(path: str) -> tuple[int, int]:
        return sizes.get(old.get(path, ""), 0), sizes.get(new.get(path, ""), 0) or len(on_disk.get(path) or b"")

    small, large, total = [], [], 0
    for path in wanted:
        if max(size(path)) > LARGEST or total + sum(size(path)) > MOST:
            large.append(path)
        else:
            small.append(path)
            total += sum(size(path))
    blobs = repository.blobs({side[path] for path in small for side in (old, new) if path in side}, limit=LARGEST)
    files = (
        ChangedFile(
            path, blobs.get(old.get(path, "")), on_disk[path] if path in on_disk else blobs.get(new.get(path, ""))
        )
        for path in small
    )
    return Change(
        tuple(file for file in files if _lines(file.before) != _lines(file.after)),
        len(before.keys() | committed.keys()),
        tuple(_too_large(path for path in large if (language_of(path) or judges(path)) and min(size(path)) <= LARGEST)),
    )


def _files(entries: Iterable[TreeEntry], skipped: Sequence[str]) -> Mapping[str, str]:
    """Object ids of the regular files of a tree, by path."""
    return {entry.path: entry.blob for entry in entries if entry.mode in _REGULAR and not _below(entry.path, skipped)}


def _below(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def _on_disk(repository: Repository, path: str) -> bytes | None:
    place = repository.top / path
    if place.is_symlink() or not place.is_file():
        return None
    with place.open("rb") as file:
        return file.read(LARGEST + 1)


def _lines(content: bytes | None) -> bytes | None:
    """The content without the ends of lines that git may change on the way to the work tree."""
    return content if content is None else content.replace(b"\r\n", b"\n")


def _too_large(paths: Iterable[str]) -> Iterable[EvidenceWeakening]:
    for path in paths:
        text = f"is too large to be compared: at most {LARGEST >> 20} MiB a file, {MOST >> 20} MiB a change"
        yield EvidenceWeakening("too-large-to-compare", text, path)
