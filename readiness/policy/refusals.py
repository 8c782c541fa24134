"""Finds changes by which somebody's "no" would count no more: fewer members and keys are otherwise stricter."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from readiness.checklist import Checklist
from readiness.policy.signers import shortened
from readiness.records.model.people import People
from readiness.records.model.statement import Signoff
from readiness.records.ssh import sshsig
from readiness.records.storage.allowed_signers import Holder, Roster
from readiness.records.storage.work_tree import Record
from readiness.report import PolicyChange

_CODE = "refusal-lifted"
_THAT = "that would not count any more"


@dataclass(frozen=True)
class Refusal:
    """A rejection or a revocation that the policy branch has, whether its signature is good or not."""

    principal: str
    role: str
    key: bytes
    """Of the signature; empty when it names none."""
    withdraws: bool
    """Whether it takes a record back; it is judged by the roles and signers of its time."""


def refusals(records: Sequence[Record]) -> tuple[Refusal, ...]:
    """The rejections that nobody has taken back and that their signers have not replaced, and all revocations."""
    taken = {record.withdrawal.target for record in records if record.withdrawal is not None}
    newest: dict[tuple[str, ...], Record] = {}
    for record in records:
        if (said := record.signoff) is None or record.digest in taken:
            continue
        asked = (said.signer.principal, said.role, said.release, said.environment, said.item, said.each)
        before = newest.get(asked)
        if before is None or before.statement.predicate.signed_at <= said.signed_at:
            newest[asked] = record
    standing = [record for record in newest.values() if record.signoff is not None and _rejects(record.signoff)]
    found = (_refusal(one) for one in (*standing, *(record for record in records if record.withdrawal is not None)))
    return tuple(dict.fromkeys(found))


def _rejects(said: Signoff) -> bool:
    return said.decision == "reject"


def _refusal(record: Record) -> Refusal:
    said = record.statement.predicate
    key = sshsig.signed_by(record.signature or b"")
    return Refusal(said.signer.principal, said.role, key.blob if key else b"", record.withdrawal is not None)


def lifted_by_roles(before: Checklist, after: Checklist, refused: Collection[Refusal]) -> Iterator[PolicyChange]:
    """Members who are taken out of the role in which they rejected."""
    people = People(before.people)
    for one in sorted({(refusal.role, refusal.principal) for refusal in refused if not refusal.withdraws}):
        role, who = one
        if people.among(who, before.roles.get(role, ())) and not people.among(who, after.roles.get(role, ())):
            text = f"takes the role `{role}` from {who}, who has rejected in it: {_THAT}"
            yield PolicyChange(kind="weakens", code=_CODE, text=text, before=f"{role}: {who}")


def lifted_by_signers(
    before: Roster | None, after: Roster | None, refused: Collection[Refusal]
) -> Iterator[PolicyChange]:
    """Keys that have rejected, and that are taken away or may sign for less long."""
    old, new = _by_key(before), _by_key(after)
    for key in dict.fromkeys(refusal.key for refusal in refused if not refusal.withdraws):
        holder, now = old.get(key), new.get(key)
        if holder is not None and (now is None or shortened(holder, now)):
            text = f"takes validity from the key of {holder.principal}, which has signed a rejection: {_THAT}"
            yield PolicyChange(kind="weakens", code=_CODE, text=text, before=holder.key.fingerprint)


def lifted_by_revoked(
    before: Mapping[bytes, str], after: Mapping[bytes, str], refused: Collection[Refusal]
) -> Iterator[PolicyChange]:
    """Keys that are revoked, and have signed a rejection or a revocation; both are fingerprints by key."""
    for key in dict.fromkeys(refusal.key for refusal in refused):
        if key in after and key not in before:
            text = f"revokes the key {after[key]}, which has signed a rejection or a revocation: {_THAT}"
            yield PolicyChange(kind="weakens", code=_CODE, text=text, after=after[key])


def _by_key(roster: Roster | None) -> dict[bytes, Holder]:
    return {} if roster is None else {signer.key.blob: signer for signer in roster.signers}
