"""Finds the public keys whose verdicts count."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from readiness.attestation import pem
from readiness.attestation.errors import AttestationError
from readiness.attestation.keys import MOST_KEYS, TrustedKey, read_trusted_keys
from readiness.text import short

VARIABLE = "READINESS_VERIFY_KEY"
"""Environment variable that names the file of trusted keys."""
FILE = ".readiness/verdict_keys"
"""Where a repository keeps them."""


class NoKeyError(AttestationError):
    """Nobody has said which keys to trust."""


def find(named: Sequence[Path], *, start: Path, variables: Mapping[str, str] = os.environ) -> tuple[TrustedKey, ...]:
    """The keys that are named, else those of the environment variable, else those of the repository.

    Args:
        named: Files that were asked for.
        start: Folder to look upwards from, up to the root of its git repository.
        variables: The environment.

    Raises:
        NoKeyError: There is no key.
        AttestationError: A file is refused.
    """
    paths = [*named] or ([Path(variables[VARIABLE])] if variables.get(VARIABLE) else _kept(start.absolute()))
    if not paths:
        raise NoKeyError(
            f"there is no key to verify with: no `--key`, no {VARIABLE}, and no {FILE} here or above",
            "name the public half of the key that signs verdicts: `--key verdict.pub`",
        )
    found = {key.id: key for path in paths for key in read_trusted_keys(pem.read(path), short(str(path)))}
    if len(found) > MOST_KEYS:
        raise AttestationError(f"more than {MOST_KEYS} keys are trusted", "remove those that sign nothing any more")
    return tuple(found.values())


def _kept(start: Path) -> list[Path]:
    """The file of the repository; outside of one, of this folder only: anybody may write to a shared folder above."""
    folders = [start, *start.parents]
    root = next((index for index, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    return [path for path in (folder / FILE for folder in folders[: root + 1]) if path.is_symlink() or path.exists()][
        :1
    ]
