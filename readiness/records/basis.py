"""All that a judgement of records rests on, besides the question: who may sign, what was signed, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from readiness.checklist import Policy
from readiness.records import roster as rosters
from readiness.records import store
from readiness.records.people import People
from readiness.records.roster import Roster
from readiness.records.store import Problem, Records


@dataclass(frozen=True)
class Seen:
    """The commit that first brought a record to the policy branch."""

    commit: str
    """Object id."""
    at: datetime
    """Date of the commit, by its committer."""


@dataclass(frozen=True)
class Basis:
    """What records are judged by."""

    root: Path
    """Folder of the checklist."""
    now: datetime
    """The date of the run."""
    roster: Roster
    kept: Records
    people: People = field(default_factory=People)
    rules: Policy = field(default_factory=Policy)
    policy: str = ""
    """Object id of the commit that the policy was read from; empty for the work tree."""
    content: str = ""
    """Object id of the commit that covered files are taken from; empty for HEAD, which the work tree must equal."""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """By digest of the record. One that is not here is new: nobody has brought it to the policy branch yet."""
    dated: bool = False
    """Whether a git history tells since when records are there; otherwise dates are not compared."""
    violations: tuple[Problem, ...] = ()
    """What was edited, deleted or brought back in the history of the records."""


def read_basis(
    root: Path,
    now: datetime,
    *,
    rules: Policy | None = None,
    people: Mapping[str, tuple[str, ...]] | None = None,
    policy: str = "",
    content: str = "",
) -> Basis:
    """Read roster and records.

    Args:
        root: Folder of the checklist.
        now: The date of the run.
        rules: What the checklist says about its own rules.
        people: Other names of a person, from the checklist.
        policy: Object id of the commit that the policy is read from; empty for the work tree.
        content: Object id of the commit that covered files are taken from; empty for HEAD.

    Raises:
        RecordsError: Roster or records cannot be read, or are refused.
    """
    return Basis(
        root=root,
        now=now,
        roster=rosters.read(root),
        kept=store.load(root),
        people=People(people),
        rules=rules or Policy(),
        policy=policy,
        content=content,
    )
