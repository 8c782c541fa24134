"""Finds assertions that compare a value with itself, also by another name."""

import re

from readiness.evidence.weakened_tests.model import Assertion

_LINKS = 3
_SAME = re.compile(
    r"(?<!\w)(?=\w*?(?:[eE]qual|[cC]ompare)|\w*(?:[dD]iff|[eE]q)\b)\w+ \( (?:t )?(\w+(?: [.()] \w+| \( \))*) \1 \)"
)
"""A comparison of a value with itself."""
_ALIAS = re.compile(
    r"^[ \t]*(?:(?:const|let|var|val|final|auto)\s+)?(?:[A-Z]\w*\s+)?[$]?(\w+)\s*(?::=|=)\s*"
    r"(?:await\s+)?([^=\n][^\n]{0,200}?);?[ \t]{0,20}$",
    re.MULTILINE,
)


def aliases(text: str) -> dict[str, str]:
    """Local names that stand for something else, each assigned once."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name, value in _ALIAS.findall(text):
        if name in found:
            twice.add(name)
        found[name] = " ".join(re.findall(r"\w+|[^\w\s,;\"'`]", value))
    return {name: value for name, value in found.items() if name not in twice}


def is_of_itself(stated: Assertion, known: dict[str, str]) -> bool:
    """Whether an assertion compares a value with itself under another name."""
    ends = [_end(operand, known) for operand in stated.operands[-2:]]
    if len(ends) > 1 and ends[0] == ends[1] and re.search(r"[A-Za-z]", ends[0]) is not None:
        return True
    return _SAME.search(" ".join(_end(word, known) for word in stated.text.split())) is not None


def _end(operand: str, known: dict[str, str]) -> str:
    for _ in range(_LINKS):
        if operand.lstrip("$ ") not in known:
            break
        operand = known[operand.lstrip("$ ")]
    return operand
