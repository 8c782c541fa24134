"""Records as values, signed in this process by keys made of a name: no file, no git and no other program.

That OpenSSH accepts such signatures is held by the tests of `readiness.records.ssh`.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from readiness.checklist import Item
from readiness.records.history.branch import Branch, BranchCommit
from readiness.records.history.earlier_policy import EarlierPolicy
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.judging.signoff_policy import SignoffPolicy
from readiness.records.model.people import People
from readiness.records.model.statement import (
    Predicate,
    Revocation,
    Sha256,
    Signer,
    Signoff,
    Statement,
    Subject,
    Supersession,
    Waiver,
    item_subject,
)
from readiness.records.ssh.public_key import ED25519, SK_ED25519, PublicKey, parse_key
from readiness.records.ssh.wire import string
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, Holder, Roster
from readiness.records.storage.work_tree import Record, Records, record_path
from readiness.testing import NOW
from support.authenticator import Device, envelope, to_be_signed

COUNSEL, PARALEGAL, STRANGER = "counsel@example.com", "paralegal@example.com", "stranger@example.com"
ITEM = Item(id="templates-reviewed", title="Templates reviewed by counsel", check="signoff", params={"role": "legal"})
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@cache
def _private(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


@cache
def key(name: str) -> PublicKey:
    """The public key of a person, or of whatever name."""
    return parse_key(string(ED25519.encode()) + string(_private(name).public_key().public_bytes_raw()))


def hardware() -> PublicKey:
    """The public key of a security key."""
    return parse_key(Device(SK_ED25519).blob)


def holder(
    person: str,
    owned: PublicKey | None = None,
    *,
    after: datetime | None = None,
    before: datetime = NOW + 1_000 * DAY,
) -> Holder:
    """A line of the roster."""
    return Holder(person, owned or key(person), after, before, 1)


def roster(*holders: Holder, revoked: tuple[PublicKey, ...] = ()) -> Roster:
    """A roster: of one key for each of three people, where none is given."""
    lines = holders or tuple(holder(person) for person in (COUNSEL, PARALEGAL, STRANGER))
    return Roster(lines, frozenset(each.blob for each in revoked))


def signed(said: Predicate, subjects: tuple[Subject, ...], by: str, *, flags: int | None = None) -> Record:
    """A record.

    Args:
        said: Its predicate.
        subjects: What it is bound to.
        by: Whose key signs.
        flags: Of the security key that signs instead of a key in a file.
    """
    statement = Statement(subject=subjects, predicate=said)
    data = statement.encode()
    if flags is None:
        raw = _private(by).sign(to_be_signed(data))
        signature = envelope(key(by).blob, string(ED25519.encode()) + string(raw))
    else:
        signature = Device(SK_ED25519, message=data).sign(flags)
    return Record(hashlib.sha256(data).hexdigest(), data, statement, signature)


def signoff(
    person: str = COUNSEL,
    *,
    by: str = "",
    flags: int | None = None,
    item: Item = ITEM,
    covers: Mapping[str, str] | None = None,
    digests: Mapping[str, str] | None = None,
    **changes: Any,
) -> Record:
    """A sign-off of an hour ago.

    Args:
        person: Whom it names.
        by: Whose key signs; the person's when empty.
        flags: As for `signed`.
        item: What is signed off.
        covers: Content by path of the covered files; the item alone when there is none.
        digests: The same with the digests of files that are somewhere.
        changes: Other fields of the predicate.
    """
    fields = {
        "decision": "approve", "release": "3.0.0", "environment": "production", "item": item.id,
        "item_text": item.title, "item_digest": item.digest, "meaning": "I reviewed it.",
    }  # fmt: skip
    said = Signoff.model_validate(_common(person) | fields | changes)
    files = tuple(Subject(name=path, digest=Sha256(sha256=digest)) for path, digest in (digests or {}).items())
    bound = files or subjects(covers) or (item_subject(item.id, item.digest),)
    return signed(said, bound, by or person, flags=flags)


def waiver(person: str = COUNSEL, *, by: str = "", item: Item = ITEM, **changes: Any) -> Record:
    """A waiver of an hour ago, for ten days."""
    fields = {
        "release": "3.0.0", "environment": "production", "item": item.id, "item_text": item.title,
        "item_digest": item.digest, "requested_by": "dev@example.com", "reason": "The vendor mends it.",
        "compensating_control": "Support watches it.", "meaning": "I accept the risk.", "expires_at": NOW + 10 * DAY,
    }  # fmt: skip
    said = Waiver.model_validate(_common(person) | fields | changes)
    return signed(said, (item_subject(said.item, said.item_digest),), by or person)


def revocation(target: Record, person: str = COUNSEL, *, by: str = "", **changes: Any) -> Record:
    """A revocation."""
    fields = {"target": target.digest, "reason": "A clause is void."}
    return signed(Revocation.model_validate(_common(person) | fields | changes), _target(target), by or person)


def supersession(target: Record, replacement: Record, person: str = COUNSEL) -> Record:
    """A record that puts another one in the place of an earlier one."""
    fields = {"target": target.digest, "replacement": replacement.digest, "reason": "It was for the draft."}
    return signed(Supersession.model_validate(_common(person) | fields), _target(target), person)


def subjects(covers: Mapping[str, str] | None) -> tuple[Subject, ...]:
    """Covered files, with a digest made of their content."""
    return tuple(
        Subject(name=path, digest=Sha256(sha256=hashlib.sha256(text.encode()).hexdigest()))
        for path, text in (covers or {}).items()
    )


def question(
    *, item: Item = ITEM, members: tuple[str, ...] = (COUNSEL, PARALEGAL), files: Mapping[str, str] | None = None,
    **params: Any,
) -> Question:  # fmt: skip
    """What the item requires.

    Args:
        item: The item.
        members: Of the role.
        files: Covered files and their content.
        params: Of the sign-off.
    """
    covers = {"covers": tuple(files)} if files else {}
    return Question(
        project="deedpro",
        release="3.0.0",
        environment="production",
        item=item,
        policy=SignoffPolicy.model_validate({"role": "legal"} | covers | params),
        members=frozenset(members),
        subjects=subjects(files) or (item_subject(item.id, item.digest),),
    )


class Then(EarlierPolicy):
    """The policy of earlier commits, by position: who held which role, who might waive, and whose key was whose."""

    def __init__(
        self,
        *,
        roles: Mapping[int, Mapping[str, tuple[str, ...]]] | None = None,
        waive: Mapping[int, tuple[str, ...]] | None = None,
        owners: Mapping[int, tuple[Holder, ...]] | None = None,
        throughout: bool = True,
    ) -> None:
        self._roles, self._waive, self._owners = roles or {}, waive or {}, owners or {}
        self._throughout = throughout
        self.asked_between: list[tuple[int, int]] = []

    def held_throughout(
        self,
        principal: str,  # noqa: ARG002 - as the policy says
        key: bytes,  # noqa: ARG002
        role: str,  # noqa: ARG002
        between: tuple[int, int],
        *,
        waived: str = "",  # noqa: ARG002
    ) -> bool:
        self.asked_between.append(between)
        return self._throughout

    def held(self, principal: str, role: str, position: int) -> bool:
        return principal in self._roles.get(position, {}).get(role, ())

    def might_waive(self, principal: str, item: str, position: int) -> bool:
        return f"{principal} {item}" in self._waive.get(position, ())

    def owned(self, principal: str, position: int) -> bool:
        return self.held(principal, "owners", position)

    def removed(self, key: bytes) -> tuple[Holder, int] | None:  # noqa: ARG002 - as the policy says
        return None

    def asked(self, item: str, role: str, position: int) -> bool:
        return f"{item} {role}" in self._roles.get(position, {}).get("asked", ())

    def owner(self, key: bytes, position: int) -> Holder | None:
        return next((one for one in self._owners.get(position, ()) if one.key.blob == key), None)


def arrived(at: datetime, position: int = 0) -> BranchCommit:
    """A commit that brought a record."""
    return BranchCommit(hashlib.sha1(str(position).encode()).hexdigest(), at, "dev@example.com", position, at)  # noqa: S324 - as git's


def evidence(
    *records: Record,
    now: datetime = NOW,
    who: Roster | None = None,
    people: Mapping[str, tuple[str, ...]] | None = None,
    seen: Mapping[str, BranchCommit] | None = None,
    then: EarlierPolicy | None = None,
    **changes: Any,
) -> RecordEvidence:
    """What records are judged by: without a history, unless `seen` or `then` is given."""
    ordered = sorted(records, key=lambda record: (record.statement.predicate.signed_at, record.digest))
    history = then if then is not None else Then() if seen is not None else None
    branch = Branch(line=tuple((seen or {}).values()), seen=seen or {})
    return RecordEvidence(
        Path("/nonexistent"), now, who or roster(), changes.pop("kept", Records(tuple(ordered))),
        People(people), branch=branch, earlier_policy=history, **changes,
    )  # fmt: skip


def _common(person: str) -> dict[str, Any]:
    return {
        "project": "deedpro", "role": "legal", "signer": Signer(principal=person), "signed_at": NOW - HOUR,
        "nonce": "0" * 32,
    }  # fmt: skip


def _target(target: Record) -> tuple[Subject, ...]:
    return (Subject(name=record_path(target.digest), digest=Sha256(sha256=target.digest)),)


def keep(root: Path, *records: Record, who: Roster | None = None) -> None:
    """Write records and a roster into a folder, as files."""
    lines = (
        f'{each.principal} namespaces="signoff@readiness",valid-before="{each.valid_before:%Y%m%d%H%M%S}Z" '
        f"{each.key.line}\n"
        for each in (who or roster()).signers
    )
    files = {ALLOWED_SIGNERS: "".join(lines).encode()}
    for record in records:
        files |= {record.path: record.data, record_path(record.digest, "sig"): record.signature or b""}
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
