"""The plan of a run: which items are selected, and in which order their needs let them be evaluated."""

import re
from collections.abc import Iterable, Iterator, Mapping

from readiness.checklist import SIGNOFF, Checklist, Item
from readiness.outcome import Status
from readiness.report import Selection
from readiness.text import did_you_mean


class SelectionError(Exception):
    """What was asked for does not exist in the checklist; the text says what does."""


def select(checklist: Checklist, selection: Selection) -> set[str]:
    """Ids of the selected items, with all that they need.

    Ids, section and phase narrow each other: an item must match all that are given. A section is named by its title, in
    any case, or by its slug (`code-quality-testing`).

    Raises:
        SelectionError: An id, the section or the phase does not exist, or nothing matches.
    """
    items = {item.id: item for item in checklist.items}
    for identifier in selection.items:
        _known("item", identifier, items)
    title = _section(checklist, selection.section)
    if selection.phase:
        _known("phase", selection.phase, {*checklist.phases, *(item.phase for item in items.values())})
    chosen = {
        item.id
        for section in checklist.sections
        for item in section.items
        if (not selection.items or item.id in selection.items)
        and (not selection.section or section.title == title)
        and (not selection.phase or item.phase == selection.phase)
    }
    if not chosen and items:  # a checklist of nothing is what is left to collect of one without commands
        raise SelectionError(f"no item matches {_words(selection)}")
    return _with_needs(chosen, items)


def _with_needs(chosen: set[str], items: Mapping[str, Item]) -> set[str]:
    queue = list(chosen)
    while queue:
        fresh = {need for need in items[queue.pop()].needs if need in items} - chosen
        chosen |= fresh
        queue += fresh
    return chosen


def _section(checklist: Checklist, asked: str) -> str:
    if not asked:
        return ""
    titles = [section.title for section in checklist.sections]
    for title in titles:
        if asked.casefold() == title.casefold() or slug(asked) == slug(title) != "":
            return title
    _known("section", asked, titles)
    return asked


def slug(title: str) -> str:
    """A title as one types it: lower case, words joined by `-`."""
    return re.sub(r"[^\w]+", "-", title.casefold()).strip("-")


def _known(what: str, asked: str, names: Iterable[str]) -> None:
    known = sorted(names)
    if asked in known:
        return
    hint = did_you_mean(asked, known) or f"there {_some(known)}"
    raise SelectionError(f"there is no {what} `{asked}` in the checklist; {hint}")


def _some(known: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in known[:10])
    return f"{'is' if len(known) == 1 else 'are'} {shown}{f' and {len(known) - 10} more' if len(known) > 10 else ''}"  # noqa: PLR2004  as many as a line holds


def _words(selection: Selection) -> str:
    words = []
    if selection.items:
        words.append(
            ("item " if len(selection.items) == 1 else "items ") + ", ".join(f"`{i}`" for i in selection.items)
        )
    if selection.section:
        words.append(f"section `{selection.section}`")
    if selection.phase:
        words.append(f"phase `{selection.phase}`")
    return " and ".join(words) or "the selection"


class Order:
    """Which items may be evaluated now, as others finish.

    An item may when all that it needs has **passed**: a waiver stands beside a status and does not change it, so an
    item that failed and is waived does not satisfy a need either. Nothing here recurses: a chain of needs may be as
    long as the checklist.

    Args:
        items: The selected items, in the order of the checklist.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = {item.id: item for item in items}
        self._missing = {item.id: len(set(item.needs)) for item in self._items.values()}
        self._needed_by: dict[str, list[str]] = {}
        for item in self._items.values():
            for need in dict.fromkeys(item.needs):
                self._needed_by.setdefault(need, []).append(item.id)
        self._settled: set[str] = set()

    def first(self) -> Iterator[Item]:
        """Items that need nothing."""
        return (item for item in self._items.values() if not self._missing[item.id])

    def passed(self, identifier: str) -> list[Item]:
        """Note that an item passed; items that may be evaluated now."""
        self._settled.add(identifier)
        ready = []
        for below in self._needed_by.get(identifier, ()):
            self._missing[below] -= 1
            if not self._missing[below] and below not in self._settled:
                ready.append(self._items[below])
        return ready

    def not_passed(self, identifier: str, status: Status) -> Iterator[tuple[Item, str]]:
        """Note that an item did not pass; items that cannot be evaluated any more, each with the reason."""
        self._settled.add(identifier)
        queue = [(identifier, status)]
        for above, stands in queue:
            for below in self._needed_by.get(above, ()):
                if below not in self._settled:
                    self._settled.add(below)
                    queue.append((below, Status.SKIPPED))
                    yield self._items[below], f"not evaluated: it needs `{above}`, which {_STANDS[stands]}"

    def stuck(self) -> list[Item]:
        """Items that are never ready though nothing is left to wait for: they need each other, or what is absent."""
        return [item for item in self._items.values() if item.id not in self._settled]


_STANDS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.ERROR: "could not be determined",
    Status.PENDING: "waits for a person",
    Status.NOT_APPLICABLE: "does not apply",
    Status.SKIPPED: "was skipped",
}


def signed_alone(items: Iterable[Item]) -> frozenset[str]:
    """Ids of the sign-offs that need nothing but other sign-offs: no code of what is judged runs for them."""
    found = {item.id: item for item in items if item.check == SIGNOFF}
    while True:
        kept = {name: item for name, item in found.items() if found.keys() >= set(item.needs)}
        if len(kept) == len(found):
            return frozenset(kept)
        found = kept
