"""The check `signoff`: the right people have signed what is there now."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from readiness.check import Check, Context
from readiness.outcome import (
    CheckError,
    Evidence,
    Finding,
    Level,
    Measurement,
    Outcome,
    SignoffCard,
    SignoffState,
    Status,
)
from readiness.records.model.question import SignoffPolicy
from readiness.text import count

if TYPE_CHECKING:
    from readiness.records.storage.work_tree import Problem

_SHOWN = 50


class Signoff(SignoffPolicy, Check):
    """The right people have signed off what is there now.

    Why: Some things only a person can judge: a legal review, an acceptance test, a risk that is taken. A name in a wiki
    shows neither who it was nor what exactly was approved; a signature over the digests of the files does, and it stops
    counting as soon as one byte changes.

    How: Reads the signed records below `.readiness/records`, verifies each with the key that
    `.readiness/allowed_signers` gives its signer for the time of signing, and compares project, release, environment,
    item and the digests of the covered files, as they are in the commit, with what was signed. Only valid sign-offs
    count, each person once, whatever names and keys the person has. With `not_by: authors`, nobody approves what they
    changed themselves: git tells who made each commit since the covered files were last approved by others, merges that
    changed something of their own included. A standing rejection by a member of the role fails the item; a sign-off
    that is missing, stale or expired leaves it pending.

    Remedy: Let a member of the role run `readiness sign ITEM`, and commit the record.
    """

    uses_services: ClassVar[bool] = False

    def run(self, context: Context) -> Outcome:
        """Judge the sign-offs of the item."""
        from readiness.records.history.changes import GitHistory
        from readiness.records.judging.ask import ask
        from readiness.records.judging.evidence import read_evidence
        from readiness.records.judging.item import judge
        from readiness.records.model.errors import RecordsError
        from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS

        facts = context.facts
        try:
            evidence = read_evidence(
                facts.root,
                context.now,
                rules=facts.policy,
                people=facts.people,
                policy=facts.policy_commit,
                file=Path(facts.item.source.file).name if facts.item.source is not None else "",
            )
            question = ask(
                facts.root,
                facts.item,
                self,
                facts.roles,
                project=facts.subject.project,
                release=facts.subject.release,
                environment=facts.subject.environment,
                people=facts.people,
            )
            judgement = judge(question, evidence, GitHistory(facts.root))
        except RecordsError as error:
            raise CheckError(error.summary, error.remedy, findings=error.findings[:_SHOWN]) from error
        measurements = tuple(
            Measurement(
                name=f"valid sign-offs for {slot}" if slot else "valid sign-offs",
                value=number,
                unit="sign-offs",
                operator=">=",
                threshold=self.quorum,
            )
            for slot, number in judgement.valid.items()
        )
        open_cards = [card for card in judgement.cards if card.state is not SignoffState.VALID]
        passed = judgement.status is Status.PASSED
        return Outcome(
            status=judgement.status,
            summary=_summary(judgement.cards, self.quorum * len(self.slots), self.role, passed=passed),
            examined=judgement.examined,
            unit="records",
            measurements=measurements,
            findings=(
                *(_card_finding(card, context, passed=passed) for card in open_cards),
                *(_problem_finding(problem) for problem in evidence.kept.problems[:_SHOWN]),
            ),
            evidence=(
                Evidence(name=ALLOWED_SIGNERS, sha256=evidence.roster.sha256),
                *_record_evidence(judgement.cards),
            ),
            signoffs=judgement.cards,
            remedy="" if passed else next((card.remedy for card in open_cards if card.remedy), ""),
        )


def _summary(cards: tuple[SignoffCard, ...], needed: int, role: str, *, passed: bool) -> str:
    valid = [card for card in cards if card.state is SignoffState.VALID]
    text = f"{len(valid)} of {count(needed, 'needed sign-off')} by {role} valid"
    if passed:
        return f"{text}: {', '.join(sorted({card.principal for card in valid}))}"
    first = next((card for card in cards if card.state is SignoffState.REJECTED), None) or next(
        card for card in cards if card.state is not SignoffState.VALID
    )
    return f"{text}; {first.state.value}: {first.reason}"


def _card_finding(card: SignoffCard, context: Context, *, passed: bool) -> Finding:
    from readiness.records.storage.work_tree import FOLDER, record_path

    source = context.item.source
    line = column = None
    if card.record:
        path = record_path(card.record)
    elif source is not None:
        path, line, column = source.file, source.line, source.column
    else:
        path = FOLDER
    return Finding(
        message=f"{card.state.value}: {card.reason}",
        rule=card.code,
        level=Level.NOTE if passed else Level.ERROR,
        path=path,
        line=line,
        column=column,
        remedy=card.remedy,
    )


def _problem_finding(problem: "Problem") -> Finding:
    from readiness.text import short

    return Finding(
        message=problem.reason,
        rule=problem.code,
        level=Level.WARNING,
        path=short(problem.path),
        remedy=problem.remedy,
    )


def _record_evidence(cards: tuple[SignoffCard, ...]) -> tuple[Evidence, ...]:
    from readiness.records.storage.work_tree import record_path

    return tuple(
        Evidence(name=record_path(card.record), sha256=card.record, produced_at=card.signed_at)
        for card in cards
        if card.record and card.signed_at
    )
