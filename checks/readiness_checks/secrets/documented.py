"""Finds what is documentation within code: what stands there is judged as in a file of documentation."""

import re
from bisect import bisect_right

_PYTHON = re.compile(
    r"(?m)^(?:(?P<name>(?:DOCUMENTATION|EXAMPLES|RETURN)\s?=\s?)"
    r"|(?:[ \t]{0,40}(?:async\s)?(?:def|class)\s[^\n]{1,300}:[ \t]*\n\s{1,40}))"
    r"[rRuU]?(?P<quote>\"\"\"|''')"
)
"""Docstrings (PEP 257), and the three texts in which a module of Ansible is documented."""
_ELIXIR = re.compile(r"(?m)^[ \t]{0,20}@(?:moduledoc|doc|typedoc)\s(?:~[sS])?(?P<name>)(?P<quote>\"\"\"|''')")
"""Documentation in attributes of modules, as ExDoc reads it."""

_READ_NAME = re.compile(r"(?:[(\[=,]\s{0,8}|\breturn\s)(?:DOCUMENTATION|EXAMPLES|RETURN)\b")
_READ_DOCSTRING = re.compile(r"(?<=[\w)\]])\.__doc__\b")
"""A program that reads its own documentation may keep there what it needs."""


class Documented:
    """The pieces of a text that are documentation."""

    def __init__(self, path: str, text: str) -> None:
        pattern = {"py": _PYTHON, "ex": _ELIXIR, "exs": _ELIXIR}.get(path.rpartition(".")[2])
        self._begins: list[int] = []
        self._ends: list[int] = []
        at = 0
        named, docstrings = _READ_NAME.search(text) is None, _READ_DOCSTRING.search(text) is None
        while pattern and (match := pattern.search(text, at)):
            end = text.find(match["quote"], match.end())
            if end < 0:
                break
            if named if match["name"] else docstrings:
                self._begins.append(match.end())
                self._ends.append(end)
            at = end + 3

    def covers(self, place: int) -> bool:
        """Whether a place in the text is documentation."""
        index = bisect_right(self._begins, place) - 1
        return index >= 0 and place < self._ends[index]
