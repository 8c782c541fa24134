"""The signed content: an in-toto Statement v1 whose predicate is a verification summary (SLSA VSA v1).

Fields that the summary does not have stand below one field with a name of our own, as in-toto's parsing rules allow.
"""

import json
import posixpath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from readiness.attestation import AttestationError
from readiness.moment import Moment
from readiness.outcome import Status
from readiness.records.model import strict_json
from readiness.report import VerdictWord
from readiness.text import first_mistake, short

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/verification_summary/v1"
VERIFIER = "urn:readiness:check"
PROJECT_URI = "urn:readiness:project:"
"""Before the name of a project: the resource that a verdict is about."""
EXTENSION = "urn:readiness:verdict:v1"


class Part(BaseModel):
    """A part of the statement. Unknown fields are passed over, as in-toto's parsing rules ask."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, use_attribute_docstrings=True)


class Resource(Part):
    """Something that is named by its digest (in-toto's ResourceDescriptor)."""

    name: str = ""
    uri: str = ""
    digest: dict[str, str] = {}
    """Hex by algorithm; `gitCommit` is the object id of a commit."""
    annotations: dict[str, Any] = {}


class Verifier(Part):
    """Who judged."""

    id: str
    version: dict[str, str] = {}


class ItemFact(Part):
    """One item and how it stood."""

    id: str
    title: str
    severity: str
    status: Status
    selected: bool = True
    digest: str
    """Of the item's text, as sign-offs are bound to it."""
    controls: tuple[str, ...] = ()
    waiver: str = ""
    """Digest of the waiver that the verdict rests on, where the item did not pass."""
    collected: bool = False
    """Whether its outcome is the claim of a job that ran code of the change and had no key."""


class RecordFact(Part):
    """A signed record that the verdict depends on."""

    record: str
    """Digest, which is also the file's name."""
    action: Literal["signoff", "waive"]
    item: str
    role: str = ""
    principal: str
    signed_at: Moment
    expires_at: Moment | None = None


class FlipFact(Part):
    """A moment at which the verdict falls by itself."""

    at: Moment
    text: str


class PolicySource(Part):
    """The policy branch that judged."""

    ref: str
    """As it was asked for."""
    commit: str
    name: str = ""
    """Full name of the one ref that it is; empty for an object id, and in verdicts that do not say it."""


class VerdictFact(Part):
    """What a deploy job and an auditor need beside the summary."""

    word: VerdictWord
    reason: str = ""
    project: str
    release: str = ""
    environment: str = ""
    phase: str = ""
    """The only phase that was judged; empty for the whole checklist."""
    valid_until: Moment | None = None
    """When it falls by itself: the earliest expiry of all that it rests on; None for never."""
    flips: tuple[FlipFact, ...] = ()
    policy: PolicySource | None = None
    """None when the policy was read from the judged commit itself."""
    checklist: str = ""
    """Name of the checklist file."""
    folder: str | None = None
    """Its folder, from the top of the repository; empty for the top, None in verdicts that do not say it."""
    report_sha256: str = ""
    """Digest of the report in JSON, as `-o run.json` writes it."""
    items: tuple[ItemFact, ...] = ()
    records: tuple[RecordFact, ...] = ()

    @property
    def checklist_path(self) -> str | None:
        """Path of the checklist file from the top of the repository; None in verdicts that do not say it."""
        return None if self.folder is None else posixpath.join(self.folder, self.checklist)

    @property
    def level(self) -> str:
        """What a summary calls the verdict: one about a single phase must not pass for one about the whole."""
        return f"READINESS_{self.word.value}" + ("_IN_PHASE" if self.phase else "")


class Summary(Part):
    """The predicate: a verification summary."""

    verifier: Verifier
    time_verified: Moment = Field(alias="timeVerified")
    resource_uri: str = Field(alias="resourceUri")
    policy: Resource
    input_attestations: tuple[Resource, ...] = Field(default=(), alias="inputAttestations")
    """Every signed record, and every signed statement about evidence, that the verdict rests on."""
    result: str = Field(alias="verificationResult")
    levels: tuple[str, ...] = Field(alias="verifiedLevels")
    verdict: VerdictFact = Field(alias=EXTENSION)


class Statement(Part):
    """All that is signed."""

    type: str = Field(alias="_type")
    subject: tuple[Resource, ...] = Field(min_length=1)
    predicate_type: str = Field(alias="predicateType")
    predicate: Summary

    def encode(self) -> bytes:
        """The bytes to sign; what says nothing is left out."""
        return encode(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def encode(said: object) -> bytes:
    """The bytes of a statement: escaped throughout, so that nothing in them reorders what a terminal shows."""
    return json.dumps(_whole(said), ensure_ascii=True, separators=(",", ":")).encode()


def _whole(value: object) -> object:
    """Replace halves of surrogate pairs, which a strict reader refuses."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value


def parse_payload(payload: bytes) -> dict[str, object]:
    """Read what was signed, as JSON that has one meaning only.

    Raises:
        AttestationError: It is no JSON object, or could be read in two ways.
    """
    try:
        said = strict_json.parse(payload)
    except ValueError as error:
        raise _malformed(short(str(error))) from error
    if not isinstance(said, dict):
        raise _malformed("it is no JSON object")
    return said


def parse_statement(said: dict[str, object]) -> Statement:
    """Make a statement of its JSON.

    Raises:
        AttestationError: A field is missing, or is not what it has to be.
    """
    try:
        return Statement.model_validate_json(json.dumps(said), strict=True)
    except ValidationError as error:
        raise _malformed(first_mistake(error)) from error


def _malformed(why: str) -> AttestationError:
    return AttestationError(
        f"what is signed is no verdict of readiness: {why}", "get the file again from the run that attested it"
    )
