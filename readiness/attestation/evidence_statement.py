"""The signed statement about a file of evidence: an in-toto Statement v1 that names the file and the source commit.

in-toto's own predicate for test results (test-result v0.1) demands a result and the configuration of the run. Whoever
signs a file of any format has looked at neither, so the predicate is one of our own.
"""

import json

from pydantic import Field, ValidationError

from readiness.attestation.envelope import PAYLOAD_TYPE, Envelope
from readiness.attestation.errors import AttestationError
from readiness.attestation.statement import STATEMENT, Part, Resource, encode
from readiness.moment import Moment
from readiness.records.model import strict_json
from readiness.text import first_mistake, short

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
