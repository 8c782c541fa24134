"""Finds the comments and annotations of a change that switch a tool off for a piece of code."""

from readiness.evidence.suppressions.compare import new_suppressions

__all__ = ["new_suppressions"]
