"""The records and policy changes of a report, in the order in which every page shows them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from readiness import POLICY_WEAKENING, Source
from readiness.countdown import countdown, loud
from readiness.outcome import Measurement, SignoffCard, SignoffState
from readiness.printed_names import printed
from readiness.report import PolicyChange, PolicyFact, Report, Result, WaiverFact
from readiness.text import count

_INLINE = 60
"""Characters of both values up to which they stand on one line."""
_KINDS = {"weakens": "Weakens", "strengthens": "Strengthens", "neutral": "Neither"}


class Card(NamedTuple):
    """A sign-off and the item that asks for it."""

    result: Result
    card: SignoffCard
    quorum: Measurement | None
    """How many people have to sign what this card is for, and how many did; None where the check does not say."""
    countdown: str
    """How long a valid one holds; empty for one without an end, or that does not count anyway."""
    loud: bool
    """Whether a valid one lapses soon."""


class Waived(NamedTuple):
    """A waiver, the item that it is about, and how long it holds."""

    waiver: WaiverFact
    result: Result | None
    """None when there is no such item."""
    countdown: str
    loud: bool
    """Whether nobody may overlook it: in force, and about to lapse."""

    @property
    def standing(self) -> str:
        """What it does for this verdict, in one sentence."""
        if self.waiver.used:
            return "The verdict depends on this waiver."
        if self.waiver.state is not SignoffState.VALID:
            return "It does not count."
        return "In force, but the verdict does not depend on it."


class Falling(NamedTuple):
    """A moment at which the verdict falls by itself."""

    at: datetime
    text: str
    countdown: str
    loud: bool


class Group(NamedTuple):
    """Changes of the policy of one kind."""

    kind: str
    """`weakens`, `strengthens` or `neutral`."""
    title: str
    changes: tuple["Change", ...]


class Change(NamedTuple):
    """A change of the policy, and whether what was and what is fit on one line."""

    code: str
    text: str
    before: str
    after: str
    source: Source | None
    inline: bool


def who(signed: SignoffCard | WaiverFact) -> str:
    """Who signed, in words: the reviewed name and title, the principal, and the name that the signer gives."""
    if not signed.principal and not signed.name:
        return ""
    return printed(signed.principal, name=signed.printed_name, title=signed.title, says=signed.name)


def signoffs(report: Report, *, by_need: bool = True) -> tuple[Card, ...]:
    """Every sign-off, given or missing.

    Args:
        report: The report.
        by_need: Whether those that somebody still has to act on come first; else all stand as in the checklist.
    """
    cards = [_card(report, result, card) for result in report.results for card in result.outcome.signoffs]
    return tuple(sorted(cards, key=lambda card: by_need and (card.card.state is SignoffState.VALID or card.card.past)))


def _card(report: Report, result: Result, card: SignoffCard) -> Card:
    name = f"valid sign-offs for {card.subject}" if card.subject else "valid sign-offs"
    quorum = next((m for m in result.outcome.measurements if m.name == name and m.operator == ">="), None)
    if card.state is not SignoffState.VALID or card.expires_at is None:
        return Card(result, card, quorum, "", loud=False)
    ends = card.expires_at
    return Card(result, card, quorum, countdown(ends, report.started_at), loud=loud(ends, report.started_at))


def waivers(report: Report) -> tuple[Waived, ...]:
    """Every waiver in whatever state: those that the verdict rests on first, then those in force, the rest last."""
    by_id = {result.item.id: result for result in report.results}
    beside = (result.waiver for result in report.results if result.waiver is not None)
    by_record = {waiver.record: waiver for waiver in (*beside, *report.waivers)}
    found = []
    for waiver in by_record.values():
        valid = waiver.state is SignoffState.VALID
        soon = valid and loud(waiver.expires_at, report.started_at)
        left = countdown(waiver.expires_at, report.started_at)
        found.append(Waived(waiver, by_id.get(waiver.item), left, loud=soon))
    return tuple(sorted(found, key=_urgency))


def _urgency(waived: Waived) -> tuple[bool, bool, datetime]:
    waiver = waived.waiver
    return (not waiver.used, waiver.state is not SignoffState.VALID, waiver.expires_at)


def flips(report: Report) -> tuple[Falling, ...]:
    """What makes the verdict fall by itself, the earliest first."""
    now = report.started_at
    return tuple(
        Falling(flip.at, flip.text, countdown(flip.at, now), loud=loud(flip.at, now)) for flip in report.verdict.flips
    )


def changes(policy: PolicyFact) -> tuple[Group, ...]:
    """The weakening diff, what weakens first; a kind without changes is left out."""
    found = []
    for kind, title in _KINDS.items():
        inside = tuple(_change(change) for change in policy.changes if change.kind == kind)
        if inside:
            found.append(Group(kind, title, inside))
    return tuple(found)


def _change(change: PolicyChange) -> Change:
    values = change.before + change.after
    return Change(
        change.code,
        change.text,
        change.before,
        change.after,
        change.source,
        len(values) <= _INLINE and "\n" not in values,
    )


def policy_words(policy: PolicyFact) -> str:
    """One sentence about what the proposed change does to the policy that judged."""
    number = sum(change.kind == "weakens" for change in policy.changes)
    if not policy.changes:
        return "What is judged proposes no change of the policy."
    if not number:
        return f"What is judged changes the policy in {count(len(policy.changes), 'place')}, and weakens nothing."
    signed = "its owners have signed off exactly that" if policy.approved else "its owners have not signed that off"
    return f"What is judged weakens the policy in {count(number, 'place')}: {signed}."


def owners(report: Report) -> tuple[SignoffCard, ...]:
    """Sign-offs of the policy's owners on its weakening, given or missing."""
    return _cards(result for result in report.results if result.item.id == POLICY_WEAKENING)


def _cards(results: Iterable[Result]) -> tuple[SignoffCard, ...]:
    return tuple(card for result in results for card in result.outcome.signoffs)
