"""The check `secrets`: no secret is in a tracked file or, if the item says so, in the git history."""

from readiness_checks.secrets.check import Secrets

__all__ = ["Secrets"]
