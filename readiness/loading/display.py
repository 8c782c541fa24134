"""Makes text of the checklist file safe and short to show, and keeps a caret under the right character."""

import unicodedata
from typing import NamedTuple

WIDEST = 120
"""Cells of a terminal that a shown line may take."""
_BEFORE = 60
_TAB = "    "
_QUOTED = 80
_SENTENCE = 1_000
_ELLIPSIS = "..."
_LATIN, _BASIC = 0xFF, 0xFFFF
"""Last code points that `\\x` and `\\u` can spell."""


class Excerpt(NamedTuple):
    """A line as it is shown, and where the caret goes."""

    text: str
    caret: int
    """Cells before the caret."""
    width: int
    """Cells that the caret underlines, at least 1."""


def visible(text: str) -> str:
    """Spell out every character that a terminal would obey, hide or reorder instead of showing it."""
    return text if text.isprintable() else "".join(map(_shown, text))


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
    before = (_ELLIPSIS if start else "") + "".join(map(_shown, line[start:column]))
    marked = "".join(map(_shown, line[column : column + min(length, WIDEST)]))
    after = "".join(map(_shown, line[column + length : column + length + WIDEST]))
    caret = cells(before)
    text = _clip(before + marked + after, max(WIDEST, caret + _BEFORE))
    return Excerpt(text, caret, max(min(cells(marked), cells(text) - caret), 1))


def cells(text: str) -> int:
    """Cells of a terminal that a text takes (Unicode Standard Annex #11)."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _clip(text: str, limit: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _cell(character)
        if used > limit:
            return text[:index].rstrip() + _ELLIPSIS
    return text


def _cell(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _shown(character: str) -> str:
    if character == "\t":
        return _TAB
    if character.isprintable():
        return character
    code = ord(character)
    letter, digits = ("x", 2) if code <= _LATIN else ("u", 4) if code <= _BASIC else ("U", 8)
    return f"\\{letter}{code:0{digits}x}"
