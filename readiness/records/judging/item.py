"""Judges the sign-offs of one item: pure, from policy, records and roster to cards and a status."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from readiness.outcome import SignoffCard, SignoffState, Status
from readiness.records.history.changes import GitHistory
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.judging.rejections import PAST, Rejections
from readiness.records.judging.separation import Separation
from readiness.records.judging.signature import read_revocations
from readiness.records.judging.signoff import Context, Judged, judge_record
from readiness.records.model.people import People
from readiness.records.model.statement import Signoff, given_for
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS
from readiness.records.storage.work_tree import Problem, Record
from readiness.text import short

_FAILED = {SignoffState.REJECTED, SignoffState.INVALID, SignoffState.UNAUTHORISED, SignoffState.REVOKED}
_NAMED = 5
_SHOWN = 20
"""Cards of forged or damaged records: anybody can make thousands."""
_EXAMPLES = 2


@dataclass(frozen=True)
class Judgement:
    """The state of the item."""

    status: Status
    cards: tuple[SignoffCard, ...]
    examined: int
    """How many records name this item."""
    valid: dict[str, int]
    """How many different people have validly signed, for each name of the matrix."""


def judge(question: Question, evidence: RecordEvidence) -> Judgement:
    """Judge all sign-offs of an item.

    `passed` when every name of the matrix has its quorum and nobody's rejection stands; `failed` when one was rejected,
    or what is missing was revoked, is invalid or unauthorised; `pending` when it is missing, stale or expired.

    Args:
        question: What the item requires.
        evidence: Every record there is, and what they are judged by.

    Raises:
        RecordsError: It is not known who changed what a sign-off covers, but it matters.
    """
    here = _of_item(evidence).get(question.item.id, [])
    broken = [problem for problem in evidence.kept.problems if problem.claims == question.item.id]
    bound = [record for record in here if record.signoff is not None and _bound_here(record.signoff, question)]
    revocations = read_revocations(evidence)
    separation = Separation(question, evidence, revocations)
    context = Context(history_of(evidence), separation, Rejections.of(evidence))
    judged = [judge_record(question, record, evidence, revocations, context) for record in bound]
    cards: list[SignoffCard] = []
    valid: dict[str, int] = {}
    statuses: list[Status] = []
    for slot in question.policy.slots:
        mine = [entry for entry in judged if entry.said.each == slot]
        shown, status = _slot(question, slot, mine, evidence, separation)
        if not mine:
            shown = [_elsewhere(card, here, slot) for card in shown]
        cards += shown
        statuses.append(status)
        valid[slot] = sum(card.state is SignoffState.VALID for card in shown)
    strays = [entry for entry in judged if _stray(entry, question)]
    cards += [_card(question, entry.said.each, entry, evidence.people) for entry in strays[-_SHOWN:]]
    cards += [_broken(question, problem) for problem in broken[:_SHOWN]]
    status = _overall(statuses, strays, broken)
    return Judgement(status, tuple(cards), len(here) + len(broken), valid)


def _overall(slots: Sequence[Status], strays: Sequence[Judged], broken: Sequence[Problem]) -> Status:
    """The worst of all names; a rejection for another name fails too, as does a damaged record where any is missing."""
    rejected = any(entry.standing.state is SignoffState.REJECTED for entry in strays)
    if rejected or Status.FAILED in slots or (broken and Status.PENDING in slots):
        return Status.FAILED
    return Status.PENDING if Status.PENDING in slots else Status.PASSED


def _of_item(evidence: RecordEvidence) -> dict[str, list[Record]]:
    """Sign-offs by item."""
    found: dict[str, list[Record]] | None = evidence.memo.get(_of_item)
    if found is None:
        found = evidence.memo[_of_item] = {}
        for record in evidence.kept.records:
            if record.signoff is not None:
                found.setdefault(record.signoff.item, []).append(record)
    return found


def history_of(evidence: RecordEvidence) -> GitHistory:
    """Who changed what, read once."""
    found: GitHistory | None = evidence.memo.get(GitHistory)
    if found is None:
        found = evidence.memo[GitHistory] = GitHistory(evidence.root, evidence.content)
    return found


def _bound_here(said: Signoff, question: Question) -> bool:
    if said.scope == "content":  # whatever the release and the environment
        return said.project == question.project
    here = (question.project, question.release, question.environment)
    return (said.project, said.release, said.environment) == here


def _stray(entry: Judged, question: Question) -> bool:
    """Whether a person signed for a name that the matrix does not have: it fills no place, but is not hushed up."""
    apart = entry.said.each not in question.policy.slots
    worth_showing = entry.standing.state is SignoffState.REJECTED or entry.standing.code == "other-name"
    return apart and worth_showing


def _slot(
    question: Question, slot: str, judged: list[Judged], evidence: RecordEvidence, separation: Separation
) -> tuple[list[SignoffCard], Status]:
    """Cards and status for one name of the matrix: one card for each person, and one for each that is missing."""
    people: dict[str, list[Judged]] = {}
    past = [entry for entry in judged if _past(entry)]
    for entry in judged:
        # an unproven name is only a claim: it must not stand in the way of the real person's record
        who = entry.checked.principal
        if not _past(entry):
            people.setdefault(evidence.people.of(who) if who else f"?{entry.record.digest}", []).append(entry)
    chosen = [_decisive(entries) for entries in people.values()]
    states = [entry.standing.state for entry in chosen]
    unproven = [entry for entry in chosen if not entry.checked.principal]
    shown = [entry for entry in chosen if entry.checked.principal] + unproven[-_SHOWN:]
    cards, told = ([_card(question, slot, one, evidence.people) for one in some] for some in (shown, past))
    lacking = question.policy.quorum - states.count(SignoffState.VALID)
    if SignoffState.REJECTED in states:
        return [*cards, *told], Status.FAILED
    if lacking <= 0:
        return [*cards, *told], Status.PASSED
    status = Status.FAILED if _FAILED & set(states) else Status.PENDING
    members = {evidence.people.of(member) for member in question.members}
    others = sum(e.standing.state is not SignoffState.VALID and evidence.people.of(e.checked.principal) in members
                 for e in chosen if e.checked.principal)  # fmt: skip
    if lacking > others:
        cards += [_missing(question, slot, evidence, separation, set(people))] * (lacking - others)
    return [*cards, *told], status


def _past(entry: Judged) -> bool:
    return entry.standing.code in PAST


def _decisive(entries: list[Judged]) -> Judged:
    """The record that speaks for a person: a rejection that holds, else the latest in force, else the latest."""

    def rank(entry: Judged) -> tuple[bool, bool, datetime, str]:
        state = entry.standing.state
        rejects, valid = state is SignoffState.REJECTED, state is SignoffState.VALID
        return rejects, valid, entry.said.signed_at, entry.record.digest

    return max(entries, key=rank)


def _card(question: Question, slot: str, entry: Judged, people: People) -> SignoffCard:
    said = entry.said
    person = people.named(said.signer.principal)
    return SignoffCard(
        role=question.policy.role,
        quorum=question.policy.quorum,
        state=entry.standing.state,
        reason=entry.standing.reason,
        code=entry.standing.code,
        subject=slot,
        principal=said.signer.principal,
        name=said.signer.name,
        printed_name=person.name if person else "",
        title=person.title if person else "",
        meaning=said.meaning,
        signed_at=said.signed_at,
        expires_at=entry.expires_at,
        key=entry.checked.fingerprint,
        record=entry.record.digest,
        covers=tuple(entry.record.statement.subjects) if question.policy.covers else (),
        digests=tuple(entry.record.statement.subjects.values()) if question.policy.covers else (),
        remedy=entry.standing.remedy,
        past=_past(entry),
        scope=said.scope,
    )


def _missing(
    question: Question, slot: str, evidence: RecordEvidence, separation: Separation, signed: set[str]
) -> SignoffCard:
    waiting = [name for name in separation.able(slot, evidence.now) if evidence.people.of(name) not in signed]
    keyless = [name for name in waiting if name not in evidence.roster.principals]
    reason = f"no sign-off by {question.policy.role}" + (f" for {slot}" if slot else "")
    if waiting:
        reason += f"; it can come from {', '.join(waiting[:_NAMED])}" + (" and others" if len(waiting) > _NAMED else "")
    elif question.policy.not_by:
        reason += "; everybody else in the role changed what it covers"
    if waiting and keyless == waiting:
        reason += f", but no key of theirs is in {ALLOWED_SIGNERS}"
    return SignoffCard(
        role=question.policy.role,
        quorum=question.policy.quorum,
        state=SignoffState.MISSING,
        reason=reason,
        code="missing",
        subject=slot,
        covers=tuple(subject.name for subject in question.subjects) if question.policy.covers else (),
        scope=question.policy.scope,
        remedy=f"run `{question.command}{_each(slot)}`, then commit the record",
    )


def _broken(question: Question, problem: Problem) -> SignoffCard:
    return SignoffCard(
        role=question.policy.role,
        quorum=question.policy.quorum,
        state=SignoffState.INVALID,
        reason=f"{short(problem.path)}: {problem.reason}",
        code=problem.code,
        record=problem.digest,
        remedy=problem.remedy,
    )


def _each(slot: str) -> str:
    return f" --each {shlex.quote(slot)}" if slot else ""


def _elsewhere(card: SignoffCard, records: list[Record], slot: str) -> SignoffCard:
    """Say so when sign-offs are there, but were given for another project, release or environment."""
    said = (record.signoff for record in records)
    others = sorted({given_for(one) for one in said if one is not None and one.each == slot})
    if not others or card.state is not SignoffState.MISSING:
        return card
    more = " and others" if len(others) > _EXAMPLES else ""
    reason = f"{card.reason}; those given for {' and '.join(others[:_EXAMPLES])}{more} do not count here"
    return card.model_copy(update={"code": "given-elsewhere", "reason": reason})
