"""Compares what the tests of a change said at the merge base with what they say now."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from readiness.evidence.change import ChangedFile, EvidenceWeakening, JudgedTest
from readiness.evidence.progress import at, each
from readiness.evidence.weakened_tests import assertions
from readiness.evidence.weakened_tests.gone_with_code import GoneWithCode
from readiness.evidence.weakened_tests.languages.base import TESTING
from readiness.evidence.weakened_tests.looser_setup import looser_setup, mark_on_routine, marks_on_file, new_marks
from readiness.evidence.weakened_tests.matching import Absorbed, Pairs, likeness, match
from readiness.evidence.weakened_tests.model import Mark, Routine
from readiness.evidence.weakened_tests.reading import NOT_COLLECTED, holds_tests, read
from readiness.evidence.weakened_tests.removed_code import RemovedCode
from readiness.evidence.weakened_tests.revision import Revision
from readiness.evidence.weakened_tests.stubs import VARIABLE

REMOVED = "test-removed"
FEWER_CASES = "test-cases-fewer"
REPLACED = "test-subject-replaced"
_SNAPSHOTS = re.compile(
    r"\.(?:snap|ambr|approved|verified|snapshot|golden)\b|(?:^|/)(?:__)?snapshots?(?:__)?/|__screenshots__"
)
"""Files that hold what a snapshot was."""
_COROUTINES = frozenset({"asyncio", "anyio", "trio"})
"""Markers of pytest."""
_ASIDE = re.compile(
    r"(?:^|/)_?(?:manual|quarantined?|disabled|broken|skipped|attic|graveyard|wip|flaky|unstable|scripts|old)/"
)
"""Folders by which people leave tests out."""
_SAME_BODY = 0.85
_STILL_THROWS = re.compile(
    r"[tT]hrows|thrown|ThrownBy|raises|\bfail\b|expect[A-Z]|isThrown|CatchException|catchThrowable"
)


@dataclass(frozen=True)
class ComparedTests:
    """What a change does to the tests."""

    weakenings: tuple[EvidenceWeakening, ...]
    """Each once, at the place where it is seen."""
    judged: tuple[JudgedTest, ...]
    """Tests that have another name or place now, none, or fewer rows, whether that weakens or not."""


def weakened_tests(change: Sequence[ChangedFile]) -> tuple[EvidenceWeakening, ...]:
    """How a change weakens the tests."""
    return compare_tests(change).weakenings


def compare_tests(change: Sequence[ChangedFile]) -> ComparedTests:
    """Compare the tests before and after a change."""
    changed = [file for file in change if file.before != file.after]
    worth = [file for file in each(changed) if any(holds_tests(file.path, side) for side in (file.before, file.after))]
    before = Revision.of(read(file.path, file.before) for file in each(worth) if file.before is not None)
    after = Revision.of((read(file.path, file.after) for file in each(worth) if file.after is not None), before)
    stored = any(file.after is not None and _SNAPSHOTS.search(file.path) for file in changed)
    comparison = _Comparison(before, after, RemovedCode(changed), stored=stored)
    once: dict[tuple[str, str, int | None], EvidenceWeakening] = {}
    for found in comparison.all():
        once.setdefault((found.code, found.path, found.line), found)
    return ComparedTests(tuple(once.values()), tuple(_judged(comparison.tests)))


def _judged(tests: Pairs) -> Iterator[JudgedTest]:
    for test in tests.gone:
        yield JudgedTest(test.path, test.name, test.suites)
    for was, now in tests.pairs:
        if (was.path, was.title) != (now.path, now.title):
            yield JudgedTest(was.path, was.name, was.suites, now=now.name)
        if was.cases is not None and now.cases is not None and len(now.cases) < len(was.cases):
            fewer = len(was.cases) - len(now.cases)
            yield JudgedTest(was.path, was.name, was.suites, len(was.cases), fewer)


class _Comparison:
    def __init__(self, before: Revision, after: Revision, removed: RemovedCode, *, stored: bool) -> None:
        self.before = before
        self.after = after
        self.removed = removed
        self.went_with = GoneWithCode(removed, before, after)
        self.tests = match(before.tests, after.tests)
        self.helpers = match(before.helpers, after.helpers)
        self.bodies = {test.tokens for test in after.tests if test.tokens and not test.declared_marks}
        """A test that is twice on the base may go once."""
        self.moved = assertions.Moved(self.tests, self.helpers, after, stored=stored)

    def all(self) -> Iterator[EvidenceWeakening]:
        yield from self._files()
        for before, after in self.tests.pairs:
            at(after.path)
            yield from self._survivor(before, after)
        for before, after in self.helpers.pairs:
            if before.name == after.name:
                at(after.path)
                yield from self._helper(before, after)
                yield from self._cases(before, after)
        for helper in self.helpers.new:
            if helper.kind == "hook" and (helper.path in self.before.files or helper.path.endswith("conftest.py")):
                yield from (mark_on_routine(mark, helper) for mark in helper.marks)
            if helper.kind == "hook" and helper.path.endswith("conftest.py") and _functions(helper.body.stubs):
                name = min(_functions(helper.body.stubs))
                text = f"replaces {name} by a stub in every test: {helper.name}"
                yield EvidenceWeakening(REPLACED, text, helper.path, helper.line, "", name)
        absorbed = Absorbed(self.tests)
        for gone in self.tests.gone:
            at(gone.path)
            yield from self._gone(gone, absorbed)
        at("")

    def _files(self) -> Iterator[EvidenceWeakening]:
        for path, after in self.after.files.items():
            before = self.before.files.get(path)
            yield from marks_on_file(before, after)

    def _survivor(self, before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
        if self.before.collected(before) and not self.after.collected(after):
            text = f"moves the test {before.name} to a file that its runner does not collect by default"
            yield EvidenceWeakening(NOT_COLLECTED, text, after.path, after.line, before.path, after.path)
            return
        if _ASIDE.search(after.path) and not _ASIDE.search(before.path):
            text = f"moves the test {before.name} aside"
            yield EvidenceWeakening(NOT_COLLECTED, text, after.path, after.line, before.path, after.path)
        yield from self._cases(before, after)
        yield from self._subject(before, after)
        yield from looser_setup(before, after)
        if before.outside & _COROUTINES and not after.outside & _COROUTINES and self._still_marks(after):
            text = f"takes from {after.name} the marker by which coroutines are run"
            yield EvidenceWeakening(NOT_COLLECTED, text, after.path, after.line)
        if self._does_the_same(before, after) and before.throws == after.throws:
            yield from (mark_on_routine(mark, after) for mark in self.came(before.declared_marks, after.declared_marks))
            return
        if before.throws and not after.throws and not _STILL_THROWS.search(" ".join(after.words)):
            text = f"no longer expects the exception of {after.name}"
            yield EvidenceWeakening(assertions.FEWER, text, after.path, after.line, before.throws, "")
        marks = list(self.came(self.before.marks(before), self.after.marks(after)))
        yield from (mark_on_routine(mark, after) for mark in marks)
        if not any(mark.code == NOT_COLLECTED or not mark.conditional for mark in marks):
            yield from assertions.weakened(before, after, self.before, self.after, self.moved, self.removed)

    def _still_marks(self, test: Routine) -> bool:
        """Whether a test is a coroutine in a file that marks others one by one: then no setting runs them all."""
        tests = [one for one in self.after.files[test.path].tests if one.is_coroutine]
        return test in tests and (len(tests) == 1 or any(one.outside & _COROUTINES for one in tests))

    def came(self, before: Iterable[Mark], after: Iterable[Mark]) -> list[Mark]:
        """Marks that came; an abstract class is run by those that extend it."""
        extended = self.after.parents
        return [mark for mark in new_marks(before, after) if mark.text.removeprefix("abstract ") not in extended]

    def _cases(self, before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
        rows = after.cases
        if rows is None and before.cases is not None:
            known = [one for one in self.after.helpers if one.path == after.path and one.cases is not None]
            rows = next((one.cases for one in known if one.name in after.outside), None)
        if before.cases is None or rows is None or len(rows) >= len(before.cases):
            return
        lost = [row for row in before.cases if row not in rows and not self.removed.named(row.split(), before.path)[0]]
        elsewhere = self.moved.words
        lost = [row for row in lost if not all(word in elsewhere for word in row.split())]
        if lost:
            counts = f"{len(before.cases)} → {len(rows)}"
            text = f"runs the test {after.name} for fewer cases ({counts}), for instance not for {lost[0][:80]}"
            yield EvidenceWeakening(FEWER_CASES, text, after.path, after.line, lost[0], "")

    def _subject(self, before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
        """A stub that came in the place of what the test is about."""
        same = self._does_the_same(before, after) and not after.patched and not after.outside
        if same and self.after.replaced_around(after.path) <= self.before.replaced_around(before.path):
            return
        came = self.after.replaced(after) - self.before.replaced(before)
        called = (before.identifiers.free & after.words.keys()) - before.body.local_names.keys()
        subjects = after.body.subjects & before.body.subjects
        replaced = came & (called | subjects)
        receivers = {f"{VARIABLE}{name}" for name in (after.body.receivers & before.body.receivers) | called}
        replaced |= came & receivers
        replaced |= {
            name
            for name in came
            if "." in name
            and name.partition(".")[0] in subjects
            and name.partition(".")[2] in before.identifiers.called
        }
        if replaced:
            name = min(replaced).lstrip(VARIABLE)
            text = f"replaces what {after.name} is about by a stub: {name}"
            yield EvidenceWeakening(REPLACED, text, after.path, after.line, "", name)

    def _does_the_same(self, before: Routine, after: Routine) -> bool:
        """Whether a test and every helper that it calls are what they were."""
        if before.tokens != after.tokens or (after.path.endswith(".py") and before.shape != after.shape):
            return False
        return [one.tokens for one in self.before.reached(before)] == [one.tokens for one in self.after.reached(after)]

    def _helper(self, before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
        if not TESTING.search(after.path):
            return
        if (
            not self.after.files[after.path].tests
            and after.kind == "hook"
            and before.body.throws
            and not after.body.throws
            and before.tokens != after.tokens
        ):
            text = f"{after.name} no longer lets tests fail"
            yield EvidenceWeakening(assertions.FEWER, text, after.path, after.line)
        same = before.tokens == after.tokens
        marks = (before.declared_marks, after.declared_marks) if same else (before.marks, after.marks)
        yield from (mark_on_routine(mark, after) for mark in new_marks(*marks))
        if (
            after.kind == "function"
            and not same
            and self.before.conventional(before)
            and self.after.conventional(after)
        ):
            yield from assertions.weakened(before, after, self.before, self.after, self.moved, self.removed)

    def _gone(self, gone: Routine, absorbed: "Absorbed") -> Iterator[EvidenceWeakening]:
        if not self.before.collected(gone) or any(not mark.conditional for mark in gone.marks):
            return
        same = [other for other in self.helpers.new if other.tokens and other.words and _same_body(gone, other)]
        if same and not any(other.name in test.words for other in same for test in self.after.tests):
            text = f"turns the test {gone.name} into {same[0].name}, which no runner collects"
            yield EvidenceWeakening(NOT_COLLECTED, text, same[0].path, same[0].line, gone.name, same[0].name)
        elif not same and not self._is_elsewhere(gone, absorbed) and not self.went_with.takes(gone):
            yield EvidenceWeakening(REMOVED, f"removes the test {gone.title}", gone.path, gone.line, gone.title, "")

    def _is_elsewhere(self, gone: Routine, absorbed: "Absorbed") -> bool:
        if gone.tokens in self.bodies or self._ran_a_suite(gone):
            return True
        return self.moved.all_of(gone) or absorbed.takes(gone) or self._is_unread(gone)

    def _ran_a_suite(self, gone: Routine) -> bool:
        """Whether a test only ran the methods of a suite of testify, and none of them is left."""
        runs = gone.assertions and all(one.text.startswith("suite . Run (") for one in gone.assertions)
        file = self.after.files.get(gone.path)
        return bool(runs) and file is not None and not any(one.heading.startswith("func (") for one in file.tests)

    def _is_unread(self, gone: Routine) -> bool:
        """Whether the test is there still, in a file that the parser does not understand."""
        file = self.after.files.get(gone.path)
        return file is not None and file.broken is not None and gone.name in file.words


def _same_body(one: Routine, other: Routine) -> bool:
    return one.tokens == other.tokens or likeness(one.words, other.words) >= _SAME_BODY


def _functions(stubs: Iterable[str]) -> set[str]:
    return {name for name in stubs if not name.startswith(VARIABLE)}
