"""Durations as people write them: `90s`, `15m`, `12h`, `180d`, `2w`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

PATTERN = r"^[0-9]+(\.[0-9]+)?(s|m|h|d|w)$"
_NAMES = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MATCH = re.compile(PATTERN)
_LONGEST = timedelta(days=36_500)


def parse(text: str) -> timedelta:
    """Read a length of time.

    Raises:
        ValueError: `text` is not a number followed by s, m, h, d or w, or is longer than 100 years.
    """
    if _MATCH.fullmatch(text) is None:
        raise ValueError(f"`{text}` is not a length of time: write a number and s, m, h, d or w, for instance 30d")
    try:
        length = timedelta(**{_NAMES[text[-1]]: float(text[:-1])})
    except OverflowError:
        length = timedelta.max
    if length > _LONGEST:
        raise ValueError(f"`{text}` is longer than 100 years")
    return length


def render(length: timedelta) -> str:
    """Write a length of time in the largest unit that divides it."""
    seconds = length.total_seconds()
    for unit, size in (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:.6f}".rstrip("0").rstrip(".") + "s"


def _validate(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        return parse(value)
    raise ValueError("write a number and s, m, h, d or w, for instance 30d")


Duration = Annotated[
    timedelta,
    BeforeValidator(_validate),
    PlainSerializer(render, return_type=str),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["90s", "15m", "12h", "180d"]}),
]
"""A parameter that is a length of time, written `30d`."""
