"""Texts for which a regular expression takes long, and whether its time grows faster than their length."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from re import _parser  # type: ignore[attr-defined]  # the only reader of patterns there is
from time import process_time
from typing import Any

from support.costs import cpu_seconds
from support.patterns import Pattern

SIZES = (16, 20, 24, 28, 32, 36, 40, 48, 60, 80, 100, 400, 1_500, 6_000)
"""Characters of the texts: one that takes time by a power of their length is found before it takes minutes."""
LITTLE = 0.02
"""Seconds that are not looked at: what takes them for so long a text is no danger for a file of the largest size."""
DEARER = 2.9
"""How many times dearer a text of twice the length may be."""
MUCH = 0.5
"""Seconds that no expression takes for a text of any of the sizes."""
_ENDS = ("\x7f", "", "\n\x7f")
"""What follows the repeated part, so that the whole does not match."""
_MANY = 100
"""Times that a bounded repeat is looked at like one without a bound."""
_SHAPES = 12
"""Ways through an expression that are tried."""


def grows(pattern: Pattern, longest: int = 0) -> str:
    """For which text a pattern takes time by the square of its length; empty when for none.

    Args:
        pattern: It.
        longest: Characters of the longest text that it gets, where there is a bound: it may take any power
            of those, but no more than `MUCH`.
    """
    compiled = re.compile(pattern.text, pattern.flags)
    for how in sorted(pattern.methods):
        for head, word, end in texts(pattern):
            if _slow(compiled, how, (head, word, end), longest):
                return f"{how} in {head!r}, {word!r} repeated, {end!r}"
    return ""


def _slow(compiled: re.Pattern[str], how: str, parts: tuple[str, str, str], longest: int) -> bool:
    head, word, end = parts
    for size in (*(one for one in SIZES if one < longest), longest) if longest else SIZES:
        short = _use(compiled, how, head + _repeated(word, size) + end)
        begun = process_time()
        short()
        took = process_time() - begun
        if took > MUCH:
            return True
        if took > LITTLE and size == SIZES[-1] and not longest:
            long = _use(compiled, how, head + _repeated(word, 2 * size) + end)
            return cpu_seconds(long) > DEARER * cpu_seconds(short)
    return False


def _repeated(word: str, size: int) -> str:
    return (word * (size // len(word) + 1))[:size]


def _use(compiled: re.Pattern[str], how: str, text: str) -> Callable[[], Any]:
    calls: dict[str, Callable[[], Any]] = {
        "match": lambda: compiled.match(text),
        "fullmatch": lambda: compiled.fullmatch(text),
        "search": lambda: compiled.search(text),
    }
    return calls.get(how, lambda: sum(1 for _ in compiled.finditer(text)))


def texts(pattern: Pattern) -> Iterator[tuple[str, str, str]]:
    """What a text is made of that keeps a pattern busy: a beginning, what is repeated, and an end."""
    tree = _parser.parse(pattern.text, pattern.flags)
    own = list(dict.fromkeys(filter(None, _spoken(tree))))[:30]
    words = dict.fromkeys((" ", "\n", "a", "1", "\\", "a ", " \n", "a.", '"', "'", "(", "[", "{", "-", *own))
    words |= dict.fromkeys(one + other for one in own[:10] for other in ("a", " ", "\n", "("))
    yield from ((("", word, "\x7f")) for word in words)
    seen = set()
    for head, word in _repeats(tree):
        for text in ((head, word), ("", head + word)):
            if text[1] and text not in seen:
                seen.add(text)
                yield from ((*text, end) for end in _ENDS)


def _repeats(tree: Any, head: tuple[str, ...] = ("",)) -> Iterator[tuple[str, str]]:
    """For each part of a pattern that repeats: texts that lead to it, and a text that it takes."""
    for op, value in tree:
        name = str(op)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            inner = _examples(value[2])
            if value[1] is _parser.MAXREPEAT or value[1] > _MANY:
                yield from ((one, word) for one in head[:3] for word in inner if word)
            yield from _repeats(value[2], head)
            head = _joined(head, tuple(word * value[0] for word in inner) if value[0] else ("", *inner))
            continue
        for branch in _branches(name, value):
            yield from _repeats(branch, head)
        head = _joined(head, _examples([(op, value)]))


def _branches(name: str, value: Any) -> list[Any]:
    match name:
        case "SUBPATTERN":
            return [value[3]]
        case "ATOMIC_GROUP":
            return [value]
        case "ASSERT" | "ASSERT_NOT":
            return [value[1]]
        case "BRANCH":
            return list(value[1])
    return []


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(one + other for one in first for other in second), _SHAPES)) or ("",)


def _examples(tree: Any) -> tuple[str, ...]:
    """Short texts that a part of a pattern takes."""
    found: tuple[str, ...] = ("",)
    for op, value in tree:
        name = str(op)
        match name:
            case "LITERAL":
                found = _joined(found, (chr(value),))
            case "NOT_LITERAL":
                found = _joined(found, ("a" if value != ord("a") else "b",))
            case "ANY":
                found = _joined(found, ("a", " "))
            case "IN":
                found = _joined(found, tuple(islice(_members(value), 4)))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                inner = _examples(value[2])
                found = _joined(found, tuple(word * value[0] for word in inner) if value[0] else ("", *inner[:2]))
            case "BRANCH":
                found = _joined(found, tuple(word for branch in value[1] for word in _examples(branch)[:3]))
            case "SUBPATTERN" | "ATOMIC_GROUP":
                found = _joined(found, _examples(_branches(name, value)[0]))
    return found


_OF_CATEGORY = {
    "CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " \n", "CATEGORY_WORD": "a1_", "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a.", "CATEGORY_NOT_WORD": " .",
}  # fmt: skip


def _members(parts: Any) -> Iterator[str]:
    """Characters of a class, the plain ones first."""
    if str(parts[0][0]) == "NEGATE":
        without = re.compile("[^" + "".join(map(_class, parts[1:])) + "]")
        yield from (one for one in 'a1 .\n-"/(' if without.match(one))
        return
    for op, value in parts:
        match str(op):
            case "LITERAL":
                yield chr(value)
            case "RANGE":
                yield chr(value[0])
            case "CATEGORY":
                yield from _OF_CATEGORY[str(value)]


def _class(part: Any) -> str:
    op, value = str(part[0]), part[1]
    if op == "LITERAL":
        return re.escape(chr(value))
    if op == "RANGE":
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    negated = "NOT_" in str(value)
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(value).rpartition("_")[2]]
    return "\\" + (letter.upper() if negated else letter)


def _spoken(tree: Any) -> Iterator[str]:
    """Characters and words that a parsed pattern names, from the left."""
    for op, value in tree:
        match str(op):
            case "LITERAL":
                yield chr(value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from _spoken(value[2])
            case "BRANCH":
                for branch in value[1]:
                    yield "".join(chr(one) for kind, one in branch if str(kind) == "LITERAL")
                    yield from _spoken(branch)
            case "IN":
                yield from (chr(one) for kind, one in value if str(kind) == "LITERAL")
                yield from (chr(one[0]) for kind, one in value if str(kind) == "RANGE")
            case other:
                for branch in _branches(other, value):
                    yield from _spoken(branch)
