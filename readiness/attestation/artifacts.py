"""Files that a verdict is attested for beside the commit, each by the digest of its bytes."""

import hashlib
import stat
from collections.abc import Sequence
from pathlib import Path

from readiness.attestation.errors import AttestationError
from readiness.text import short


def digests(paths: Sequence[Path]) -> dict[str, str]:
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
        found[name] = _sha256(path)
    return found


def _sha256(path: Path) -> str:
    name = short(str(path))
    try:
        with path.open("rb") as stream:
            if not stat.S_ISREG(path.stat().st_mode):
                raise AttestationError(f"the artefact `{name}` is no file", "name a file")
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is refused"
        raise AttestationError(f"the artefact `{name}` cannot be read: {why}", "build it before this") from error
