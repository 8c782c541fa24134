"""An executable, signed go/no-go checklist.

    from readiness import load, run

    report = run(load("readiness.yaml"))
    print(report.verdict.word, report.verdict.reason)

Everything public is named here and imported when it is first used, so that the command line starts fast.
"""

from readiness import judged_tree

judged_tree.leave()  # before anything else is imported, for that could come from the folder that is judged

from importlib import import_module
from typing import TYPE_CHECKING, Any

from readiness.version import __version__

if TYPE_CHECKING:
    from readiness.check import Check, Context
    from readiness.checklist import POLICY_WEAKENING, PRINCIPAL, Checklist, Item, Section, Source
    from readiness.duration import Duration
    from readiness.engine import run
    from readiness.git import Commit, GitError, Repository
    from readiness.loading import ChecklistError, load
    from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
    from readiness.redaction import looks_secret
    from readiness.report import Report, Result, Verdict, VerdictWord

_HOMES = {
    "PRINCIPAL": "checklist",
    "POLICY_WEAKENING": "checklist",
    "Check": "check",
    "CheckError": "outcome",
    "Checklist": "checklist",
    "ChecklistError": "loading",
    "Commit": "git",
    "Context": "check",
    "Duration": "duration",
    "Evidence": "outcome",
    "Finding": "outcome",
    "GitError": "git",
    "Item": "checklist",
    "Level": "outcome",
    "Measurement": "outcome",
    "Outcome": "outcome",
    "Report": "report",
    "Repository": "git",
    "Result": "report",
    "Section": "checklist",
    "Source": "checklist",
    "Status": "outcome",
    "Verdict": "report",
    "VerdictWord": "report",
    "load": "loading",
    "looks_secret": "redaction",
    "run": "engine",
}

__all__ = [
    "POLICY_WEAKENING",
    "PRINCIPAL",
    "Check",
    "CheckError",
    "Checklist",
    "ChecklistError",
    "Commit",
    "Context",
    "Duration",
    "Evidence",
    "Finding",
    "GitError",
    "Item",
    "Level",
    "Measurement",
    "Outcome",
    "Report",
    "Repository",
    "Result",
    "Section",
    "Source",
    "Status",
    "Verdict",
    "VerdictWord",
    "__version__",
    "load",
    "looks_secret",
    "run",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home."""
    if name in _HOMES:
        return getattr(import_module(f"readiness.{_HOMES[name]}"), name)
    raise AttributeError(f"module `readiness` has no attribute `{name}`")
