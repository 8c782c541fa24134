"""Reads what records need: files of the work tree without following links, files of commits, and refs."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from readiness.atomic_write import atomic_write
from readiness.git import GitError, Repository
from readiness.records.model.errors import RecordsError
from readiness.text import short

REGULAR = frozenset({"100644", "100755"})
"""Modes of a file."""
LINK = "120000"
"""Mode of a symbolic link."""
KINDS = {LINK: "a link", "160000": "a submodule"}
"""What else an entry of a commit can be, by its mode."""
_FETCH = "fetch it (`git fetch origin main`; in CI, check out with full history: `fetch-depth: 0`), or correct its name"

_NAME_ONE = (
    "name the branch (`origin/main`), a ref in full (`refs/remotes/origin/main`), or a full object id "
    "(`git rev-parse origin/main`)"
)
_OBJECT_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_ABBREVIATED = re.compile("[0-9a-f]{4,63}", re.IGNORECASE)
_PSEUDO = re.compile("@|[A-Z_]*HEAD")
"""Names that git keeps beside the refs (gitglossary(7), "pseudoref")."""
_REVISION = re.compile(r"\.\.|@\{|[\^~:]")
"""What gitrevisions(7) adds to names, and git-check-ref-format(1) forbids in them."""


@contextmanager
def reading_history() -> Iterator[None]:
    """Turn an error of git into one that says how to repair the clone.

    Raises:
        RecordsError: Git cannot give what history has.
    """
    try:
        yield
    except GitError as error:
        raise RecordsError(
            f"git cannot read the history of the records: {short(str(error))}",
            "repair the clone, or clone again and in full (without --depth and --filter)",
        ) from error


def refuse_shallow(repository: Repository) -> None:
    """Insist that the whole history is there.

    Raises:
        RecordsError: It is cut off: what is missing could hold a revocation, or its deletion.
    """
    if repository.shallow:
        raise RecordsError(
            "the history of the records is cut off: this is a shallow clone",
            "run `git fetch --unshallow`; in CI, check out with full history (`fetch-depth: 0`)",
        )


def read_committed(repository: Repository, commit: str, path: str, limit: int) -> bytes | None:
    """Bytes of a file of a commit; None when there is none.

    Args:
        repository: Seen from the folder that the path is relative to.
        commit: Object id.
        path: Path of the file.
        limit: Bytes; a larger file is refused.

    Raises:
        RecordsError: It is no file or too large, or git cannot give it.
    """
    with reading_history():
        entry = next((entry for entry in repository.tree(commit, [path]) if entry.path == path), None)
        if entry is None:
            return None
        if entry.mode not in REGULAR:
            kind = KINDS.get(entry.mode, f"of mode {entry.mode}")
            raise RecordsError(
                f"{short(path)} of commit {commit[:10]} is not a file: it is {kind}", "keep the file itself there"
            )
        found = repository.blob_up_to(limit, entry.blob)
    if found is None:
        raise RecordsError(f"{short(path)} of commit {commit[:10]} is larger than {limit} bytes", "make it smaller")
    return found


@dataclass(frozen=True)
class NamedCommit:
    """The commit that a ref of the policy names."""

    commit: str
    """Object id."""
    name: str
    """Full name of the one ref that it is, for instance `refs/remotes/origin/main`; empty for an object id."""


def resolve_in(root: Path, ref: str) -> str:
    """Object id of the commit that a ref of the policy names, in the repository of a folder.

    Raises:
        RecordsError: There is no repository, or as for `resolve`.
    """
    try:
        repository = Repository(root)
    except GitError as error:
        raise RecordsError(
            f"the policy ref {short(ref)} cannot be resolved: {short(str(error))}", "run it in a clone"
        ) from error
    return resolve(repository, ref).commit


def resolve(repository: Repository, ref: str) -> NamedCommit:
    """The commit that a ref of the policy names: `refs/...` in full, the name of one ref, or a full object id.

    The other spellings of gitrevisions(7) are refused: `main~1` hides which of several refs `main` is, an abbreviated
    id can come to mean another commit, and `HEAD` is what is judged.

    Raises:
        RecordsError: It is spelt in another way, there is no such ref, or more than one: git would prefer a tag
            `origin/main` to the branch.
    """
    try:
        if _OBJECT_ID.fullmatch(ref) and len(commit := repository.resolve(ref)) == len(ref):
            return NamedCommit(commit, "")
        name = _only_name(repository, ref)
        return NamedCommit(repository.resolve(name), name)
    except GitError as error:
        raise RecordsError(f"the policy ref {short(ref)} cannot be resolved: {short(str(error))}", _FETCH) from error


def _only_name(repository: Repository, ref: str) -> str:
    """Full name of the only ref that a name can mean."""
    names = [] if _PSEUDO.fullmatch(ref) else _meanings(repository, ref)
    if not names:
        raise _no_ref(ref)
    of_remote = ref.partition("/")[0] in repository.read("remote").split()  # origin/main means its branch alone
    if len(names) > 1 or (of_remote and not names[0].startswith("refs/remotes/")):
        raise RecordsError(
            f"{short(ref)} is not only the name of a branch: {', '.join(map(short, names))}",
            f"write it in full, refs/remotes/{short(ref)}, and find out who made the other one",
        )
    return names[0]


def _meanings(repository: Repository, ref: str) -> list[str]:
    """Full names of all refs that git knows by a name; of one in full, that one alone."""
    places = () if ref.startswith("refs/") else ("refs/", "refs/tags/", "refs/heads/", "refs/remotes/")
    patterns = [ref] if not places else [*(place + ref for place in places), f"refs/remotes/{ref}/HEAD"]
    out = repository.read("for-each-ref", "--format=%(refname)", "--", *patterns)
    return [name for name in out.splitlines() if name in patterns]


def _no_ref(ref: str) -> RecordsError:
    """Why a text names no ref."""
    said = f"the policy ref {short(ref)} cannot be resolved: "
    if _PSEUDO.fullmatch(ref):
        return RecordsError(f"{said}it is what is checked out or was fetched last, and no branch", _NAME_ONE)
    if match := _REVISION.search(ref):
        return RecordsError(f"{said}a policy ref is a name alone, and `{match[0]}` is no part of a name", _NAME_ONE)
    if _ABBREVIATED.fullmatch(ref):
        return RecordsError(f"{said}there is no ref of this name, and an object id must be written in full", _NAME_ONE)
    return RecordsError(f"{said}there is no branch, tag or other ref of this name", _FETCH)


ATTRIBUTES = ".readiness/** -text"
"""Line of `.gitattributes` that keeps git from changing line ends in signed bytes."""
_ATTRIBUTES_LIMIT = 1024 * 1024


def read_file(root: Path, relative: str, *, limit: int) -> bytes | None:
    """Read a regular file; None when it does not exist.

    Args:
        root: Folder of the checklist.
        relative: Path below it.
        limit: Bytes; a larger file is refused.

    Raises:
        RecordsError: It or a folder on the way is a link, or it is not a file, too large or unreadable.
    """
    refuse_links(root, relative)
    try:
        handle = os.open(root / relative, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordsError(f"{relative} cannot be read: {error.strerror}", "make it a readable file") from error
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise RecordsError(f"{relative} is not a file", "make it a readable file")
        with os.fdopen(os.dup(handle), "rb") as file:
            data = file.read(min(state.st_size, limit) + 1)  # room for `limit` would be set aside for each small file
            if len(data) > state.st_size:  # it has grown meanwhile
                data += file.read(limit + 1 - len(data))
    except OSError as error:
        raise RecordsError(f"{relative} cannot be read: {error.strerror}", "make it a readable file") from error
    finally:
        os.close(handle)
    if len(data) > limit:
        raise RecordsError(f"{relative} is larger than {limit} bytes", "make it smaller, or remove it")
    return data


def refuse_links(root: Path, relative: str) -> None:
    """Insist that no part of a path below the root is a link.

    Raises:
        RecordsError: One is.
    """
    place = root
    for part in relative.split("/"):
        place /= part
        if place.is_symlink():
            name = place.relative_to(root).as_posix()
            raise RecordsError(f"{name} is a link: records are read from the repository itself", f"replace {name}")


_CHECKED_OUT = (".readiness/allowed_signers", ".readiness/revoked_keys")


def unix_lines(data: bytes) -> bytes:
    """Text with Unix line ends, where every line ends as on Windows; as it is, where only some do."""
    return data.replace(b"\r\n", b"\n") if data.count(b"\r\n") == data.count(b"\n") else data


def keep_bytes(root: Path) -> None:
    """See to it that git never changes line ends below `.readiness`, and undo where it did.

    Raises:
        RecordsError: `.gitattributes` is a link, or unreadable.
        OSError: It could not be written.
    """
    present = read_file(root, ".gitattributes", limit=_ATTRIBUTES_LIMIT) or b""
    if ATTRIBUTES.encode() in [line.strip() for line in present.splitlines()]:
        return
    gap = b"" if not present or present.endswith(b"\n") else b"\n"
    atomic_write(root / ".gitattributes", present + gap + ATTRIBUTES.encode() + b"\n")
    for path in _CHECKED_OUT:  # else the next commit would bring what git for Windows made of them
        data = read_file(root, path, limit=_ATTRIBUTES_LIMIT)
        if data is not None and (unix := unix_lines(data)) != data:
            atomic_write(root / path, unix)
