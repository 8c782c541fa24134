"""The items of a report, counted and grouped: by state, by section, by what has to be done."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from readiness.outcome import Finding, Level, SignoffState, Status
from readiness.report import Report, Result
from readiness_reports.view.wording import STATUS_WORDS, state


class Task(NamedTuple):
    """One thing to work off on the way to GO."""

    item: str
    """Id of the item."""
    result: Result | None
    """None when the report has no such item, which only a report edited by hand can show."""
    why: str
    remedy: str
    unblocks: tuple[str, ...]

    @property
    def places(self) -> tuple[Finding, ...]:
        """The defects that have a place, where the summary does not say them already."""
        found = self.result.outcome.findings if self.result else ()
        return tuple(f for f in found if f.level is Level.ERROR and f.place and f.message not in self.why)


class Tally(NamedTuple):
    """How the items of a section stand."""

    title: str
    results: tuple[Result, ...]
    counts: dict[str, int]
    """Number of items by key of `STATUS_WORDS`."""
    blocking: int
    """How many of them hold the release."""


def tally(results: Iterable[Result]) -> dict[str, int]:
    """Count results by state, in the order of `STATUS_WORDS`, without zeros."""
    found = Counter(state(result) for result in results)
    return {key: found[key] for key in STATUS_WORDS if found[key]}


def tasks(report: Report) -> tuple[Task, ...]:
    """The shortest way to GO, in the order of the verdict."""
    by_id = {result.item.id: result for result in report.results}
    found = []
    for blocker in report.verdict.blockers:
        result = by_id.get(blocker.item)
        why = result.outcome.summary if result else "This report has no result for it."
        found.append(Task(blocker.item, result, why, remedy(result) if result else "", blocker.unblocks))
    return tuple(found)


def remedy(result: Result) -> str:
    """The shortest way to `passed`: the check's own advice, else that of its first finding or open sign-off."""
    outcome = result.outcome
    if outcome.remedy:
        return outcome.remedy
    advice = [finding.remedy for finding in outcome.findings]
    advice += [card.remedy for card in outcome.signoffs if card.state is not SignoffState.VALID and not card.past]
    return next((text for text in advice if text), "")


def advisories(report: Report) -> tuple[Result, ...]:
    """Selected items that do not hold the release and did not pass."""
    return tuple(
        result
        for result in report.results
        if result.selected and result.item.severity != "blocker" and result.status is not Status.PASSED
    )


def sections(report: Report) -> tuple[Tally, ...]:
    """Sections in the order of the checklist; one that no item names is left out."""
    titles = dict.fromkeys((*report.sections, *(result.section for result in report.results)))
    grouped: dict[str, list[Result]] = {title: [] for title in titles}
    for result in report.results:
        grouped[result.section].append(result)
    return tuple(
        Tally(title, tuple(results), tally(results), sum(result.blocks for result in results))
        for title, results in grouped.items()
        if results
    )
