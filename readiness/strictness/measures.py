"""Puts numbers, lengths of time and dates of parameters on a scale, so that two can be compared."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, Literal

from readiness import size as data_size
from readiness.duration import parse

Measured = tuple[str, float] | None
"""What is counted, and how much of it; None for what cannot be put on the scale."""
MeasureName = Literal["number", "length", "days", "milliseconds", "recency", "date", "tls_version", "size"]
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY = 86_400
_MILLISECONDS = 1_000


def number(value: Any) -> Measured:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return "", float(value)
    except OverflowError:
        return None


def length(value: Any) -> Measured:
    """A length of time, in seconds."""
    seconds = _seconds(value)
    return None if seconds is None else ("s", seconds)


def days(value: Any) -> Measured:
    """A number of days, or a length of time."""
    seconds = _seconds(value)
    return number(value) if seconds is None else ("", seconds / _DAY)


def milliseconds(value: Any) -> Measured:
    """A number of milliseconds, or a length of time."""
    if isinstance(value, str) and value.strip().endswith("ms"):
        try:
            return "", float(value.strip().removesuffix("ms"))
        except ValueError:
            return None
    seconds = _seconds(value)
    return number(value) if seconds is None else ("", seconds * _MILLISECONDS)


def recency(value: Any) -> Measured:
    """How recent something has to be: a date, or a length of time that may have passed since."""
    day = calendar_day(value)
    seconds = _seconds(value)
    return day if seconds is None else ("ago", -seconds)


def calendar_day(value: Any) -> Measured:
    """A date."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return None
    try:
        return "day", float(date.fromisoformat(value).toordinal())
    except ValueError:
        return None


def tls_version(value: Any) -> Measured:
    """A version of TLS."""
    try:
        return "TLS", float(str(value).removeprefix("TLSv"))
    except ValueError:
        return None


def size(value: Any) -> Measured:
    """A size in bytes, as a number or with its unit."""
    try:
        return number(data_size.parse(value)) if isinstance(value, str) else number(value)
    except ValueError:
        return None


def _seconds(value: Any) -> float | None:
    try:
        return parse(value).total_seconds() if isinstance(value, str) else None
    except ValueError:
        return None


MEASURES: Final[Mapping[MeasureName, Callable[[Any], Measured]]] = {
    "number": number,
    "length": length,
    "days": days,
    "milliseconds": milliseconds,
    "recency": recency,
    "date": calendar_day,
    "tls_version": tls_version,
    "size": size,
}
"""What a declaration names, and the function that puts a value on that scale."""
