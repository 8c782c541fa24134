"""The state of a control, computed from the items that are evidence for it."""

from collections.abc import Iterable
from enum import StrEnum

from readiness.outcome import Status
from readiness.report import Result


class ControlState(StrEnum):
    """What a run says about a control; only `met` says that it is."""

    MET = "met"
    """Every item passed, and there is at least one."""
    WAIVED = "waived"
    """Every item was assessed; at least one failed, and a waiver in force stands beside each that did."""
    NOT_MET = "not met"
    """An item failed, and no waiver stands beside it."""
    PARTLY_ASSESSED = "partly assessed"
    """No item failed unwaived, but only some were assessed: the others are not known."""
    NOT_ASSESSED = "not assessed"
    """No item was assessed: pending, skipped, not selected, not applicable, could not be determined, or none at all."""


def standing(results: Iterable[Result]) -> ControlState:
    """Judge a control by all the items that name it.

    An item is assessed when it was selected and passed or failed. A waiver does not assess what it stands beside: it
    only takes the sting out of a failure. How severe an item is plays no part, since that is about the release.
    """
    passed = waived = unknown = 0
    for result in results:
        if not result.selected or result.status not in {Status.PASSED, Status.FAILED}:
            unknown += 1
        elif result.status is Status.PASSED:
            passed += 1
        elif result.waiver is not None:
            waived += 1
        else:
            return ControlState.NOT_MET
    if unknown or not (passed or waived):
        return ControlState.PARTLY_ASSESSED if passed or waived else ControlState.NOT_ASSESSED
    return ControlState.WAIVED if waived else ControlState.MET
