"""The check `dependencies`: no package that is shipped has a known vulnerability."""

from readiness_checks.dependencies.check import Dependencies, Ignore

__all__ = ["Dependencies", "Ignore"]
