"""Reads from git what records need: the commit of a ref, the bytes of a file; each failure with its remedy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from readiness.git import GitError, Repository
from readiness.records.model.errors import RecordsError
from readiness.text import short

REGULAR = frozenset({"100644", "100755"})
"""Modes of a file."""
KINDS = {"120000": "a link", "160000": "a submodule"}
"""What else an entry of a commit can be, by its mode."""
_FETCH = "fetch it (`git fetch origin main`; in CI, check out with full history: `fetch-depth: 0`), or correct its name"


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
    return resolve(repository, ref)


def resolve(repository: Repository, ref: str) -> str:
    """Object id of the commit that a ref of the policy names: a branch, a tag or a commit.

    Raises:
        RecordsError: There is none, or git knows several things by this name: a tag `origin/main` would go before the
            branch.
    """
    try:
        commit = repository.resolve(ref)
        names = _meanings(repository, ref)
        others = {repository.resolve(name) for name in names}
        remotes = repository.read("remote").split()
    except GitError as error:
        raise RecordsError(f"the policy ref {short(ref)} cannot be resolved: {short(str(error))}", _FETCH) from error
    if others - {commit} or (f"refs/tags/{ref}" in names and ref.partition("/")[0] in remotes):
        raise RecordsError(
            f"{short(ref)} is not only the name of a branch: {', '.join(map(short, names))}",
            f"write it in full, refs/remotes/{short(ref)}, and find out who made the other one",
        )
    return commit


def _meanings(repository: Repository, ref: str) -> list[str]:
    """Full names of all refs that git knows by a short one."""
    patterns = (
        f"refs/{ref}",
        f"refs/tags/{ref}",
        f"refs/heads/{ref}",
        f"refs/remotes/{ref}",
        f"refs/remotes/{ref}/HEAD",
    )
    out = repository.read("for-each-ref", "--format=%(refname)", "--", *patterns)
    return [name for name in out.splitlines() if name in patterns]
