"""Compares two values of a setting: which is stricter, as checks declare it."""

from readiness.strictness import stricter

__all__ = ["stricter"]
