"""Makes waivers, and what takes records back: drafts them, and refuses one that would not count."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from readiness import duration
from readiness.checklist import Checklist, Item
from readiness.moment import deadline
from readiness.outcome import SignoffState
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.waiver import judge_waiver, refusal
from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People
from readiness.records.model.statement import (
    Attachment,
    Revocation,
    Sha256,
    Signoff,
    Statement,
    Subject,
    Supersession,
    Waiver,
    item_subject,
)
from readiness.records.model.waiver_rights import WaiverRights, waiver_rights
from readiness.records.storage.allowed_signers import Holder
from readiness.records.storage.work_tree import Record, newest_digests
from readiness.records.writing.agent import drafted, refuse_lapsed_key, signing_fields


@dataclass(frozen=True)
class Request:
    """What is asked for in a waiver."""

    requested_by: str
    reason: str
    compensating_control: str
    expires_at: datetime
    role: str = ""
    """In which the person signs; the one that fits when empty."""
    meaning: str = ""
    name: str = ""
    """The person's name."""
    evidence: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class WithdrawalRequest:
    """Why a record is taken back, and by whom."""

    reason: str
    replacement: Record | None = None
    """The record that takes its place."""
    name: str = ""
    """The person's name."""
    commit: str = ""
    """HEAD; may be empty."""


def read_expiry(text: str, now: datetime) -> datetime:
    """When a waiver lapses: at the end of a day in UTC, at a moment, or after a length of time.

    Args:
        text: A date, a moment, or a length of time such as `14d`: to the end of its last day, or exactly when
            it is shorter than a day.
        now: When it is signed.

    Raises:
        ValueError: It is none of them.
    """
    try:
        length = duration.parse(text)
    except ValueError:
        length = timedelta()
    if not length:
        return deadline(text)
    return now + length if length < timedelta(days=1) else deadline((now + length).date().isoformat())


def may_waive(checklist: Checklist, item: Item) -> WaiverRights:
    """Who may waive an item.

    Raises:
        RecordsError: Nobody may.
    """
    found = waiver_rights(checklist, item)
    if not found.roles:
        raise RecordsError(
            f"the policy lets nobody waive `{item.id}`",
            "mend the item, or have the checklist say who may: "
            "`policy: {waivers: {longest: {blocker: 14d}, by: {ROLE: [ITEM]}}}`",
        )
    if found.longest is None:
        raise RecordsError(
            f"the policy does not let an item of severity {item.severity} be waived",
            f"mend the item, or name {item.severity} under `policy: waivers: longest`",
        )
    return found


def draft_waiver(
    checklist: Checklist, may: WaiverRights, holder: Holder, request: Request, evidence: RecordEvidence, *, commit: str
) -> Statement:
    """Write down the waiver that will be signed.

    Args:
        checklist: Resolved for the environment and release that it is for.
        may: Who may waive the item.
        holder: Who signs.
        request: What is asked for.
        evidence: What it will be judged by; its date is the date of signing.
        commit: HEAD; may be empty.

    Raises:
        RecordsError: It would not count, or holds a word that a record may not hold.
    """
    item, held = may.item, [role for role, members in may.roles.items() if holder.principal in members]
    said = drafted(
        lambda: Waiver(
            project=checklist.project,
            release=checklist.release,
            environment=checklist.environment,
            item=item.id,
            item_text=item.title,
            item_digest=item.digest,
            role=request.role or next(iter(held), next(iter(may.roles))),
            requested_by=request.requested_by,
            reason=request.reason,
            compensating_control=request.compensating_control,
            meaning=request.meaning or _meaning(item, request.expires_at),
            expires_at=request.expires_at,
            evidence=request.evidence,
            **signing_fields(holder, request.name, evidence.now, newest_digests(evidence.kept.records), commit),
        ),
        item_subject(item.id, item.digest),
    )
    if isinstance(said.predicate, Waiver) and (standing := refusal(may, said.predicate, evidence)) is not None:
        raise RecordsError(f"the waiver would not count: {standing.reason}", standing.remedy)
    refuse_lapsed_key(holder, evidence.now)
    return said


def _meaning(item: Item, expires_at: datetime) -> str:
    return f"I accept the risk that this item does not pass, until {expires_at.date()}: {item.title}"


def draft_withdrawal(
    target: Record,
    holder: Holder,
    roles: Mapping[str, frozenset[str]],
    request: WithdrawalRequest,
    evidence: RecordEvidence,
) -> Statement:
    """Write down what will take a record back.

    Args:
        target: The record.
        holder: Who signs.
        roles: Who besides the signer of the record may: members by role.
        request: Why, by whom, and what takes its place.
        evidence: What it will be judged by.

    Raises:
        RecordsError: It would have no effect, or holds a word that a record may not hold.
    """
    given = revocable(target)
    held = _roles_to_take_back(given, holder.principal, roles, evidence.people)
    fields = {
        "project": given.project,
        "role": given.role if given.role in held or not held else held[0],
        "target": target.digest,
        "reason": request.reason,
        **signing_fields(holder, request.name, evidence.now, newest_digests(evidence.kept.records), request.commit),
    }
    subject = Subject(name=target.path, digest=Sha256(sha256=target.digest))
    if (replacement := request.replacement) is None:
        return drafted(lambda: Revocation(**fields), subject)
    _refuse_another_kind(given, replacement)
    return drafted(lambda: Supersession(replacement=replacement.digest, **fields), subject)


def _roles_to_take_back(
    given: Signoff | Waiver, principal: str, roles: Mapping[str, frozenset[str]], people: People
) -> list[str]:
    """Roles in which a person may take a record back; none is needed for its signer."""
    held = [role for role, members in roles.items() if people.among(principal, members)]
    if not held and not people.same(principal, given.signer.principal):
        members = frozenset().union(*roles.values())
        others = f" or one of {', '.join(sorted(members))}" if members else ""
        raise RecordsError(
            f"{principal} may not take it back: it would have no effect",
            f"let its signer {given.signer.principal}{others} do it",
        )
    return held


def revocable(target: Record) -> Signoff | Waiver:
    """What a record says that can be taken back.

    Raises:
        RecordsError: It takes back another one itself.
    """
    given = target.signoff or target.waiver
    if given is None:
        raise RecordsError(
            f"{target.digest[:12]} itself takes a record back, which is final", "sign or waive the item again"
        )
    return given


def _refuse_another_kind(given: Signoff | Waiver, replacement: Record) -> None:
    """Insist that a replacement can be one: what takes the place of a sign-off is a sign-off of that item."""
    other = replacement.signoff or replacement.waiver
    if other is None or (other.action, other.project, other.item) != (given.action, given.project, given.item):
        kind = "waiver" if isinstance(given, Waiver) else "sign-off"
        raise RecordsError(
            f"{replacement.digest[:12]} cannot take its place: it is no {kind} of {given.item}",
            "name another record, or leave out --replaced-by",
        )


def refuse_uncounted_waiver(said: Statement, signature: bytes, checklist: Checklist, evidence: RecordEvidence) -> None:
    """Judge a fresh waiver as the run will.

    Raises:
        RecordsError: It would not count.
    """
    data = said.encode()
    record = Record(hashlib.sha256(data).hexdigest(), data, said, signature)
    if record.waiver is not None:
        _, standing = judge_waiver(record, record.waiver, checklist, evidence, {})
        if standing.state is not SignoffState.VALID:
            raise RecordsError(f"the waiver would not count: {standing.reason}", standing.remedy)
