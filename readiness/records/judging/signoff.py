"""Judges one sign-off: genuine, authorised, in force, and bound to the current content. Pure."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from readiness.checklist import RESERVED
from readiness.moment import show
from readiness.outcome import SignoffState
from readiness.records.history.changes import History, NoHistory, compare, describe_changes
from readiness.records.history.checklist_versions import changed_parameters
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.judging.rejections import Rejections, authority
from readiness.records.judging.separation import Separation
from readiness.records.judging.signature import (
    Revocations,
    SignatureCheck,
    Standing,
    check_signature,
    rejects,
    revoker,
    taken_back,
)
from readiness.records.judging.signoff_policy import SignoffPolicy, equal_digests
from readiness.records.model.statement import WHATEVER, Signoff
from readiness.records.storage.work_tree import Record
from readiness.text import short, told

_LONGEST = timedelta(days=36_500)
_NAMED = 3
HOLDS_FOR_EVER = "bound to neither a release nor files, it holds whatever is changed later"
BIND = "state the `release` in the checklist (or `--release`), or name under `covers` what is approved"
"""What to do about that."""
VERIFY = "sign with a passkey, or with a hardware key made by `ssh-keygen -t ed25519-sk -O verify-required`"
"""What to do where the item asks for user verification."""


@dataclass(frozen=True)
class Judged:
    """One sign-off of the item and its state."""

    record: Record
    said: Signoff
    checked: SignatureCheck
    standing: Standing
    expires_at: datetime | None


@dataclass(frozen=True)
class Context:
    """What the sign-offs of an item are held against together; whatever is not given is found out."""

    history: History = field(default_factory=NoHistory)
    """Who changed what; for words only."""
    separation: Separation | None = None
    """Who may not sign what they changed themselves."""
    rejections: Rejections | None = None
    """Which rejections hold."""


def judge_record(
    question: Question,
    record: Record,
    evidence: RecordEvidence,
    revocations: Revocations,
    context: Context | None = None,
) -> Judged:
    """Judge one sign-off of the item, on the terms of the release and environment that it names itself.

    Args:
        question: What the item requires.
        record: A sign-off of this item.
        evidence: What it is judged by.
        revocations: By target.
        context: What it is held against besides.

    Raises:
        RecordsError: It is not known who changed what the sign-off covers, but it matters.
        ValueError: The record is no sign-off.
    """
    said, context = record.signoff, context or Context()
    if said is None:
        raise ValueError("only a sign-off can be judged")
    checked = check_signature(record, evidence)
    known = context.rejections or Rejections(evidence, revocations)
    standing = checked.standing or authority(question, checked, said, evidence)
    if rejects(said):
        past = standing or known.past(question, checked, said)
        standing = past or _rejection(question, record, said, evidence, context)
        return Judged(record, said, checked, standing, None)
    expires_at = _expiry(question.policy, said)
    standing = (
        standing
        or _revocation(question, checked, revocations, evidence)
        or known.past(question, checked, said)
        or _binding(question, record, said, context.history)
        or bound_to_nothing(question, said)
        or _age(said, expires_at, evidence.now)
        or _approval(question, said, checked, context.separation or Separation(question, evidence, revocations))
        or Standing(SignoffState.VALID, "valid", _approved(said, evidence))
    )
    return Judged(record, said, checked, standing, expires_at)


def _approved(said: Signoff, evidence: RecordEvidence) -> str:
    """What a valid approval says; also that its signer left since, which takes nothing from it."""
    who = said.signer.principal
    whatever = f", for {WHATEVER}" if said.scope == "content" else ""
    ends = [holder.valid_before for holder in evidence.roster.signers if holder.principal == who]
    ended = max(ends, default=None)
    left = f"; it was good then, and the last key of {who} ended on {ended.date()}" if ended else ""
    return f"{who} approved it on {said.signed_at.date()}{whatever}{left if ended and ended < evidence.now else ''}"


def _expiry(policy: SignoffPolicy, said: Signoff) -> datetime | None:
    """The earlier of the record's own expiry and the policy's."""
    limits = [] if said.expires_at is None else [said.expires_at]
    if policy.valid_for is not None:
        limits.append(said.signed_at + min(policy.valid_for, _LONGEST))
    return min(limits, default=None)


def _revocation(
    question: Question, checked: SignatureCheck, revocations: Revocations, evidence: RecordEvidence
) -> Standing | None:
    by = revoker(checked, revocations, question.members, evidence.people)
    return None if by is None else taken_back(by, f"settle what it says, then run `{question.command}`")


def _rejection(
    question: Question, record: Record, said: Signoff, evidence: RecordEvidence, context: Context
) -> Standing:
    """A rejection that holds, whatever changed since. What a run asks by itself is another question when it changes."""
    changed = _binding(question, record, said, context.history)
    if changed is not None and question.item.id in RESERVED:
        return changed
    who, why = said.signer.principal, told(said.reason) or "no reason given"
    reason = f"{who} rejected it: {why}"
    if changed is not None:
        reason = f"{who} rejected an earlier version of it, which no change of it ends: {why}; {changed.reason}"
    elif said.expires_at is not None and evidence.now > said.expires_at:
        reason += f"; it names an end, {show(said.expires_at)}, but a rejection does not lapse"
    overrule = f", or let {evidence.rules.owners} overrule it" if evidence.rules.owners else ""
    remedy = (
        f"settle it with {who}, who can then sign again, or take it back with "
        f"`readiness revoke {record.digest[:12]}`{overrule}"
    )
    return Standing(SignoffState.REJECTED, "rejected", reason, remedy)


def _binding(question: Question, record: Record, said: Signoff, history: History) -> Standing | None:
    again = f"review it again, then run `{question.command}`"
    if said.scope != question.policy.scope:
        was, now = ("release", "content") if said.scope == "release" else ("content", "release")
        reason = f"the item changed after {said.signer.principal} signed: it was for the {was}, and is for the {now}"
        return Standing(SignoffState.STALE, "item-changed", reason, again)
    if said.item_digest not in equal_digests(question.item):
        reason = f"the item changed after {said.signer.principal} signed: {_reworded(question, said, history)}"
        return Standing(SignoffState.STALE, "item-changed", reason, again)
    changes = compare(record.statement.subjects, question.wanted(said))
    if changes:
        reason = describe_changes(changes, said.signer.principal, said.commit, said.signed_at, history)
        return Standing(SignoffState.STALE, "subject-changed", reason, again)
    return None


def _reworded(question: Question, said: Signoff, history: History) -> str:
    """What changed in an item since somebody signed: its words, and its parameters where git has them."""
    words = []
    if said.item_text != question.item.title:
        words.append(f"its words were, from `{short(said.item_text)}`, changed")
    before = history.item_then(question.item, said.commit)
    if before is not None:
        known = {name: value for name, value in before.params.items() if "${" not in json.dumps(value, default=str)}
        now = {n: v for n, v in question.item.params.items() if n in known or n not in before.params}
        differing = changed_parameters(before.model_copy(update={"params": known}),
                                       question.item.model_copy(update={"params": now}))  # fmt: skip
        words += list(differing)[:_NAMED]
    return ", and ".join(words) or "its parameters were changed"


def bound_to_nothing(question: Question, said: Signoff) -> Standing | None:
    """Why an approval does not count that names neither a release nor files, unless the checklist means that."""
    if said.decision != "approve" or question.unbound_is_meant or not question.unbound(said.release):
        return None
    reason = f"{HOLDS_FOR_EVER}, and the checklist does not say that this is meant"
    return Standing(
        SignoffState.STALE, "unbound", reason, f"{BIND}; then sign it again. `covers: none` says that it is meant"
    )


def _age(said: Signoff, expires_at: datetime | None, now: datetime) -> Standing | None:
    if expires_at is None or now <= expires_at:
        return None
    reason = f"the sign-off of {said.signer.principal} expired at {show(expires_at)}"
    return Standing(SignoffState.EXPIRED, "expired", reason, "review it again, and sign it again")


def _approval(question: Question, said: Signoff, checked: SignatureCheck, separation: Separation) -> Standing | None:
    """What is asked of an approval alone: whoever may not approve may well reject."""
    who = said.signer.principal
    if said.each not in question.policy.slots:
        asked = f"for each of: {', '.join(question.policy.each)}" if question.policy.each else "for no name"
        reason = f"{who} signed for `{short(said.each)}`, but the item is asked {asked}"
        return Standing(SignoffState.INVALID, "other-name", reason, f"run `{question.command}`")
    if question.policy.user_verification and not checked.user_verified:
        reason = f"{who} signed without a device that checked a PIN or a finger, and the item asks for one"
        return Standing(SignoffState.UNAUTHORISED, "not-verified", reason, VERIFY)
    return separation.standing(who, said.each, said.signed_at)
