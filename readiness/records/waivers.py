"""Judges waivers: who may let which item go, for how long, and whether that still holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from readiness.checklist import RESERVED, Checklist, Item
from readiness.duration import render
from readiness.outcome import SignoffState
from readiness.records.basis import Basis, read_basis
from readiness.records.errors import RecordsError
from readiness.records.intact import concerned
from readiness.records.people import People
from readiness.records.proof import Proof, Standing, prove, revocations, revoker, taken_back
from readiness.records.statement import Waiver, show
from readiness.records.store import Record
from readiness.records.words import short
from readiness.report import WaiverFact


@dataclass(frozen=True)
class Leave:
    """Who may waive an item."""

    item: Item
    roles: Mapping[str, frozenset[str]]
    """Members by role, for each role that may."""
    longest: timedelta | None
    """None when its severity cannot be waived at all."""

    @property
    def members(self) -> frozenset[str]:
        """Everybody who may."""
        return frozenset().union(*self.roles.values())


def leave(checklist: Checklist, item: Item) -> Leave:
    """Who may waive an item, by the policy of its checklist; nobody, when it has none."""
    rules = checklist.policy.waivers
    if rules is None:
        return Leave(item, {}, None)
    roles = {
        role: frozenset(checklist.roles.get(role, ()))
        for role, patterns in rules.by.items()
        if any(fnmatchcase(item.id, pattern) for pattern in patterns)
    }
    return Leave(item, roles, rules.longest.get(item.severity))


def judge_waivers(checklist: Checklist, basis: Basis) -> tuple[WaiverFact, ...]:
    """Judge every waiver that is given for a checklist's project, release and environment, oldest first.

    Args:
        checklist: Resolved for the environment and release that are judged.
        basis: All records, and what they are judged by.
    """
    records = basis.kept.records
    found = revocations(prove(record, basis) for record in records if record.withdrawal is not None)
    here = (checklist.project, checklist.release, checklist.environment)
    facts = []
    for record in records:
        said = record.waiver
        if said is not None and (said.project, said.release, said.environment) == here:
            facts.append(_fact(record, said, checklist, basis, found))
    return tuple(facts)


def read_waivers(
    root: Path, checklist: Checklist, now: datetime, *, policy: str = "", file: str = ""
) -> tuple[tuple[WaiverFact, ...], tuple[str, ...]]:
    """Read and judge the waivers of a folder.

    Args:
        root: Folder of the checklist.
        checklist: Resolved for the environment and release that are judged.
        now: The date of the run.
        policy: Object id of the commit that the policy is read from; empty for the work tree.
        file: Name of the checklist file.

    Returns:
        The waivers; and why none counts, in words, where that is so although records are there.
    """
    try:
        if not concerned(root, policy):
            return (), ()
        basis = read_basis(
            root, now, rules=checklist.policy, people=checklist.people, policy=policy, file=file or checklist.source
        )
        return judge_waivers(checklist, basis), ()
    except RecordsError as error:
        return (), (f"no waiver counts: {short(error.summary)}",)


def _fact(
    record: Record, said: Waiver, checklist: Checklist, basis: Basis, found: dict[str, list[Proof]]
) -> WaiverFact:
    proof, standing = judge_waiver(record, said, checklist, basis, found)
    return WaiverFact(
        item=said.item,
        record=record.digest,
        principal=said.signer.principal,
        name=said.signer.name,
        requested_by=said.requested_by,
        reason=said.reason,
        compensating_control=said.compensating_control,
        signed_at=said.signed_at,
        expires_at=said.expires_at,
        key=proof.fingerprint,
        role=said.role,
        meaning=said.meaning,
        item_text=said.item_text,
        state=standing.state,
        code=standing.code,
        why=standing.reason,
        remedy=standing.remedy,
    )


def judge_waiver(
    record: Record, said: Waiver, checklist: Checklist, basis: Basis, found: dict[str, list[Proof]]
) -> tuple[Proof, Standing]:
    """Judge one waiver.

    Args:
        record: The record.
        said: What it says.
        checklist: Resolved for the environment and release that the waiver names.
        basis: What it is judged by.
        found: Withdrawals by target.
    """
    proof = prove(record, basis)
    if proof.standing is not None:
        return proof, proof.standing
    if checklist.project != said.project:
        reason = f"it was given for the project {said.project}"
        return proof, Standing(SignoffState.STALE, "other-project", reason, "nothing: it does not count here")
    item = next((item for item in checklist.items if item.id == said.item), None)
    if item is None or item.id in RESERVED:
        reason = f"the checklist has no item `{said.item}` that could be waived"
        return proof, Standing(SignoffState.STALE, "item-gone", reason, f"revoke it: `{_revoke(record)}`")
    standing = (
        refusal(leave(checklist, item), said, basis)
        or _revocation(proof, found, leave(checklist, item), basis.people)
        or _binding(item, said)
        or _age(said, basis.now)
        or Standing(SignoffState.VALID, "valid", f"{said.signer.principal} waived it until {show(said.expires_at)}")
    )
    return proof, standing


def refusal(may: Leave, said: Waiver, basis: Basis) -> Standing | None:
    """Why a waiver is not allowed by the policy; None when it is.

    Args:
        may: Who may waive its item.
        said: What it says.
        basis: Who is the same person.
    """
    return _authority(may, said) or _terms(may, said, basis)


def _no(code: str, reason: str, remedy: str) -> Standing:
    return Standing(SignoffState.UNAUTHORISED, code, reason, remedy)


def _authority(may: Leave, said: Waiver) -> Standing | None:
    """Whether the signer is one who may waive the item."""
    who, roles = said.signer.principal, " or ".join(sorted(may.roles))
    if not may.roles:
        reason = f"the policy lets nobody waive `{may.item.id}`"
        return _no("not-waivable", reason, "mend it, or let the policy's owners name who may (`policy: {waivers: …}`)")
    if said.role not in may.roles:
        reason = f"{who} signed as {said.role}, but only {roles} may waive `{may.item.id}`"
        return _no("other-role", reason, f"let {roles} sign")
    if who not in may.roles[said.role]:
        return _no("not-in-role", f"{who} is not in the role {said.role}", f"let a member of {roles} sign")
    return None


def _terms(may: Leave, said: Waiver, basis: Basis) -> Standing | None:
    """Whether what is agreed is allowed."""
    who, severity = said.signer.principal, may.item.severity
    if may.longest is None:
        reason = f"the policy does not let an item of severity {severity} be waived"
        return _no("severity-not-waivable", reason, "mend it, or make it pass")
    if basis.people.same(who, said.requested_by):
        reason = f"{who} asked for it and approved it: that takes two people"
        return _no("own-request", reason, "let somebody else of the role sign it")
    if said.expires_at - said.signed_at > may.longest + _END_OF_DAY:
        most = f"the {render(may.longest)} for which the policy lets an item of severity {severity} be waived"
        reason = f"it holds until {show(said.expires_at)}, longer than {most}"
        return _no("too-long", reason, "let it be signed again for a shorter time")
    return None


_END_OF_DAY = timedelta(days=1)
"""A date means its end: signed at noon for fourteen days, it holds until the end of the fourteenth day."""


def _revocation(proof: Proof, found: dict[str, list[Proof]], may: Leave, people: People) -> Standing | None:
    by = revoker(proof, found, may.members, people)
    return None if by is None else taken_back(by, "mend the item, or let it be waived anew")


def _binding(item: Item, said: Waiver) -> Standing | None:
    if said.item_digest == item.digest:
        return None
    what = f"its words were, from `{short(said.item_text)}`," if said.item_text != item.title else "its parameters were"
    reason = f"the item changed after {said.signer.principal} signed: {what} changed"
    return Standing(SignoffState.STALE, "item-changed", reason, "let it be waived anew, as it is now")


def _age(said: Waiver, now: datetime) -> Standing | None:
    if now < said.expires_at:
        return None
    reason = f"the waiver of {said.signer.principal} lapsed at {show(said.expires_at)}"
    return Standing(SignoffState.EXPIRED, "expired", reason, "mend the item, or let it be waived anew")


def _revoke(record: Record) -> str:
    return f"readiness revoke {record.digest[:12]} --reason …"
