"""Signed records: sign-offs, waivers and revocations, kept as files and verifiable with OpenSSH alone.

What plugins may use is named here, and imported when it is first used. The packages below import in one direction:

    ssh       keys and signatures in OpenSSH's formats
    model     what a record says, and what an item asks for
    storage   records and rosters in the work tree and in commits
    history   what the policy branch went through: its dates, its records, its earlier rosters and roles
    judging   whether a record counts, and how an item stands
    writing   drafts and signs new records
    review    what a reviewer reads: the ledger, timelines, what lapses, past days
    export    an archive for auditors, and the second opinion of OpenSSH
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from readiness.records.judging.outcome import judge_signoffs
    from readiness.records.judging.signoff_policy import SignoffPolicy
    from readiness.records.model.errors import RecordsError

_HOMES = {
    "RecordsError": "model.errors",
    "SignoffPolicy": "judging.signoff_policy",
    "judge_signoffs": "judging.outcome",
}

__all__ = ["RecordsError", "SignoffPolicy", "judge_signoffs"]


def __getattr__(name: str) -> Any:
    """Import a public name from its home."""
    if name in _HOMES:
        return getattr(import_module(f"readiness.records.{_HOMES[name]}"), name)
    raise AttributeError(f"module `readiness.records` has no attribute `{name}`")
