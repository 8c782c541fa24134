"""Finds how a change weakens the tests: removed, skipped, narrowed, no longer collected, asserting less.

The sources are parsed and compared, nothing is evaluated. A test that is moved or renamed is found again by its body.
"""

from readiness.evidence.weakened_tests.comparison import ComparedTests, compare_tests, weakened_tests

__all__ = ["ComparedTests", "compare_tests", "weakened_tests"]
