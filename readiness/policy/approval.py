"""Decides whether a proposed change of the policy is allowed: it weakens nothing, or the owners signed it off."""

from dataclasses import dataclass, replace
from datetime import datetime

from readiness.checklist import POLICY_WEAKENING, Checklist
from readiness.outcome import Finding, Level, Outcome, Status
from readiness.policy.owners import Decision, Weakened, decide, question_for
from readiness.policy.proposal import Proposal
from readiness.records.judging.append_only import SECTION
from readiness.records.judging.question import Question
from readiness.records.model.errors import RecordsError
from readiness.report import PolicyChange, PolicyFact, Result
from readiness.strictness.change import canonical
from readiness.text import count, short

_TITLE = "What is proposed does not weaken the policy, or its owners agree"
_SHOWN = 50


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
    decided = decide(_weakened(proposal), checklist, now) if proposal.weakens else Decision(Status.PASSED, "")
    if proposal.unknown and decided.status is Status.PASSED:
        first = proposal.unknown[0]
        decided = replace(decided, status=Status.ERROR, why=first.message, remedy=first.remedy)
    passed = decided.status is Status.PASSED
    outcome = Outcome(
        status=decided.status,
        summary=_summary(proposal, decided.why),
        examined=proposal.settings,
        unit="settings",
        findings=(
            *(_finding(change, proposal, passed=passed) for change in proposal.weakens[:_SHOWN]),
            *proposal.unknown,
        ),
        signoffs=decided.cards,
        remedy=decided.remedy,
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
    item = _weakened(proposal).as_item(checklist)
    return Ruling(Result(item=item, section=SECTION, outcome=outcome), fact)


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
    return question_for(_weakened(proposal), checklist)


def _weakened(proposal: Proposal) -> Weakened:
    return Weakened(proposal.base, POLICY_WEAKENING, _TITLE, [_line(change) for change in proposal.weakens])


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
