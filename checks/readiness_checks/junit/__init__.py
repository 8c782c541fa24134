"""The check `junit`: test results in JUnit's XML format."""

from readiness_checks.junit.check import JUnit

__all__ = ["JUnit"]
