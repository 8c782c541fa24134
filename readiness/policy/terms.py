"""A policy as it is compared with another: a checklist in all its environments, a roster, and files it leans on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from readiness.loading.as_written import Resolved
from readiness.records.storage.allowed_signers import Roster


@dataclass(frozen=True)
class ComparedPolicy:
    """One policy."""

    asked: Resolved | None
    """What the checklist asks; None when there is none."""
    roster: Roster | None = None
    """Who may sign; None when there is no roster."""
    revoked: Mapping[bytes, str] = field(default_factory=dict)
    """Fingerprints of revoked keys, by key."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files that it leans on, by path; empty for one that is not there."""

    @property
    def settings(self) -> int:
        """How many settings there are to compare."""
        signers = len(self.roster.signers) if self.roster is not None else 0
        written = _leaves(self.asked.checklist.model_dump(mode="json")) if self.asked is not None else 0
        services = sum(map(_leaves, self.asked.services.values())) if self.asked is not None else 0
        return written + services + signers + len(self.revoked) + len(self.files)


def _leaves(value: Any) -> int:
    below = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else None
    return 1 if below is None else sum(map(_leaves, below))
