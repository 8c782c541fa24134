"""What a proposed policy changes about the one that judges, and which of it weakens. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from readiness.checklist import Source
from readiness.loading.as_written import Resolved
from readiness.policy.items import item_changes
from readiness.policy.roles_and_services import plain_changes, rights_changes, service_changes
from readiness.policy.signers import revoked_changes, signer_changes
from readiness.policy.terms import ComparedPolicy
from readiness.report import PolicyChange

_ORDER = {"weakens": 0, "strengthens": 1, "neutral": 2}
_TOP = {
    "policy-": ("policy",), "project-": ("project",), "release-": ("release",), "people-": ("people",),
    "role-": ("roles",), "service-": ("services",), "environment-": ("environments",), "sections-": ("sections",),
}  # fmt: skip


def compare(before: ComparedPolicy, after: ComparedPolicy) -> tuple[PolicyChange, ...]:
    """Tell every difference, weakenings first.

    Strict where it cannot tell: what changes without a known direction weakens.

    Args:
        before: The policy that judges.
        after: The one that is proposed.
    """
    found: list[PolicyChange] = []
    if before.asked is not None and after.asked is None:
        found.append(_dropped())
    elif before.asked is not None and after.asked is not None:
        found += (_placed(change, after.asked) for change in _asked(before.asked, after.asked))
    found += signer_changes(before.roster, after.roster)
    found += revoked_changes(before.revoked, after.revoked)
    found += _files(before.files, after.files)
    return tuple(sorted(found, key=lambda change: _ORDER[change.kind]))


def paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Which environments of two checklists to compare with each other; the empty name stands for having none."""
    common = [(name, name) for name in before if name in after]
    if common:
        return common
    if list(before) == [""]:
        return [("", name) for name in after]
    return [(name, after[0]) for name in before]


def _asked(before: Resolved, after: Resolved) -> Iterator[PolicyChange]:
    environments = paired(list(before.params), list(after.params))
    yield from item_changes(before, after, environments)
    yield from rights_changes(before.checklist, after.checklist)
    yield from service_changes(before, after, environments)
    yield from plain_changes(before.checklist, after.checklist)


def _dropped() -> PolicyChange:
    return PolicyChange(kind="weakens", code="checklist-dropped", text="drops the checklist")


def _placed(change: PolicyChange, after: Resolved) -> PolicyChange:
    """Say where the proposed checklist says it: the item, or else the part of the file."""
    places: Mapping[tuple[str, ...], Source] = after.places
    top = next((path for start, path in _TOP.items() if change.code.startswith(start)), ())
    place = places.get(("items", change.item)) if change.item else places.get(top)
    return change if place is None else change.model_copy(update={"source": place})


def _files(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PolicyChange]:
    """Files that items of the judging policy lean on: their content decides."""
    for path, digest in before.items():
        now = after.get(path, "")
        if now != digest:
            verb = "changes" if now and digest else "drops" if digest else "adds"
            yield PolicyChange(
                kind="weakens",
                code="trusted-file-changed",
                text=f"{verb} {path}, by which items are judged",
                before=f"sha256:{digest}" if digest else "",
                after=f"sha256:{now}" if now else "",
            )
