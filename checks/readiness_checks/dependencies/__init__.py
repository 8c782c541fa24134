"""The check `dependencies`: no package that the project uses has a known vulnerability."""

from readiness_checks.dependencies.check import Dependencies, Ignore

__all__ = ["Dependencies", "Ignore"]
