"""Finds changes that undo what records say: a "no" counts no more, or a release is set back to one approved before."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from readiness.checklist import Checklist
from readiness.policy.keys import shortened
from readiness.records.judging.order import Order
from readiness.records.model.people import People
from readiness.records.model.statement import Signoff, for_content
from readiness.records.ssh import sshsig
from readiness.records.storage.allowed_signers import Roster
from readiness.records.storage.work_tree import Record
from readiness.report import PolicyChange

_CODE = "refusal-lifted"
_THAT = "that would not count any more"
_HOLDS = "only they can take that back, or the owners overrule it"


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


class _Lifts:
    """What may take a rejection away, by what it is about: each rejection is held against few records."""

    def __init__(self, records: Sequence[Record], roster: Roster | None, judging: Checklist) -> None:
        self._roster, self._judging = roster, judging
        self._people = People(judging.people)
        self._withdrawals: dict[str, list[Record]] = defaultdict(list)
        self._order = Order(records)
        self._approvals: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        for one in records:
            if one.withdrawal is not None:
                self._withdrawals[one.withdrawal.target].append(one)
            elif one.signoff is not None and not _rejects(one.signoff):
                self._approvals[_asked(one.signoff)].append(one)

    def lifted(self, record: Record, said: Signoff) -> bool:
        """Whether its own signer took a rejection back or has approved since, or the policy's owners overruled it."""
        approvals = (one for one in self._approvals.get(_asked(said), ()) if self._order.later(one, record))
        return any(one.digest not in self._withdrawals and self._genuine(one) for one in approvals) or any(
            self._takes(one, said) for one in self._withdrawals.get(record.digest, ())
        )

    def _takes(self, one: Record, said: Signoff) -> bool:
        if one.withdrawal is None:
            return False
        who, owners = one.withdrawal.signer.principal, self._judging.roles.get(self._judging.policy.owners, ())
        return (self._people.same(who, said.signer.principal) or who in owners) and self._genuine(one)

    def _genuine(self, record: Record) -> bool:
        """Whether the person whom it names made it, with a key that was valid then and is not revoked."""
        if self._roster is None or record.signature is None:
            return False
        try:
            key = sshsig.verify(record.data, record.signature).key
        except sshsig.SignatureRefusedError:
            return False
        said, owner = record.statement.predicate, self._roster.find(key)
        valid = owner is not None and owner.principal == said.signer.principal and owner.valid_at(said.signed_at)
        return valid and key.blob not in self._roster.revoked


def _asked(said: Signoff) -> tuple[str, ...]:
    """Who answers, and what."""
    where = () if said.scope == "content" else (said.release, said.environment)
    return said.signer.principal, said.role, said.item, said.each, *where


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
            text = f"takes the role `{role}` from {who}, who has rejected in it: {_HOLDS}"
            yield PolicyChange(kind="weakens", code=_CODE, text=text, before=f"{role}: {who}")


def lifted_by_signers(
    before: Roster | None, after: Roster | None, refused: Collection[Refusal]
) -> Iterator[PolicyChange]:
    """Keys that have rejected, and that are taken away or may sign for less long."""
    old, new = ({} if roster is None else roster.by_key for roster in (before, after))
    for key in dict.fromkeys(refusal.key for refusal in refused if not refusal.withdraws):
        holder, now = old.get(key), new.get(key)
        if holder is not None and (now is None or shortened(holder, now)):
            text = f"takes validity from the key of {holder.principal}, which has signed a rejection: {_HOLDS}"
            yield PolicyChange(kind="weakens", code=_CODE, text=text, before=holder.key.fingerprint)


def lifted_by_revoked(
    before: Mapping[bytes, str], after: Mapping[bytes, str], refused: Collection[Refusal]
) -> Iterator[PolicyChange]:
    """Keys that are revoked, and have signed a rejection or a revocation; both are fingerprints by key."""
    for key in dict.fromkeys(refusal.key for refusal in refused):
        if key in after and key not in before:
            text = f"revokes the key {after[key]}, which has signed a rejection or a revocation: {_THAT}"
            yield PolicyChange(kind="weakens", code=_CODE, text=text, after=after[key])


_VERSION = re.compile(
    r"(?P<name>\D*?)v?(?P<numbers>\d+(?:[.\-_]\d+)*)"
    r"(?:[-+~._]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|post|final|ga|snapshot|hotfix|build)[-.]?\d*)?(?:\+.*)?",
    re.IGNORECASE,
)
"""`3.0.0`, `v3.0-rc1`, `billing-12`, `2026-11-27`."""


def release_changes(own: str, proposed: str, asked: str, signed: frozenset[str]) -> Iterator[PolicyChange]:
    """Compare releases.

    A newer version is no weakening. An older version is one, and so is any other release that there are records for:
    approvals that were given for it would count again. So is no release, for which an approval would hold for ever.

    Args:
        own: The release that the judging checklist names.
        proposed: The one that the proposed checklist names.
        asked: The one that the command line names; empty when it names none.
        signed: Releases for which the policy's commit has records.
    """
    if proposed != own:
        yield _change(own, proposed, signed)
    if asked and own and _judged_by_value(own) and asked != own:
        how = _order(asked, own)
        if how == "older" or (how == "other" and asked in signed):
            text = f"judges another release than the policy's (`--release`): {_why(how)}"
            yield _weakens("release-set-back", text, own, asked)


def releases_with_records(records: Iterable[Record]) -> frozenset[str]:
    """Releases for which there are records, whether their signatures are good or not."""
    said = (record.signoff or record.waiver for record in records)
    return frozenset(one.release for one in said if one is not None and one.release and not for_content(one))


def _judged_by_value(release: str) -> bool:
    """Whether a release is written out; a reference (`${tag}`) is only ever replaced by the command line."""
    return "$" not in release


def _order(one: str, other: str) -> Literal["older", "same", "newer", "other"]:
    """How a release stands to another: by their numbers, or `other` where they are no versions of one form."""
    found, base = _VERSION.fullmatch(one.strip()), _VERSION.fullmatch(other.strip())
    if found is None or base is None or found["name"].casefold() != base["name"].casefold():
        return "other"
    here, there = _numbers(found["numbers"]), _numbers(base["numbers"])
    return "same" if here == there else "older" if here < there else "newer"


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version; zeros at its end say nothing."""
    numbers = [int(part) for part in re.split(r"[.\-_]", text)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _change(own: str, proposed: str, signed: frozenset[str]) -> PolicyChange:
    how = _order(proposed, own)
    if own and not proposed:
        return _weakens("release-dropped", "names no release any more: an approval would hold for every one", own, "")
    if how == "older" or (how != "newer" and proposed in signed):
        return _weakens("release-set-back", f"sets the release back: {_why(how)}", own, proposed)
    return PolicyChange(
        kind="neutral", code="release-changed", text="names another release", before=own, after=proposed
    )


def _why(how: str) -> str:
    if how == "older":
        return "it is an older version"
    return "there are approvals or waivers for it already, which would count again"


def _weakens(code: str, text: str, before: str, after: str) -> PolicyChange:
    return PolicyChange(kind="weakens", code=code, text=text, before=before, after=after)
