"""The check `env`: every variable has a real, well-formed value, and no secret among them is weak or in git."""

from readiness_checks.env.check import Env
from readiness_checks.env.rule import Rule

__all__ = ["Env", "Rule"]
