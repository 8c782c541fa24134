"""Decides whose verdicts are trusted. Nothing that the judged commit can write decides it, unless somebody says so."""

import os
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path

from readiness.attestation import pem
from readiness.attestation.errors import AttestationError
from readiness.attestation.keys import MOST_KEYS, TRUSTED_KEYS_FILE, TrustedKey, read_trusted_keys
from readiness.git import GitError, Repository
from readiness.records.model.errors import RecordsError
from readiness.records.storage.reading import read_committed, resolve
from readiness.text import short

TRUSTED_KEYS_VARIABLE = "READINESS_VERIFY_KEY"
"""Environment variable that names the file of trusted keys."""
_NAME_ONE = "name the public half of the key that signs verdicts: `--key verdict.pub`"


class NoKeyError(AttestationError):
    """Nobody has said which keys to trust."""


def find_trusted_keys(
    named: Sequence[Path],
    *,
    start: Path,
    ref: str | None = None,
    work_tree: bool = False,
    variables: Mapping[str, str] = os.environ,
) -> tuple[TrustedKey, ...]:
    """The keys that are named, else those of the environment variable, else those of the policy's ref.

    Args:
        named: Files that were asked for.
        start: Folder to look upwards from, up to the root of its git repository.
        ref: The policy's ref, whose commit holds keys in `.readiness/verdict_keys`; None for none.
        work_tree: Whether those of the work tree count, where nothing else was named.
        variables: The environment.

    Raises:
        NoKeyError: There is no key.
        AttestationError: A file or the ref is refused.
    """
    variable = variables.get(TRUSTED_KEYS_VARIABLE)
    paths = [*named] or ([Path(variable)] if variable else [])
    if not paths and ref is not None:
        return _committed(start, ref)
    kept = _in_work_tree(start.absolute())
    paths = paths or (kept if work_tree else [])
    if not paths:
        raise _no_key(kept, work_tree=work_tree)
    found = {key.id: key for path in paths for key in read_trusted_keys(pem.read(path), short(str(path)))}
    if len(found) > MOST_KEYS:
        raise AttestationError(f"more than {MOST_KEYS} keys are trusted", "remove those that sign nothing any more")
    return tuple(found.values())


def _no_key(kept: list[Path], *, work_tree: bool) -> NoKeyError:
    if kept:
        return NoKeyError(
            f"there is no key to verify with: no `--key`, no {TRUSTED_KEYS_VARIABLE}, no `--policy-ref`; "
            f"{short(str(kept[0]))} is in the work tree, where the judged commit could have put it",
            f"{_NAME_ONE}; or trust the file of the policy branch: `--policy-ref origin/main`; or, where this checkout "
            "is not what is judged, `--trust-work-tree`",
        )
    where = f", and no {TRUSTED_KEYS_FILE} here or above" if work_tree else " and no `--policy-ref`"
    return NoKeyError(f"there is no key to verify with: no `--key`, no {TRUSTED_KEYS_VARIABLE}{where}", _NAME_ONE)


def _committed(start: Path, ref: str) -> tuple[TrustedKey, ...]:
    """The keys of the nearest file of a commit, in a folder or above it."""
    try:
        repository = Repository(start)
        commit = resolve(repository, ref).commit
        top, folder = Repository(repository.top), repository.prefix.removesuffix("/")
        folders = [folder]
        while folders[-1]:
            folders.append(posixpath.dirname(folders[-1]))
        for path in (posixpath.join(folder, TRUSTED_KEYS_FILE) for folder in folders):
            content = read_committed(top, commit, path, pem.LIMIT)
            if content is not None:
                return read_trusted_keys(content, f"{short(ref)}:{path}")
    except GitError as error:
        raise AttestationError(
            f"the keys of {short(ref)} cannot be read: {short(str(error))}", f"run it in a clone, or {_NAME_ONE}"
        ) from error
    except RecordsError as error:
        raise AttestationError(
            f"the keys of {short(ref)} cannot be read: {error.summary}", error.remedy or _NAME_ONE
        ) from error
    raise NoKeyError(
        f"there is no key to verify with: no `--key`, no {TRUSTED_KEYS_VARIABLE}, and {short(ref)} ({commit[:10]}) has "
        f"no {TRUSTED_KEYS_FILE}, here or above",
        _NAME_ONE,
    )


def _in_work_tree(start: Path) -> list[Path]:
    """The file of the work tree; outside of a repository, of this folder only: a shared folder above is anybody's."""
    folders = [start, *start.parents]
    root = next((index for index, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    places = (folder / TRUSTED_KEYS_FILE for folder in folders[: root + 1])
    return [place for place in places if place.is_symlink() or place.exists()][:1]
