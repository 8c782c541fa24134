"""Checks that tests register as a plugin distribution of their own, and a host that answers about them here."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest

from readiness import Check, Context, Duration, Outcome, Status
from readiness.evidence.change import Comparing, WeakenedEvidence
from readiness.evidence.reading import compare_commits
from readiness.outcome import Value
from readiness.plugins import Description, Problem, describe, load_check, problems
from readiness.report import Plugin


class Source(Value):
    """One source."""

    path: Path
    """Where it is."""
    metric: Literal["lines", "branches"] = "lines"
    minimum: float
    """Lowest share that is enough, in percent."""


class Named(Value):
    """A named exception."""

    name: str
    reason: str


class Measured(Check):
    """Every source reaches its minimum.

    Why: For the tests.
    """

    sources: tuple[Source, ...]
    """What is measured."""
    max_age: Duration | None = None
    """Age from which it is stale."""
    level: Literal["1.2", "1.3"] = "1.2"
    """A word that looks like a number."""
    strict: bool = False
    ignore: tuple[str | Named, ...] = ()
    """Names, with or without a reason."""
    labels: dict[str, int] = {}

    def run(self, context: Context) -> Outcome:
        """Pass, having looked at each source."""
        del context
        return Outcome(status=Status.PASSED, summary="all reach it", examined=len(self.sources), unit="sources")


class Plain(Check):
    """Nothing is asked."""

    note: str = ""

    def run(self, context: Context) -> Outcome:
        """Pass."""
        del context
        return Outcome(status=Status.PASSED, summary="fine", examined=1)


class LocalHost:
    """Answers about checks in this process, and counts the questions."""

    def __init__(self) -> None:
        self.asked = 0

    def describe(self, plugin: Plugin) -> Description:
        return describe(load_check(plugin))

    def problems(self, plugin: Plugin, params: Mapping[str, Any]) -> Sequence[Problem]:
        self.asked += 1
        return problems(load_check(plugin), params)

    def compare(self, asked: Comparing) -> WeakenedEvidence:
        return compare_commits(asked)


def register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a distribution with the checks `measured`, `plain` and `broken` for the time of a test."""
    metadata = folder / "sample_checks-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-checks\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[readiness.checks]\n"
        "measured = support.sample_checks:Measured\n"
        "plain = support.sample_checks:Plain\n"
        "broken = support.no_such_module:Broken\n"
    )
    monkeypatch.syspath_prepend(str(folder))
