"""Reads `readiness.yaml` into a checklist, and reports every mistake with its line and column."""

from readiness.loading.as_written import outline
from readiness.loading.diagnostics import ChecklistError, Diagnostic, NoChecklistError
from readiness.loading.file import NAMES, find
from readiness.loading.loader import is_release, load, validate

__all__ = [
    "NAMES",
    "ChecklistError",
    "Diagnostic",
    "NoChecklistError",
    "find",
    "is_release",
    "load",
    "outline",
    "validate",
]
