"""The check `health`: a service and its components report that they are healthy."""

from readiness_checks.health.check import Health
from readiness_checks.health.expectation import Component

__all__ = ["Component", "Health"]
