"""Reads `readiness.yaml` into a checklist, and reports every mistake in it with its place."""

from readiness.loading.diagnostics import ChecklistError, Diagnostic, NoChecklistError
from readiness.loading.loader import load, validate
from readiness.loading.lookup import NAMES, find
from readiness.loading.outline import outline

__all__ = ["NAMES", "ChecklistError", "Diagnostic", "NoChecklistError", "find", "load", "outline", "validate"]
