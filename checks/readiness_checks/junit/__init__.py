"""The check `junit`: test results in JUnit XML and every other common format."""

from readiness_checks.junit.check import JUnit

__all__ = ["JUnit"]
