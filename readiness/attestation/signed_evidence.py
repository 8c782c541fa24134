"""Signs files of evidence for the commit they come from: what is made sure of, and the in-toto Statement v1 to sign.

in-toto's own predicate for test results (test-result v0.1) demands a result and the configuration of the run. Whoever
signs a file of any format has looked at neither, so the predicate is one of our own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from readiness.attestation import AttestationError
from readiness.attestation.envelope import PAYLOAD_TYPE, Envelope, sign
from readiness.attestation.keys import SigningKey
from readiness.attestation.statement import STATEMENT, Part, Resource, encode
from readiness.attestation.subject import file_digest, pin_source
from readiness.attestation.verification import AHEAD
from readiness.check import ENVELOPE_SUFFIX
from readiness.git import GitError, Repository
from readiness.moment import Moment, show
from readiness.provenance.files import name_from_top, own_files
from readiness.records.model import strict_json
from readiness.text import first_mistake, short

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


PREDICATE = "urn:readiness:evidence:v1"
_SHA1 = 40
_AGAIN = "sign it again with `readiness attest-evidence`"


class Production(Part):
    """The predicate: what a file of evidence was produced from."""

    source: Resource
    """The commit, as `gitCommit`."""
    signed_at: Moment = Field(alias="signedAt")


class EvidenceStatement(Part):
    """All that is signed."""

    type: str = Field(alias="_type")
    subject: tuple[Resource, ...] = Field(min_length=1, max_length=1)
    """The file: its path from the top of the repository, and its SHA-256."""
    predicate_type: str = Field(alias="predicateType")
    predicate: Production

    @property
    def file(self) -> Resource:
        """The file that it is about."""
        return self.subject[0]

    @property
    def commit(self) -> str:
        """The commit that the file was produced from; empty when it names none."""
        return self.predicate.source.digest.get("gitCommit", "")

    def encode(self) -> bytes:
        """The bytes to sign."""
        return encode(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def evidence_statement(name: str, sha256: str, commit: str, signed_at: Moment) -> EvidenceStatement:
    """Say that a file was produced from a commit.

    Args:
        name: Path of the file from the top of the repository.
        sha256: Digest of its bytes.
        commit: Object id.
        signed_at: The moment.
    """
    digest = {"gitCommit": commit} | ({"sha1": commit} if len(commit) == _SHA1 else {})
    return EvidenceStatement(
        type=STATEMENT,
        subject=(Resource(name=name, digest={"sha256": sha256}),),
        predicate_type=PREDICATE,
        predicate=Production(source=Resource(digest=digest), signed_at=signed_at),
    )


def read_evidence_statement(signed: Envelope) -> EvidenceStatement:
    """Read what was signed, once the signature is known to hold.

    Raises:
        AttestationError: It is about something else, or cannot be read.
    """
    if signed.payload_type != PAYLOAD_TYPE:
        raise AttestationError(f"it is of the type {short(signed.payload_type)}, not {PAYLOAD_TYPE}", _AGAIN)
    try:
        said = strict_json.parse(signed.payload)
    except ValueError as error:
        raise AttestationError(f"what is signed cannot be read: {short(str(error))}", _AGAIN) from error
    if not isinstance(said, dict):
        raise AttestationError("what is signed is no JSON object", _AGAIN)
    for name, expected in (("_type", STATEMENT), ("predicateType", PREDICATE)):
        if said.get(name) != expected:
            raise AttestationError(f"its `{name}` is {short(str(said.get(name)))}, not {expected}", _AGAIN)
    try:
        return EvidenceStatement.model_validate_json(json.dumps(said), strict=True)
    except ValidationError as error:
        raise AttestationError(f"what is signed cannot be read: {first_mistake(error)}", _AGAIN) from error
