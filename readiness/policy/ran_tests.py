"""Compares the tests that ran with those that ran on the policy branch, by name, and says which of them are lost.

The sources are compared before the run, and see the bodies: what they show removed or renamed is judged there. Names
show what no source does: a test that is still there and does not run.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from readiness.evidence.change import EvidenceWeakening, JudgedTest
from readiness.evidence.ran_tests import LostTest, RunComparison, compare
from readiness.evidence.written import Sources, belongs
from readiness.outcome import Outcome, Status
from readiness.ratchet import BaseResults
from readiness.report import Result
from readiness.text import count, safe

NOT_RUN, SKIPPED, FEWER, UNKNOWN = "test-not-run", "test-skipped-in-run", "test-cases-not-run", "tests-not-named"
CODES = frozenset({NOT_RUN, SKIPPED, FEWER, UNKNOWN})
"""Weakenings that are seen in the results of a run alone."""
_SAME = frozenset({"test-removed", "test-not-collected", "test-skipped"})
"""What the sources say of a test that does not run at all."""
_MOST = 1_000
"""Tests that are told one by one."""
_LONGEST = 160
"""Characters of a name."""


@dataclass(frozen=True)
class ComparedRuns:
    """What came of comparing the tests that ran."""

    weakenings: tuple[EvidenceWeakening, ...] = ()
    compared: int = 0
    """How many names of the base were compared."""
    notices: tuple[str, ...] = ()
    """What was not compared, and why."""


@dataclass(frozen=True)
class ComparedSide:
    """What is known about the sources when the tests that ran are compared."""

    sources: Sources
    judged: Sequence[JudgedTest]
    """Tests that the sources have no more under their name, or for fewer rows."""
    weakenings: Sequence[EvidenceWeakening]
    """What the sources show."""
    folder: str = ""
    """Folder of the checklist, from the top of the work tree."""


def compare_runs(base: BaseResults, results: Iterable[Result], side: ComparedSide) -> ComparedRuns:
    """Compare every item that is held to the base and whose check names tests.

    Args:
        base: Of the policy branch.
        results: Of this run.
        side: What the sources show.
    """
    found: dict[EvidenceWeakening, None] = {}
    compared, notices = 0, []
    for result in results:
        before = base.results.get(result.item.id)
        if not result.item.no_worse_than or before is None:
            continue
        known, now = before.absolute or before.outcome, result.outcome
        why = _not_comparable(base, known, now)
        if why:
            notices.append(f"the tests of `{result.item.id}` were not compared by name with {base.where}: {why}")
        elif known.tests is not None and now.tests is None:
            text = f"does not name the tests of the item {result.item.id} any more, so they cannot be compared"
            found[EvidenceWeakening(UNKNOWN, text, _results_file(result, side.folder))] = None
        elif known.tests is not None and now.tests is not None:
            comparison = compare(known.tests, now.tests)
            compared += comparison.compared
            found |= dict.fromkeys(_told(comparison, side, _results_file(result, side.folder), ahead=base.ahead))
    return ComparedRuns(tuple(found), compared, tuple(notices))


def _not_comparable(base: BaseResults, before: Outcome, now: Outcome) -> str:
    """Why names cannot be compared; empty where they can, or where neither side has tests."""
    if before.tests is None and now.tests is None:
        return ""
    if not base.named:
        return "the tip of the policy branch itself is judged"
    if before.tests is None:
        return "its report does not name them; evaluate the base again with this version"
    if now.status not in {Status.PASSED, Status.FAILED}:
        return f"here the item is {now.status.value.replace('_', ' ')}"
    return ""


def _results_file(result: Result, folder: str) -> str:
    """Where a test is told that no source seems to declare."""
    evidence = result.outcome.evidence
    return posixpath.join(folder, evidence[0].name) if evidence else ""


def _told(comparison: RunComparison, side: ComparedSide, report: str, *, ahead: bool) -> Iterator[EvidenceWeakening]:
    places = {one: side.sources.find(one.place, one.function) for one in comparison.lost}
    own = [one for one in comparison.lost if not _in_sources(one, side, there=places[one] is not None)]
    left = RunComparison(tuple(own), comparison.came, comparison.compared).renamed(lambda one: places[one] is None)
    if ahead:  # a test that this branch has not taken over yet, or that has more cases there
        left = tuple(one for one in left if places[one] is not None and one.whole)
    for one in left[:_MOST]:
        path, line = places[one] or (report, None)
        yield _weakening(one, path, line)
    if len(left) > _MOST:
        digest = hashlib.sha256(repr(left[_MOST:]).encode("utf-8", "backslashreplace")).hexdigest()
        text = f"does not run {count(len(left) - _MOST, 'more test')} as it did"
        yield EvidenceWeakening(NOT_RUN, text, report, before=f"sha256:{digest}")


def _in_sources(lost: LostTest, side: ComparedSide, *, there: bool) -> bool:
    """Whether the comparison of the sources has judged this very loss.

    Args:
        lost: The test.
        side: What the sources show.
        there: Whether a source that can be meant still has the name.
    """
    if not lost.whole:
        return any(_explains(test, lost) and _is(test, lost, there=True) for test in side.judged if test.rows)
    if lost.absent and any(_is(test, lost, there=there) for test in side.judged if not test.rows):
        return True
    word = re.compile(rf"(?<!\w){re.escape(lost.function)}(?!\w)")
    return any(one.code in _SAME and belongs(one.path, lost.place) and word.search(one.text) for one in side.weakenings)


def _explains(test: JudgedTest, lost: LostTest) -> bool:
    """Whether so many cases go with the rows: all by one table, or by one of two whose rows are multiplied."""
    pairs = ((size, test.rows - size) for size in range(1, test.rows))
    tables = {test.rows, *(size for size, other in pairs if size * other == lost.was)}
    return any(lost.was * test.fewer == len(lost.names) * size for size in tables)


def _is(test: JudgedTest, lost: LostTest, *, there: bool) -> bool:
    """Whether a test that is gone from the sources is the one that did not run."""
    named = test.name == lost.function or any(
        name == test.name or name.endswith(f" {test.name}") for name in lost.names
    )
    if not named or not there:
        return named
    around = f"{lost.place}\n{lost.names[0]}"
    return belongs(test.path, lost.place) and all(suite in around for suite in test.suites[-1:])


def _weakening(lost: LostTest, path: str, line: int | None) -> EvidenceWeakening:
    title = _short(lost.function) + (f" of {_short(lost.place)}" if lost.place else "")
    if not lost.whole:
        some = f", {lost.skipped} of them skipped" if lost.skipped else ""
        text = f"runs the test {title} for fewer cases ({lost.was} → {lost.was - len(lost.names)}{some})"
        return EvidenceWeakening(FEWER, text, path, line)
    if lost.skipped:
        return EvidenceWeakening(SKIPPED, f"skips the test {title}, which ran on the base", path, line)
    return EvidenceWeakening(NOT_RUN, f"does not run the test {title} any more", path, line)


def _short(name: str) -> str:
    """A name that may be very long, still told apart from others."""
    if len(name) <= _LONGEST:
        return safe(name)
    digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    return f"{safe(name[:_LONGEST])} … {digest}"
