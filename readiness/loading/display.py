"""Makes text of the checklist file safe and short to show, and keeps a caret under the right character."""

import re
from typing import NamedTuple

from readiness.text import cells, safe, spelled

WIDEST = 120
"""Cells of a terminal that a shown line may take."""
_BEFORE = 60
_TAB = "    "
_QUOTED = 80
_SENTENCE = 1_000
_ELLIPSIS = "..."
_ODD_SPACE = re.compile(r"[^\S ]")


class Excerpt(NamedTuple):
    """A line as it is shown, and where the caret goes."""

    text: str
    caret: int
    """Cells before the caret."""
    width: int
    """Cells that the caret underlines, at least 1."""


def visible(text: str) -> str:
    """Spell out every character that is hidden or obeyed, and every space that only looks like one."""
    return _ODD_SPACE.sub(lambda match: spelled(match[0]), safe(text))


def quoted(text: object) -> str:
    """Put a value in backticks, short and safe to show."""
    plain = visible(str(text)[: _QUOTED + 1])
    return f"`{plain[:_QUOTED]}{_ELLIPSIS if len(plain) > _QUOTED else ''}`"


def shortened(text: str) -> str:
    """Make a sentence safe to show, and cut one that names too many things."""
    return visible(text if len(text) <= _SENTENCE else f"{text[:_SENTENCE]}{_ELLIPSIS}")


def excerpt(line: str, column: int, length: int) -> Excerpt:
    """Cut a line around a place.

    Args:
        line: The line as it is in the file, without its end; of any length.
        column: Column of the place, from 0, in characters.
        length: Characters to underline.
    """
    column, length = min(column, len(line)), max(length, 1)
    start = max(column - _BEFORE, 0) if len(line) > WIDEST else 0
    before = (_ELLIPSIS if start else "") + _shown(line[start:column])
    marked = _shown(line[column : column + min(length, WIDEST)])
    after = _shown(line[column + length : column + length + WIDEST])
    caret = cells(before)
    text = _clip(before + marked + after, max(WIDEST, caret + _BEFORE))
    return Excerpt(text, caret, max(min(cells(marked), cells(text) - caret), 1))


def _clip(text: str, limit: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += cells(character)
        if used > limit:
            return text[:index].rstrip() + _ELLIPSIS
    return text


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))
