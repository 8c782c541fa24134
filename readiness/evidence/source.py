"""Parses source files of the languages whose tests and suppressions are compared."""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query

_BY_SUFFIX = {
    ".py": "python", ".pyi": "python", ".pyw": "python",
    ".js": "javascript", ".cjs": "javascript", ".mjs": "javascript", ".jsx": "javascript",
    ".ts": "typescript", ".cts": "typescript", ".mts": "typescript", ".tsx": "tsx",
    ".go": "go", ".rs": "rust", ".java": "java", ".kt": "kotlin", ".kts": "kotlin", ".cs": "c_sharp",
    ".rb": "ruby", ".rake": "ruby", ".php": "php",
}  # fmt: skip
_GRAMMARS = {
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "php": ("tree_sitter_php", "language_php"),
}
_BEGIN, _END = re.compile(rb"^=begin\b", re.MULTILINE), re.compile(rb"^=end\b", re.MULTILINE)


@dataclass(frozen=True)
class Comment:
    """One comment of a source file."""

    text: str
    """With its delimiters."""
    line: int
    """Of its first character, from 1."""


@dataclass(frozen=True)
class SourceFile:
    """A parsed source file. The parser never fails: what it cannot read is an `ERROR` node."""

    language: str
    content: bytes
    """UTF-8: what the nodes' offsets count in."""
    root: "Node"

    def text(self, node: "Node") -> str:
        """The source text of a node."""
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def nodes(self, *kinds: str) -> "list[Node]":
        """Every node of the named kinds, in the order of the file; much faster than to walk over all."""
        from tree_sitter import QueryCursor

        found = QueryCursor(_query(self.language, kinds)).captures(self.root).get("node", [])
        return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))

    def comments(self) -> Iterator[Comment]:
        """Every comment, in the order of the file."""
        end = 0  # of the comment before: what begins inside it is a part of it
        for node in self.nodes(*_comment_kinds(self.language)):
            if node.start_byte >= end:
                end = node.end_byte
                yield Comment(self.text(node), node.start_point.row + 1)


def language_of(path: str) -> str:
    """The language of a source file, by its suffix; empty for a file of no known language."""
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.lower(), "")


def parse(path: str, content: bytes) -> SourceFile | None:
    """Parse a source file; None for a file of no known language."""
    language = language_of(path)
    if not language:
        return None
    from tree_sitter import Parser

    text = _utf8(language, content)
    if language == "ruby":
        text = _without_open_documents(text)
    return SourceFile(language, text, Parser(_grammar(language)).parse(text).root_node)


def walk(node: "Node") -> Iterator["Node"]:
    """A node and every node below it, in the order of the file."""
    cursor = node.walk()
    down = True
    while True:
        if down and cursor.node is not None:
            yield cursor.node
        if (down and cursor.goto_first_child()) or cursor.goto_next_sibling():
            down = True
        elif cursor.goto_parent():
            down = False
        else:
            return


@cache
def _grammar(language: str) -> "Language":
    from tree_sitter import Language

    module, function = _GRAMMARS.get(language, (f"tree_sitter_{language}", "language"))
    return Language(getattr(import_module(module), function)())


@cache
def _query(language: str, kinds: tuple[str, ...]) -> "Query":
    from tree_sitter import Query

    return Query(_grammar(language), f"[{' '.join(f'({kind})' for kind in kinds)}] @node")


@cache
def _comment_kinds(language: str) -> tuple[str, ...]:
    grammar = _grammar(language)
    kinds = {
        grammar.node_kind_for_id(kind)
        for kind in range(grammar.node_kind_count)
        if grammar.node_kind_is_visible(kind) and grammar.node_kind_is_named(kind)
    }
    return tuple(sorted(kind for kind in kinds if kind and "comment" in kind))


def _without_open_documents(content: bytes) -> bytes:
    """Ruby without each `=begin` that no `=end` closes: Ruby refuses it, and the parser reads to the end for each."""
    at = max((match.end() for match in _END.finditer(content)), default=0)
    return content[:at] + _BEGIN.sub(b"#begin", content[at:])


def _utf8(language: str, content: bytes) -> bytes:
    """The content in UTF-8, read as the language's own tools read it: Python by its coding line (PEP 263)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode()
    if language == "python":
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
            return content.decode(encoding, "replace").encode("utf-8", "replace")
        except (SyntaxError, LookupError):
            return content
    return content
