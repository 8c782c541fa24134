"""Reads TAP, the Test Anything Protocol; the innermost test points are the cases."""

from readiness_checks.junit.formats.tap.reading import NAMES, read, recognises

__all__ = ["NAMES", "read", "recognises"]
