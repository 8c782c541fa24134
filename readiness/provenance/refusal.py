"""Turns an outcome into one that does not count, because its evidence does not."""

from readiness.outcome import Outcome, Status


def refused(outcome: Outcome, why: str, remedy: str) -> Outcome:
    """An error in place of an answer; a failure stays one, and no earlier one of the base excuses it.

    Args:
        outcome: What the check answered.
        why: Why its evidence does not count.
        remedy: What to do next.
    """
    if outcome.status in {Status.FAILED, Status.ERROR}:
        return outcome.model_copy(update={"summary": f"{outcome.summary}; {why}", "comparable": False})
    return outcome.model_copy(update={"status": Status.ERROR, "summary": why, "remedy": remedy})
