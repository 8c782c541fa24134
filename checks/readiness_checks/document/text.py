"""What every format is read into: blocks of visible text, headings, and what the format itself marks as unfinished."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["markdown", "html", "plain", "word"]
LEVELS = 6
"""Of headings, as in HTML."""


@dataclass(frozen=True)
class Blank:
    """One place that was left to be filled in."""

    text: str
    why: str
    line: int


@dataclass(frozen=True)
class Block:
    """A line of text, or a heading."""

    text: str
    line: int
    level: int = 0
    """1 to 6 for a heading, 0 for text."""
    code: bool = False
    """Whether it is in a block of code."""
    lead: str = ""
    """What it begins with in bold type; all of it where a line stands for a heading."""

    @property
    def bold(self) -> bool:
        """Whether all of it is bold: what people write for a heading in Word and in exports of it."""
        return not self.level and bool(self.lead) and self.lead == self.text


@dataclass(frozen=True)
class Text:
    """One document."""

    kind: Kind
    blocks: tuple[Block, ...]
    encoding: str = "utf-8"
    """How its bytes were read."""
    unit: Literal["line", "paragraph", "page"] = "line"
    """What the numbers of its blocks count."""
    unfinished: tuple[Blank, ...] = ()
    """What its format itself says is unfinished: empty fields of a form, changes that nobody accepted."""
    notes: tuple[str, ...] = ()
    """What a reader should know about it, for instance that a part is hidden."""
