"""The check `headers`: pages are served with headers that protect their users."""

from readiness_checks.headers.check import Headers

__all__ = ["Headers"]
