"""Adds to a run what an earlier attested verdict of the same branch knows: nothing that it rested on may be gone."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from readiness.attestation.against import Loss, losses
from readiness.attestation.summary import Statement
from readiness.checklist import RECORDS_APPEND_ONLY, Checklist, Item
from readiness.git import GitError, Repository
from readiness.outcome import Finding, Outcome, Status
from readiness.records.judging.append_only import SECTION
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import show
from readiness.records.storage.allowed_signers import Roster
from readiness.records.storage.work_tree import Records
from readiness.report import Result
from readiness.text import short

_ORDER = (Status.FAILED, Status.ERROR)
"""What speaks against a release, the worst first."""


def recall(
    said: Statement, given: Sequence[Result], root: Path, now: datetime, checklist: Checklist, *, policy: str = ""
) -> tuple[Result, ...]:
    """Hold the records against an earlier verdict.

    Args:
        said: A verdict that a trusted key has signed.
        given: What is known before the run, the item about the history of the records among it.
        root: Folder of the checklist.
        now: The date of the run.
        checklist: The one that judges.
        policy: Object id of the commit that the policy is read from; empty for the work tree.

    Returns:
        The same, with the item about the history of the records failed when something is gone.
    """
    try:
        evidence = _evidence(said, root, now, checklist, policy)
        outcome = _outcome(said, losses(said, evidence, Repository(root)))
    except (RecordsError, GitError) as error:
        remedy = getattr(error, "remedy", "") or "run it in a full clone of the branch"
        outcome = Outcome(status=Status.ERROR, summary=short(str(error)), remedy=remedy)
    item = Item(id=RECORDS_APPEND_ONLY, title="Records were only ever added", check="records")
    own = next((result for result in given if result.item.id == RECORDS_APPEND_ONLY), None)
    if own is None:
        return (*given, Result(item=item, section=SECTION, outcome=outcome))
    both = own.model_copy(update={"outcome": _worse(own.outcome, outcome)})
    return tuple(both if result is own else result for result in given)


def _evidence(said: Statement, root: Path, now: datetime, checklist: Checklist, policy: str) -> RecordEvidence:
    """Records as they are now; none are read for a verdict that rests on none."""
    if not said.predicate.verdict.records:
        return RecordEvidence(root, now, Roster(()), Records(), policy=policy)
    rules, people = checklist.policy, checklist.people
    return read_evidence(root, now, rules=rules, people=people, policy=policy, file=checklist.source)


def _outcome(said: Statement, found: Sequence[Loss]) -> Outcome:
    given_at, looked_at = show(said.predicate.time_verified), 1 + len(said.predicate.verdict.records)
    if not found:
        return Outcome(
            status=Status.PASSED,
            summary=f"all that the verdict of {given_at} rested on is still there",
            examined=looked_at,
            unit="commits and records",
        )
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return Outcome(
        status=Status.FAILED,
        summary=f"since the verdict of {given_at}: {found[0].text}{more}",
        examined=looked_at,
        unit="commits and records",
        findings=tuple(Finding(message=loss.text, rule=loss.code, remedy=loss.remedy) for loss in found),
        remedy=found[0].remedy,
    )


def _worse(one: Outcome, other: Outcome) -> Outcome:
    """The outcome that speaks more against a release, with the findings of both."""
    if one.status is Status.PASSED and other.status is Status.PASSED:
        return one.model_copy(update={"summary": f"{one.summary}; {other.summary}"})
    first, second = sorted((one, other), key=lambda each: _ORDER.index(each.status) if each.status in _ORDER else 2)
    return first.model_copy(update={"findings": (*first.findings, *second.findings)})
