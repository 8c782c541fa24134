"""The content of a coverage report of any format: counts for each file, computed from the raw data."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

from readiness.outcome import CheckError

Metric = Literal["lines", "branches", "functions", "statements", "combined"]
_RANGES = 8
"""Ranges of lines that a finding names."""
LONGEST = 1_000_000
"""Lines that a source file may have: a report of more asks for memory, and is about no source."""
_RUN_AGAIN = "run the tests again, and let them write their coverage"


@dataclass(frozen=True)
class Count:
    """How many of how many."""

    covered: int
    total: int

    def __add__(self, other: "Count") -> "Count":
        return Count(self.covered + other.covered, self.total + other.total)

    def __str__(self) -> str:
        return f"{self.covered} of {self.total}"

    @property
    def missing(self) -> int:
        """How many are not covered."""
        return self.total - self.covered

    @property
    def percent(self) -> Fraction:
        """Exactly; 100 where there is nothing to cover."""
        return Fraction(100 * self.covered, self.total) if self.total else Fraction(100)


HIT, MISSED = Count(1, 1), Count(0, 1)
"""What counts as one, and was run or was not."""
Parts = Mapping[Hashable, Count]
"""What is counted, each by a name that other reports of the same format give it, too."""


@dataclass(frozen=True)
class File:
    """One source file."""

    name: str
    """As the report calls it; not trusted."""
    counts: Mapping[Metric, Count]
    missing: tuple[int, ...] = ()
    """Lines that are not covered, sorted; empty where the format does not say."""
    last_line: int = 0
    """The highest line that the report mentions."""
    excluded: tuple[int, ...] | None = None
    """Lines that were taken out of the count, sorted; None where the format does not say."""
    hits: Mapping[int, int] | None = None
    """How often each line was run; None where the format gives sums alone."""
    parts: Mapping[Metric, Parts] = field(default_factory=dict)
    """The branches, functions and statements that were counted, where the format tells them apart."""
    end: str = ""
    """The part of the name that is a path, where the beginning is the name of a module of the build."""


@dataclass(frozen=True)
class Measured:
    """One report."""

    format: str
    files: tuple[File, ...]
    produced_at: datetime | None = None
    """By its own word; None where it gives none."""
    folders: tuple[str, ...] = field(default=())
    """Folders that it says its names are relative to."""
    by_package: bool = False
    """Whether its names are those of packages and files, and say nothing of the folder that holds the sources."""
    notes: tuple[str, ...] = ()
    """How its producer counts, where that gives other totals than lines and branches do."""
    disputed: Mapping[Metric, str] = field(default_factory=dict)
    """Metrics whose totals are not what the raw data give, while those of the lines are; with what is told of it."""
    trim: Callable[[File, bytes], File] | None = None
    """Takes out of a file what its source asks to leave out, where the producer does so after it wrote the report."""

    @property
    def metrics(self) -> list[Metric]:
        """What it measures."""
        return sorted({metric for file in self.files for metric in file.counts})

    def total(self, metric: Metric) -> Count:
        """Sum over all files."""
        return sum((file.counts[metric] for file in self.files if metric in file.counts), Count(0, 0))


def counts(**given: Count | None) -> dict[Metric, Count]:
    """Counts by metric, those left out that are None; `combined` is lines (or statements) and branches together."""
    found: dict[Metric, Count] = {}
    for metric in ("lines", "branches", "functions", "statements"):
        count = given.get(metric)
        if count is not None:
            found[metric] = count
    if "lines" in found and "branches" in found:
        found["combined"] = found["lines"] + found["branches"]
    return found


def detailed(
    name: str,
    hits: Mapping[int, int],
    *,
    branches: Parts | None = None,
    functions: Parts | None = None,
    statements: Parts | None = None,
    excluded: tuple[int, ...] | None = None,
    end: str = "",
) -> File:
    """A file whose lines are known, and branches, functions and statements unless they are not measured (None)."""
    lines, missing, last = line_counts(hits)
    given: dict[Metric, Parts | None] = {"branches": branches, "functions": functions, "statements": statements}
    parts = {metric: found for metric, found in given.items() if found is not None}
    sums = {metric: sum(found.values(), Count(0, 0)) for metric, found in parts.items()}
    return File(
        name=name,
        counts=counts(lines=lines, **sums),
        missing=missing,
        last_line=last,
        excluded=excluded,
        hits=hits,
        parts=parts,
        end=end,
    )


def one(hit: object) -> Count:
    """One part, which was run or was not."""
    return HIT if hit else MISSED


def numbered(found: Iterable[tuple[Hashable, Count]]) -> dict[Hashable, Count]:
    """Parts by their names; several of one name are told apart by their order."""
    seen: Counter[Hashable] = Counter()
    parts: dict[Hashable, Count] = {}
    for name, count in found:
        parts[name, seen[name]] = count
        seen[name] += 1
    return parts


def line_counts(hits: Mapping[int, int]) -> tuple[Count, tuple[int, ...], int]:
    """Count lines by their hits; also those without any, and the last."""
    missing = tuple(sorted(line for line, hit in hits.items() if not hit))
    return Count(len(hits) - len(missing), len(hits)), missing, max(hits, default=0)


def ranges(lines: Sequence[int]) -> str:
    """Lines as `3-5, 9`."""
    groups: list[tuple[int, int]] = []
    for line in lines:
        if groups and line == groups[-1][1] + 1:
            groups[-1] = (groups[-1][0], line)
        else:
            groups.append((line, line))
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in groups[:_RANGES])
    return shown + (", …" if len(groups) > _RANGES else "")


def said_otherwise(what: str, claimed: object, seen: object) -> str:
    """What is told of a total that the raw data do not give."""
    return f"{what} is {claimed}, but its raw data give {seen}"


def contradiction(name: str, what: str, claimed: object, seen: object) -> CheckError:
    """The error for a report whose totals are not those of its raw data."""
    return CheckError(f"{name} contradicts itself: {said_otherwise(what, claimed, seen)}", _RUN_AGAIN)


def malformed(name: str, why: str) -> CheckError:
    """The error for a report that cannot be read."""
    return CheckError(f"{name} cannot be read: {why}", _RUN_AGAIN)


def require_equal(name: str, pairs: Iterable[tuple[str, object, object]]) -> None:
    """Compare what a report claims with what its raw data give; a claim of None is no claim.

    Raises:
        CheckError: Two differ.
    """
    for what, claimed, seen in pairs:
        if claimed is not None and claimed != seen:
            raise contradiction(name, what, claimed, seen)
