"""Compares the assertions of a test that survives a change."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.weakened_tests.languages.base import TESTING
from readiness.evidence.weakened_tests.matching import Pairs
from readiness.evidence.weakened_tests.model import Assertion, Routine, Strength
from readiness.evidence.weakened_tests.outline import vocabulary
from readiness.evidence.weakened_tests.removed_code import RemovedCode
from readiness.evidence.weakened_tests.side import Side

FEWER = "assertions-fewer"
WEAKENED = "assertion-weakened"
TRIVIAL = "assertion-trivial"
_COVERED = 0.75
_FAILS = re.compile(r"(?:[\w$]+ (?:\.|->|: :) )*(?:fail|flunk|panic|unreachable)\w*\b")
"""Assertions that say only that a line is never reached."""
_THROWS = re.compile(r"throw|raise|reject|panic|expectException|expected|catch|AssertionError", re.IGNORECASE)
_COMMON = vocabulary(
    "assert assertequal assertequals expect expected actual result equal equals self this true false none null the and "
    "not for with return const let var def func function new await async test tobe toequal value"
)
_CHECKS = re.compile(
    r"^_*(?!expectNotTo)(?:assert|expect|check|verify|ensure|require|validate|should|must)", re.IGNORECASE
)


def significant(tokens: Iterable[str]) -> set[str]:
    """The words that say what something is about: no operators, no words that every test has."""
    return {word for word in tokens if re.match(r"\w", word) and word.lower() not in _COMMON}


class Moved:
    """Assertions that the change as a whole has gained: what one test lost may be among them."""

    def __init__(self, tests: Pairs, helpers: Pairs, after: Side) -> None:
        called = {name for test in after.tests for one in after.reached(test) for name in after.calls(one)}
        self.spare: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        for was, now in [*tests.pairs, *helpers.pairs]:
            if (now.kind == "test" or now.name in called) and now.tokens != was.tokens:
                self.spare.update(_texts(now) - _texts(was))
            self.words.update(now.everything - was.everything)
        for new in [*tests.new, *helpers.new]:
            if new.kind == "test" or new.name in called:
                self.spare.update(_texts(new))
            self.words.update(new.everything)

    def has(self, text: str) -> bool:
        """Whether an assertion stands elsewhere now; each counts once."""
        if self.spare[text] > 0:
            self.spare[text] -= 1
            return True
        return False

    def all_of(self, gone: Routine) -> bool:
        """Whether every assertion of a test stands elsewhere now."""
        texts = Counter(stated.text for stated in gone.assertions)
        if not texts or any(self.spare[text] < number for text, number in texts.items()):
            return False
        self.spare.subtract(texts)
        return True


def _texts(routine: Routine) -> Counter[str]:
    return Counter(stated.text for stated in routine.assertions)


def weakened(
    before: Routine, after: Routine, old: Side, new: Side, moved: Moved, removed: RemovedCode
) -> Iterator[EvidenceWeakening]:
    """How the assertions of one test got weaker."""
    said, says = old.said(before), new.said(after)
    now = {stated.text for stated, _ in says}
    then = {stated.text for stated, _ in said}
    lost = [
        (stated, owner)
        for stated, owner in _distinct(said)
        if stated.text not in now
        and not (before.kind == "function" and _FAILS.match(stated.text))
        and (owner is before or _is_lost_with(owner, after, new))
    ]
    gained = [stated for stated, _ in says if stated.text not in then]
    more = sum((Counter(one.text for one, _ in says) - Counter(one.text for one, _ in said)).values())
    if not lost:
        return
    idle = [stated for stated in after.body.idle if stated.text not in {one.text for one in before.body.idle}]
    yield from _loosened(lost, gained, after)
    surplus = len(lost) - more
    if surplus <= 0 and not idle:
        return
    if not idle and _calls_unseen_check(before, after, new):
        return
    words = {*(_beside(after) - _beside(before)), *moved.words}
    unexplained = [
        (stated, owner)
        for stated, owner in lost
        if not _covered(stated, gained, after, words)
        and not moved.has(stated.text)
        and not removed.explains(stated.names, owner.path)
    ]
    if not unexplained:
        return
    yield _fewer(unexplained[0], idle, (before, after), (len(said), len(says)))


def _is_lost_with(helper: Routine, after: Routine, new: Side) -> bool:
    """Whether what a helper said is lost to a test: not where the helper speaks for itself, or is out of sight."""
    if helper.name in new.names and TESTING.search(helper.path):
        return helper.name not in after.words
    return helper.name not in after.words or helper.name in new.names


def _fewer(
    lost: tuple[Assertion, Routine], idle: list[Assertion], pair: tuple[Routine, Routine], counts: tuple[int, int]
) -> EvidenceWeakening:
    stated, owner = lost
    before, after = pair
    where = after.line
    if idle:
        same = next((one for one in idle if one.text == stated.text), None)
        if same is not None:
            text = f"leaves an assertion of {after.name} without effect: {same.text[:80]}"
            return EvidenceWeakening(FEWER, text, after.path, same.line, stated.text, "")
        text = f"makes an assertion of {after.name} trivial: {idle[0].text[:80]}"
        return EvidenceWeakening(TRIVIAL, text, after.path, idle[0].line, stated.text, idle[0].text)
    what = f"{after.name} has fewer assertions ({counts[0]} → {counts[1]}), for instance not {stated.text[:80]}"
    del owner, before
    return EvidenceWeakening(FEWER, what, after.path, where, stated.text, "")


def _beside(routine: Routine) -> Counter[str]:
    """The words of a test beside its assertions: a table that came is among them."""
    said = Counter(word for stated in routine.assertions for word in stated.text.split())
    return routine.everything - said


def _distinct(said: list[tuple[Assertion, Routine]]) -> list[tuple[Assertion, Routine]]:
    return list({stated.text: (stated, owner) for stated, owner in said}.values())


def _covered(stated: Assertion, gained: list[Assertion], after: Routine, words: set[str]) -> bool:
    """Whether the assertions of now say what one that went said: more strongly, or together, or over rows of a table.

    `words` are those that came: in this test, or in rows and helpers of the change.
    """
    if any(_implies(one, stated) for one in after.assertions):
        return True
    if _FAILS.match(stated.text):
        return any(_THROWS.search(word) for word in words)
    if not gained:
        return False
    said = {word for one in gained for word in one.text.split()} | words
    mine = significant(stated.text.split())
    if mine and sum(word in said for word in mine) >= _COVERED * len(mine):
        return True
    return any(subject and subject <= said for subject in (significant(operand.split()) for operand in stated.operands))


def _implies(one: Assertion, other: Assertion) -> bool:
    """Whether an assertion says as much of the same values, as `x == 3` does of `x is not None`.

    Of two branches, one of which says that a value is true and the other that it is false, one may go.
    """
    if _TRUE_OR_FALSE.sub("", one.text) == _TRUE_OR_FALSE.sub("", other.text):
        return True
    return bool(other.operands) and one.strength >= other.strength and set(other.operands) <= set(one.operands)


_TRUE_OR_FALSE = re.compile(r"(?:True|False|true|false)\b")


def _calls_unseen_check(before: Routine, after: Routine, new: Side) -> bool:
    """Whether a helper that the change does not hold, and that is named like a check, is called now."""
    came = {name for name in after.words.keys() - before.words.keys() if _CHECKS.match(name) and name not in new.names}
    return any(name in came and then == "(" for name, then in pairwise(after.tokens))


def _loosened(
    lost: list[tuple[Assertion, Routine]], gained: list[Assertion], after: Routine
) -> Iterator[EvidenceWeakening]:
    for stated, _ in lost:
        subjects = {operand for operand in stated.subjects if significant(operand.split())}
        about = [one for one in gained if _is_about(one, subjects)]
        if stated.strength is Strength.EXACT and len(about) == 1 and about[0].strength < Strength.EXACT:
            text = f"loosens an assertion of {after.name}: {stated.text[:60]} → {about[0].text[:60]}"
            yield EvidenceWeakening(WEAKENED, text, after.path, about[0].line, stated.text, about[0].text)
        elif _is_wider(stated, gained):
            text = f"expects an exception of {after.name} less exactly: {stated.text[:80]}"
            yield EvidenceWeakening(WEAKENED, text, after.path, gained[0].line, stated.text, gained[0].text)
        else:
            yield from _tolerance(stated, gained, after)


def _is_about(one: Assertion, subjects: set[str]) -> bool:
    """Whether an assertion is about one of these values, or about what is made of a call or an attribute among them."""
    if not subjects.isdisjoint(one.subjects):
        return True
    parts = [subject for subject in subjects if "(" in subject or "." in subject]
    return any(f" {part} " in f" {operand} " for part in parts for operand in one.subjects)


_RAISES = re.compile(r"raises|throws|to raise_error|expectException", re.IGNORECASE)
_ANY = re.compile(r"\b(?:Exception|BaseException|Throwable|StandardError|Error)\b(?! \\)")


def _is_wider(stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether an exception may be of any class now, or its message any."""
    if len(gained) != 1 or not (_RAISES.search(stated.text) and _RAISES.search(gained[0].text)):
        return False
    one = gained[0]
    any_class = _ANY.search(one.text) is not None and _ANY.search(stated.text) is None
    return any_class or set(one.operands) < set(stated.operands)


_TOLERANT = re.compile(r"approx|close|almost|delta|within|toleran|epsilon|precision", re.IGNORECASE)
_DIGITS = re.compile(r"places|decimal|digits|CloseTo|almost", re.IGNORECASE)


def _tolerance(stated: Assertion, gained: list[Assertion], after: Routine) -> Iterator[EvidenceWeakening]:
    """The same assertion with a bigger tolerance, which is the last number in it or follows its keyword."""
    if not _TOLERANT.search(stated.text):
        return
    old = stated.text.split()
    for one in gained:
        now = one.text.split()
        differing = [at for at, (was, is_) in enumerate(zip(old, now, strict=False)) if was != is_]
        if len(now) != len(old) or len(differing) != 1 or re.search(r"\d", "".join(now[differing[0] + 1 :])):
            continue
        try:
            was, is_ = float(old[differing[0]]), float(now[differing[0]])
        except ValueError:
            continue
        digits = _DIGITS.search(one.text) and not re.search(r"\b(?:delta|abs|rel)\b", one.text)
        if (is_ < was) if digits else (is_ > was):
            text = f"loosens the tolerance of an assertion of {after.name}: {old[differing[0]]} → {now[differing[0]]}"
            yield EvidenceWeakening(WEAKENED, text, after.path, one.line, stated.text, one.text)
