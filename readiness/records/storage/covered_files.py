"""The files that a sign-off is bound to: git blobs of a commit, never the work tree."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from readiness.git import GitError, Repository, TreeEntry
from readiness.outcome import Finding
from readiness.records.model import globs
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Sha256, Subject
from readiness.records.model.words import path as check_path
from readiness.records.storage.reading import KINDS, REGULAR
from readiness.records.storage.work_tree import FOLDER
from readiness.text import short

_MOST = 10_000
_AT_ONCE = 100


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
    repository = Repository.find(root)
    if repository is None or not repository.head:
        where = "the folder is not in a git repository" if repository is None else "the repository has no commit yet"
        raise RecordsError(f"`covers` cannot be judged: {where}", "commit the covered files with git")
    try:
        return _covered(root, repository, patterns, commit)
    except GitError as error:
        raise RecordsError(f"`covers` cannot be judged: {short(str(error))}", "repair the git repository") from error


def _covered(root: Path, repository: Repository, patterns: Sequence[str], commit: str) -> tuple[Subject, ...]:
    there = commit or repository.head
    entries = {entry.path: entry for entry in repository.tree(there) if not entry.path.startswith(f"{FOLDER}/")}
    chosen: dict[str, TreeEntry] = {}
    for pattern in patterns:
        matches = _matching(entries, [pattern])
        if not matches:
            raise RecordsError(
                f"`covers` matches no file: `{short(pattern)}` is not in commit {there[:10]}",
                "commit the files, or correct the pattern",
            )
        chosen.update((name, entries[name]) for name in matches)
    if len(chosen) > _MOST:
        raise RecordsError(f"`covers` matches {len(chosen)} files; {_MOST} are the most", "name fewer")
    for entry in chosen.values():
        _refuse_odd(entry)
    digests = repository.sha256_of_blobs(sorted({entry.blob for entry in chosen.values()}))
    if not commit:
        _refuse_uncommitted(root, repository, chosen, digests, patterns)
    return tuple(
        Subject(name=name, digest=Sha256(sha256=digests[entry.blob])) for name, entry in sorted(chosen.items())
    )


def _matching(names: Sequence[str] | dict[str, TreeEntry], patterns: Sequence[str]) -> list[str]:
    return [name for name in names if any(globs.compiled(pattern).fullmatch(name) for pattern in patterns)]


def _refuse_odd(entry: TreeEntry) -> None:
    if entry.mode not in REGULAR:
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


def _refuse_uncommitted(
    root: Path,
    repository: Repository,
    chosen: dict[str, TreeEntry],
    digests: dict[str, str],
    patterns: Sequence[str],
) -> None:
    """Insist that the work tree has what the commit has; bytes are compared, for git can be told to look away."""
    unlike = [name for name, entry in chosen.items() if _digest(root / name) != digests[entry.blob]]
    differing = _truly_differing(root, repository, unlike, chosen)
    indexed = repository.tracked_files()
    others = repository.read("ls-files", "-z", "--others", "--exclude-standard", "--", ".").split("\0")
    added = [name for name in _matching([*indexed, *filter(None, others)], patterns) if name not in chosen]
    differing += [name for name in added if not name.startswith(f"{FOLDER}/")]
    if differing:
        first = short(min(differing))
        more = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
        raise RecordsError(
            f"{first}{more} differ{'' if more else 's'} from commit {repository.head[:10]}: a sign-off is given for "
            "committed files",
            "commit the change, or undo it",
            findings=tuple(
                _finding(name, "the work tree differs from the commit", "commit the change, or undo it")
                for name in sorted(differing)[:50]
            ),
        )


def _digest(path: Path) -> str:
    """SHA-256 of a regular file; empty when it is none, or cannot be read."""
    if path.is_symlink() or not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _truly_differing(
    root: Path, repository: Repository, names: Sequence[str], chosen: dict[str, TreeEntry]
) -> list[str]:
    """Leave out files whose line ends, or whose filter such as LFS, rightly differ: ask git what it would commit."""
    differing = [name for name in names if not _digest(root / name)]
    rest = [name for name in names if name not in differing]
    for start in range(0, len(rest), _AT_ONCE):
        some = rest[start : start + _AT_ONCE]
        blobs = repository.read("hash-object", "--", *some).split()
        differing += [name for name, blob in zip(some, blobs, strict=True) if blob != chosen[name].blob]
    return differing


def _finding(path: str, message: str, remedy: str) -> Finding:
    return Finding(message=message, rule="covers", path=short(path), remedy=remedy)
