"""The signed bytes: an in-toto Statement v1 that says what a person declared, about what, and when."""

import json
from typing import Annotated, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from readiness.checklist import Identifier, Principal
from readiness.moment import Deadline, Moment, RequiredDeadline
from readiness.outcome import Value
from readiness.records.model import strict_json
from readiness.records.model.words import Digest, Paragraphs, Path, RequiredParagraphs, RequiredText, Text
from readiness.text import first_mistake, short

STATEMENT: Literal["https://in-toto.io/Statement/v1"] = "https://in-toto.io/Statement/v1"
PREDICATE: Literal["urn:readiness:signoff:v1"] = "urn:readiness:signoff:v1"
LIMIT = 2 * 1024 * 1024
"""Bytes; ten thousand covered files fit."""
_ORDER = (
    "action", "decision", "target", "replacement", "project", "for", "release", "environment", "commit", "item",
    "item_text", "item_digest", "each", "role", "meaning", "requested_by", "reason", "compensating_control", "signer",
    "signed_at", "expires_at", "evidence", "seen", "nonce",
)  # fmt: skip
"""How a predicate is written: what is decided first, bookkeeping last."""


Commit = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})?$")]
ItemDigest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
HoldsFor = Literal["release", "content"]
"""What a sign-off holds for: one release and environment, or what it covers, in every release and environment."""
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Sha256(Value):
    """A digest, as in-toto writes it."""

    sha256: Digest


class Subject(Value):
    """One thing that the record is bound to."""

    name: Path
    """Path of a covered file; `urn:readiness:item:ID` for an item that covers no file."""
    digest: Sha256


class Signer(Value):
    """The person who signed."""

    principal: Principal
    """As in `.readiness/allowed_signers`."""
    name: Text = ""
    """The person's name, in the person's own words."""


class Attachment(Value):
    """Something that the person looked at."""

    uri: RequiredText
    sha256: Digest


class _Predicate(Value):
    project: Identifier
    commit: Commit = ""
    """HEAD when it was signed: for information; digests bind."""
    role: Identifier
    """In which capacity the person signs."""
    reason: Paragraphs = ""
    signer: Signer
    signed_at: Moment
    seen: tuple[Digest, ...] = ()
    """Digests of the newest records that the signer had."""
    nonce: Nonce


class Signoff(_Predicate):
    """A person approves an item, or rejects it."""

    action: Literal["signoff"] = "signoff"
    decision: Literal["approve", "reject"]
    scope: HoldsFor = Field(default="release", alias="for")
    """For `content`, release and environment only say where it was given."""
    release: Annotated[Text, StringConstraints(max_length=100)]
    environment: Identifier | Literal[""]
    item: Identifier
    item_text: RequiredText
    item_digest: ItemDigest
    each: Text = ""
    """For one of a matrix: which."""
    meaning: RequiredParagraphs
    """What the person declares by signing."""
    expires_at: Deadline = None
    evidence: tuple[Attachment, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires_at is not None and self.expires_at <= self.signed_at:
            raise ValueError("it expires before it is signed")
        return self


class Revocation(_Predicate):
    """A person takes a sign-off back; it is final and never expires."""

    action: Literal["revoke"] = "revoke"
    target: Digest
    """Digest of the record that is revoked."""
    reason: RequiredParagraphs


class Supersession(_Predicate):
    """A person takes a record back because another one takes its place; it is final and never expires."""

    action: Literal["supersede"] = "supersede"
    target: Digest
    """Digest of the record that counts no more."""
    replacement: Digest
    """Digest of the record that takes its place."""
    reason: RequiredParagraphs

    @model_validator(mode="after")
    def _another(self) -> Self:
        if self.replacement == self.target:
            raise ValueError("a record cannot take its own place")
        return self


class Waiver(_Predicate):
    """A person lets a release go although an item does not pass, for a time."""

    action: Literal["waive"] = "waive"
    release: Annotated[Text, StringConstraints(max_length=100)]
    environment: Identifier | Literal[""]
    item: Identifier
    item_text: RequiredText
    item_digest: ItemDigest
    requested_by: Principal
    """Who asked for it: never the person who signs."""
    reason: RequiredParagraphs
    compensating_control: RequiredParagraphs
    """What limits the risk in the meantime."""
    meaning: RequiredParagraphs
    """What the person declares by signing."""
    expires_at: RequiredDeadline
    evidence: tuple[Attachment, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires_at <= self.signed_at:
            raise ValueError("it expires before it is signed")
        return self


WHATEVER = "the content, whatever the release"
"""What a sign-off of the scope `content` holds for, in words."""


def for_content(said: object) -> bool:
    """Whether a record is a sign-off that holds for its content, whatever the release."""
    return isinstance(said, Signoff) and said.scope == "content"


def given_for(said: Signoff | Waiver) -> str:
    """What a record was given for, in words: project, release and environment, or the content."""
    if for_content(said):
        return f"{said.project}, {WHATEVER}"
    release = f"release {short(said.release)}" if said.release else "no release"
    return f"{said.project}, {release}, {said.environment or 'no environment'}"


Withdrawal = Revocation | Supersession
Predicate = Annotated[Signoff | Waiver | Revocation | Supersession, Field(discriminator="action")]


class Statement(Value):
    """A whole record."""

    model_config = ConfigDict(serialize_by_alias=True)

    type: Literal["https://in-toto.io/Statement/v1"] = Field(default=STATEMENT, alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1)
    predicate_type: Literal["urn:readiness:signoff:v1"] = Field(default=PREDICATE, alias="predicateType")
    predicate: Predicate

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        if len({subject.name for subject in self.subject}) != len(self.subject):
            raise ValueError("a subject is named twice")
        said = self.predicate
        digests = {subject.digest.sha256 for subject in self.subject}
        if isinstance(said, Revocation | Supersession) and digests != {said.target}:
            raise ValueError("the subject of a revocation is its target, and nothing else")
        if isinstance(said, Waiver) and self.subjects != _item_alone(said):
            raise ValueError("the subject of a waiver is its item, and nothing else")
        if isinstance(said, Signoff) and said.scope == "content" and any(":" in name for name in self.subjects):
            raise ValueError("a sign-off for the content names the files that it is for, and nothing else")
        return self

    @property
    def subjects(self) -> dict[str, str]:
        """Digest by name."""
        return {subject.name: subject.digest.sha256 for subject in self.subject}

    def encode(self) -> bytes:
        """The bytes that are signed: the same for the same statement."""
        value = self.model_dump(mode="json", by_alias=True)
        if value["predicate"].get("for") == "release":  # as it was written when there was nothing else
            del value["predicate"]["for"]
        value["predicate"] = dict(sorted(value["predicate"].items(), key=lambda entry: _ORDER.index(entry[0])))
        return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _item_alone(said: Waiver) -> dict[str, str]:
    subject = item_subject(said.item, said.item_digest)
    return {subject.name: subject.digest.sha256}


def parse(data: bytes) -> Statement:
    """Read a record.

    Raises:
        ValueError: It is not strict JSON, or not a record; the text says where and why.
    """
    if len(data) > LIMIT:
        raise ValueError(f"it is larger than {LIMIT} bytes")
    value = strict_json.parse(data)
    for name in ("_type", "predicateType"):  # they have defaults, for the writer
        if not isinstance(value, dict) or name not in value:
            raise ValueError(f"{name} is missing")
    try:
        return Statement.model_validate(value)
    except ValidationError as error:
        raise ValueError(first_mistake(error)) from error


def claimed_item(data: bytes) -> str:
    """Id of the item that bytes claim to be for, when they are no sound record; empty when it cannot be told."""
    try:
        value = strict_json.parse(data[:LIMIT])
    except ValueError:
        return ""
    predicate = value.get("predicate") if isinstance(value, dict) else None
    item = predicate.get("item") if isinstance(predicate, dict) else None
    return item if isinstance(item, str) else ""


def item_subject(item: str, digest: str) -> Subject:
    """What a sign-off is bound to when its item covers no file: the item itself.

    Args:
        item: Id of the item.
        digest: Digest of the item, `sha256:…`.
    """
    return Subject(name=f"urn:readiness:item:{item}", digest=Sha256(sha256=digest.removeprefix("sha256:")))
