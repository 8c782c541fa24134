"""Finds assertions that compare a value with itself, also by another name."""

import re
from collections.abc import Mapping

from readiness.evidence.weakened_tests.model import Assertion
from readiness.evidence.weakened_tests.outline import vocabulary, words

_LINKS = 3
_SIDES = 2
_EVERYWHERE = vocabulary(
    "len list dict set tuple str int float sorted map filter sum min max abs round array Number String"
)
_CALLED = re.compile(r"(?<!new )\b(\w+) \(")
_SAME = re.compile(
    r"(?<!\w)(?=\w*?(?:[eE]qual|[cC]ompare)|\w*(?:[dD]iff|[eE]q)\b)\w+ \( (?:t )?(\w+(?: [.()] \w+| \( \))*) \1 \)"
)
"""A comparison of a value with itself."""
_ALIAS = re.compile(
    r"^[ \t]*(?:(?:const|let|var|val|final|auto)\s+)?(?:[A-Z]\w*\s+)?[$]?(\w+)\s*(?::=|=)\s*"
    r"(?:await\s+)?([^=\n][^\n]{0,200}?);?[ \t]{0,20}$",
    re.MULTILINE,
)
_TUPLE = re.compile(
    r"^[ \t]*(?:(?:const|let|var|val)\s+)?[(\[]?(\w+(?:, ?\w+){1,5})[)\]]?\s*(?::=|=)\s*([^=\n][^\n]{0,300})",
    re.MULTILINE,
)
"""Several names for the parts of one value."""


def aliases(text: str) -> dict[str, str]:
    """Local names that stand for something else, each assigned once."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name, value in _ALIAS.findall(text):
        if name in found:
            twice.add(name)
        found[name] = words(value)
    for names, value in _TUPLE.findall(text):
        found.update({name: f"{words(value)} [ {at} ]" for at, name in enumerate(re.findall(r"\w+", names))})
    return {name: value for name, value in found.items() if name not in twice}


def is_of_itself(stated: Assertion, known: Mapping[str, str]) -> bool:
    """Whether an assertion compares a value with itself under another name."""
    ends = [_end(operand, known) for operand in stated.operands[-2:]]
    if len(ends) > 1 and ends[0] == ends[1] and re.search(r"[A-Za-z]", ends[0]) is not None:
        return True
    return _SAME.search(" ".join(_end(word, known) for word in stated.text.split())) is not None


def calls_on_both_sides(stated: Assertion, known: Mapping[str, str]) -> set[str]:
    """The functions that make more than one side of a comparison, also by a local name."""
    made = [set(_CALLED.findall(end)) for end in _sides(stated, known)]
    return {name for at, one in enumerate(made) for other in made[at + 1 :] for name in one & other}


def calls_on_one_side(stated: Assertion, known: Mapping[str, str]) -> set[str]:
    """The functions that make one side of a comparison, where the other is written out: it has no names."""
    made = [set(_CALLED.findall(end)) for end in _sides(stated, known)]
    written = any(not any(word in stated.names for word in side.split()) for side in stated.operands)
    return set().union(*made) - _EVERYWHERE if written and len(made) == _SIDES and not all(made) else set()


def _sides(stated: Assertion, known: Mapping[str, str]) -> list[str]:
    """What an assertion compares, without a comparison as a whole, and without numbers beside two others."""
    first, *rest = stated.operands or ("",)
    sides = rest if len(rest) >= _SIDES and all(side in first for side in rest) else list(stated.operands)
    if len(sides) > _SIDES:
        sides = [side for side in sides if side and not side.isdigit() and not side.startswith(".")]
    return [_end(side, known) if side in stated.subjects else side for side in sides]


def _end(operand: str, known: Mapping[str, str]) -> str:
    for _ in range(_LINKS):
        if operand.lstrip("$ ") not in known:
            break
        operand = known[operand.lstrip("$ ")]
    return operand
