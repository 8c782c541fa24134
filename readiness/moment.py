"""Moments as people and records write them: RFC 3339 with an offset; a date alone means the end of that day in UTC."""

import re
from datetime import UTC, datetime, time
from datetime import date as Date  # noqa: N812 - `date` is a common name of values
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEARS = range(2000, 2200)


def moment(text: str) -> datetime:
    """Read a moment of RFC 3339 with its offset.

    Raises:
        ValueError: It is none, has no offset, or lies before 2000 or after 2199.
    """
    if _MOMENT.fullmatch(text) is None:
        raise ValueError("write a time with its offset, for instance 2026-11-23T10:15:00Z")
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day or time") from None
    if value.year not in _YEARS:
        raise ValueError("the year is out of range")
    return value.astimezone(UTC)


def deadline(text: str) -> datetime:
    """Read a moment; a date alone means the end of that day in UTC.

    Raises:
        ValueError: It is neither.
    """
    if _DATE.fullmatch(text) is None:
        return moment(text)
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day") from None
    if day.year not in _YEARS:
        raise ValueError("the year is out of range")
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def show(value: datetime) -> str:
    """Write a moment in UTC."""
    text = value.astimezone(UTC).isoformat(timespec="microseconds" if value.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def _aware(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise ValueError("write a time with its offset, for instance 2026-11-23T10:15:00Z")
    return value.astimezone(UTC)


def _read_moment(value: Any) -> datetime:
    return moment(value) if isinstance(value, str) else _aware(value)


def _read_deadline(value: Any) -> datetime | None:
    return None if value is None else deadline(value) if isinstance(value, str) else _aware(value)


Moment = Annotated[datetime, BeforeValidator(_read_moment), PlainSerializer(show, return_type=str)]
Deadline = Annotated[
    datetime | None,
    BeforeValidator(_read_deadline),
    PlainSerializer(lambda value: None if value is None else show(value), return_type=str | None),
]
RequiredDeadline = Annotated[datetime, BeforeValidator(_read_deadline), PlainSerializer(show, return_type=str)]
