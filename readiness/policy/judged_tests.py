"""Finds what the comparison of the sources has said of a test that did not run, in one look for each."""

import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from readiness.evidence.change import EvidenceWeakening, JudgedTest
from readiness.evidence.ran_tests import LostTest, RanTest
from readiness.evidence.written import belongs, handles, words_of

_SAME = frozenset({"test-removed", "test-not-collected", "test-skipped"})
"""What the sources say of a test that does not run at all."""
_WORD = re.compile(r"\w+")
_TEMPLATE = re.compile(r"[%$#{<]")
"""What titles have that are filled in for each case: `adds %i`."""
_LONGEST = 1_000
"""Characters of a title."""
_TITLES = 32
"""Ends of a name that can be the title of a test."""


class JudgedTests:
    """What the sources show of tests.

    Args:
        judged: Tests that they have no more under their name and place, or for fewer rows.
        weakenings: What they show.
    """

    def __init__(self, judged: Iterable[JudgedTest], weakenings: Iterable[EvidenceWeakening]) -> None:
        self._named: dict[str, list[JudgedTest]] = defaultdict(list)
        self._placed: dict[tuple[str, str], list[JudgedTest]] = defaultdict(list)
        self._rows: dict[tuple[str, str], list[JudgedTest]] = defaultdict(list)
        self._told: dict[tuple[str, str], list[EvidenceWeakening]] = defaultdict(list)
        for test in judged:
            kept = self._rows if test.rows else self._placed
            for handle in handles(test.path):
                kept[test.name, handle].append(test)
            if not test.rows:
                self._named[test.name].append(test)
        for weakening in weakenings:
            if weakening.code in _SAME:
                for word in set(_WORD.findall(weakening.text)):
                    for handle in handles(weakening.path):
                        self._told[word, handle].append(weakening)

    def running(self, new: Iterable[RanTest]) -> frozenset[str]:
        """The new names of renamed and moved tests that are among those of a report."""
        wanted = {test.now for tests in self._named.values() for test in tests if test.now}
        endings = (ending for test in new for ending in _endings(test.function, (test.name,)))
        return frozenset(ending for ending in endings if ending in wanted) if wanted else frozenset()

    def gone(self, lost: LostTest, running: Container[str], *, there: bool) -> bool:
        """Whether the sources show a test removed, or under a name that is new in the report.

        Args:
            lost: The test.
            running: New names that are in the report.
            there: Whether a source that can be meant still has the name.
        """
        here = list(self._here(self._placed, lost))
        found = here if here or there else self._anywhere(lost)
        return any(not test.now or test.now in running for test in found)

    def stays(self, lost: LostTest) -> bool:
        """Whether the sources still have a test, under a name or in a place that the report would tell."""
        return any(test.now and not _TEMPLATE.search(test.now) for test in self._here(self._placed, lost))

    def left(self, lost: LostTest) -> bool:
        """Whether the sources show that a test has left its place."""
        return any(True for _ in self._here(self._placed, lost))

    def fewer_rows(self, lost: LostTest) -> bool:
        """Whether as many cases are lost as rows went."""
        return any(_explains(test, lost) for test in self._here(self._rows, lost))

    def told(self, lost: LostTest) -> bool:
        """Whether a weakening of the sources is about a test."""
        word = re.compile(rf"(?<!\w){re.escape(lost.function)}(?!\w)")
        longest = max(_WORD.findall(lost.function), key=len, default="")
        known = (one for handle in words_of(lost.place) for one in self._told.get((longest, handle), ()))
        return any(belongs(one.path, lost.place) and word.search(one.text) for one in known)

    def _anywhere(self, lost: LostTest) -> Iterator[JudgedTest]:
        for name in _endings(lost.function, lost.names):
            yield from self._named.get(name, ())

    def _here(self, kept: Mapping[tuple[str, str], Collection[JudgedTest]], lost: LostTest) -> Iterator[JudgedTest]:
        around = f"{lost.place}\n{lost.names[0]}"
        for name in _endings(lost.function, lost.names):
            for handle in words_of(lost.place):
                for test in kept.get((name, handle), ()):
                    if belongs(test.path, lost.place) and all(suite in around for suite in test.suites[-1:]):
                        yield test


def _explains(test: JudgedTest, lost: LostTest) -> bool:
    """Whether so many cases go with the rows: all by one table, or by one of two whose rows are multiplied."""
    pairs = ((size, test.rows - size) for size in range(1, test.rows))
    tables = {test.rows, *(size for size, other in pairs if size * other == lost.was)}
    return any(lost.was * test.fewer == len(lost.names) * size for size in tables)


def _endings(function: str, names: Iterable[str]) -> Iterator[str]:
    """What a test can be called in the sources: its function, its name, or how a name ends (Jest puts suites first)."""
    found = {function: None}
    for name in names:
        words = name[-_LONGEST:].split(" ")
        found |= {
            name: None,
            **dict.fromkeys(" ".join(words[at:]) for at in range(max(1, len(words) - _TITLES), len(words))),
        }
    yield from found
