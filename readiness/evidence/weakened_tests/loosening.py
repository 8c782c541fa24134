"""Finds the assertion that a weaker one has taken the place of."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.weakened_tests.model import Assertion, Routine, Strength
from readiness.evidence.weakened_tests.stop_words import without_stop_words
from readiness.evidence.weakened_tests.tolerance import TOLERANT, number, wider

_COMPOSITE = re.compile(
    r"have_attributes|toMatchObject|objectContaining|hasFieldOrPropertyWithValue|containsExactly|extracting|has_attributes"
    r"|HasProperty|hasProperty|toHaveProperty|MatchFields|allOf|match_array|contain_exactly|toMatchArray"
)
"""Matchers for several values at once."""
WEAKENED = "assertion-weakened"
_ALIKE = 0.6
_MINE = 0.5
_DEFAULT = r"(?:get\w*|unwrap_or\w*|fetch|orElse\w*|\w*[dD]efault\w*|pop)"
_SIDES = 2
_NOT = re.compile(r"\. not \.|\bnot in\b|!=")
_DENIES = re.compile(r"[nN]otContain|^never$|DidNot|NotEqual|NotSame|^not_|refute|doesNot|^to_not$|^not_to$")
_NEGATIVE = re.compile(r"[fF]alse|\bnot\b|[eE]mpty|[nN]ull|[nN]one|[nN]il|[nN]ot[A-Z_]|refute")
_KIND = re.compile(r"\. an? \. \w|be \. an? \(|instance_?[oO]f|typeof|isA \(|InternalType|kind_of")
"""Assertions that only say of what type a value is, in whatever words. One that throws is about another behaviour."""
_THERE = re.compile(
    r"== (?:nil|null|None)$|is_(?:err|ok|some) \( \)|toBeTruthy|toBeDefined|^[\w. ]+$|^\w+(?: and \w+)+$|NotNull"
    r"|not_nil|present|hasattr|callable|isinstance|typeof|[nN]ot_?[eE]mpty|respond_to|kind_of|> 0$"
)
_SIZE = re.compile(
    r"\bcount \(|\blen \(|\. (?:length|size|count|Count|Length|len)\b(?! \( \w)|[hH]ave_?(?:Count|Length|Size)"
    r"|has_?Size|assertCount\b|assert(?:That)?_?Len"
)
"""Assertions about how many there are."""
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
_RAISES = re.compile(r"raises|throw|to raise_error|expectException|reject|assertFails|\bCatch\b", re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:Exception|BaseException|Throwable|StandardError|Error|\w*ThrowAny|ThrowsAny\w*|Catch|assertFails)\b(?! \\)"
)


def loosened(
    lost: list[Assertion], gained: list[Assertion], after: Routine, elsewhere: Iterable[str]
) -> Iterator[EvidenceWeakening]:
    """Assertions that became weaker ones about the same; `elsewhere` is what other tests have come to assert."""
    for stated in lost:
        if _is_among(stated, gained) or _stands_in_another(stated, gained, elsewhere):
            continue
        one = _successor(stated, lost, gained)
        if one is not None and _is_weaker(one, stated):
            yield _weakening(f"loosens an assertion of {after.name}", stated, one, after)
        elif _is_wider(stated, gained):
            yield _weakening(f"expects an exception of {after.name} less exactly", stated, gained[0], after)
        else:
            yield from _in_another_way(stated, gained, after)


def _is_among(stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether a matcher that names several attributes with their values names this one, with its value."""
    words = without_stop_words(" ".join(stated.subjects).split()) | _literals(stated)
    return bool(words) and any(_COMPOSITE.search(one.text) and words <= set(one.text.split()) for one in gained)


def _stands_in_another(stated: Assertion, gained: list[Assertion], elsewhere: Iterable[str]) -> bool:
    """Whether another test says the text that this one no longer says of an exception."""
    said = {word for one in gained for word in one.text.split()}
    lost = {word for word in _literals(stated) if word not in said}
    return (
        len(lost) > 1
        and _RAISES.search(stated.text) is not None
        and any(_RAISES.search(one.text) for one in gained)
        and any(lost <= set(text.split()) for text in elsewhere)
    )


def _literals(stated: Assertion) -> set[str]:
    return {word for word in stated.text.split() if re.match(r"\w", word)} - stated.names


def _successor(stated: Assertion, lost: list[Assertion], gained: list[Assertion]) -> Assertion | None:
    """The one assertion that is about what an assertion that went was about; if there is one."""
    subjects = {operand for operand in stated.subjects if without_stop_words(operand.split())}
    about = [one for one in gained if _is_about(one, subjects)]
    if not about and len(lost) == len(gained) == 1:
        about = gained if _says_less(gained[0], stated) or _share(stated, gained[0]) >= _MINE else []
    return about[0] if len(about) == 1 else None


def _in_another_way(stated: Assertion, gained: list[Assertion], after: Routine) -> Iterator[EvidenceWeakening]:
    for one in gained:
        if _only_denies(one, stated):
            yield _weakening(f"says what is not, and no longer what is, in {after.name}", stated, one, after)
        elif _is_vaguer(one, stated, gained):
            yield _weakening(f"loosens an assertion of {after.name}", stated, one, after)
        elif _is_of_its_own(one, stated):
            yield _weakening(f"takes what {after.name} expects from what it tests", stated, one, after)
        elif change := wider(stated.text, one.text):
            yield _weakening(f"loosens a tolerance of {after.name} ({change})", stated, one, after)


def _weakening(what: str, stated: Assertion, one: Assertion, after: Routine) -> EvidenceWeakening:
    text = f"{what}: {stated.text[:60]} → {one.text[:60]}"
    return EvidenceWeakening(WEAKENED, text, after.path, one.line, stated.text, one.text)


def _is_of_its_own(one: Assertion, stated: Assertion) -> bool:
    """Whether both sides of an equality are made of the same object now, and one was a literal."""
    if len(one.subjects) < _SIDES or stated.strength < Strength.PART:
        return False
    default = re.compile(rf"{_DEFAULT} \( [^()]*\b{re.escape(one.operands[-1])} \)")
    given = default.search(one.operands[-_SIDES]) is not None and default.search(stated.text) is None
    if given and one.strength is Strength.EXACT and _is_within(stated.operands[-1].split(), one.text.split()):
        return True
    if not (one.strength is stated.strength is Strength.EXACT or one.text.split()[:3] == stated.text.split()[:3]):
        return False
    sides = [without_stop_words(side.split()) for side in one.operands[-_SIDES:]]
    if not any(side in stated.operands for side in one.operands[-_SIDES:]):
        return False
    shared = sides[0] & sides[-1] & one.names & stated.names
    literal = any(re.fullmatch(r"[\d. -]+|", side) for side in stated.operands[-_SIDES:])
    return literal and any(f"{word} ." in one.text and word[0].islower() for word in shared)


def _only_denies(one: Assertion, stated: Assertion) -> bool:
    """Whether an assertion only says of the same thing that it is not something else."""
    if (
        _NEGATIVE.search(stated.text)
        or "!=" in stated.text
        or not _denies(one)
        or stated.text.split()[:1] != one.text.split()[:1]
    ):
        return False
    literals = {word for word in stated.text.split() if re.match(r"\w", word)} - stated.names
    kept = literals & set(one.text.split())
    return len(kept) < len(literals) * _MINE and _share(stated, one) >= _ALIKE


def _denies(one: Assertion) -> bool:
    """Whether an assertion is a negative one by its names and operators: what stands in a string is none of it."""
    return _NOT.search(one.text) is not None or any(_DENIES.search(name) for name in one.names)


def _says_less(one: Assertion, stated: Assertion) -> bool:
    """Whether one that says only that there is something is all that came for one that said what it is."""
    if _SIZE.search(one.text) and not _SIZE.search(stated.text) and stated.strength is Strength.EXACT:
        counted = [
            re.sub(r"^len \( | \)$| \. (?:length|size|count|Count|Length)\b.*$", "", side) for side in one.subjects
        ]
        return any(
            f" {side} " in f" {subject} "
            for side in counted
            if without_stop_words(side.split())
            for subject in stated.subjects
        )
    literals = (
        {word for word in stated.text.split() if re.match(r"\w", word)}
        - stated.names
        - {"true", "false", "True", "False"}
    )
    if _NEGATIVE.search(stated.text) or (literals and literals <= set(one.text.split())):
        return False
    return stated.strength > Strength.PRESENCE >= one.strength


def _is_weaker(one: Assertion, stated: Assertion) -> bool:
    raises = _RAISES.search(one.text) and not re.search(r"[nN]ot(?:hing)?(?:_|\b|[A-Z])", one.text)
    fails = "NoError" in stated.text and re.search(r"\bError(?:Is|As|Contains|f)?\b", one.text) is not None
    if _KIND.search(stated.text) or fails or (raises and not _RAISES.search(stated.text)):
        return False
    if stated.strength is Strength.EXACT and one.strength < Strength.EXACT:
        return True
    if stated.strength is Strength.PART and one.strength < Strength.PART and _THERE.search(one.text):
        return _NEGATIVE.search(stated.text) is None
    sized = bool(_SIZE.search(one.text)) and not _SIZE.search(stated.text) and not _NEGATIVE.search(stated.text)
    return sized and stated.strength is Strength.EXACT


def _share(stated: Assertion, one: Assertion) -> float:
    """How much of what an assertion is about is in another one; nothing where that expects the same."""
    mine = {word for subject in stated.subjects for word in without_stop_words(subject.split())} & stated.names
    literals = {word for operand in stated.operands for word in operand.split() if word not in stated.names} - {
        "0",
        "1",
    }
    lost = {word for word in literals if re.match(r"\w", word) and word not in one.text.split()}
    return len(mine & without_stop_words(one.text.split())) / len(mine) if mine and lost else 0.0


def _is_vaguer(one: Assertion, stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether the same assertion has something in it now that stands for any value; or is no longer waited for."""
    old, now = stated.text.split(), one.text.split()
    if old[:1] == ["await"] and now == old[1:] and _PROMISED.search(stated.text):
        return True
    if _is_a_part(one, stated, gained):
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
    if old[0] != now[0] or not len(old) // 2 <= len(now) < len(old) or not _is_within(now, old):
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


def _is_within(short: list[str], long: list[str]) -> bool:
    """Whether all words are in the other list, in their order."""
    rest = iter(long)
    return all(word in rest for word in short)


def _is_about(one: Assertion, subjects: set[str]) -> bool:
    """Whether an assertion is about one of these values, or about what is made of a call or an attribute among them."""
    if not subjects.isdisjoint(one.subjects):
        return True
    parts = [subject for subject in subjects if "(" in subject or "." in subject]
    return any(f" {part} " in f" {operand} " for part in parts for operand in one.subjects)


def _is_wider(stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether an exception may be of any class now, or its message any."""
    if len(gained) != 1 or not (_RAISES.search(stated.text) and _RAISES.search(gained[0].text)):
        return False
    one = gained[0]
    any_class = _ANY.search(one.text) is not None and _ANY.search(stated.text) is None
    narrower = stated.text.split()[0] == one.text.split()[0] and set(one.operands) < set(stated.operands)
    return any_class or narrower
