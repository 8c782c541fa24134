"""Compares the tests that ran with those that ran on the policy branch, by name, and says which of them are lost.

The sources are compared before the run, and see the bodies: what they show removed or renamed is judged there. Names
show what no source does: a test that is still there and does not run.
"""

import hashlib
import posixpath
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.ran_tests import LostTest, RanTest, RunComparison, compare
from readiness.evidence.written import Sources, words_of
from readiness.outcome import Outcome, Status
from readiness.policy.judged_tests import JudgedTests
from readiness.ratchet import BaseResults
from readiness.report import Result
from readiness.text import count, safe

NOT_RUN, SKIPPED, FEWER, UNKNOWN = "test-not-run", "test-skipped-in-run", "test-cases-not-run", "tests-not-named"
CODES = frozenset({NOT_RUN, SKIPPED, FEWER, UNKNOWN})
"""Weakenings that are seen in the results of a run alone."""
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
    tests: JudgedTests
    """What they show of tests."""
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
            comparison = compare(known.tests, now.tests, may_move=partial(_may_move, side))
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
    running = side.tests.running(comparison.new)
    own = [one for one in comparison.lost if not _in_sources(one, side.tests, running, there=places[one] is not None)]
    may_be = replace(comparison, lost=tuple(own))
    left = may_be.renamed(lambda one: places[one] is None and not side.tests.stays(one))
    if ahead:  # a test that this branch has not taken over yet, or that has more cases there
        left = tuple(one for one in left if one.whole and (places[one] is not None or side.tests.stays(one)))
    for one in left[:_MOST]:
        path, line = places[one] or (report, None)
        yield _weakening(one, path, line)
    if len(left) > _MOST:
        digest = hashlib.sha256(repr(left[_MOST:]).encode("utf-8", "backslashreplace")).hexdigest()
        text = f"does not run {count(len(left) - _MOST, 'more test')} as it did"
        yield EvidenceWeakening(NOT_RUN, text, report, before=f"sha256:{digest}")


def _in_sources(lost: LostTest, tests: JudgedTests, running: Container[str], *, there: bool) -> bool:
    """Whether the comparison of the sources has judged this very loss."""
    if not lost.whole:
        return tests.fewer_rows(lost)
    return (lost.absent and tests.gone(lost, running, there=there)) or tests.told(lost)


def _may_move(side: ComparedSide, old: RanTest, new: RanTest) -> bool:
    """Whether a test can be the new one of the same name elsewhere: not if it stands where it stood."""
    here = side.sources.find(old.place, old.function)
    if here is None or not side.sources.same_class(here[0], old.place):
        return True
    if side.tests.left(LostTest(old.place, old.function, (old.name,), 1, 0)):
        return True
    there = side.sources.find(new.place, new.function)
    inner = old.place.rpartition(".")[2]
    return there is not None and there[0] == here[0] and inner in words_of(new.place)


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
