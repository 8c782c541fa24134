"""Splits a command line of the shell into simple commands, as far as it can be understood without running it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

UNKNOWN = "\0"
"""Stands in a word for what only a run would tell: a variable, or the output of a command."""
_MOST = 32
"""Words that one word with variables of several values stands for."""
_LONGEST = 65_536
"""Characters of a word, so that a script that doubles a variable again and again is read, too."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::?[-=](.*))?", re.DOTALL)
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\+?=(.*)", re.DOTALL)


@dataclass
class Simple:
    """One command with its words, quotes removed (POSIX, "Simple Commands")."""

    words: list[str] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    """Files that it reads from its standard input."""
    inner: list[str] = field(default_factory=list)
    """Command lines whose output it gets."""
    listed: bool = False
    """Whether it is the list of a `for`."""
    piped: bool = False
    """Whether the next command reads what it writes."""


def split(text: str, values: Mapping[str, Sequence[str]] | None = None) -> list[Simple]:
    """Split a command line or a whole script.

    Args:
        text: What the shell gets.
        values: What variables stand for; those that the text itself assigns are added.
    """
    return _Scanner(text, {name: list(some) for name, some in (values or {}).items()}).run()


class _Scanner:
    """Reads from left to right."""

    def __init__(self, text: str, values: dict[str, list[str]]) -> None:
        self._text, self._values, self._at = text, values, 0
        self._found: list[Simple] = []
        self._now = Simple()
        self._word: list[list[str]] | None = None
        """Parts of the word that is read, each with the values that it may have."""
        self._next = ""
        """What the next word is: a file that is read or written, or the end mark of a here-document."""

    def run(self) -> list[Simple]:
        while self._at < len(self._text):
            self._step(self._text[self._at])
        self._end(piped=False)
        return self._found

    def _step(self, char: str) -> None:
        if char in "'\"\\$`":
            self._quoted(char)
        elif char in " \t\r":
            self._end_word()
            self._at += 1
        elif char == "#" and self._word is None:
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end
        elif char in "<>":
            self._redirect(char)
        elif char in "\n;&|()":
            double = self._text[self._at : self._at + 2]
            if double == "&>":
                self._at += 1
                return
            self._end(piped=char == "|" and double != "||")
            self._at += 2 if double in {"||", "|&", "&&"} else 1
        else:
            self._add(char)
            self._at += 1

    def _quoted(self, char: str) -> None:
        if char == "'":
            end = self._text.find("'", self._at + 1)
            end = len(self._text) if end < 0 else end
            self._add(self._text[self._at + 1 : end])
            self._at = end + 1
        elif char == "\\":
            if self._text[self._at + 1 : self._at + 2] != "\n":
                self._add(self._text[self._at + 1 : self._at + 2])
            self._at += 2
        elif char == '"':
            self._add("")
            self._at += 1
            while self._at < len(self._text) and self._text[self._at] != '"':
                one = self._text[self._at]
                if one in "\\$`":
                    self._quoted(one)
                else:
                    self._add(one)
                    self._at += 1
            self._at += 1
        elif char == "`":
            self._substitute(self._at + 1, self._closing(self._at + 1, "`"))
        else:
            self._dollar()

    def _dollar(self) -> None:
        start = self._at + 1
        after = self._text[start : start + 1]
        if after == "(":
            self._substitute(start + 1, self._closing(start + 1, ")"))
        elif after == "{":
            end = self._closing(start + 1, "}")
            match = _BRACED.fullmatch(self._text[start + 1 : end])
            default = [match[2].strip("\"'")] if match and match[2] and "$" not in match[2] else [UNKNOWN]
            self._add_any(self._values.get(match[1], default) if match else [UNKNOWN])
            self._at = end + 1
        elif match := _NAME.match(self._text, start):
            self._add_any(self._values.get(match[0], [UNKNOWN]))
            self._at = match.end()
        else:
            self._add(UNKNOWN if after else "$")
            self._at = start + (after not in {"", '"', "'", " ", "\n"})

    def _substitute(self, start: int, end: int) -> None:
        self._now.inner.append(self._text[start:end])
        self._add(UNKNOWN)
        self._at = end + 1

    def _closing(self, start: int, mark: str) -> int:
        """Where a substitution ends that begins here."""
        depth, at, opening = 0, start, {")": "(", "}": "{"}.get(mark, "")
        while at < len(self._text):
            char = self._text[at]
            if char == "\\":
                at += 1
            elif char == "'" and mark == ")":
                at = max(self._text.find("'", at + 1), at)
            elif char == mark and not depth:
                return at
            elif char == mark:
                depth -= 1
            elif char == opening:
                depth += 1
            at += 1
        return len(self._text)

    def _redirect(self, char: str) -> None:
        if self._word is not None and all(part[0].isdigit() for part in self._word if part):
            self._word = None  # the number of a stream
        self._end_word()
        mark = self._text[self._at : self._at + 3]
        if mark[1:2] == "(":
            self._substitute(self._at + 2, self._closing(self._at + 2, ")"))
            return
        if mark == "<<<":
            self._next = "text"
            self._at += 3
        elif mark[:2] == "<<":
            self._next = "mark"
            self._at += 2
        else:
            self._next = "read" if char == "<" and mark[1:2] not in {"&", ">"} else "write"
            self._at += 2 if mark[1:2] in {">", "&", "|"} else 1

    def _add(self, text: str) -> None:
        self._add_any([text])

    def _add_any(self, values: Sequence[str]) -> None:
        if self._word is None:
            self._word = []
        if self._word and len(values) == 1 and len(self._word[-1]) == 1:
            self._word[-1] = [self._word[-1][0] + values[0]]
        else:
            self._word.append(list(values) or [UNKNOWN])

    def _end_word(self) -> None:
        if self._word is None:
            return
        words = ["".join(parts)[:_LONGEST] for parts in islice(product(*self._word), _MOST)]
        self._word = None
        kind, self._next = self._next, ""
        if kind == "read":
            self._now.reads += words
        elif kind == "text":
            self._now.inner += words
        elif not kind:
            self._now.words += words

    def _end(self, *, piped: bool) -> None:
        self._end_word()
        self._assign()
        if self._now.words or self._now.reads or self._now.inner:
            self._now.piped = piped
            self._found.append(self._now)
        self._now = Simple()

    def _assign(self) -> None:
        """Note what variables stand for from here on."""
        words = [word for word in self._now.words if word not in {"export", "local", "readonly", "declare"}]
        if words[:1] == ["for"] and "in" in words[:3] and len(words) > 1:
            self._values[words[1]] = words[words.index("in") + 1 :]
            self._now.words, self._now.listed = [], True
            return
        for word in words:
            match = _ASSIGNMENT.fullmatch(word)
            if match is None:
                break
            self._values[match[1]] = [match[2]]
