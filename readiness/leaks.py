"""Finds known secrets in a text, and in what it says in any encoding."""

import re
from collections.abc import Iterable, Iterator

from readiness import encodings, spellings
from readiness.radix import Cores

_LONGEST_BEFORE = 200
"""Characters of what stands before a value, and says that it is one."""
LONG = 8
"""Characters from which on a value is not ordinary by its length alone."""
_NAME = r"(?i:secret|token|passw(?:or)?d|passphrase|credential|key|pwd)[\w.-]{0,64}[\"']?"
_NAMED = rf"{_NAME}\s*[:=]\s*[\"']?"
"""A name of a secret, up to its value."""
_QUOTE = r"(?:\\?[\"'`]|&quot;|&\#(?:34|39|x27);)?"
_AS_VALUE = (
    rf"{_NAME}(?:\s*[,>]\s*|\s+(?:(?:is|was)\s+)?){_QUOTE}|(?:(?<!:):|=>?|(?i:%3[ad]))\s*[\[(]?{_QUOTE}"
    rf"|(?i:\b(?:auth|login|credentials?)\b)\s{{0,8}}(?:[=:]\s{{0,8}})?\([\"'][^\"'()]{{0,64}}[\"']\s*,\s*[\"']"
    rf"|(?i:\b(?:bearer|basic|token|identified\s+by)\s+){_QUOTE}|(?<!\S)-p[ ]?{_QUOTE}"
    rf"|(?m:^)[ \t]{{0,80}}{_QUOTE}(?=[^\s\"'`,;&=:]*{_QUOTE}[ \t\r,;]*(?m:$))"
)
"""What stands before a value: a name of a secret, `=`, `:` or `=>`, the user in `auth=("user", …)`, the word that
begins a header's credentials, the option of a password, or an empty line. What may be repeated has an end: a long text
of names or blanks would cost time by its square."""
_ORDINARY_WORD = re.compile(r"[A-Za-z]?[a-z]{3,14}|[A-Z]{4,15}")
_UNSPEAKABLE = re.compile(r"[^aeiouy]{5}", re.IGNORECASE)
_LEAST_VOWELS = 0.2
_LETTER_AND_DIGIT = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9]).{6}", re.DOTALL)


def is_ordinary(secret: str) -> bool:
    """Whether a secret could be a word or a number of any text: a mask over each of these would garble what is told."""
    if len(secret) < LONG:
        return _LETTER_AND_DIGIT.match(secret) is None
    vowels = sum(letter in "aeiouy" for letter in secret.lower())
    return (
        _ORDINARY_WORD.fullmatch(secret) is not None
        and vowels >= _LEAST_VOWELS * len(secret)
        and not _UNSPEAKABLE.search(secret)
    )


class Finder:
    """What finds some values, in a text and in what it says in encodings."""

    def __init__(self, values: Iterable[str], known: frozenset[str] = frozenset()) -> None:
        """Prepare to find values; those that everybody knows are secrets only behind the name of one."""
        also = {plain for value in values if len(plain := encodings.unescaped(value)) >= LONG}
        longest_first = sorted({*values, *also} - known, key=lambda value: (-len(value), value))
        ordinary = [value for value in longest_first if is_ordinary(value)]
        self._plain = [value for value in longest_first if not is_ordinary(value)]
        self._with_blanks = [value.replace("+", " ") for value in self._plain if " " in value]
        self._around = max(map(len, values), default=0) + _LONGEST_BEFORE
        self._cores = Cores(longest_first)
        behind = [_behind("name", _NAMED, map(re.escape, known))] if known else []
        behind += [_behind("before", _AS_VALUE, map(spellings.literal, ordinary))] if ordinary else []
        spelled = [spellings.literal(value) for value in self._plain if not (value.isascii() and value.isalnum())]
        spelled += [spellings.encoded(value) for value in longest_first if not Cores.knows(value)]
        self._as_values = re.compile("|".join(behind)) if behind else None
        self._in_any_spelling = re.compile("|".join([*behind, *spelled])) if behind or spelled else None

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where each value begins and ends; they may overlap."""
        return [
            (view.starts[start], view.ends[end - 1])
            for view in encodings.views(text, self._around)
            for start, end in self._said(view.text, self._in_any_spelling if view.text is text else self._as_values)
        ]

    def _said(self, text: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[int, int]]:
        yield from _found(self._plain, text)
        if self._with_blanks and "+" in text:
            yield from _found(self._with_blanks, text.replace("+", " "))
        yield from self._cores.spans(text)
        for found in pattern.finditer(text) if pattern else ():
            yield max([found.start(), *map(found.end, found.re.groupindex)]), found.end()


def _found(values: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    for value in values:
        at = text.find(value)
        while at >= 0:
            yield at, at + len(value)
            at = text.find(value, at + 1)


def _behind(place: str, before: str, values: Iterable[str]) -> str:
    """A pattern that finds values only behind something, which it keeps in a group."""
    return f"(?P<{place}>{before})(?:{'|'.join(values)})(?!\\w)"
