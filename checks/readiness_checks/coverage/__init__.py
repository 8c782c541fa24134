"""The check `coverage`: test coverage, recomputed from the raw data of every common format."""

from readiness_checks.coverage.check import Coverage, Source

__all__ = ["Coverage", "Source"]
