"""Replaces what a value of a .env file refers to: `${NAME}`, `${NAME:-default}`, `$NAME`, as shells do."""

import re
from collections.abc import Mapping
from typing import NamedTuple

_DEEPEST = 20
"""Defaults within defaults."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BARE = re.compile(r"[A-Z_][A-Z0-9_]{2,}(?![A-Za-z0-9_])")
"""A name without braces within a longer value; a password may hold `$` and small letters."""
_SPECIAL = re.compile(r"[$\\}]")
_OPERATOR = re.compile(r":?[-?+]")


class Resolved(NamedTuple):
    """A value with what it refers to."""

    value: str
    missing: tuple[str, ...]
    """Names in braces that stand for nothing."""
    bare: int = 0
    """How many names without braces stand for nothing: each may be a part of a password, which nobody repeats."""


class TooLongError(Exception):
    """A value grows beyond all bounds."""


def resolve(value: str, known: Mapping[str, str], *, longest: int) -> Resolved:
    """Replace references as shells and Docker Compose do (POSIX, "Parameter Expansion").

    `${NAME?}`, `${NAME:?text}` and `${NAME:+other}` need the variable, `${NAME-default}` and `${NAME:-default}` do not;
    with a colon an empty variable counts as none. A name without braces is a reference when it is the whole value, or
    is written in capitals. Behind a backslash or another dollar sign it is none.

    Args:
        value: As the file has it.
        known: The variables.
        longest: Characters that the answer may have: what refers to another value twice grows to any size.

    Raises:
        TooLongError: It would be longer.
    """
    whole = _NAME.fullmatch(value, 1) if value.startswith("$") else None
    if whole is not None:
        return Resolved(known.get(whole[0], ""), (), int(whole[0] not in known))
    reader = _Reader(value, known, longest)
    text = reader.text(0)
    return Resolved(text, tuple(reader.missing), reader.bare)


class _Reader:
    """Reads a value from its start to its end, each character once."""

    def __init__(self, source: str, known: Mapping[str, str], longest: int) -> None:
        self._source, self._known, self._longest, self._at = source, known, longest, 0
        self.missing: list[str] = []
        self.bare = 0

    def text(self, depth: int) -> str:
        """What follows, up to its end or to the brace that closes what it is a part of."""
        parts, length = list[str](), 0
        while self._at < len(self._source):
            end = _SPECIAL.search(self._source, self._at)
            part = self._source[self._at : end.start() if end else None]
            self._at += len(part)
            if not part:
                if depth and self._source[self._at] == "}":
                    break
                part = self._special(depth)
            parts.append(part)
            length += len(part)
            if length > self._longest:
                raise TooLongError
        return "".join(parts)

    def _special(self, depth: int) -> str:
        """A dollar sign with what belongs to it, or a character that only looks special."""
        here, following = self._source[self._at], self._source[self._at + 1 : self._at + 2]
        if here == "$" and following == "{" and depth < _DEEPEST:
            return self._braces(depth)
        if here == "$" and (bare := _BARE.match(self._source, self._at + 1)):
            self._at = bare.end()
            self.bare += bare[0] not in self._known
            return self._known.get(bare[0], "")
        taken = 2 if following == "$" and here in "$\\" else 1
        self._at += taken
        return here + following if taken > 1 else here

    def _braces(self, depth: int) -> str:
        """`${…}`; what is none stays as it is."""
        start = self._at
        name = _NAME.match(self._source, start + 2)
        if name is None:
            self._at += 2
            return "${"
        operator = _OPERATOR.match(self._source, name.end())
        self._at = operator.end() if operator else name.end()
        word = self.text(depth + 1) if operator else ""
        if self._source[self._at : self._at + 1] != "}":
            self._at = max(self._at, name.end())
            return self._source[start : self._at]
        self._at += 1
        return self._expanded(name[0], operator[0] if operator else "", word)

    def _expanded(self, name: str, operator: str, word: str) -> str:
        there = bool(self._known.get(name)) if operator.startswith(":") else name in self._known
        if operator.endswith("-"):
            return self._known[name] if there else word
        if operator and not there:
            self.missing.append(name)
            return ""
        if operator.endswith("+"):
            return word
        if name not in self._known:
            self.missing.append(name)
        return self._known.get(name, "")
