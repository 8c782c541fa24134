"""Finds documentation and tests within code: what stands there is judged as in files of documentation and tests."""

import re
from bisect import bisect_right
from functools import cached_property

_PYTHON = re.compile(
    r"(?m)^(?:(?P<name>(?:DOCUMENTATION|EXAMPLES|RETURN)\s?=\s?)"
    r"|[^\n]{0,200}(?:\)(?:\s?->[^\n]{1,80})?|\bclass\s[^\n]{1,80}):[ \t]*\n\s{1,40})"
    r"[rRuU]?(?P<quote>\"\"\"|''')"
)
"""Docstrings (PEP 257), and the three texts in which a module of Ansible is documented."""
_ELIXIR = re.compile(r"(?m)^[ \t]{0,20}@(?:moduledoc|doc|typedoc)\s(?:~[sS])?(?P<name>)(?P<quote>\"\"\"|''')")
"""Documentation in attributes of modules, as ExDoc reads it."""
_RUST = re.compile(
    r"(?m)^(?P<name>)[ \t]{0,20}#\[cfg\((?:all\()?test\b[^\n]{0,100}\n(?:[ \t]{0,20}#[^\n]{0,200}\n){0,4}"
    r"[^\n]{0,40}\bmod\s\w{1,60}\s?(?P<quote>\{)"
)
"""Tests of a module in its own file: https://doc.rust-lang.org/book/ch11-03-test-organization.html"""
_BLOCK = re.compile(r"(?m)^[ \t]{0,40}/\*(?P<name>)(?P<quote>\*?)(?![^\n]*\*/)")
"""Comments of several lines."""
_BLOCKS = dict.fromkeys(
    [
        "go",
        "java",
        "kt",
        "kts",
        "scala",
        "groovy",
        "js",
        "jsx",
        "mjs",
        "cjs",
        "ts",
        "tsx",
        "cs",
        "php",
        "swift",
        "dart",
        "c",
        "h",
        "cc",
        "cpp",
        "hpp",
    ],
    _BLOCK,
)
_PATTERNS = {"py": _PYTHON, "ex": _ELIXIR, "exs": _ELIXIR, "rs": _RUST, **_BLOCKS}
_ENDS = {"{": "\n}", "": "*/", "*": "*/"}

_READ_NAME = re.compile(r"(?:[(\[=,]\s{0,8}|\breturn\s)(?:DOCUMENTATION|EXAMPLES|RETURN)\b")
_READ_DOCSTRING = re.compile(r"(?<=[\w)\]])\.__doc__\b")
"""A program that reads its own documentation may keep there what it needs."""


class Documented:
    """The pieces of a text that are documentation or tests; they are looked for when somebody asks."""

    def __init__(self, path: str, text: str) -> None:
        self._text = text
        self._pattern = _PATTERNS.get(path.rpartition(".")[2])

    def covers(self, place: int) -> bool:
        """Whether a place in the text is documentation or a test."""
        if self._pattern is None:
            return False
        begins, ends = self._pieces
        index = bisect_right(begins, place) - 1
        return index >= 0 and place < ends[index]

    @cached_property
    def _pieces(self) -> tuple[list[int], list[int]]:
        begins: list[int] = []
        ends: list[int] = []
        text, at = self._text, 0
        named, docstrings = _READ_NAME.search(text) is None, _READ_DOCSTRING.search(text) is None
        while self._pattern and (match := self._pattern.search(text, at)):
            end = text.find(_ENDS.get(match["quote"], match["quote"]), match.end())
            if end < 0:
                break
            if named if match["name"] else docstrings:
                begins.append(match.end())
                ends.append(end)
            at = end + 3
        return begins, ends
