"""Finds what came to stand for any value: in an assertion, and among the arguments that a mock expects."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise, takewhile

from readiness.evidence.weakened_tests.model import Assertion, Routine, Strength
from readiness.evidence.weakened_tests.precision import TOLERANT, number

_ALIKE = 0.6
_WILD = re.compile(
    r"^(?:any|any[A-Z]\w*|anything|ANY|Any|IsAny|isA|instance_of|kind_of|a_kind_of|an_instance_of|be_a|objectContaining"
    r"|arrayContaining|stringContaining|stringMatching|atLeast|atLeastOnce|atMost|AtLeast\w*|AtMost\w*|ignoring\w*|hasItem|not_nil"
    r"|Anything|AnythingOfType|mock_any|\w*AnyArgs|anyArgs|no_args|any_args|or|Or|cmpopts|Ignore\w*)$"
)
"""Words that stand for any value, or for any number of times."""
_SIZE_LINK = re.compile(r"[cC]ount|[lL]ength|[sS]ize")
"""A list that is equal to another has as many elements."""
_FEW = 0.25
_LINK = re.compile(r"\) (?:\.|->) (\w+) \(")
_PROMISED = re.compile(
    r"\b(?:page|locator|getBy\w+|resolves|rejects|response|toBeVisible|toHave(?:Text|URL|Title|Value|Count))\b"
)
_ANY_ARGUMENT = re.compile(
    r"^(?:ANY|Anything|AnythingOfType|Any|AnyOf|any|any[A-Z]\w*|anything|anyString|anyInt|IsAny|IsAnyType|any_args|mock_any)$"
)
"""What stands for any argument of a call that a mock expects."""
_OFF = re.compile(r"\b(?:check_\w+|strict|exact) = False\b|\bignore\w* = True\b|match \. any\b")
"""Options by which a comparison leaves something out."""
_CALLED = re.compile(r"called|awaited|received", re.IGNORECASE)
_ONCE = re.compile(
    r"\b\w*(?:(?:called|awaited|received)\w*(?:once|exactly)|once\w*(?:called|awaited))\w*", re.IGNORECASE
)
_ALL_TEXTS = re.compile(r"\( / (?:\^ )?\. (?:[*+] )?(?:\$ )?/ [)i]")
"""A regular expression that matches every text."""
_LENIENT = frozenset({"Maybe", "AnyTimes", "lenient", "zeroOrMoreTimes", "any_number_of_times", "byDefault"})
"""Calls that a mock need not get."""
_EXPECTED_CALLS = frozenset({"On", "EXPECT", "expect", "expects", "shouldReceive", "when", "receive"})
_AROUND_ANY = frozenset(
    {"mock", "gomock", "It", "Mockito", "ArgumentMatchers", "Arg", "expect", "unittest", "class", "Mockery"}
)
_MOST_PAIRS = 40_000
"""Pairs of equal words in two bodies: with more, it takes too long to find what became what."""


def is_vaguer(one: Assertion, stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether the same assertion has something in it now that stands for any value; or is no longer waited for."""
    old, now = stated.text.split(), one.text.split()
    less = _ONCE.search(stated.text) and not _ONCE.search(one.text) and _CALLED.search(one.text)
    unwaited = old[:1] == ["await"] and now == old[1:] and _PROMISED.search(stated.text)
    rarer = unwaited or (old[:1] == ["Consistently"] and now[:1] == ["Eventually"])
    if less or rarer or (_OFF.search(one.text) and not _OFF.search(stated.text)):
        return True
    if _is_a_part(one, stated, gained) or (_ALL_TEXTS.search(one.text) and not _ALL_TEXTS.search(stated.text)):
        return True
    if _wild(now, one.names) <= _wild(old, stated.names):
        return False
    shared = sum((Counter(old) & Counter(now)).values())
    return shared >= _ALIKE * min(len(old), len(now))


def _wild(words: list[str], names: frozenset[str]) -> int:
    """How many words stand for any value: `any` only where it is called."""
    return sum(
        word in names
        and _WILD.match(word) is not None
        and (word != "any" or (words[at + 1 : at + 2] == ["("] and words[at + 2 : at + 3] != ["nil"]))
        for at, word in enumerate(words)
    )


def _is_a_part(one: Assertion, stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether an assertion is the same with a link of its chain less: no longer `.by(-1)`, or what the message says."""
    old, now = stated.text.split(), one.text.split()
    if old[0] != now[0] or not len(old) // 2 <= len(now) < len(old) or not is_within(now, old):
        return False
    gone = Counter(old) - Counter(now)
    said = {word for other in gained for word in other.text.split()}
    lost = {word for word in gone if re.match(r"\w", word)}
    if not lost or len(lost & said) > _FEW * len(lost):
        return False
    if all(number(word) is not None for word in lost):
        return re.search(r"(?:\.|->) \w+ \( \d+ \)", stated.text) is not None
    keys = {word for word, then in pairwise(old) if then == "="} & lost - {"msg", "message"}
    links = {word for word in _LINK.findall(stated.text) if word in lost}
    if one.strength is Strength.EXACT and "[" in now and links and all(_SIZE_LINK.search(link) for link in links):
        return False
    return bool(links or keys) and not any(TOLERANT.search(link) for link in links)


def is_within(short: list[str], long: list[str]) -> bool:
    """Whether all words are in the other list, in their order."""
    rest = iter(long)
    return all(word in rest for word in short)


def any_arguments(before: Routine, after: Routine) -> Iterator[str]:
    """Literal arguments of calls, in the place of which any argument will do now."""
    if not any(_ANY_ARGUMENT.match(word) for word in (after.words - before.words)):
        return
    same = sum(1 for _ in takewhile(_are_same, zip(before.tokens, after.tokens, strict=False)))
    was, now = before.tokens[same:], after.tokens[same:]
    counted = Counter(was)
    if sum(number * counted[word] for word, number in Counter(now).items()) > _MOST_PAIRS:
        return
    for what, start, end, new_start, new_end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if what == "replace" and _is_any(now[new_start:new_end]):
            gone = [word for word in was[start:end] if re.match(r"\w", word)]
            if gone and not any(_ANY_ARGUMENT.match(word) for word in gone):
                yield " ".join(was[start:end])


def _are_same(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def lenient_calls(before: Routine, after: Routine) -> str:
    """What lets a mock go without a call that it was told to expect; empty where new ones are expected."""
    came = (after.words - before.words).keys()
    more = any(word in _EXPECTED_CALLS for word in came)
    return "" if more else next((word for word in sorted(came) if word in _LENIENT), "")


def _is_any(words: Sequence[str]) -> bool:
    """Whether words only stand for any value."""
    names = [word for word in words if re.match(r"[A-Za-z_]", word) and word not in _AROUND_ANY]
    if "any" in words and "(" not in words:
        return False
    return any(map(_ANY_ARGUMENT.match, names)) and all(
        _ANY_ARGUMENT.match(word) or word[0].isupper() or word in {"string", "int", "decimal", "bool"} for word in names
    )
