"""Holds what the attributes of JUnit XML claim against the elements that it shows.

One rule: the cases of a suite, and what its producer counts beside them or leaves out, have to explain its totals. What
producers count, as files that they wrote show:

- surefire 3: each attempt of a case, in `tests` and in `failures`.
- mocha-junit-reporter 2.2: pending cases, which it does not write unless `includePending` is on.
- pytest 9: parts of a case (`subtests`, `subTest`), and a case that breaks in its teardown a second time.
- pytest-rerunfailures 16, flaky 3.8: a case once, though they write each attempt, one that failed like one that passed.
- jest-junit 17: no `test.todo`, which it writes like a case that passed in no time.
- Catch2 3, doctest 2.4: assertions.
- Bats 1.8: a `teardown_file` that broke, as a test more; it writes it as the failure of the last case.
- node 20: the cases and suites right inside of a suite, not those further inside.
- Mocha's `xunit`, gotestsum 1.12: no hook and no package that broke, though they write a case for it. Where a hook
  broke, mocha-junit-reporter counts the tests behind it, and does not write them.
- minitest-junit 2, UnitTest++: errors among the failures, too.
- Codeception 4 (PHPUnit 7): no case with a warning.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness_checks.junit.cases import PYTEST
from readiness_checks.junit.formats.junit_xml.states import number, says_that_it_broke

_SKIPPED = ("skipped", "skips", "skip", "ignored", "disabled")
"""What tools call the number of cases that did not run."""
_AGAIN = "it is cut off or was edited: run the tests again"
_BY_DOCTEST = frozenset(("name", "errors", "failures", "tests"))
"""The attributes of the one suite that doctest writes; since 2.4.9 also its version and times."""
_DOCTEST_VERSION = "doctest_version"


@dataclass
class Suite:
    """A suite, and the numbers of what it holds, however deeply."""

    element: Element
    outer: "Suite | None" = None
    seen: Counter[str] = field(default_factory=Counter)
    """`cases`, of them `broken`, `hooks` that broke, `idle`, `warned`, `quick` (passed in no time) and `run` (by their
    status); `own` cases and `groups`, only those right inside; elements of `trouble`, those `beside` cases or a case's
    second and later ones, `skips`, and `attempts` that are no case."""
    by_pytest: bool = False
    """Whether pytest wrote it; its name may be chosen, that of the root may not."""
    inner: int = 0
    """Tests that the suites right inside claim; what they hold where they claim nothing."""
    unwritten: int | None = None
    """Skipped cases that it counts and does not show; None where it does not count skipped ones."""
    allowed: int = 0
    """Skipped cases that it need not show: its own, or those that the suite around it counts."""

    def __post_init__(self) -> None:
        self.by_pytest = self.element.get("name") in PYTEST or (self.outer is not None and self.outer.by_pytest)

    @property
    def claimed(self) -> int | None:
        """Its tests, as it says."""
        return number(self.element.get("tests", "").strip())

    @property
    def counts_assertions(self) -> bool:
        """Whether Catch2 or doctest wrote it: they tell themselves by a fixed word, and by the attributes."""
        told = self.element.attrib.keys()
        doctest = (told == _BY_DOCTEST or _DOCTEST_VERSION in told) and self.seen["run"] == self.seen["cases"]
        in_bare_root = self.outer is not None and not self.outer.element.attrib
        return self.element.get("hostname") == "tbd" or (doctest and in_bare_root)


@dataclass(frozen=True)
class Unseen:
    """What explains the totals of a file, and is no case in it."""

    skips: int = 0
    """Skipped cases that it counts and does not show."""
    parts: int = 0
    """Parts of cases, or assertions, that it counts as tests."""
    to_do: Sequence[tuple[Suite, int]] = ()
    """Suites that show cases as passed in no time and do not count them, and how many: those did not run."""


def explain(name: str, suites: Sequence[Suite]) -> Unseen:
    """What explains the totals of all suites.

    Args:
        name: Of the file, for messages.
        suites: All of them, outer ones before those that they hold.

    Raises:
        CheckError: Nothing explains one of them.
    """
    for suite in suites:
        for word in ("tests", "failures", "errors", *_SKIPPED):
            _count(name, suite, word)
        if suite.outer is not None:
            suite.outer.inner += suite.seen["cases"] if suite.claimed is None else suite.claimed
    parts = 0
    to_do: list[tuple[Suite, int]] = []
    for suite in suites:
        _compare_trouble(name, suite)
        suite.unwritten = _unwritten(name, suite)
        suite.allowed = suite.unwritten if suite.unwritten is not None else suite.outer.allowed if suite.outer else 0
        more = 0 if suite.claimed is None else suite.claimed - suite.seen["cases"]
        if suite.counts_assertions or (suite.by_pytest and more > 0):
            parts += max(more - suite.seen["beside"], 0)
        elif more > 0 and (suite.seen["hooks"] or _of_bats_that_broke(suite)):
            continue  # it broke; the tests behind a hook that breaks are counted, and not written
        elif more > suite.seen["beside"] + suite.seen["attempts"] + suite.allowed:
            raise _contradiction(name, suite, f"{suite.claimed} tests", f"{suite.seen['cases']} cases")
        elif more < 0 and _leaves_out_to_do(name, suite, -more):
            to_do.append((suite, -more))
        elif more < 0 and not _counts_fewer(suite):
            raise _contradiction(name, suite, f"{suite.claimed} tests", f"{suite.seen['cases']} cases")
    return Unseen(_unseen_skips(name, suites), parts, to_do)


def _of_bats_that_broke(suite: Suite) -> bool:
    """Whether `teardown_file` of Bats broke: counted as a test, and written into the last case as its failure."""
    return suite.element.get("name", "").endswith(".bats") and suite.seen["broken"] > 0


def _compare_trouble(name: str, suite: Suite) -> None:
    if says_that_it_broke(suite.element) and not suite.seen["broken"] + suite.seen["trouble"]:
        raise _contradiction(name, suite, "that it failed", "no case that did")
    failures, errors = _count(name, suite, "failures"), _count(name, suite, "errors")
    shown = max(suite.seen["trouble"], suite.seen["broken"])
    claimed = failures if failures >= errors and failures <= shown else failures + errors
    if claimed > shown + suite.seen["attempts"]:
        remedy = "it is cut off or was edited, or the tool broke beside all tests: see what it says, and run them again"
        raise _contradiction(name, suite, f"{claimed} failures and errors", f"{shown} failing elements", remedy)


def _unwritten(name: str, suite: Suite) -> int | None:
    """Skipped cases beyond those that are shown: they are only told where the number of tests holds them, too."""
    if not any(suite.element.get(word) for word in _SKIPPED):
        return None
    claimed = max(_count(name, suite, word) for word in _SKIPPED)
    shown = max(suite.seen["idle"], suite.seen["skips"])
    missing = max(claimed - shown, 0)
    hidden = (
        0 if suite.claimed is None or suite.by_pytest else suite.claimed - suite.seen["cases"] - suite.seen["attempts"]
    )
    if missing > max(hidden, 0):
        raise _contradiction(name, suite, f"{claimed} skipped", f"{shown} skipped elements")
    return missing


def _leaves_out_to_do(name: str, suite: Suite, missing: int) -> bool:
    """Whether jest-junit may have written it: each suite and the root tell all numbers, and all but one agree."""
    told = {"tests", "failures", "errors", "skipped"} <= suite.element.attrib.keys() and not suite.seen["groups"]
    within = suite.outer is not None and {"tests", "failures", "errors"} <= suite.outer.element.attrib.keys()
    agrees = _count(name, suite, "failures") + _count(name, suite, "errors") == suite.seen["broken"]
    return told and within and agrees and suite.seen["quick"] >= missing


def _counts_fewer(suite: Suite) -> bool:
    """Whether a known way to count explains that fewer tests are claimed than cases are shown."""
    seen, claimed = suite.seen, suite.claimed
    left_out = seen["broken"] + seen["warned"] + (seen["idle"] if suite.unwritten is None else 0)
    right_inside = {seen["own"], seen["own"] + seen["groups"], seen["own"] + suite.inner} if seen["groups"] else set()
    return claimed is None or claimed >= seen["cases"] - left_out or claimed in right_inside


def _unseen_skips(name: str, suites: Sequence[Suite]) -> int:
    """Skipped cases that no element shows, each counted once.

    Raises:
        CheckError: Suites count more cases beyond their own than the suite around them says were skipped.
    """
    found: Counter[int] = Counter()
    excess: Counter[int] = Counter()
    for suite in reversed(suites):
        total = max(suite.unwritten or 0, found[id(suite)])
        if suite.unwritten is not None and excess[id(suite)] > suite.unwritten and not suite.by_pytest:
            claim = f"{suite.unwritten} skipped cases that are not shown"
            raise _contradiction(name, suite, claim, f"suites that claim {excess[id(suite)]}")
        if suite.outer is None:
            return total
        found[id(suite.outer)] += total
        if suite.unwritten is None and suite.claimed is not None and not suite.counts_assertions:
            known = suite.seen["cases"] + suite.seen["beside"] + suite.seen["attempts"]
            excess[id(suite.outer)] += max(suite.claimed - known, 0)
    return 0


def _contradiction(name: str, suite: Suite, claim: str, shown: str, remedy: str = _AGAIN) -> CheckError:
    suite_name = suite.element.get("name", "")[:80]
    return CheckError(f"{name} contradicts itself: suite `{suite_name}` claims {claim}, but has {shown}", remedy)


def _count(name: str, suite: Suite, word: str) -> int:
    """A number that an attribute claims; Mocha's `xunit` writes less than none skipped where hooks break."""
    text = suite.element.get(word, "").strip() or "0"
    found = number(text.removeprefix("-") if word == "skipped" else text)
    if found is None:
        raise CheckError(f"{name} has `{word}={text[:50]!r}`, which is no count", "run the tests again")
    return 0 if text.startswith("-") else found
