"""The controls matrix: which items are evidence for which control, and the state of each control."""

from collections import Counter
from typing import NamedTuple

from readiness.controls import ControlState, standing
from readiness.report import Report, Result
from readiness.text import count

CONTROLS_ACROSS = 16
"""Columns up to which the items by controls can be read as a grid."""
ITEMS_DOWN = 60

RULE = (
    "A control is met only when every item that names it was assessed and passed. It is waived when those that failed "
    "are validly waived; not met when one failed without a waiver; partly assessed or not assessed when some or all "
    "are pending, skipped, not selected, not applicable or could not be determined."
)
MARKS = {
    ControlState.MET: "passed",
    ControlState.WAIVED: "excepted",
    ControlState.NOT_MET: "failed",
    ControlState.PARTLY_ASSESSED: "partly",
    ControlState.NOT_ASSESSED: "unselected",
}
"""Which shape and colour repeats the word, by class name."""


class Control(NamedTuple):
    """A control and the items that are evidence for it."""

    name: str
    state: ControlState
    results: tuple[Result, ...]
    """Those that did not pass first, each in the order of the checklist."""
    passed: int


class Grid(NamedTuple):
    """Items by controls."""

    controls: tuple[Control, ...]
    rows: tuple[Result, ...]


def controls(report: Report) -> tuple[Control, ...]:
    """Every control that an item names, in alphabetical order."""
    found = []
    for name, results in report.controls.items():
        good = [result for result in results if result.status.value == "passed"]
        bad = [result for result in results if result.status.value != "passed"]
        found.append(Control(name, standing(results), (*bad, *good), len(good)))
    return tuple(found)


def grid(controls: tuple[Control, ...], report: Report) -> Grid | None:
    """Items by controls, as long as a page can show it; nothing where one row or column would say it all."""
    rows = tuple(result for result in report.results if result.item.controls)
    if 1 < len(controls) <= CONTROLS_ACROSS and 1 < len(rows) <= ITEMS_DOWN:
        return Grid(controls, rows)
    return None


def summary(controls: tuple[Control, ...]) -> dict[ControlState, int]:
    """How many controls stand how."""
    number = Counter(control.state for control in controls)
    return {state: number[state] for state in ControlState if number[state]}


def words(controls: tuple[Control, ...]) -> str:
    """`9 controls: 2 met, 7 not assessed`."""
    return f"{count(len(controls), 'control')}: " + ", ".join(
        f"{n:,} {state}" for state, n in summary(controls).items()
    )
