"""What a verdict is about: a commit that holds all that was judged, and artefacts by their digests."""

import hashlib
import stat
from collections.abc import Collection, Sequence
from pathlib import Path

from readiness.attestation import AttestationError
from readiness.git import GitError, Repository
from readiness.git_marks import marked_files
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, REVOKED_KEYS
from readiness.records.storage.work_tree import FOLDER
from readiness.text import short

_MOST_SHOWN = 5
_FULL_IDS = (40, 64)
"""Hex digits of a full object id, SHA-1 and SHA-256."""
_HEX = frozenset("0123456789abcdef")
_SHORTEST_ID = 4
"""Hex digits of the shortest abbreviation that git takes."""
_WHERE = "commit them, have git ignore them, or write reports outside the repository"


def pin(root: Path, checklist: str) -> str:
    """Insist that HEAD holds all that is judged.

    Args:
        root: Folder of the checklist.
        checklist: Name of the checklist file in it.

    Returns:
        Object id of HEAD.

    Raises:
        AttestationError: There is no commit, or something differs from it.
    """
    try:
        repository = Repository(root)
        if not repository.head:
            raise AttestationError(
                "there is no commit yet, and a verdict is attested for a commit", "commit what is to be judged"
            )
        _refuse_another_work_tree(repository)
        _refuse_marked(repository)
        _refuse_ignored(repository, checklist)
        changed = _changed(repository, "all")
    except GitError as error:
        raise AttestationError(
            f"a verdict is attested for a commit, and git knows of none here: {short(str(error))}",
            "run it in a git repository that git may read",
        ) from error
    if changed:
        raise AttestationError(
            f"the work tree differs from commit {repository.head[:10]}, which would not hold what was judged: "
            f"{_shown(changed)}",
            _WHERE,
        )
    return repository.head


def pin_source(repository: Repository, own: Collection[str]) -> str:
    """Insist that HEAD holds all that is in the work tree, and is not ignored.

    Args:
        repository: The repository.
        own: Paths from the top that may differ: files that the run made, and that are signed.

    Returns:
        Object id of HEAD.

    Raises:
        AttestationError: There is no commit, or something differs from it.
    """
    try:
        if not repository.head:
            raise AttestationError("there is no commit yet, and evidence is signed for one", "commit what is tested")
        _refuse_another_work_tree(repository)
        _refuse_marked(repository)
        changed = [name for name in _changed(repository, "all") if name not in own]
    except GitError as error:
        raise AttestationError(f"git does not answer: {short(str(error))}", "check it with `git status`") from error
    if changed:
        raise AttestationError(
            f"the work tree differs from commit {repository.head[:10]}, for which evidence would be signed: "
            f"{_shown(changed)}",
            "commit them, or have git ignore what the run writes",
        )
    return repository.head


def still_pinned(root: Path, commit: str) -> None:
    """Insist that a run left the commit and all tracked files alone; files that it made are no part of the commit.

    Raises:
        AttestationError: It did not.
    """
    try:
        repository = Repository(root)
        head = repository.head
        _refuse_marked(repository)
        changed = _changed(repository, "no")
    except GitError as error:
        raise AttestationError(f"git does not answer any more: {short(str(error))}", "run it again") from error
    if head != commit:
        raise AttestationError(
            f"HEAD moved from {commit[:10]} to {head[:10] or 'nothing'} during the run", "run it again, alone"
        )
    if changed:
        raise AttestationError(
            f"tracked files were changed during the run: {_shown(changed)}",
            "let no check change what is judged; build before the run",
        )


def tracked(path: Path) -> bool:
    """Whether a file is in the index of a git repository; False where git knows nothing of it."""
    try:
        return bool(Repository(path.parent).tracked_files([path.name]))
    except GitError:
        return False


def _changed(repository: Repository, untracked: str) -> list[str]:
    """Files of the whole repository that differ from HEAD; no setting of a submodule hides its own."""
    how = ("--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=none", f"--untracked-files={untracked}")
    out = repository.read("-C", str(repository.top), "status", *how)
    return [entry[3:] for entry in out.split("\0") if entry]


def _refuse_another_work_tree(repository: Repository) -> None:
    """Refuse a setting by which git compares another folder with the commit than the one that is judged."""
    if not repository.folder.resolve().is_relative_to(repository.top):
        raise AttestationError(
            f"the work tree of this repository is another folder: {short(str(repository.top))}",
            "`git config --unset core.worktree`",
        )


def _refuse_marked(repository: Repository) -> None:
    """Refuse marks that keep git from seeing changes, in submodules as well."""
    if marked := marked_files(repository):
        raise AttestationError(
            f"git was told to ignore changes of some files, so it cannot say whether they changed: {_shown(marked)}",
            "`git update-index --no-assume-unchanged --no-skip-worktree FILE`; `git sparse-checkout disable`",
        )


def _refuse_ignored(repository: Repository, checklist: str) -> None:
    """Refuse a policy that git ignores."""
    policy = (checklist, ALLOWED_SIGNERS, REVOKED_KEYS, FOLDER)
    ignored = repository.read("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *policy)
    names = [name for name in ignored.split("\0") if name]
    if names:
        raise AttestationError(
            f"git ignores what judges, so no commit holds it: {_shown(names)}",
            "take it out of .gitignore, and commit it",
        )


def _shown(names: list[str]) -> str:
    more = len(names) - _MOST_SHOWN
    return ", ".join(short(name) for name in names[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def artifact_digests(paths: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of files, by the name that a statement calls them.

    That is the path as it was given, or the file's name alone where the path is absolute or leads out of the folder.

    Raises:
        AttestationError: One cannot be read, is no file, or has the name of another.
    """
    found: dict[str, str] = {}
    for path in paths:
        outside = path.is_absolute() or ".." in path.parts
        name = path.name if outside else path.as_posix()
        if name in found:
            raise AttestationError(f"two artefacts are called `{short(name)}`", "give each once, under its own name")
        found[name] = file_digest(path, "artefact")
    return found


def file_digest(path: Path, what: str) -> str:
    """SHA-256 of a file.

    Args:
        path: The file.
        what: What it is, for the message.

    Raises:
        AttestationError: It cannot be read, or is no file.
    """
    name = short(str(path))
    try:
        with path.open("rb") as stream:
            if not stat.S_ISREG(path.stat().st_mode):
                raise AttestationError(f"the {what} `{name}` is no file", "name a file")
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is refused"
        raise AttestationError(f"the {what} `{name}` cannot be read: {why}", "make it before this") from error


def full_commit(text: str, folder: Path) -> str:
    """A full object id; that of a ref, where there is a repository to ask.

    Args:
        text: A full object id, or a ref.
        folder: Where to look for the repository.

    Raises:
        AttestationError: It is abbreviated, or names no commit.
    """
    name = text.strip().lower()
    if len(name) >= _SHORTEST_ID and set(name) <= _HEX:
        if len(name) in _FULL_IDS:
            return name
        raise AttestationError(
            f"`{text}` is no full object id: another commit may begin with the same digits",
            f"give all 40 (or 64) of them: `git rev-parse {text}`",
        )
    try:
        return Repository(folder).resolve(text)
    except (GitError, ValueError) as error:
        raise AttestationError(
            f"`{text}` names no commit here", "give the full object id of the commit that is deployed"
        ) from error
