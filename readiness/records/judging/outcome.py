"""The answer to an item of sign-offs: its outcome, with a card for each person and a finding for what is open."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path

from readiness.check import Facts
from readiness.checklist import Item
from readiness.outcome import Evidence, Finding, Level, Measurement, Outcome, SignoffCard, SignoffState, Status
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from readiness.records.judging.item import Judgement, judge
from readiness.records.judging.question import Asked, Question, ask
from readiness.records.judging.signoff import BIND, HOLDS_FOR_EVER
from readiness.records.judging.signoff_policy import SignoffPolicy
from readiness.records.model.people import People
from readiness.records.model.statement import WHATEVER
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS
from readiness.records.storage.work_tree import FOLDER, Problem, record_path
from readiness.text import count, short

_TOLD = 2
"""Earlier rejections that a summary tells."""
MOST_FINDINGS = 50
"""Findings of one kind that an outcome lists."""


def judge_signoffs(policy: SignoffPolicy, facts: Facts) -> Outcome:
    """Judge the sign-offs of an item.

    Args:
        policy: What the item asks for.
        facts: The item, and what it is judged by.

    Raises:
        RecordsError: It is not known how the item stands.
    """
    evidence = read_evidence(
        facts.root,
        facts.now.astimezone(UTC),
        rules=facts.policy,
        people=facts.people,
        policy=facts.policy_commit,
        file=Path(facts.item.source.file).name if facts.item.source is not None else "",
    )
    subject = facts.subject
    asked = Asked(subject.project, subject.release, subject.environment, facts.roles, facts.people)
    question = ask(facts.root, facts.item, policy, asked)
    outcome = _outcome(judge(question, evidence), policy, facts.item, evidence)
    if question.links:
        outcome = outcome.model_copy(update={"findings": (*outcome.findings, *_link_findings(question))})
    meant = question.unbound(question.release) and question.unbound_is_meant
    return _with_caution(outcome, question) if meant else outcome


def _link_findings(question: Question) -> Iterator[Finding]:
    for path, target in question.links[:MOST_FINDINGS]:
        yield Finding(
            message=f"it is a link to {short(target)}: the sign-off covers where it leads, and what is there only if "
            "`covers` names that, too",
            rule="covered-link",
            level=Level.NOTE,
            path=short(path),
            remedy="name in `covers` what it leads to, or leave the link out with a pattern that begins with `!`",
        )


def _with_caution(outcome: Outcome, question: Question) -> Outcome:
    """Say beside an outcome that its sign-offs hold for every later commit, as the checklist means it."""
    source = question.item.source
    caution = Finding(
        message=f"caution: {HOLDS_FOR_EVER} (`covers: none`)",
        rule="unbound",
        level=Level.WARNING,
        path=source.file if source is not None else FOLDER,
        line=source.line if source is not None else None,
        remedy=BIND,
    )
    summary = f"{outcome.summary}; caution: {HOLDS_FOR_EVER}" if outcome.status is Status.PASSED else outcome.summary
    return outcome.model_copy(update={"findings": (*outcome.findings, caution), "summary": summary})


def _outcome(judgement: Judgement, policy: SignoffPolicy, item: Item, evidence: RecordEvidence) -> Outcome:
    open_cards = [card for card in judgement.cards if card.state is not SignoffState.VALID and not card.past]
    past = [card for card in judgement.cards if card.past]
    passed = judgement.status is Status.PASSED
    level = Level.NOTE if passed else Level.ERROR
    return Outcome(
        status=judgement.status,
        summary=_summary(judgement.cards, policy, evidence.people, passed=passed),
        examined=judgement.examined,
        unit="records",
        measurements=_measurements(judgement, policy),
        findings=(
            *(_card_finding(card, item, level) for card in open_cards),
            *(_card_finding(card, item, Level.NOTE) for card in past[-MOST_FINDINGS:]),
            *(_problem_finding(problem) for problem in evidence.kept.problems[:MOST_FINDINGS]),
        ),
        evidence=(
            Evidence(name=ALLOWED_SIGNERS, sha256=evidence.roster.sha256),
            *_record_evidence(judgement.cards),
        ),
        signoffs=judgement.cards,
        remedy="" if passed else open_cards[0].remedy,
    )


def _measurements(judgement: Judgement, policy: SignoffPolicy) -> tuple[Measurement, ...]:
    return tuple(
        Measurement(
            name=f"valid sign-offs for {slot}" if slot else "valid sign-offs",
            value=number,
            unit="sign-offs",
            operator=">=",
            threshold=policy.quorum,
        )
        for slot, number in judgement.valid.items()
    )


def _summary(cards: Sequence[SignoffCard], policy: SignoffPolicy, people: People, *, passed: bool) -> str:
    needed = policy.quorum * len(policy.slots)
    valid = [card for card in cards if card.state is SignoffState.VALID]
    text = f"{len(valid)} of {count(needed, 'needed sign-off')} by {policy.role} valid"
    if passed:
        whatever = f" (for {WHATEVER})" if policy.scope == "content" else ""
        by = ", ".join(sorted({people.printed(card.principal) for card in valid}))
        return f"{text}: {by}{whatever}{_earlier(cards)}"
    waiting = [card for card in cards if card.state is not SignoffState.VALID and not card.past]
    first = next((card for card in waiting if card.state is SignoffState.REJECTED), waiting[0])
    return f"{text}; {first.state.value}: {first.reason}{_earlier(cards)}"


def _earlier(cards: Sequence[SignoffCard]) -> str:
    """Rejections that do not hold any more: how each was cleared; nobody has to look for it."""
    told = [card.reason for card in cards if card.past and card.code != "overtaken"]
    more = f"; and {count(len(told) - _TOLD, 'earlier rejection')}" if len(told) > _TOLD else ""
    return "".join(f"; {reason}" for reason in told[-_TOLD:]) + more


def _card_finding(card: SignoffCard, item: Item, level: Level) -> Finding:
    line = column = None
    if card.record:
        path = record_path(card.record)
    elif item.source is not None:
        path, line, column = item.source.file, item.source.line, item.source.column
    else:
        path = FOLDER
    return Finding(
        message=f"{card.state.value}: {card.reason}",
        rule=card.code,
        level=level,
        path=path,
        line=line,
        column=column,
        remedy=card.remedy,
    )


def _problem_finding(problem: Problem) -> Finding:
    return Finding(
        message=problem.reason,
        rule=problem.code,
        level=Level.WARNING,
        path=short(problem.path),
        remedy=problem.remedy,
    )


def _record_evidence(cards: Sequence[SignoffCard]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(name=record_path(card.record), sha256=card.record, produced_at=card.signed_at)
        for card in cards
        if card.record and card.signed_at
    )
