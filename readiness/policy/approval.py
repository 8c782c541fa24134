"""Decides whether a proposed change of the policy is allowed: it weakens nothing, or the owners signed it off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from readiness.checklist import POLICY_WEAKENING, SIGNOFF, Checklist, Item
from readiness.outcome import Finding, Level, Outcome, SignoffCard, SignoffState, Status
from readiness.policy.proposal import Proposal
from readiness.records.judging.append_only import SECTION
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from readiness.records.judging.item import judge
from readiness.records.judging.question import Question, SignoffPolicy, ask
from readiness.records.model.errors import RecordsError
from readiness.records.storage.work_tree import Record, Records
from readiness.report import PolicyChange, PolicyFact, Result
from readiness.strictness.change import canonical
from readiness.text import count, short

_TITLE = "What is proposed does not weaken the policy, or its owners agree"
_SHOWN = 50
_FIRST_OWNERS = (
    "undo it; nobody can approve it until the policy branch names owners, which is merged without --policy-ref: "
    "`policy: {owners: ROLE}`"
)


@dataclass(frozen=True)
class Ruling:
    """What the policy's own item came to."""

    result: Result
    fact: PolicyFact


def rule(proposal: Proposal, checklist: Checklist, now: datetime) -> Ruling:
    """Judge what is proposed.

    Args:
        proposal: What is proposed.
        checklist: The one that judges.
        now: The date of the run.

    Returns:
        The item, which has passed, failed, or is an error because that is unknown; and what the report says.
    """
    cards: tuple[SignoffCard, ...] = ()
    status, why, remedy = Status.PASSED, "", ""
    if proposal.weakens:
        status, why, remedy, cards = _approved(proposal, checklist, now)
    if proposal.unknown and status is Status.PASSED:
        status, why, remedy = Status.ERROR, proposal.unknown[0].message, proposal.unknown[0].remedy
    passed = status is Status.PASSED
    outcome = Outcome(
        status=status,
        summary=_summary(proposal, why),
        examined=proposal.settings,
        unit="settings",
        findings=(
            *(_finding(change, proposal, passed=passed) for change in proposal.weakens[:_SHOWN]),
            *proposal.unknown,
        ),
        signoffs=cards,
        remedy=remedy,
    )
    fact = PolicyFact(
        ref=proposal.base.ref,
        commit=proposal.base.commit,
        name=proposal.base.name,
        merge_base=proposal.base.merge_bases[0],
        checklist_sha256=checklist.sha256,
        changes=proposal.changes,
        approved=passed,
    )
    return Ruling(Result(item=_item(checklist.policy.owners, proposal), section=SECTION, outcome=outcome), fact)


def ask_owners(proposal: Proposal, checklist: Checklist) -> Question:
    """Ask the owners of the policy whether they agree to exactly these weakenings, for every release and environment.

    Args:
        proposal: What is proposed.
        checklist: The one that judges, with the owners.

    Raises:
        RecordsError: Nothing weakens, a part cannot be compared, or nobody may agree.
    """
    if proposal.unknown:
        raise RecordsError(proposal.unknown[0].message, proposal.unknown[0].remedy)
    if not proposal.weakens:
        raise RecordsError(f"nothing weakens the policy of {short(proposal.base.ref)}: there is nothing to sign")
    owners = checklist.policy.owners
    if not owners:
        raise RecordsError(f"the policy of {short(proposal.base.ref)} names no owners", _FIRST_OWNERS)
    question = ask(
        proposal.base.root,
        _item(owners, proposal),
        SignoffPolicy(role=owners),
        checklist.roles,
        project=checklist.project,
        release="",
        environment="",
    )
    return question.model_copy(update={"policy_ref": proposal.base.ref})


def unspent(evidence: RecordEvidence) -> RecordEvidence:
    """Leave out approvals that the policy branch has already, by which an earlier change was merged.

    Otherwise the same weakening could come back on the strength of an old approval. A rejection stands.
    """
    spent = tuple(record for record in evidence.kept.records if _approves(record) and record.digest in evidence.seen)
    kept = tuple(record for record in evidence.kept.records if record not in spent)
    return replace(evidence, kept=Records(kept, evidence.kept.problems))


def _approves(record: Record) -> bool:
    said = record.signoff
    return said is not None and said.item == POLICY_WEAKENING and said.decision == "approve"


def _approved(
    proposal: Proposal, checklist: Checklist, now: datetime
) -> tuple[Status, str, str, tuple[SignoffCard, ...]]:
    """Status, reason and remedy, and the sign-offs of the owners."""
    base = proposal.base
    if not checklist.policy.owners:
        return Status.FAILED, "the policy names no owners who could agree", _FIRST_OWNERS, ()
    try:
        question = ask_owners(replace(proposal, unknown=()), checklist)
        evidence = read_evidence(
            base.root, now, rules=checklist.policy, people=checklist.people, policy=base.commit, file=base.place.name
        )
        judgement = judge(question, unspent(evidence))
    except RecordsError as error:
        return Status.FAILED, f"who agrees is not known: {error.summary}", error.remedy, ()
    if judgement.status is Status.PASSED:
        who = sorted({card.principal for card in judgement.cards if card.state is SignoffState.VALID})
        return Status.PASSED, f"{', '.join(who)} signed exactly that", "", judgement.cards
    first = next(card for card in judgement.cards if card.state is not SignoffState.VALID)
    reason = f"its owners have not signed that off: {first.state.value}: {first.reason}"
    return Status.FAILED, reason, f"take it back, or let the owners agree: {first.remedy}", judgement.cards


def _summary(proposal: Proposal, why: str) -> str:
    where = f"the policy of {short(proposal.base.ref)} ({proposal.base.commit[:10]})"
    number = len(proposal.weakens)
    if number:
        places = count(number, "change weakens", "changes weaken")
        return f"{places} {where}; {why}"
    if why:
        return f"what is proposed cannot be compared with {where}: {why}"
    if proposal.changes:
        return f"{count(len(proposal.changes), 'change')} of {where}, none weakens it"
    return f"{where} is not changed"


def _item(owners: str, proposal: Proposal) -> Item:
    """The item; the weakenings are one of its parameters, so that a sign-off is bound to exactly these."""
    params: Mapping[str, object] = {"role": owners, "weakens": sorted(map(_line, proposal.weakens))}
    return Item.model_validate({"id": POLICY_WEAKENING, "title": _TITLE, "check": SIGNOFF, "with": params})


def _line(change: PolicyChange) -> str:
    return canonical([change.code, change.item, change.text, change.before, change.after])


def _finding(change: PolicyChange, proposal: Proposal, *, passed: bool) -> Finding:
    values = f": {change.before} → {change.after}" if change.before and change.after else ""
    source = change.source
    return Finding(
        message=short(f"{change.text}{values}"),
        rule=change.code,
        level=Level.NOTE if passed else Level.ERROR,
        path=source.file if source is not None else proposal.base.place.name,
        line=source.line if source is not None else None,
        column=source.column if source is not None else None,
    )
