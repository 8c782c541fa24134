"""The check `document`: policies and templates are present, complete and recent."""

from readiness_checks.document.check import Document

__all__ = ["Document"]
