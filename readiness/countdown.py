"""Says how long something is still valid, in calendar days in UTC."""

from datetime import UTC, date, datetime, timedelta

from readiness.text import count

LOUD = timedelta(days=14)
"""From this long before its end on, something that a verdict rests on is shown so that nobody overlooks it."""


def countdown(at: datetime, now: datetime) -> str:
    """Say how long it is to a moment: `9 days left`, `lapses today`, `expired 3 days ago`.

    Args:
        at: When it lapses; from that very moment on it does not hold.
        now: The moment to count from, usually when the run began.
    """
    days = (_day(at) - _day(now)).days
    if not days:
        return "lapses today" if at > now else "expired today"
    number = count(abs(days), "day")
    return f"{number} left" if days > 0 else f"expired {number} ago"


def loud(at: datetime, now: datetime) -> bool:
    """Whether it lapses within `LOUD`, or has lapsed."""
    return at - now <= LOUD


def _day(when: datetime) -> date:
    try:
        return when.astimezone(UTC).date()
    except OverflowError:  # the first or last day that Python knows, in another time zone
        return when.date()
