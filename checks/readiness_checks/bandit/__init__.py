"""The check `bandit`: the Python code has none of the insecure patterns that bandit knows."""

from readiness_checks.bandit.check import Bandit

__all__ = ["Bandit"]
