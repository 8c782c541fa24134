"""Signs files of evidence for the commit that they were produced from: what is made sure of, and what is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from readiness.attestation.envelope import Envelope, sign
from readiness.attestation.errors import AttestationError
from readiness.attestation.evidence_statement import evidence_statement
from readiness.attestation.keys import SigningKey
from readiness.attestation.subject import file_digest, pin_source
from readiness.attestation.verification import AHEAD
from readiness.check import ENVELOPE_SUFFIX
from readiness.git import GitError, Repository
from readiness.moment import show
from readiness.provenance.files import name_from_top, own_files
from readiness.text import short

_PRODUCE = "let the job produce it before this"


@dataclass(frozen=True)
class SignedFile:
    """A file of evidence, signed."""

    path: Path
    """Where the statement goes."""
    envelope: Envelope
    name: str
    """What the statement calls the file."""
    commit: str


def sign_evidence(files: Sequence[Path], key: SigningKey, now: datetime, *, folder: Path) -> list[SignedFile]:
    """Sign files as produced from the commit that is checked out.

    Args:
        files: The files; none is signed unless all can be. A statement about one of them, which a pattern of the shell
            found as well, is passed over.
        key: What signs.
        now: The moment.
        folder: A folder of the repository.

    Raises:
        AttestationError: A file is missing, empty, a link or older than the commit, or the work tree is not the commit.
    """
    statements = {file.with_name(file.name + ENVELOPE_SUFFIX) for file in files}
    files = [file for file in files if file not in statements]
    repository = _repository(folder)
    names = [name_from_top(repository.top, file) for file in files]
    commit = pin_source(repository, own_files(repository.top, files))
    since = min(repository.commit().committed_at, now) - AHEAD
    found = []
    for file, name in zip(files, names, strict=True):
        sha256 = _digest(file, since)
        said = evidence_statement(name, sha256, commit, now.astimezone(UTC).replace(microsecond=0))
        beside = file.with_name(file.name + ENVELOPE_SUFFIX)
        found.append(SignedFile(beside, sign(said.encode(), key), name, commit))
    return found


def _repository(folder: Path) -> Repository:
    try:
        return Repository(folder)
    except GitError as error:
        raise AttestationError(
            f"evidence is signed for a commit, and git knows of none here: {short(str(error))}",
            "run it in a git repository that git may read",
        ) from error


def _digest(file: Path, since: datetime) -> str:
    """SHA-256 of a file that can be evidence."""
    name = short(str(file))
    if file.name.endswith(ENVELOPE_SUFFIX):
        raise AttestationError(f"`{name}` is called like a signed statement", "name the file of evidence itself")
    if file.is_symlink():
        raise AttestationError(f"the evidence `{name}` is a link", "name the file itself")
    sha256 = file_digest(file, "evidence")
    about = file.stat()
    if not about.st_size:
        raise AttestationError(f"the evidence `{name}` is empty", _PRODUCE)
    written = datetime.fromtimestamp(about.st_mtime, UTC)
    if written < since:
        raise AttestationError(
            f"the evidence `{name}` was written at {show(written)}, before the commit that it would be signed for",
            f"it is of an earlier run: {_PRODUCE}",
        )
    return sha256
