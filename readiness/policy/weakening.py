"""Compares two policies and finds the weakenings. Pure."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from readiness.checklist import Source
from readiness.loading.as_written import Resolved
from readiness.plugins import Description
from readiness.policy.items import Comparison, item_changes
from readiness.policy.keys import revoked_changes, signer_changes
from readiness.policy.refusals import Refusal, lifted_by_revoked, lifted_by_roles, lifted_by_signers, release_changes
from readiness.policy.roles_and_services import plain_changes, rights_changes, service_changes
from readiness.records.storage.allowed_signers import Roster
from readiness.report import PolicyChange

_ORDER = {"weakens": 0, "strengthens": 1, "neutral": 2}
_SHA256 = 64
"""Characters of a digest."""
_TOP = {
    "policy-": ("policy",), "project-": ("project",), "release-": ("release",), "people-": ("people",),
    "person-": ("people",), "role-": ("roles",), "service-": ("services",), "environment-": ("environments",),
    "sections-": ("sections",),
}  # fmt: skip


@dataclass(frozen=True)
class ComparedPolicy:
    """One policy: a checklist in all its environments, a roster, and the files that items are judged by."""

    checklist: Resolved | None
    """None when there is none."""
    roster: Roster | None = None
    """Who may sign; None when there is no roster."""
    revoked: Mapping[bytes, str] = field(default_factory=dict)
    """Fingerprints of revoked keys, by key."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files that items are judged by, by path from the top; empty for one that is not there."""
    folder: str = ""
    """Folder of the checklist, from the top."""
    signed: frozenset[str] = frozenset()
    """Releases for which its commit has records."""
    refused: tuple[Refusal, ...] = ()
    """Rejections and revocations that its commit has."""
    asked: str = ""
    """Release that the command line names, whatever the checklist says; empty when it names none."""

    @property
    def settings(self) -> int:
        """How many settings there are to compare."""
        signers = len((*self.roster.signers, *self.roster.producers)) if self.roster is not None else 0
        written = _leaves(self.checklist.checklist.model_dump(mode="json")) if self.checklist is not None else 0
        services = sum(map(_leaves, self.checklist.services.values())) if self.checklist is not None else 0
        return written + services + signers + len(self.revoked) + len(self.files)


def compare(
    before: ComparedPolicy, after: ComparedPolicy, checks: Mapping[str, Description]
) -> tuple[PolicyChange, ...]:
    """List every difference, weakenings first.

    What changes without a known direction weakens.

    Args:
        before: The policy that judges.
        after: The one that is proposed.
        checks: What the checks of both say about themselves, by name.
    """
    found: list[PolicyChange] = []
    if before.checklist is not None and after.checklist is None:
        found.append(_dropped())
    elif before.checklist is not None and after.checklist is not None:
        found += _checklists(before.checklist, after.checklist, checks)
        own, proposed = before.checklist.checklist.release, after.checklist.checklist.release
        lifted = lifted_by_roles(before.checklist.checklist, after.checklist.checklist, before.refused)
        found += (_placed(one, after.checklist, part="roles") for one in lifted)
        found += (_placed(one, after.checklist) for one in release_changes(own, proposed, after.asked, before.signed))
    found += signer_changes(before.roster, after.roster)
    found += lifted_by_signers(before.roster, after.roster, before.refused)
    found += revoked_changes(before.revoked, after.revoked)
    found += lifted_by_revoked(before.revoked, after.revoked, before.refused)
    found += _files(before, after)
    return weakest_first(found)


def weakest_first(changes: Iterable[PolicyChange]) -> tuple[PolicyChange, ...]:
    """Put weakenings first, and what is neutral last."""
    return tuple(sorted(changes, key=lambda change: _ORDER[change.kind]))


def paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Which environments of two checklists to compare with each other; the empty name stands for having none."""
    common = [(name, name) for name in before if name in after]
    if common:
        return common
    if list(before) == [""]:
        return [("", name) for name in after]
    return [(name, after[0]) for name in before]


def _checklists(before: Resolved, after: Resolved, checks: Mapping[str, Description]) -> Iterator[PolicyChange]:
    environments = paired(list(before.params), list(after.params))
    directions = {name: check.directions for name, check in checks.items()}
    for change in (
        *item_changes(Comparison(before, after, environments, directions)),
        *rights_changes(before.checklist, after.checklist),
        *service_changes(before, after, environments),
        *plain_changes(before.checklist, after.checklist),
    ):
        yield _placed(change, after)


def _leaves(value: Any) -> int:
    below = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else None
    return 1 if below is None else sum(map(_leaves, below))


def _dropped() -> PolicyChange:
    return PolicyChange(kind="weakens", code="checklist-dropped", text="drops the checklist")


def _placed(change: PolicyChange, after: Resolved, part: str = "") -> PolicyChange:
    """Say where the proposed checklist says it: the item, or else the part of the file."""
    places: Mapping[tuple[str, ...], Source] = after.places
    own = (part,) if part else ()
    top = next((path for start, path in _TOP.items() if change.code.startswith(start)), own)
    place = places.get(("items", change.item)) if change.item else places.get(top)
    return change if place is None else change.model_copy(update={"source": place})


def _files(before: ComparedPolicy, after: ComparedPolicy) -> Iterator[PolicyChange]:
    """Files that items are judged by: their content decides."""
    for path, digest in before.files.items():
        now = after.files.get(path, "")
        if now != digest:
            verb = "changes" if now and digest else "drops" if digest else "adds"
            yield PolicyChange(
                kind="weakens",
                code="trusted-file-changed",
                text=f"{verb} {path}, by which items are judged",
                before=_digest(digest),
                after=_digest(now),
                source=Source(file=posixpath.relpath(path.partition(" (")[0], before.folder or "."), line=1, column=1),
            )


def _digest(said: str) -> str:
    return f"sha256:{said}" if len(said.partition(" ")[0]) == _SHA256 else said
