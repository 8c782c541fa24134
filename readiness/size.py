"""Sizes of data as people write them: `500 B`, `250 kB`, `1.5 MiB`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

_UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
"""Of the SI, and of IEC 80000-13 for powers of 1,024."""
PATTERN = r"^[0-9]+(\.[0-9]+)? ?(B|kB|MB|GB|KiB|MiB|GiB)$"
_MATCH = re.compile(PATTERN)
_LONGEST = 40
_LARGEST = 2**63 - 1
_EXAMPLE = "write a number of bytes, or one with B, kB, MB, GB, KiB, MiB or GiB, for instance `250 kB`"


def parse(text: str) -> int:
    """Read a size, in bytes.

    Raises:
        ValueError: `text` is not a number and one of the units, or has a part of a byte.
    """
    if len(text) > _LONGEST or (match := _MATCH.fullmatch(text)) is None:
        raise ValueError(f"`{text[:_LONGEST]}` is not a size: {_EXAMPLE}")
    whole, _, part = text.removesuffix(match[2]).strip().partition(".")
    size: int
    size, rest = divmod(int(whole + part) * _UNITS[match[2]], 10 ** len(part))
    if rest:
        raise ValueError(f"`{text}` is no whole number of bytes")
    if size > _LARGEST:
        raise ValueError(f"`{text[:30]}` is larger than any file")
    return size


def render(size: int) -> str:
    """Write a size as a reader takes it in: `999 B`, `1.2 kB`, `12 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        number = size / _UNITS[unit]
        text = f"{number:.{0 if unit == 'B' or number >= 9.95 else 1}f} {unit}"  # noqa: PLR2004  two digits say enough
        if float(text.split(maxsplit=1)[0]) < 1_000:  # noqa: PLR2004  after it is rounded
            break
    return text


def _validate(value: Any) -> Any:
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(_EXAMPLE)  # noqa: TRY004  pydantic turns it into a mistake with its place
    if abs(value) > _LARGEST:
        raise ValueError("it is larger than any file")
    return value


Size = Annotated[
    int,
    BeforeValidator(_validate),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": PATTERN, "examples": ["250 kB", "1.5 MiB"]},
            ]
        }
    ),
]
"""A parameter that is a size in bytes, written `250 kB` or `250000`."""
