"""Reads JUnit XML; there is no standard, and each producer counts in its own way."""

from readiness_checks.junit.formats.junit_xml.reading import NAMES, read, recognises

__all__ = ["NAMES", "read", "recognises"]
