"""Finds every way in which a change weakens the evidence: reads both sides of its files once, and compares them."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile, Comparing, EvidenceWeakening, JudgedTest, WeakenedEvidence
from readiness.evidence.configuration import judges, looser_configuration
from readiness.evidence.difference import is_below
from readiness.evidence.links import MOST_NAMES
from readiness.evidence.sides import LARGEST, sides_of
from readiness.evidence.suppressions import group_of, new_suppressions
from readiness.evidence.weakened_tests import compare_tests
from readiness.git import Repository

MOST = 64 * 2**20
"""Bytes of all files of a change together."""
_MOST_ALIKE = 20
"""Unchanged files of one kind that are read beside a new one."""
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
    """Files that differ, and are too large to be read; and configuration that is a link to no file of the tree."""

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
    sides = sides_of(repository, base)
    changed = sides.differing()
    linked, complete = sides.behind_links(changed)
    differing = sorted(path for path in {*changed, *linked} if not is_below(path, skipped) and is_read(path))
    before = [path for path in sides.known_before() if not is_below(path, skipped)]
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
    links = (path for path in sides.out_of_sight() if not is_below(path, skipped))
    too_many = () if complete else [_too_many_names(sides.some_link())]
    compared = sum(not is_below(path, skipped) for path in sides.before.keys() | sides.committed.keys())
    return Change(tuple(sides.read(small)), compared, (*_too_large(unread), *map(_not_compared, links), *too_many))


def is_read(path: str) -> bool:
    """Whether something in a file is compared; others are not read, however large a change makes them."""
    suffix = PurePosixPath(path).suffix.lower()
    return judges(path) or suffix not in _NEVER_READ | _DATA


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


def _too_large(paths: Iterable[str]) -> Iterable[EvidenceWeakening]:
    for path in paths:
        text = f"is too large to be compared: at most {LARGEST >> 20} MiB a file, {MOST >> 20} MiB a change"
        yield EvidenceWeakening("too-large-to-compare", text, path)


def _not_compared(path: str) -> EvidenceWeakening:
    text = "is a link to what is no file of the repository, which was not compared"
    return EvidenceWeakening("link-not-compared", text, path)


def _too_many_names(path: str) -> EvidenceWeakening:
    text = f"links give more than {MOST_NAMES:,} names to the files of the change: not all were compared"
    return EvidenceWeakening("link-not-compared", text, path)


def compare_commits(asked: Comparing) -> WeakenedEvidence:
    """Compare the work tree with each commit where it left the policy branch.

    Raises:
        GitError: Git cannot tell what the change is.
    """
    top = Repository(asked.top)
    found: dict[EvidenceWeakening, None] = {}
    judged: dict[JudgedTest, None] = {}
    compared = differing = 0
    for commit in asked.bases:
        change = read_change(top, commit, skipped=asked.skipped)
        sources = compare_sources(change.files)
        found |= dict.fromkeys((*sources.weakenings, *change.unread))
        judged |= dict.fromkeys(sources.judged)
        compared, differing = max(compared, change.compared), max(differing, change.differing)
    return WeakenedEvidence(tuple(found), tuple(judged), compared, differing)


@dataclass(frozen=True)
class ComparedSources:
    """What a change does to the sources of the evidence."""

    weakenings: tuple[EvidenceWeakening, ...]
    """By path and line."""
    judged: tuple[JudgedTest, ...]
    """Tests that have another name or place now, none, or fewer rows, whether that weakens or not."""


def find_weakenings(change: Sequence[ChangedFile]) -> tuple[EvidenceWeakening, ...]:
    """How a change weakens the tests, the suppressions and the configuration of tools, by path and line. Pure."""
    return compare_sources(change).weakenings


def compare_sources(change: Sequence[ChangedFile]) -> ComparedSources:
    """Compare the tests, the suppressions and the configuration of tools before and after a change. Pure.

    Args:
        change: Every file that differs; what moved between files is matched over all of them.
    """
    tests = compare_tests(change)
    found = (*tests.weakenings, *new_suppressions(change), *looser_configuration(change))
    in_order = sorted(found, key=lambda weakening: (weakening.path, weakening.line or 0, weakening.code))
    return ComparedSources(tuple(in_order), tests.judged)
