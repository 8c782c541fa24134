"""The nodes of a syntax tree that matter for tests, with their nesting; everything between them is left out."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from readiness.evidence.source import SourceFile, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_TOKEN = re.compile(r"\d++\.?\d*+[eE][+-]?\d+|\d++\.\d+|\w+|[=!<>]=+|[-=]>|&&|\|\||[^\w\s,;\"'`]")
_DEPTH = 100
"""Deeper than people write; a hostile file may go deeper by far."""
_COMMENTS = frozenset({"comment", "line_comment", "block_comment", "multiline_comment"})


def words(text: str) -> str:
    """The words and operators of a text, one space between them."""
    return " ".join(_TOKEN.findall(text))


def vocabulary(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(eq=False)
class Part:
    """One node that matters."""

    node: "Node"
    kind: str
    start: int
    end: int
    parent: "Part | None" = None
    index: int = 0
    chain: "tuple[list[str], list[Node]] | None" = None
    """The names and calls of a chain of calls, once they are known."""

    @property
    def line(self) -> int:
        """From 1."""
        return self.node.start_point.row + 1


@dataclass
class Outline:
    """The parts of one file, in its order; a part stands before what it contains."""

    source: SourceFile
    parts: list[Part]
    comments: list[tuple[int, int]] = field(default_factory=list)

    answers: dict[str, bool] = field(default_factory=dict)
    """What is asked of a whole method for each of its assertions, and answered once."""

    @cached_property
    def providers(self) -> frozenset[str]:
        """Functions that only give data to tests (PHPUnit), whatever they are called."""
        found = re.findall(rb"[dD]ata[pP]rovider\w*\s*\(?\s*['\"]?(\w+)", self.source.content)
        return frozenset(name.decode() for name in found)

    def below(self, part: Part) -> list[Part]:
        """Every part inside a part, without itself."""
        return self.parts[part.index + 1 : bisect_left(self.parts, part.end, key=lambda other: other.start)]

    def text(self, node: "Node") -> str:
        """The source text of a node."""
        return self.source.text(node)

    def tokens(self, node: "Node") -> tuple[str, ...]:
        """The words and operators of a node, without its comments, its quotes and its commas."""
        return tuple(_TOKEN.findall(self._without_comments(node.start_byte, node.end_byte)))

    def words_between(self, start: int, end: int) -> str:
        """The words and operators between two offsets."""
        return words(self._without_comments(start, end))

    def words(self, node: "Node") -> str:
        """The same, in one string."""
        return " ".join(self.tokens(node))

    def _without_comments(self, start: int, end: int) -> str:
        first = bisect_left(self._starts, start)
        kept, at = [], start
        for comment_start, comment_end in self.comments[first:]:
            if comment_start >= end:
                break
            kept.append(self.source.content[at:comment_start])
            at = comment_end
        kept.append(self.source.content[at:end])
        return b" ".join(kept).decode("utf-8", "replace")

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.comments]


def outline(source: SourceFile, kinds: frozenset[str], bare: frozenset[bytes] = frozenset()) -> Outline:
    """The nodes of these kinds, and the identifiers that are `bare` calls."""
    result = Outline(source, [])
    around: list[Part] = []
    for node in walk(source.root):
        kind = node.type
        if kind in _COMMENTS:
            result.comments.append((node.start_byte, node.end_byte))
        elif (kind in kinds and node.is_named) or (bare and kind == "identifier" and node.text in bare):
            part = Part(node, kind, node.start_byte, node.end_byte, index=len(result.parts))
            while around and around[-1].end <= part.start:
                around.pop()
            part.parent = around[-1] if around else None
            around.append(part)
            result.parts.append(part)
    return result


def above_of(part: Part) -> Iterator[Part]:
    """The parts around a part, the nearest first; at most so many that people write."""
    above = part.parent
    for _ in range(_DEPTH):
        if above is None:
            return
        yield above
        above = above.parent
