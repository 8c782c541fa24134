"""A project whose covered files have authors: who changed what, and how an item judges their approvals."""

from collections.abc import Mapping

from readiness.outcome import Outcome
from readiness.testing import NOW
from support.signing import Project

DEED = "templates/grant_deed.html"
DAY = "2026-11-22T10:00:00Z"
OWN = ("failed", "unauthorised", "own-change")


def outcome(project: Project, people: Mapping[str, tuple[str, ...]] | None = None) -> Outcome:
    context = project.context(NOW)
    context.facts = context.facts.model_copy(update={"people": dict(people or {})})
    return project.evaluated(context)


def first(outcome: Outcome) -> tuple[str, str, str]:
    card = outcome.signoffs[0]
    return outcome.status.value, card.state.value, card.code


def change(project: Project, author: str, text: str = "changed", *, message: str = "Change", date: str = DAY) -> str:
    project.write(DEED, text)
    return project.commit(message, author=author, date=date)
