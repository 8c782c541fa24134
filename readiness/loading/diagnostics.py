"""A mistake in a checklist with its place, drawn safely with the line and a caret, and a guess at what was meant."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from pydantic import Field

from readiness.outcome import Value
from readiness.text import cells, did_you_mean, nearest, safe, spelled

_MOST = 1_000
"""Mistakes that a rendering shows; `diagnostics` holds every one."""


class Diagnostic(Value):
    """One mistake, safe to show: nothing in it moves a cursor or reorders text."""

    message: str
    """What is wrong, in one sentence."""
    file: str
    """Path as a reader can open it from the current folder, with `/`."""
    line: int | None = Field(default=None, ge=1)
    """From 1; None when the mistake has no place in the file."""
    column: int | None = Field(default=None, ge=1)
    """In characters, from 1."""
    length: int = Field(default=1, ge=1)
    """Characters that are meant."""
    text: str = ""
    """The line, cut around the place, with control characters spelt out."""
    caret: int = Field(default=0, ge=0)
    """Cells of `text` before the place."""
    width: int = Field(default=1, ge=1)
    """Cells of `text` that the place takes."""
    help: str = ""
    """What to do: "did you mean `severity`?"."""
    note: str = ""
    """What else helps, for instance the words that are allowed there."""
    warning: bool = False
    """Whether it is no mistake, but hardly meant."""

    @property
    def place(self) -> str:
        """`file:line:column`, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def render(self, *, color: bool = False) -> str:
        """Draw it as a compiler does, with the line and a caret.

        Args:
            color: Whether to use ANSI colours.
        """
        red, blue, bold, end = ("\x1b[1;31m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m") if color else ("", "", "", "")
        gutter = len(str(self.line or ""))
        kind = "warning" if self.warning else "error"
        rows = [f"{red}{kind}{end}{bold}: {self.message}{end}", f"{' ' * max(gutter, 1)}{blue}--> {end}{self.place}"]
        if self.line is None:
            rows += [f"{' ' * gutter} {blue}={end} {self.help}"] if self.help else []
        else:
            mark = f"{' ' * self.caret}{red}{'^' * self.width} {self.help}".rstrip() + end
            rows += [f"{blue}{self.line} |{end} {self.text}".rstrip(), f"{' ' * gutter}{blue} |{end} {mark}"]
        rows += [f"{' ' * gutter}{blue} ={end} {self.note}"] if self.note else []
        return "\n".join(rows)


class ChecklistError(Exception):
    """A checklist cannot be used.

    Args:
        diagnostics: Every mistake that was found.
        remedy: What to do about all of them, where that is more than to correct the file.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], remedy: str = "") -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(
            sorted(diagnostics, key=lambda one: (one.file, one.line or 0, one.column or 0))
        )
        """Every mistake, sorted by place."""
        self.remedy = remedy
        super().__init__(self.diagnostics)

    def render(self, color: bool = False) -> str:  # noqa: FBT001, FBT002 - the one flag a rendering takes
        """Draw every mistake.

        Args:
            color: Whether to use ANSI colours.
        """
        shown = [diagnostic.render(color=color) for diagnostic in self.diagnostics[:_MOST]]
        rest = len(self.diagnostics) - len(shown)
        more = [f"... and {rest} more mistakes"] if rest else []
        return "\n\n".join([*shown, *more, *([f"next: {self.remedy}"] if self.remedy else [])])

    def __str__(self) -> str:
        return self.render()


class NoChecklistError(ChecklistError):
    """There is no checklist where one was looked for."""


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


_BUDGET = 200_000
"""Comparisons for the mistakes of one file: 10,000 wrong ids against 10,000 right ones would take an hour."""


class Speller:
    """Finds the right word; stops guessing when a file has too many wrong ones."""

    def __init__(self, budget: int = _BUDGET) -> None:
        self._budget = budget

    def nearest(self, word: str, words: Collection[str]) -> str:
        """The word that was most likely meant; empty when none is near, or the budget is spent."""
        return nearest(word, words) if self._affords(words) else ""

    def hint(self, word: str, words: Collection[str]) -> str:
        """The question that names the nearest word; empty when none is near, or the budget is spent."""
        return did_you_mean(word, words) if self._affords(words) else ""

    def _affords(self, words: Collection[str]) -> bool:
        if len(words) > self._budget:
            return False
        self._budget -= len(words)
        return True
