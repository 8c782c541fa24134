"""The check `command`: a command ends with the exit code that is expected."""

from readiness_checks.command.check import Command

__all__ = ["Command"]
