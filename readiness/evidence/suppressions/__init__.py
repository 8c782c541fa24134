"""Finds the comments and annotations of a change that switch a tool off for a piece of code."""

from readiness.evidence.suppressions.compare import new_suppressions
from readiness.evidence.suppressions.foreign import group_of

__all__ = ["group_of", "new_suppressions"]
