"""Finds the telling names in a text, with what stands around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from readiness_checks.secrets.names import Telling, telling

_STEMS = (
    "pass", "pwd", "secret", "token", "key", "auth", "cred", "pw", "psk", "salt", "pepper", "contrase", "kennwort",
    "bearer", "jwt", "dsn",
)  # fmt: skip
"""A part of every telling name."""
_TELLS = re.compile("|".join(_STEMS), re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{1,99}")
_LONGEST_NAME = 100
_AROUND_BEFORE, _AROUND_AFTER = 120, 200
"""Characters around a part of a name in which the whole name stands."""
_AFTER = 1500
_BEFORE = 80
_LONG_LINE = 1500
"""Code in longer lines was written by a program."""
_COMMENT = re.compile(r"\s*(?://[/!]?\s|\#+\s|\*\s|--\s|;+\s|<!--|>>>\s)")


@dataclass(frozen=True)
class Occurrence:
    """A telling name in a text."""

    text: str
    start: int
    end: int
    telling: Telling

    @property
    def name(self) -> str:
        """The name."""
        return self.text[self.start : self.end]

    @property
    def line_start(self) -> int:
        """Where its line begins, at the most some way before."""
        return self.text.rfind("\n", max(0, self.start - _LONG_LINE), self.start) + 1

    @property
    def line_end(self) -> int:
        """Where its line ends, at the most some way after."""
        found = self.text.find("\n", self.end, self.stop)
        return self.stop if found < 0 else found

    @property
    def stop(self) -> int:
        """How far its value is looked for."""
        return min(self.end + _AFTER, len(self.text))

    @property
    def before(self) -> str:
        """What stands before it in its line."""
        return self.text[max(self.line_start, self.start - _BEFORE) : self.start]

    @property
    def in_long_line(self) -> bool:
        """Whether the line is one of a program that puts code together."""
        begin = self.line_start
        end = self.text.find("\n", self.end, begin + _LONG_LINE)
        return end < 0 and len(self.text) > begin + _LONG_LINE

    @property
    def commented(self) -> bool:
        """Whether its line is a comment."""
        return _COMMENT.match(self.text, self.line_start) is not None


def occurrences(text: str, low: str) -> Iterator[Occurrence]:
    """Telling names, each once.

    Args:
        text: What is searched.
        low: The same in lower case, as long.
    """
    done = 0
    for position in _places(low):
        if position < done:
            continue
        begin = max(low.rfind("\n", 0, position) + 1, done, position - _AROUND_BEFORE)
        stop = low.find("\n", position)
        stop = min(len(low) if stop < 0 else stop, position + _AROUND_AFTER)
        done = stop
        for match in _NAME.finditer(text, begin, stop):
            if not _TELLS.search(match[0]):
                continue
            cut = match.end() == stop < len(text) and text[stop] != "\n" and len(match[0]) < _LONGEST_NAME
            if cut and match.start() > begin:
                done = match.start()  # the next window shows all of it
                break
            name = match[0].rstrip(".-")
            said = telling(name)
            if said:
                yield Occurrence(text, match.start(), match.start() + len(name), said)


def _places(low: str) -> list[int]:
    found: list[int] = []
    for stem in _STEMS:
        place = low.find(stem)
        while place >= 0:
            found.append(place)
            place = low.find(stem, place + len(stem))
    return sorted(found)
