"""Decides whether a proposed change of the policy is allowed: it weakens nothing, or the owners have signed it off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from readiness.checklist import EVIDENCE_WEAKENING, POLICY_WEAKENING, SIGNOFF, Checklist, Item
from readiness.outcome import Finding, Level, Outcome, SignoffCard, SignoffState, Status
from readiness.policy.base import PolicyBase
from readiness.policy.proposal import Proposal
from readiness.records.judging.append_only import SECTION
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from readiness.records.judging.item import Judgement, judge
from readiness.records.judging.question import Asked, Question, ask
from readiness.records.judging.signoff_policy import SignoffPolicy
from readiness.records.model.errors import RecordsError
from readiness.records.storage.work_tree import Record, Records
from readiness.report import PolicyChange, PolicyFact, Result
from readiness.strictness.change import canonical
from readiness.text import count, short

_FIRST_OWNERS = (
    "undo it; nobody can approve it until the policy branch names owners, which is merged without --policy-ref: "
    "`policy: {owners: ROLE}`"
)


@dataclass(frozen=True)
class Weakened:
    """What the owners are asked about."""

    base: PolicyBase
    item: str
    """Id of the item: `policy-weakening` or `evidence-weakening`."""
    title: str
    lines: Sequence[str]
    """One for each weakening, as it is signed."""

    def as_item(self, checklist: Checklist) -> Item:
        """The item. The weakenings are one of its parameters, so that a sign-off is bound to exactly these.

        Args:
            checklist: The one that judges, with the owners.
        """
        params = {"role": checklist.policy.owners, "weakens": sorted(self.lines)}
        return Item(id=self.item, title=self.title, check=SIGNOFF, owner=checklist.policy_owner, params=params)


@dataclass(frozen=True)
class Decision:
    """What the owners have decided."""

    status: Status
    """Passed or failed."""
    why: str
    remedy: str = ""
    cards: tuple[SignoffCard, ...] = ()


def question_for(weakened: Weakened, checklist: Checklist) -> Question:
    """Ask the owners whether they agree to exactly these weakenings, for every release and environment.

    Args:
        weakened: What weakens; there must be something.
        checklist: The one that judges, with the owners.

    Raises:
        RecordsError: Nobody may agree.
    """
    base, owners = weakened.base, checklist.policy.owners
    if not owners:
        raise RecordsError(f"the policy of {short(base.ref)} names no owners", _FIRST_OWNERS)
    item, policy = weakened.as_item(checklist), SignoffPolicy(role=owners)
    question = ask(base.root, item, policy, Asked.for_all(checklist))
    return question.model_copy(update={"policy_ref": base.ref})


class Agreements:
    """The records by which owners agree, as they are now: a command that runs later cannot add to them.

    Args:
        base: The policy that judges.
        checklist: The one that judges, with the owners.
        now: The date of the run.
    """

    def __init__(self, base: PolicyBase, checklist: Checklist, now: datetime) -> None:
        self._read: RecordEvidence | RecordsError
        rules, people = checklist.policy, checklist.people
        try:
            self._read = unspent(
                read_evidence(base.root, now, rules=rules, people=people, policy=base.commit, file=base.place.name)
            )
        except RecordsError as error:
            self._read = error

    def judge(self, question: Question) -> Judgement:
        """Judge what the owners said to a question.

        Raises:
            RecordsError: It is not known.
        """
        if isinstance(self._read, RecordsError):
            raise self._read
        return judge(question, self._read)


def decide(weakened: Weakened, checklist: Checklist, now: datetime, agreements: Agreements | None = None) -> Decision:
    """Find out whether the owners have agreed.

    Args:
        weakened: What weakens; there must be something.
        checklist: The one that judges, with the owners.
        now: The date of the run.
        agreements: Read before; read here when not given.
    """
    if not checklist.policy.owners:
        return Decision(Status.FAILED, "the policy names no owners who could agree", _FIRST_OWNERS)
    try:
        question = question_for(weakened, checklist)
        judgement = (agreements or Agreements(weakened.base, checklist, now)).judge(question)
    except RecordsError as error:
        return Decision(Status.FAILED, f"who agrees is not known: {error.summary}", error.remedy)
    if judgement.status is Status.PASSED:
        who = sorted({card.principal for card in judgement.cards if card.state is SignoffState.VALID})
        return Decision(Status.PASSED, f"{', '.join(who)} signed exactly that", "", judgement.cards)
    first = next(card for card in judgement.cards if card.state is not SignoffState.VALID and not card.past)
    reason = f"its owners have not signed that off: {first.state.value}: {first.reason}"
    return Decision(Status.FAILED, reason, f"take it back, or let the owners agree: {first.remedy}", judgement.cards)


def unspent(evidence: RecordEvidence) -> RecordEvidence:
    """Leave out approvals that the policy branch has already, by which an earlier change was merged.

    Otherwise the same weakening could come back on the strength of an old approval. A rejection stands.
    """
    spent = tuple(record for record in evidence.kept.records if _approves(record) and record.digest in evidence.seen)
    kept = tuple(record for record in evidence.kept.records if record not in spent)
    return replace(evidence, kept=Records(kept, evidence.kept.problems))


def _approves(record: Record) -> bool:
    said = record.signoff
    return said is not None and said.item in {POLICY_WEAKENING, EVIDENCE_WEAKENING} and said.decision == "approve"


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
