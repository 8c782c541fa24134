"""Which way a setting is stricter: how checks declare it, and how two values of a setting are compared."""

from readiness.strictness import stricter

__all__ = ["stricter"]
