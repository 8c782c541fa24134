"""Leaves out words that every test has: those that stay say what it is about."""

import re
from collections.abc import Iterable

from readiness.evidence.weakened_tests.outline import vocabulary

_STOP_WORDS = vocabulary(
    "assert assertequal assertequals expect expected actual result equal equals self this true false none null the and "
    "not for with return const let var def func function new await async test tobe toequal value"
)


def without_stop_words(tokens: Iterable[str]) -> set[str]:
    """The words that say what something is about: no operators, no words that every test has."""
    return {word for word in tokens if re.match(r"\w", word) and word.lower() not in _STOP_WORDS}
