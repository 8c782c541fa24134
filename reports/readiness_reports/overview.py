"""What every page tells from the top, counted once: caveats, tasks, sections, commands."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from readiness.outcome import SignoffState, Status
from readiness.report import Report, Result
from readiness_reports.text import line
from readiness_reports.wording import STATUS_WORDS, count, state


class Task(NamedTuple):
    """One thing to work off on the way to GO."""

    item: str
    """Id of the item."""
    result: Result | None
    """None when the report has no such item, which only a report edited by hand can show."""
    why: str
    remedy: str
    unblocks: tuple[str, ...]


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
    advice += [card.remedy for card in outcome.signoffs if card.state is not SignoffState.VALID]
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


def caveats(report: Report) -> tuple[str, ...]:
    """What a reader has to know before the verdict is believed."""
    subject = report.subject
    found = []
    if report.interrupted:
        found.append("The run was stopped before its end: items that had not been evaluated did not pass.")
    if not subject.selection.whole:
        selected = sum(result.selected for result in report.results)
        found.append(
            f"Not the whole checklist was judged, but {_asked(report)}: "
            f"{selected:,} of {count(len(report.results), 'item')}."
        )
    if subject.dirty:
        differ = f"{count(subject.changed, 'file')} {'differs' if subject.changed == 1 else 'differ'}"
        what = differ if subject.changed else "files differ"
        found.append(f"The work tree is dirty: {what} from the commit, so the commit does not hold what was judged.")
    elif subject.dirty is None or not subject.commit:
        found.append("No commit identifies what was judged: it cannot be checked out again.")
    return (*found, *report.notices)


def _asked(report: Report) -> str:
    selection = report.subject.selection
    parts = []
    if selection.phase:
        parts.append(f"phase “{selection.phase}”")
    if selection.section:
        parts.append(f"section “{selection.section}”")
    if selection.items:
        named = ", ".join(selection.items[:5])
        more = f" and {len(selection.items) - 5:,} more" if len(selection.items) > 5 else ""  # noqa: PLR2004 - five ids fit a line
        parts.append(f"the items {named}{more}")
    return " and ".join(parts)


class Command(NamedTuple):
    """A command line that a reviewer can paste, and what it shows."""

    line: str
    shows: str


_OBJECT_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def commands(report: Report) -> tuple[Command, ...]:
    """How to verify the report without believing it. Every word from outside is quoted for the shell."""
    subject = report.subject
    found = []
    if _OBJECT_ID.fullmatch(subject.commit):
        found.append(Command(f"git checkout {subject.commit}", "brings back the commit that was judged"))
    # A name that is not shown as it is cannot be pasted.
    if subject.checklist and subject.checklist_sha256 and line(subject.checklist) == subject.checklist:
        name = shlex.quote(subject.checklist)
        found.append(Command(f"sha256sum -- {name}", f"prints {subject.checklist_sha256}, the digest of the checklist"))
    # The grammar of the checklist leaves nothing in a name that has to be quoted; a file edited by hand may.
    environment = f" --env {shlex.quote(line(subject.environment))}" if subject.environment else ""
    policy = report.policy.ref if report.policy else ""
    base = f" --policy-ref {shlex.quote(policy)}" if policy and line(policy) == policy else ""
    found += [
        Command("readiness records verify", "verifies every signature, with OpenSSH’s own format and your roster"),
        Command(f"readiness check{environment}{base} -o run.json -o report.html", "judges again, from nothing"),
        Command("readiness report run.json -o report.html", "writes this page again, byte for byte, from its JSON"),
        Command("readiness report run.json -o signoffs.html", "writes who signed what, as a page for print"),
        Command(
            "sha256sum -- PATH",
            "prints the digest that this page shows beside a piece of evidence, as long as that is unchanged",
        ),
    ]
    return tuple(found)
