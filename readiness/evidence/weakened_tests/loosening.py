"""Finds the assertion that a weaker one has taken the place of."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.weakened_tests.identifiers import without_stop_words
from readiness.evidence.weakened_tests.model import Assertion, Routine, Strength
from readiness.evidence.weakened_tests.precision import RAISES, is_wider, literals, rounded, stands_in_another, wider
from readiness.evidence.weakened_tests.trivial import calls_on_both_sides, calls_on_one_side
from readiness.evidence.weakened_tests.vague_matchers import is_vaguer, is_within

_COMPOSITE = re.compile(
    r"have_attributes|toMatchObject|objectContaining|hasFieldOrPropertyWithValue|containsExactly|extracting|has_attributes"
    r"|HasProperty|\. property \(|hasProperty|toHaveProperty|MatchFields|allOf|match_array|contain_exactly|toMatchArray"
)
"""Matchers for several values at once."""
_UNORDERED = re.compile(
    r"assertCountEqual|assertItemsEqual|ElementsMatch|match_array|contain_exactly|Canonicalizing|InAnyOrder"
    r"|have \. members|Is \. EquivalentTo|AreEquivalent|BeEquivalentTo|ConsistOf"
)
"""Matchers for which the order of values is none of theirs."""
_SORTS = re.compile(
    r"sorted|sort|sort_values|sort_index|sort_by|[sS]ort(?:ed)?By|toSorted|OrderBy|set|frozenset|Counter|Set"
)
"""What drops the order of values."""
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
_TYPE = re.compile(r"\btypeof |toBeTypeOf|\bbe \. an? \(|BooleanType|assertIsBool")
_THERE = re.compile(
    r"== (?:nil|null|None)$|is_(?:err|ok|some) \( \)|toBeTruthy|toBeDefined|^[\w. ]+$|^\w+(?: and \w+)+$|NotNull"
    r"|not_nil|present|hasattr|callable|isinstance|typeof|[nN]ot_?[eE]mpty|respond_to|kind_of|> 0$"
)
_SIZE = re.compile(
    r"\bcount \(|\blen \(|\. (?:shape|ndim|length|size|count|Count|Length|len)\b(?! \( \w)"
    r"|[hH]ave_?(?:Count|Length|Size)"
    r"|has_?Size|assertCount\b|assert(?:That)?_?Len"
)
"""Assertions about how many there are."""


def loosened(
    lost: list[Assertion], gained: list[Assertion], pair: tuple[Routine, Routine], elsewhere: Iterable[str]
) -> Iterator[EvidenceWeakening]:
    """Assertions that became weaker ones about the same; `elsewhere` is what other tests have come to assert."""
    before, after = pair
    for stated in lost:
        if _is_among(stated, gained) or stands_in_another(stated, gained, elsewhere):
            continue
        one = _successor(stated, lost, gained)
        if one is not None and _is_weaker(one, stated):
            yield _weakening(f"loosens an assertion of {after.name}", stated, one, after)
        elif is_wider(stated, gained):
            yield _weakening(f"expects an exception of {after.name} less exactly", stated, gained[0], after)
        else:
            yield from _in_another_way(stated, gained, after)
    yield from _made_anew(lost, gained, before, after)


def _made_anew(
    lost: list[Assertion], gained: list[Assertion], before: Routine, after: Routine
) -> Iterator[EvidenceWeakening]:
    """Assertions whose two sides come from the same function of what is tested, where one was written out."""
    exact = [one for one in gained if one.strength is Strength.EXACT]
    made = [(one, calls) for one in exact if (calls := calls_on_both_sides(one, after.body.local_names))]
    if not made:
        return
    then = set().union(*(calls_on_both_sides(one, before.body.local_names) for one in before.assertions))
    for stated in lost:
        if _SIZE.search(stated.text) is None or "[" in stated.text:
            tested = calls_on_one_side(stated, before.body.local_names) - then
            for one in (one for one, calls in made if tested & calls):
                yield _weakening(f"takes what {after.name} expects from what it tests", stated, one, after)


def _is_among(stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether a matcher that names several attributes with their values names this one, with its value."""
    words = without_stop_words(" ".join(stated.subjects).split()) | literals(stated)
    return bool(words) and any(_COMPOSITE.search(one.text) and words <= set(one.text.split()) for one in gained)


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
        elif is_vaguer(one, stated, gained):
            yield _weakening(f"loosens an assertion of {after.name}", stated, one, after)
        elif _is_of_its_own(one, stated):
            yield _weakening(f"takes what {after.name} expects from what it tests", stated, one, after)
        elif _loses_order(one, stated):
            yield _weakening(f"no longer asks for an order in {after.name}", stated, one, after)
        elif how := rounded(stated, one):
            yield _weakening(f"compares a value of {after.name} only after {how[:40]}", stated, one, after)
        elif change := wider(stated.text, one.text):
            yield _weakening(f"loosens a tolerance of {after.name} ({change})", stated, one, after)


def _loses_order(one: Assertion, stated: Assertion) -> bool:
    """Whether the same values are compared, sorted on both sides now."""
    if _UNORDERED.search(one.text) and not _UNORDERED.search(stated.text) and stated.strength is Strength.EXACT:
        subjects = without_stop_words(" ".join(stated.subjects).split()) | literals(stated)
        unsorted = not any(_SORTS.fullmatch(word) for word in stated.text.split())
        return unsorted and "[" in stated.text and subjects <= set(one.text.split())
    came = Counter(one.text.split()) - Counter(stated.text.split())
    sorts = sum(number for word, number in came.items() if _SORTS.fullmatch(word))
    same = without_stop_words(stated.text.split()) <= set(one.text.split())
    return same and sorts >= _SIDES and not any(_SORTS.fullmatch(word) for word in stated.text.split())


def _weakening(what: str, stated: Assertion, one: Assertion, after: Routine) -> EvidenceWeakening:
    text = f"{what}: {stated.text[:60]} → {one.text[:60]}"
    return EvidenceWeakening(WEAKENED, text, after.path, one.line, stated.text, one.text)


def _is_of_its_own(one: Assertion, stated: Assertion) -> bool:
    """Whether both sides of an equality are made of the same object now, and one was a literal."""
    if len(one.subjects) < _SIDES or stated.strength < Strength.PART:
        return False
    default = re.compile(rf"{_DEFAULT} \( [^()]*\b{re.escape(one.operands[-1])} \)")
    given = default.search(one.operands[-_SIDES]) is not None and default.search(stated.text) is None
    if given and one.strength is Strength.EXACT and is_within(_unwrapped(stated.operands[-1]), one.text.split()):
        return True
    if not (one.strength is stated.strength is Strength.EXACT or one.text.split()[:3] == stated.text.split()[:3]):
        return False
    sides = [without_stop_words(side.split()) for side in one.operands[-_SIDES:]]
    if not any(side in stated.operands for side in one.operands[-_SIDES:]):
        return False
    shared = sides[0] & sides[-1] & one.names & stated.names
    literal = any(re.fullmatch(r"[\d. -]+|", side) for side in stated.operands[-_SIDES:])
    return literal and any(f"{word} ." in one.text and word[0].islower() for word in shared)


def _unwrapped(operand: str) -> list[str]:
    return re.sub(r"^(?:Ok|Some) \( (.*) \)$", r"\1", operand).split()


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
    raises = RAISES.search(one.text) and not re.search(r"[nN]ot(?:hing)?(?:_|\b|[A-Z])", one.text)
    fails = "NoError" in stated.text and re.search(r"\bError(?:Is|As|Contains|f)?\b", one.text) is not None
    if _TYPE.search(one.text) and not _TYPE.search(stated.text) and re.search(r"\b(?:true|false)\b", stated.text):
        return True
    if _KIND.search(stated.text) or fails or (raises and not RAISES.search(stated.text)):
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


def _is_about(one: Assertion, subjects: set[str]) -> bool:
    """Whether an assertion is about one of these values, or about what is made of a call or an attribute among them."""
    if not subjects.isdisjoint(one.subjects):
        return True
    parts = [subject for subject in subjects if "(" in subject or "." in subject]
    return any(f" {part} " in f" {operand} " for part in parts for operand in one.subjects)
