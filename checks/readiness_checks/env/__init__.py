"""The check `env`: every variable is set, to a value that is real, well-formed, strong and not in git."""

from readiness_checks.env.check import Env
from readiness_checks.env.rule import Rule

__all__ = ["Env", "Rule"]
