"""Judges waivers: who may let which item go, for how long, and whether that still holds."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from readiness.checklist import RESERVED, Checklist, Item
from readiness.duration import render
from readiness.moment import show
from readiness.outcome import SignoffState
from readiness.plugins import digests_of
from readiness.records.judging.evidence import RecordEvidence, has_records, read_evidence
from readiness.records.judging.signature import (
    Revocations,
    SignatureCheck,
    Standing,
    check_signature,
    read_revocations,
    revoker,
    taken_back,
)
from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People
from readiness.records.model.statement import Waiver, given_for
from readiness.records.model.waiver_rights import WaiverRights, latest, roles, waiver_rights
from readiness.records.storage.work_tree import Record
from readiness.report import WaiverFact
from readiness.text import short

_SHOWN = 20
"""Forged waivers: anybody can make thousands."""


def judge_waivers(checklist: Checklist, evidence: RecordEvidence) -> tuple[WaiverFact, ...]:
    """Judge every waiver that is given for a checklist's project, release and environment, oldest first.

    Of an item that has none here, the latest that is in force elsewhere is listed as `given-elsewhere`: most often it
    was meant for here. Of those that nobody's key proves, only the last few are listed.

    Args:
        checklist: Resolved for the environment and release that are judged.
        evidence: All records, and what they are judged by.
    """
    records = evidence.kept.records
    waivers = [(record, said) for record in records if (said := record.waiver) is not None]
    if not waivers:
        return ()
    revocations = read_revocations(evidence)
    here = (checklist.project, checklist.release, checklist.environment)
    proven: list[WaiverFact] = []
    unproven: list[WaiverFact] = []
    for record, said in waivers:
        if (said.project, said.release, said.environment) == here:
            checked, standing = judge_waiver(record, said, checklist, evidence, revocations)
            (proven if checked.genuine else unproven).append(_fact(record, said, checked, standing, evidence.people))
    listed = {fact.item for fact in (*proven, *unproven)}
    facts = [*proven, *unproven[-_SHOWN:], *_elsewhere(waivers, listed, checklist, evidence, revocations)]
    return tuple(sorted(facts, key=lambda fact: (fact.signed_at, fact.record)))


def _elsewhere(
    waivers: Iterable[tuple[Record, Waiver]],
    listed: set[str],
    checklist: Checklist,
    evidence: RecordEvidence,
    revocations: Revocations,
) -> Iterable[WaiverFact]:
    items = {item.id: item for item in checklist.items if item.id not in listed}
    newest: dict[str, WaiverFact] = {}
    for record, said in waivers:
        item = items.get(said.item)
        if item is None:
            continue
        checked = check_signature(record, evidence)
        if checked.standing or _revocation(
            checked, revocations, waiver_rights(checklist, item).members, evidence.people
        ):
            continue
        if _age(said, evidence.now) is None:
            reason = f"it was given for {given_for(said)}"
            remedy = "waive the item for this project, release and environment, if that is meant"
            newest[said.item] = _fact(
                record,
                said,
                checked,
                Standing(SignoffState.STALE, "given-elsewhere", reason, remedy),
                evidence.people,
            )
    return newest.values()


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
        if not has_records(root, policy):
            return (), ()
        evidence = read_evidence(
            root, now, rules=checklist.policy, people=checklist.people, policy=policy, file=file or checklist.source
        )
        return judge_waivers(checklist, evidence), ()
    except RecordsError as error:
        remedy = f"; next: {short(error.remedy)}" if error.remedy else ""
        return (), (f"no waiver counts: {short(error.summary)}{remedy}",)


def _fact(record: Record, said: Waiver, checked: SignatureCheck, standing: Standing, people: People) -> WaiverFact:
    person = people.named(said.signer.principal)
    return WaiverFact(
        item=said.item,
        record=record.digest,
        principal=said.signer.principal,
        name=said.signer.name,
        printed_name=person.name if person else "",
        title=person.title if person else "",
        requested_by=said.requested_by,
        reason=said.reason,
        compensating_control=said.compensating_control,
        signed_at=said.signed_at,
        expires_at=said.expires_at,
        key=checked.fingerprint,
        role=said.role,
        meaning=said.meaning,
        item_text=said.item_text,
        state=standing.state,
        code=standing.code,
        why=standing.reason,
        remedy=standing.remedy,
    )


def judge_waiver(
    record: Record, said: Waiver, checklist: Checklist, evidence: RecordEvidence, revocations: Revocations
) -> tuple[SignatureCheck, Standing]:
    """Judge one waiver.

    Args:
        record: The record.
        said: What it says.
        checklist: Resolved for the environment and release that the waiver names.
        evidence: What it is judged by.
        revocations: Withdrawals by target.
    """
    checked = check_signature(record, evidence)
    if checked.standing is not None:
        return checked, checked.standing
    if checklist.project != said.project:
        reason = f"it was given for the project {said.project}"
        return checked, Standing(SignoffState.STALE, "other-project", reason, "nothing: it does not count here")
    item = next((item for item in checklist.items if item.id == said.item and item.id not in RESERVED), None)
    if item is None:
        members = frozenset().union(*roles(checklist.policy, checklist.roles, said.item).values())
        return checked, (
            _revocation(checked, revocations, members, evidence.people)
            or _age(said, evidence.now)
            or _gone(record, said)
        )
    may = waiver_rights(checklist, item)
    return checked, (
        refusal(may, said, evidence)
        or _revocation(checked, revocations, may.members, evidence.people)
        or _binding(item, said)
        or _age(said, evidence.now)
        or Standing(SignoffState.VALID, "valid", f"{said.signer.principal} waived it until {show(said.expires_at)}")
    )


def _gone(record: Record, said: Waiver) -> Standing:
    reason = f"the checklist has no item `{said.item}` that could be waived"
    return Standing(
        SignoffState.STALE, "item-gone", reason, f"revoke it: `readiness revoke {record.digest[:12]} --reason …`"
    )


def refusal(may: WaiverRights, said: Waiver, evidence: RecordEvidence) -> Standing | None:
    """Why a waiver is not allowed by the policy; None when it is.

    Args:
        may: Who may waive its item.
        said: What it says.
        evidence: Who is the same person.
    """
    return _authority(may, said) or _terms(may, said, evidence)


def _no(code: str, reason: str, remedy: str) -> Standing:
    return Standing(SignoffState.UNAUTHORISED, code, reason, remedy)


def _authority(may: WaiverRights, said: Waiver) -> Standing | None:
    """Whether the signer is one who may waive the item."""
    who, roles = said.signer.principal, " or ".join(sorted(may.roles))
    if not may.roles:
        reason = f"the policy lets nobody waive `{may.item.id}`"
        return _no("not-waivable", reason, "fix it, or let the policy's owners name who may (`policy: {waivers: …}`)")
    if said.role not in may.roles:
        reason = f"{who} signed as {said.role}, but only {roles} may waive `{may.item.id}`"
        return _no("other-role", reason, f"let {roles} sign")
    if who not in may.roles[said.role]:
        return _no("not-in-role", f"{who} is not in the role {said.role}", f"let a member of {roles} sign")
    return None


def _terms(may: WaiverRights, said: Waiver, evidence: RecordEvidence) -> Standing | None:
    """Whether what is agreed is allowed."""
    who, severity = said.signer.principal, may.item.severity
    if may.longest is None:
        reason = f"the policy does not let an item of severity {severity} be waived"
        return _no("severity-not-waivable", reason, "fix it, so that it passes")
    if evidence.people.same(who, said.requested_by):
        reason = f"{who} asked for it and approved it: that takes two people"
        return _no("own-request", reason, "let somebody else of the role sign it")
    end = latest(said.signed_at, may.longest)
    if said.expires_at > end:
        most = f"the {render(may.longest)} for which the policy lets an item of severity {severity} be waived"
        reason = f"it holds until {show(said.expires_at)}, longer than {most}"
        return _no("too-long", reason, f"let it be signed again, until {show(end)} at the latest")
    return None


def _revocation(
    checked: SignatureCheck, revocations: Revocations, members: frozenset[str], people: People
) -> Standing | None:
    by = revoker(checked, revocations, members, people)
    return None if by is None else taken_back(by, "fix the item, or waive it again")


def _binding(item: Item, said: Waiver) -> Standing | None:
    if said.item_digest in digests_of(item):
        return None
    what = f"its words were, from `{short(said.item_text)}`," if said.item_text != item.title else "its parameters were"
    reason = f"the item changed after {said.signer.principal} signed: {what} changed"
    return Standing(SignoffState.STALE, "item-changed", reason, "waive it again, as it is now")


def _age(said: Waiver, now: datetime) -> Standing | None:
    if now < said.expires_at:
        return None
    reason = f"the waiver of {said.signer.principal} lapsed at {show(said.expires_at)}"
    return Standing(SignoffState.EXPIRED, "expired", reason, "fix the item, or waive it again")
