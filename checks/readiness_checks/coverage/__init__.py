"""The check `coverage`: test coverage, computed from the raw data of reports in every common format."""

from readiness_checks.coverage.check import Coverage, Source

__all__ = ["Coverage", "Source"]
