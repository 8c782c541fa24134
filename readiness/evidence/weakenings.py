"""Finds every way in which a change weakens the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.evidence.change import ChangedFile, EvidenceWeakening, JudgedTest
from readiness.evidence.configuration import looser_configuration
from readiness.evidence.suppressions import new_suppressions
from readiness.evidence.weakened_tests import compare_tests


@dataclass(frozen=True)
class ComparedSources:
    """What a change does to the sources of the evidence."""

    weakenings: tuple[EvidenceWeakening, ...]
    """By path and line."""
    judged: tuple[JudgedTest, ...]
    """Tests that have another name or place now, none, or fewer rows, whether that weakens or not."""


def find_weakenings(change: Sequence[ChangedFile]) -> tuple[EvidenceWeakening, ...]:
    """How a change weakens the tests, the suppressions and the configuration of tools, by path and line. Pure."""
    return compare_sources(change).weakenings


def compare_sources(change: Sequence[ChangedFile]) -> ComparedSources:
    """Compare the tests, the suppressions and the configuration of tools before and after a change. Pure.

    Args:
        change: Every file that differs; what moved between files is matched over all of them.
    """
    tests = compare_tests(change)
    found = (*tests.weakenings, *new_suppressions(change), *looser_configuration(change))
    in_order = sorted(found, key=lambda weakening: (weakening.path, weakening.line or 0, weakening.code))
    return ComparedSources(tuple(in_order), tests.judged)
