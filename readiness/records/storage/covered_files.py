"""The files that a sign-off is bound to: git blobs of a commit, never the work tree."""

import hashlib
import os
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from readiness.git import GitError, Repository, TreeEntry
from readiness.outcome import Finding
from readiness.records.model import globs
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Sha256, Subject
from readiness.records.model.words import path as check_path
from readiness.records.storage.reading import KINDS, LINK, REGULAR
from readiness.records.storage.work_tree import FOLDER
from readiness.text import short

_MOST = 10_000
_AT_ONCE = 100
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-.*\n)*oid sha256:([0-9a-f]{64})\nsize \d+\n\Z"
)
_POINTER_SIZE = 1024
_MARKED = 1_000
"""Files that are asked for by name at once."""


class CoveredFiles:
    """Covered files, found once for each list of patterns: as they were in the folder when they were first asked for.

    One command asks for the same files for every item, release and record. Nothing that it runs in between may change
    them.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[Path, str], _Place] = {}
        self._digests: dict[str, str] = {}
        self.same: dict[str, str] = {}
        """Commits whose covered files are known to be those of another commit."""

    def of(self, root: Path, patterns: Sequence[str], commit: str = "") -> tuple[Subject, ...]:
        """As `covered`."""
        return self._place(root, commit).covered(tuple(patterns))

    def links(self, root: Path, patterns: Sequence[str], commit: str = "") -> tuple[tuple[str, str], ...]:
        """The links among the covered files, and where each leads: that is covered, and not what is there.

        Raises:
            RecordsError: As for `covered`.
        """
        return self._place(root, commit).links(tuple(patterns))

    def _place(self, root: Path, commit: str) -> "_Place":
        commit = self.same.get(commit, commit)
        key = (root, commit)
        if key not in self._places:
            self._places[key] = _place(root, commit, self._digests)
        return self._places[key]


def link_digest(target: bytes) -> str:
    """Digest by which a link is covered: of where it leads, and of no text that a file could hold.

    Args:
        target: Where it leads, as git keeps it.
    """
    return hashlib.sha256(b"symbolic link\0" + target).hexdigest()


def covered(root: Path, patterns: Sequence[str], commit: str = "") -> tuple[Subject, ...]:
    """Files of a commit that match any pattern, with their digests, by path.

    Args:
        root: Folder of the checklist.
        patterns: As in `covers`; each has to match.
        commit: Object id; empty for HEAD, which the work tree then has to equal.

    Raises:
        RecordsError: There is no commit, a pattern matches nothing, a match is no regular file, or the work tree
            differs from HEAD, so that what is judged would not be what is there.
    """
    return CoveredFiles().of(root, patterns, commit)


def _place(root: Path, commit: str, digests: dict[str, str]) -> "_Place":
    repository = Repository.find(root)
    if repository is None or not (commit or repository.head):
        where = "the folder is not in a git repository" if repository is None else "the repository has no commit yet"
        raise RecordsError(f"`covers` cannot be judged: {where}", "commit the covered files with git")
    return _Place(root, repository, commit, digests)


class _Place:
    """The files of one commit, or of HEAD and the work tree.

    Args:
        root: Folder of the checklist.
        repository: Seen from there.
        commit: Object id; empty for HEAD and the work tree.
        digests: SHA-256 of blobs, as far as they are known; takes what is found.
    """

    def __init__(self, root: Path, repository: Repository, commit: str, digests: dict[str, str]) -> None:
        self._root, self._repository, self._digests = root, repository, digests
        self._commit = commit or repository.head
        self._with_work_tree = not commit
        self._trees: dict[tuple[str, ...], dict[str, TreeEntry]] = {}
        self._found: dict[tuple[str, ...], tuple[Subject, ...] | RecordsError] = {}

    def covered(self, patterns: tuple[str, ...]) -> tuple[Subject, ...]:
        if patterns not in self._found:
            try:
                self._found[patterns] = self._find(patterns)
            except GitError as error:
                raise RecordsError(
                    f"`covers` cannot be judged: {short(str(error))}", "repair the git repository"
                ) from error
            except RecordsError as error:
                self._found[patterns] = error
        found = self._found[patterns]
        if isinstance(found, RecordsError):
            raise RecordsError(found.summary, found.remedy, findings=found.findings)
        return found

    def _entries(self, patterns: Sequence[str]) -> dict[str, TreeEntry]:
        """Files of the commit in the folders that patterns name."""
        roots = globs.chosen(tuple(patterns)).roots
        if roots not in self._trees:
            tree = self._repository.tree(self._commit, roots)
            self._trees[roots] = {e.path: e for e in tree if not e.path.startswith(f"{FOLDER}/")}
        return self._trees[roots]

    @cached_property
    def _in_work_tree(self) -> list[str]:
        """Names that the index has, and those beside it that git does not ignore."""
        others = self._repository.read("ls-files", "-z", "--others", "--exclude-standard", "--", ".").split("\0")
        names = [*self._repository.tracked_files(), *filter(None, others)]
        return [name for name in names if not name.startswith(f"{FOLDER}/")]

    def _find(self, patterns: tuple[str, ...]) -> tuple[Subject, ...]:
        chosen = self._chosen(patterns)
        if len(chosen) > _MOST:
            raise RecordsError(f"`covers` matches {len(chosen)} files; {_MOST} are the most", "name fewer")
        for entry in chosen.values():
            _refuse_odd(entry, patterns)
        digests = self._digests_of(sorted({entry.blob for entry in chosen.values()}))
        if self._with_work_tree:
            self._refuse_uncommitted(chosen, digests, patterns)
        return tuple(self._subject(entry, digests) for _name, entry in sorted(chosen.items()))

    def _chosen(self, patterns: tuple[str, ...]) -> dict[str, TreeEntry]:
        """What patterns choose: each of them something, also without what is left out."""
        entries, asked = self._entries(patterns), globs.chosen(patterns)
        for pattern in asked.taken:
            matches = [name for name in entries if globs.compiled(pattern).fullmatch(name)]
            if not matches:
                raise RecordsError(
                    f"`covers` matches no file: `{short(pattern)}` is not in commit {self._commit[:10]}",
                    "commit the files, or correct the pattern",
                )
            if all(map(asked.leaves_out, matches)):
                raise RecordsError(
                    f"`covers` matches no file: all that `{short(pattern)}` names is left out again",
                    "leave out less, or remove the pattern",
                )
        return {name: entry for name, entry in entries.items() if asked.takes(name)}

    def _subject(self, entry: TreeEntry, digests: dict[str, str]) -> Subject:
        digest = link_digest(self._repository.blob(entry.blob)) if entry.mode == LINK else digests[entry.blob]
        return Subject(name=entry.path, digest=Sha256(sha256=digest))

    def links(self, patterns: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """The links among the covered files, and where each leads."""
        found = [entry for entry in self._chosen(patterns).values() if entry.mode == LINK]
        return tuple(
            (entry.path, self._repository.blob(entry.blob).decode("utf-8", "surrogateescape")) for entry in found
        )

    def _digests_of(self, blobs: Sequence[str]) -> dict[str, str]:
        unknown = [blob for blob in blobs if blob not in self._digests]
        if unknown:
            self._digests |= self._repository.sha256_of_blobs(unknown)
        return self._digests

    def _is_unlike(self, entry: TreeEntry, digest: str) -> bool:
        path = self._root / entry.path
        return _digest(path) != digest or (path.is_symlink() and entry.mode != LINK)

    def _refuse_uncommitted(
        self, chosen: dict[str, TreeEntry], digests: dict[str, str], patterns: Sequence[str]
    ) -> None:
        """Insist that the work tree has what the commit has; bytes are compared, for git can be told to look away."""
        unlike = [name for name, entry in chosen.items() if self._is_unlike(entry, digests[entry.blob])]
        differing = _truly_differing(self._root, self._repository, unlike, chosen)
        takes = globs.chosen(tuple(patterns)).takes
        differing += [name for name in self._in_work_tree if name not in chosen and takes(name)]
        if differing:
            first = short(min(differing))
            more = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
            raise RecordsError(
                f"{first}{more} differ{'' if more else 's'} from commit {self._commit[:10]}: a sign-off is given for "
                "committed files",
                "commit the change, or undo it",
                findings=tuple(
                    _finding(name, "the work tree differs from the commit", "commit the change, or undo it")
                    for name in sorted(differing)[:50]
                ),
            )


def _refuse_odd(entry: TreeEntry, patterns: tuple[str, ...]) -> None:
    """Refuse what is no file; a link only where it is named itself, for among others it is covered as a link."""
    if entry.mode not in REGULAR and (entry.mode != LINK or entry.path in patterns):
        kind = KINDS.get(entry.mode, f"of mode {entry.mode}")
        raise RecordsError(
            f"{short(entry.path)} is {kind}: only regular files can be signed off",
            "replace it with a file, or narrow `covers`",
            findings=(_finding(entry.path, f"it is {kind}", "replace it with a file, or narrow `covers`"),),
        )
    try:
        check_path(entry.path)
    except ValueError as error:
        raise RecordsError(f"{short(entry.path)} cannot be covered: {error}", "rename the file") from error


def _digest(path: Path) -> str:
    """SHA-256 of a regular file, or of where a link leads; empty when it is neither, or cannot be read."""
    try:
        if path.is_symlink():
            return hashlib.sha256(os.fsencode(path.readlink())).hexdigest()
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _truly_differing(
    root: Path, repository: Repository, names: Sequence[str], chosen: dict[str, TreeEntry]
) -> list[str]:
    """Leave out files whose line ends, or whose filter such as LFS, rightly differ: ask git what it would commit."""
    differing = [name for name in names if not _digest(root / name) or (root / name).is_symlink()]
    rest = [name for name in names if name not in differing]
    absent = [name for name in differing if not os.path.lexists(root / name)]
    if absent:  # a sparse checkout leaves files out, and marks each of them
        marked = repository.read("ls-files", "-z", "-v", "--cached", "--", *absent[:_MARKED]).split("\0")
        left_out = {entry[2:] for entry in marked if entry.startswith("S ")}
        differing = [name for name in differing if name not in left_out]
    for start in range(0, len(rest), _AT_ONCE):
        some = rest[start : start + _AT_ONCE]
        blobs = repository.read("hash-object", "--", *some).split()
        differing += [
            name
            for name, blob in zip(some, blobs, strict=True)
            if blob != chosen[name].blob and _digest(root / name) != _pointed_at(repository, chosen[name].blob)
        ]
    return differing


def _pointed_at(repository: Repository, blob: str) -> str:
    """SHA-256 of the file that a pointer of Git LFS stands for, as its specification says; `-` when it is none."""
    match = _POINTER.match(repository.blob_up_to(_POINTER_SIZE, blob) or b"")
    return match[1].decode() if match else "-"


def _finding(path: str, message: str, remedy: str) -> Finding:
    return Finding(message=message, rule="covers", path=short(path), remedy=remedy)
