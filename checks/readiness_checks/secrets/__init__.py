"""The check `secrets`: no secret is written into a tracked file or, when asked, into history."""

from readiness_checks.secrets.check import Secrets

__all__ = ["Secrets"]
