"""Finds tests that ran at the base and do not run any more, by the names that both test runs report. Pure.

Names are free to change: a test that ran elsewhere under its name, or for other values, has moved. What is left are
tests that were skipped, that are missing, or that ran for fewer cases.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from readiness.outcome import TestNames

_CASE = re.compile(r"[\[({/]")
"""What a name goes on with for one of several cases: `test_total[2-3]`, `total(int)[2]`, `TestTotal/empty`."""


@dataclass(frozen=True, order=True)
class RanTest:
    """One name of a report."""

    place: str
    """The class, file or suite that it belongs to."""
    name: str

    @classmethod
    def read(cls, line: str) -> "RanTest":
        """Read a line; one that a mask has garbled belongs nowhere."""
        place, _, name = line.rpartition("\t")
        return cls(place, name)

    @property
    def function(self) -> str:
        """The name without its case."""
        return _CASE.split(self.name, maxsplit=1)[0].strip() or self.name


@dataclass(frozen=True)
class LostTest:
    """One test, with all its cases, of which some or all do not run any more."""

    place: str
    function: str
    names: tuple[str, ...]
    """Its names at the base that ran, and neither run now nor have become another one."""
    was: int
    """With how many cases it ran at the base."""
    skipped: int
    """How many of `names` are reported as skipped."""
    dissolved: bool = False
    """Whether it runs on without cases, so that tests of their own may have come of them."""

    @property
    def whole(self) -> bool:
        """Whether no case of it runs any more."""
        return len(self.names) == self.was

    @property
    def absent(self) -> bool:
        """Whether the report does not know it any more, not even as skipped."""
        return self.whole and not self.skipped


@dataclass(frozen=True)
class RunComparison:
    """What became of the tests of the base."""

    lost: tuple[LostTest, ...]
    came: Mapping[str, int]
    """How many new names each place has that no test of the base has become."""
    compared: int
    """How many names of the base were compared."""
    new: tuple[RanTest, ...] = ()
    """The names that the base does not know, also those that tests of the base have become."""

    def renamed(self, may_be: Callable[[LostTest], bool]) -> tuple[LostTest, ...]:
        """What is lost, when in each place as many tests may have got another name as new ones came there.

        Args:
            may_be: Whether one that is absent can have got another name.
        """
        left, kept = Counter(self.came), []
        for one in self.lost:
            free = one.dissolved or (one.absent and may_be(one))
            if free and left[one.place] >= len(one.names):
                left[one.place] -= len(one.names)
            else:
                kept.append(one)
        return tuple(kept)


def _may_move(_old: RanTest, _new: RanTest) -> bool:
    """Whatever the sources say."""
    return True


def compare(
    before: TestNames, after: TestNames, *, may_move: Callable[[RanTest, RanTest], bool] = _may_move
) -> RunComparison:
    """Compare the tests that ran at the base with those that are reported now.

    A name that is reported several times counts once: tests run again, in several shards, for several versions.

    Args:
        before: Those of the base.
        after: Those of what is judged.
        may_move: Whether one of the base can be the new one of the same name in another place.
    """
    ran, now = set(_read(before.ran)), {*_read(after.ran), *_read(after.broken)}
    skipped = set(_read(after.skipped)) - now
    known = {*ran, *_read(before.broken), *_read(before.skipped)}
    new = sorted(now - known)
    absent, came = sorted(ran - now - skipped), new
    for key in (_by_name, _by_function, _by_function_anywhere):
        absent, came = _without_pairs(absent, came, key, may_move)
    lost = _grouped([*absent, *(ran & skipped)], ran, skipped, now)
    return RunComparison(lost, Counter(test.place for test in came), len(ran), tuple(new))


def _read(lines: str) -> Iterable[RanTest]:
    return map(RanTest.read, lines.split("\n")) if lines else ()


def _by_name(test: RanTest) -> Hashable:
    return test.name


def _by_function(test: RanTest) -> Hashable:
    return test.place, test.function


def _by_function_anywhere(test: RanTest) -> Hashable:
    return test.function


def _without_pairs(
    absent: list[RanTest],
    came: list[RanTest],
    key: Callable[[RanTest], Hashable],
    may_move: Callable[[RanTest, RanTest], bool],
) -> tuple[list[RanTest], list[RanTest]]:
    """What is left of both when each new name stands for one old name with the same key."""
    waiting: dict[Hashable, list[RanTest]] = defaultdict(list)
    for test in reversed(came):
        waiting[key(test)].append(test)
    left = []
    for test in absent:
        other = waiting[key(test)][-1:]
        if other and (other[0].place == test.place or may_move(test, other[0])):
            waiting[key(test)].pop()
        else:
            left.append(test)
    return left, sorted(test for tests in waiting.values() for test in tests)


def _grouped(
    lost: Iterable[RanTest], ran: Collection[RanTest], skipped: Collection[RanTest], now: Collection[RanTest]
) -> tuple[LostTest, ...]:
    """One entry for each test, however many of its cases are lost."""
    was = Counter((test.place, test.function) for test in ran)
    groups: dict[tuple[str, str], list[RanTest]] = defaultdict(list)
    for test in sorted(lost):
        groups[test.place, test.function].append(test)
    found = []
    for key, tests in sorted(groups.items()):
        idle = sum(test in skipped for test in tests)
        dissolved = not idle and RanTest(*key) in now and RanTest(*key) not in ran
        found.append(LostTest(*key, tuple(test.name for test in tests), was[key], idle, dissolved))
    return tuple(found)
