"""What waits for a person: sign-offs that this person can give, and those of theirs that lapse soon."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from readiness.checklist import SIGNOFF, Checklist
from readiness.moment import show
from readiness.outcome import SignoffCard, SignoffState
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.item import judge
from readiness.records.judging.question import Question, ask_checklist
from readiness.records.model.errors import RecordsError


@dataclass(frozen=True)
class Waiting:
    """A sign-off that somebody waits for."""

    question: Question
    each: str
    why: str
    """Why it is missing, in words."""


@dataclass(frozen=True)
class Untold:
    """An item of which it cannot be told whether it waits."""

    item: str
    environment: str
    reason: str
    remedy: str


def waiting_for(
    principal: str, checklists: Iterable[Checklist], evidence: RecordEvidence, until: datetime | None = None
) -> tuple[tuple[Waiting, ...], tuple[Untold, ...]]:
    """Find what a person has to sign.

    Args:
        principal: The person.
        checklists: The checklist, resolved for each environment that matters.
        evidence: All records.
        until: Also what the person has signed, and that lapses until this moment.
    """
    found: list[Waiting] = []
    untold: list[Untold] = []
    for checklist in checklists:
        for item in checklist.items:
            if item.check != SIGNOFF:
                continue
            try:
                question = ask_checklist(evidence.root, checklist, item)
                if principal in question.members:
                    found += _of_item(principal, question, evidence, until)
            except RecordsError as error:
                untold.append(Untold(item.id, checklist.environment, error.summary, error.remedy))
    return tuple(found), tuple(untold)


def _of_item(principal: str, question: Question, evidence: RecordEvidence, until: datetime | None) -> Iterator[Waiting]:
    judgement = judge(question, evidence)
    for each in question.policy.slots:
        cards = [card for card in judgement.cards if card.subject == each and not card.past]
        mine = [card for card in cards if evidence.people.same(card.principal or "?", principal)]
        valid = next((card for card in mine if card.state is SignoffState.VALID), None)
        others = [card for card in cards if card.state is SignoffState.VALID and card not in mine]
        if valid is not None:
            if until is not None and valid.expires_at is not None and valid.expires_at <= until:
                yield Waiting(question, each, f"your sign-off lapses at {show(valid.expires_at)}")
        elif len(others) < question.policy.quorum or _rejected_by(mine):
            yield Waiting(question, each, _why(mine, cards))


def _rejected_by(mine: Iterable[SignoffCard]) -> bool:
    return any(card.state is SignoffState.REJECTED for card in mine)


def _why(mine: Iterable[SignoffCard], cards: Iterable[SignoffCard]) -> str:
    waiting = (card for card in (*mine, *cards) if card.state is not SignoffState.VALID)
    card = next(waiting, None)
    if card is None or card.state is SignoffState.MISSING:
        return "nobody has signed it yet" if card is not None else "more people have to sign it"
    return f"{card.state.value}: {card.reason}"
