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


def refusals(records: Sequence[Record], roster: Roster | None, judging: Checklist) -> tuple[Refusal, ...]:
    """The rejections that nobody has taken back and that their signers have not replaced, and all revocations.

    Only a record whose signature holds takes a rejection away: whoever can write a file can forge one.

    Args:
        records: Those of the policy branch.
        roster: Who may sign, by the policy branch; nobody without one.
        judging: The checklist of the policy branch, which says who might take back what.
    """
    lifts = _Lifts(records, roster, judging)
    standing = [
        one for one in records if (said := one.signoff) is not None and _rejects(said) and not lifts.lifted(one, said)
    ]
    found = (_refusal(one) for one in (*standing, *(record for record in records if record.withdrawal is not None)))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Lifts:
    """What may take a rejection away."""

    records: Sequence[Record]
    roster: Roster | None
    judging: Checklist

    def lifted(self, record: Record, said: Signoff) -> bool:
        """Whether somebody who may has taken a rejection back, or its own signer has approved since."""
        return any(self._takes(one, record, said) or self._replaces(one, said) for one in self.records)

    def _takes(self, one: Record, record: Record, said: Signoff) -> bool:
        if one.withdrawal is None or one.withdrawal.target != record.digest:
            return False
        may = (said.signer.principal, *self.judging.roles.get(said.role, ()))
        return People(self.judging.people).among(one.withdrawal.signer.principal, may) and self._genuine(one)

    def _replaces(self, one: Record, said: Signoff) -> bool:
        later = one.signoff
        if later is None or _rejects(later) or _asked(later) != _asked(said) or later.signed_at <= said.signed_at:
            return False
        withdrawn = any(other.withdrawal and other.withdrawal.target == one.digest for other in self.records)
        return not withdrawn and self._genuine(one)

    def _genuine(self, record: Record) -> bool:
        """Whether the person whom it names made it, with a key that was valid then and is not revoked."""
        if self.roster is None or record.signature is None:
            return False
        try:
            key = sshsig.verify(record.data, record.signature).key
        except sshsig.SignatureRefusedError:
            return False
        said, owner = record.statement.predicate, self.roster.find(key)
        valid = owner is not None and owner.principal == said.signer.principal and owner.valid_at(said.signed_at)
        return valid and key.blob not in self.roster.revoked


def _asked(said: Signoff) -> tuple[str, ...]:
    """Who answers, and what."""
    return said.signer.principal, said.role, said.release, said.environment, said.item, said.each


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
