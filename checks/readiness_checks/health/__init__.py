"""The check `health`: a service and its components report that they are healthy."""

from readiness_checks.health.check import Component, Health

__all__ = ["Component", "Health"]
