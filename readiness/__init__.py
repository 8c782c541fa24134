"""An executable, signed go/no-go checklist.

    from readiness import load, run

    report = run(load("readiness.yaml"))
    print(report.verdict.word, report.verdict.reason)

Everything public is named here and imported when it is first used, so that the command line starts fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from readiness.version import __version__

if TYPE_CHECKING:
    from readiness.check import Check, Context
    from readiness.checklist import Checklist, Item, Section
    from readiness.duration import Duration
    from readiness.engine import run
    from readiness.loading import ChecklistError, load
    from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
    from readiness.report import Report, Result, Verdict, VerdictWord

_HOMES = {
    "Check": "check",
    "CheckError": "outcome",
    "Checklist": "checklist",
    "ChecklistError": "loading",
    "Context": "check",
    "Duration": "duration",
    "Evidence": "outcome",
    "Finding": "outcome",
    "Item": "checklist",
    "Level": "outcome",
    "Measurement": "outcome",
    "Outcome": "outcome",
    "Report": "report",
    "Result": "report",
    "Section": "checklist",
    "Status": "outcome",
    "Verdict": "report",
    "VerdictWord": "report",
    "load": "loading",
    "run": "engine",
}

__all__ = [
    "Check",
    "CheckError",
    "Checklist",
    "ChecklistError",
    "Context",
    "Duration",
    "Evidence",
    "Finding",
    "Item",
    "Level",
    "Measurement",
    "Outcome",
    "Report",
    "Result",
    "Section",
    "Status",
    "Verdict",
    "VerdictWord",
    "__version__",
    "load",
    "run",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home."""
    if name in _HOMES:
        return getattr(import_module(f"readiness.{_HOMES[name]}"), name)
    raise AttributeError(f"module `readiness` has no attribute `{name}`")
