"""What a deploy job requires of a verdict, and what speaks against one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

ATTEST = "run `readiness check --attest` again"
"""What to do about most objections."""


@dataclass(frozen=True)
class Demand:
    """What a deploy job requires of a verdict."""

    commit: str
    """Full object id."""
    max_age: timedelta
    project: str | None = None
    release: str | None = None
    environment: str | None = None
    """None leaves it open."""
    phase: str = ""
    """The only phase that has to have been judged; empty for the whole checklist."""
    artifacts: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by name; each has to be attested."""
    conditional: bool = True
    """Whether CONDITIONAL_GO will do."""
    policy_ref: str | None = None
    """The ref, or the full object id of the commit, that the policy has to come from."""
    policy_sha256: str | None = None
    """SHA-256 of the checklist that has to have judged."""
    checklist: str | None = None
    """Path of the checklist, or of its folder, from the top of the repository."""
    report_sha256: str | None = None
    """SHA-256 of the report in JSON that has to be that of the run."""
    level: str | None = None
    """What the summary has to have verified, for instance `READINESS_GO`."""


@dataclass(frozen=True)
class Objection:
    """Why a verdict will not do."""

    kind: Literal["refuted", "lapsed"]
    """`lapsed`: it did once, and cannot be relied on any more."""
    code: str
    """Stable."""
    text: str
    remedy: str
