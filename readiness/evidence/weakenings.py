"""Finds every way in which a change weakens the evidence."""

from collections.abc import Sequence
from itertools import chain

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration import looser_configuration
from readiness.evidence.suppressions import new_suppressions
from readiness.evidence.weakened_tests import weakened_tests


def find_weakenings(change: Sequence[ChangedFile]) -> tuple[EvidenceWeakening, ...]:
    """Compare the tests, the suppressions and the configuration of tools before and after a change. Pure.

    Args:
        change: Every file that differs; what moved between files is matched over all of them.

    Returns:
        The weakenings, by path and line.
    """
    found = chain(weakened_tests(change), new_suppressions(change), looser_configuration(change))
    return tuple(sorted(found, key=lambda weakening: (weakening.path, weakening.line or 0, weakening.code)))
