"""The content of a coverage report of any format: counts for each file, computed from the raw data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

from readiness.outcome import CheckError

Metric = Literal["lines", "branches", "functions", "statements", "combined"]
_RANGES = 8
"""Ranges of lines that a finding names."""
_RUN_AGAIN = "run the tests again, and let them write their coverage"


@dataclass(frozen=True)
class Count:
    """How many of how many."""

    covered: int
    total: int

    def __add__(self, other: "Count") -> "Count":
        return Count(self.covered + other.covered, self.total + other.total)

    @property
    def missing(self) -> int:
        """How many are not covered."""
        return self.total - self.covered

    @property
    def percent(self) -> Fraction:
        """Exactly; 100 where there is nothing to cover."""
        return Fraction(100 * self.covered, self.total) if self.total else Fraction(100)


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


@dataclass(frozen=True)
class Measured:
    """One report."""

    format: str
    files: tuple[File, ...]
    produced_at: datetime | None = None
    """By its own word; None where it gives none."""
    folders: tuple[str, ...] = field(default=())
    """Folders that it says its names are relative to."""

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


def contradiction(name: str, what: str, claimed: object, seen: object) -> CheckError:
    """The error for a report whose totals are not those of its raw data."""
    return CheckError(f"{name} contradicts itself: {what} is {claimed}, but its raw data give {seen}", _RUN_AGAIN)


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
