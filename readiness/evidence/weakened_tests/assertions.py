"""Compares the assertions of a test that survives a change."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.weakened_tests.identifiers import without_stop_words
from readiness.evidence.weakened_tests.languages.base import TESTING
from readiness.evidence.weakened_tests.loosening import loosened
from readiness.evidence.weakened_tests.matching import Pairs
from readiness.evidence.weakened_tests.model import Assertion, Routine
from readiness.evidence.weakened_tests.removed_code import RemovedCode
from readiness.evidence.weakened_tests.revision import Revision

FEWER = "assertions-fewer"
TRIVIAL = "assertion-trivial"
_COVERED = 0.75
_NO_ERROR = re.compile(
    r"does_?not_?(?:throw|raise)|nothing_?raised|Record \. Exception|not (?:\. )?(?:toThrow|to raise|throw)"
    r"|not_to raise|to_not raise|doesNotReject|shouldNotThrow|NoException",
    re.IGNORECASE,
)
"""Assertions that the code did not fail: every other says so, too."""
_NULL_ERROR = re.compile(
    r"[(. \w]{0,40}\be(?:rr|rror)?\b(?: \))? .{0,40}\b(?:null|undefined|falsy|NotExist|not \. exist)\b"
    r"|assert \. ifError|(?:assert|t) \. (?:ifError|error) "
)
"""That a callback got no error: where a promise is awaited instead, it says so itself."""
_PLANNED = re.compile(r"expect \. (?:assertions|hasAssertions) \(|(?:t|assert) \. (?:plan|expect) \(")
"""How many assertions there will be: where none may be left out, they count themselves."""
_ALL_CALLS = re.compile(r"AssertExpectations|VerifyAll|verifyAll|assertExpectations|Finish|verifyNoPendingMocks")
"""That all calls came that a mock was told to expect: a helper or a hook may say so for every test."""
_FAILS = re.compile(r"(?:[\w$]+ (?:\.|->|: :) )*(?:fail|flunk|panic|unreachable)\w*\b")
"""Assertions that say only that a line is never reached."""
THROWS = re.compile(r"throw|raise|reject|panic|expectException|expected|catch|AssertionError", re.IGNORECASE)
_SNAPSHOT = re.compile(
    r"toMatch(?:File|Aria|Image)?Snapshot|toHaveScreenshot|[mM]atch_?(?:es)?_?[sS]napshot|== snapshot\b"
    r"|Verifier \. Verify"
    r"|insta : : assert_\w*snapshot(?!.*@)|assert_snapshot \(|t \. snapshot"
)
_CHECKS = re.compile(
    r"^_*(?!expectNotTo)(?:assert|expect|check|verify|ensure|require|validate|should|must)", re.IGNORECASE
)
_NO_MORE = re.compile(r"[nN]o_?[mM]ore|[nN]ever|[zZ]ero|[nN]oInteraction|DidNot")
_TRUE_OR_FALSE = re.compile(r"(?:True|False|true|false)\b")


class Moved:
    """Assertions that the change as a whole has gained: what one test lost may be among them."""

    def __init__(self, tests: Pairs, helpers: Pairs, after: Revision, *, stored: bool) -> None:
        self.stored = stored
        """Whether the change brings files of snapshots: without one, a snapshot takes whatever comes."""
        runs = [*after.tests, *(one for one in after.helpers if one.kind == "hook")]
        called = {name for test in runs for one in after.reached(test) for name in after.calls(one)}
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
            elif not new.assertions:
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
    before: Routine, after: Routine, old: Revision, new: Revision, moved: Moved, removed: RemovedCode
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
    yield from _now_conditional(said, says, after)
    gained = [stated for stated, _ in says if stated.text not in then]
    more = sum(
        (
            Counter(one.text for one, _ in says if _tells(one, lost, stored=moved.stored))
            - Counter(one.text for one, _ in said)
        ).values()
    )
    if not lost:
        return
    idle = [stated for stated in after.body.idle if stated.text not in {one.text for one in before.body.idle}]
    others = [one for one in gained if not (moved.stored and _SNAPSHOT.search(one.text))]
    elsewhere = [text for text in moved.spare if text not in now]
    yield from loosened([stated for stated, _ in lost], others, (before, after), elsewhere)
    surplus = len(lost) - more
    if surplus <= 0 and not idle:
        return
    if not idle and _calls_unseen_check(before, after, new):
        return
    words = {*(_beside(after) - _beside(before)), *moved.words}
    telling = [one for one in gained if _tells(one, lost, stored=moved.stored)]
    unexplained = [
        (stated, owner)
        for stated, owner in lost
        if not _covered(stated, telling, after, words)
        and not moved.has(stated.text)
        and not removed.explains(stated.names, owner.path)
    ]
    if not unexplained:
        return
    yield _fewer(unexplained[0], idle, (before, after), (len(said), len(says)))


def _tells(one: Assertion, lost: list[tuple[Assertion, Routine]], *, stored: bool) -> bool:
    """Whether an assertion may stand for those that went.

    Not where it says that nothing was raised, may not run, or takes a snapshot that nobody has stored.
    """
    if not stored and _SNAPSHOT.search(one.text):
        return any(_SNAPSHOT.search(stated.text) for stated, _ in lost)
    if _NO_ERROR.search(one.text):
        return any(_NO_ERROR.search(stated.text) for stated, _ in lost)
    sure = not one.looped and not one.conditional
    return sure or any(stated.looped or stated.conditional for stated, _ in lost)


def _now_conditional(
    said: list[tuple[Assertion, Routine]], says: list[tuple[Assertion, Routine]], after: Routine
) -> Iterator[EvidenceWeakening]:
    """Assertions that were made in every run, and are made in some now."""
    sure = {stated.text for stated, _ in said if not stated.conditional}
    now = Counter(stated.text for stated, _ in says)
    known = {stated.text for stated, _ in said}
    if any(stated.conditional and stated.text not in known for stated, _ in says):
        return
    for stated, _ in says:
        if stated.conditional and stated.text in sure and now[stated.text] == 1:
            text = f"makes an assertion of {after.name} only under a condition: {stated.text[:80]}"
            yield EvidenceWeakening(FEWER, text, after.path, stated.line, stated.text, stated.text)


def _is_lost_with(helper: Routine, after: Routine, new: Revision) -> bool:
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
    stated = (*routine.assertions, *routine.body.idle)
    said = Counter(word for one in stated for word in one.text.split())
    return routine.everything - said


def _distinct(said: list[tuple[Assertion, Routine]]) -> list[tuple[Assertion, Routine]]:
    return list({stated.text: (stated, owner) for stated, owner in said}.values())


def _covered(stated: Assertion, gained: list[Assertion], after: Routine, words: set[str]) -> bool:
    """Whether the assertions of now say what one that went said: more strongly, or together, or over rows of a table.

    `words` are those that came: in this test, or in rows and helpers of the change.
    """
    if any(_implies(one, stated) for one in after.assertions if stated.conditional or not one.conditional):
        return True
    said = {word for one in gained for word in one.text.split()} | words
    if _FAILS.match(stated.text) or _PLANNED.match(stated.text):
        sure = not any(one.conditional or one.looped for one in after.assertions)
        return any(THROWS.search(word) for word in words) if _FAILS.match(stated.text) else sure
    calls = _ALL_CALLS.search(stated.text)
    if (_NULL_ERROR.match(stated.text) and "await" in said) or (calls and calls[0] in words):
        return True
    if not gained:
        return False
    mine = without_stop_words(stated.text.split())
    if mine and sum(word in said for word in mine) >= _COVERED * len(mine):
        return True
    return any(
        subject and subject <= said for subject in (without_stop_words(operand.split()) for operand in stated.operands)
    )


def _implies(one: Assertion, other: Assertion) -> bool:
    """Whether an assertion says as much of the same values, as `x == 3` does of `x is not None`.

    Of two branches, one of which says that a value is true and the other that it is false, one may go.
    """
    if _NO_MORE.search(other.text):
        return False
    if _TRUE_OR_FALSE.sub("", one.text) == _TRUE_OR_FALSE.sub("", other.text):
        return True
    return bool(other.operands) and one.strength >= other.strength and set(other.operands) <= set(one.operands)


def _calls_unseen_check(before: Routine, after: Routine, new: Revision) -> bool:
    """Whether a helper that the change does not hold, and that is named like a check, is called now."""
    came = {name for name in after.words.keys() - before.words.keys() if _CHECKS.match(name) and name not in new.names}
    return any(name in came and then == "(" for name, then in pairwise(after.tokens))
