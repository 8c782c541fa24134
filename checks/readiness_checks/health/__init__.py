"""The check `health`: a service and its components say that they are well."""

from readiness_checks.health.check import Component, Health

__all__ = ["Component", "Health"]
