"""Compares a repository with an earlier attested verdict: what it rested on must still be there.

History that was pushed back, on the host or by an administrator, lacks some of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from readiness.attestation import AttestationError
from readiness.attestation.demand import Objection
from readiness.attestation.envelope import read_file
from readiness.attestation.keys import TrustedKey
from readiness.attestation.statement import Statement
from readiness.attestation.verification import authenticate
from readiness.checklist import RECORDS_APPEND_ONLY
from readiness.git import GitError, Repository
from readiness.moment import show
from readiness.outcome import Finding, Outcome, Status
from readiness.records.judging import append_only
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import Roster
from readiness.records.storage.reading import resolve
from readiness.records.storage.work_tree import Records, record_path
from readiness.run_policy import RunPolicy
from readiness.text import short

_REMEDY = (
    "find out who pushed the branch back (the host's log of pushes), and restore it from a clone that has commit {}"
)


@dataclass(frozen=True)
class Loss:
    """Something that an attested verdict depended on, and that is gone."""

    code: str
    """Stable: `history-rewritten` or `record-gone`."""
    text: str
    remedy: str


def read_earlier_verdict(path: Path, keys: Sequence[TrustedKey]) -> Statement:
    """Read an attested verdict that is compared with.

    Raises:
        AttestationError: It cannot be read, or none of the keys has signed it: it says nothing then.
    """
    found = authenticate(read_file(path), keys)
    if found.statement is None or found.objections:
        first = found.objections[0]
        raise AttestationError(f"`{short(str(path))}` cannot be compared with: {short(first.text)}", first.remedy)
    return found.statement


def losses(said: Statement, evidence: RecordEvidence, repository: Repository) -> tuple[Loss, ...]:
    """Compare an attested verdict with what is there now.

    The commit that its policy came from has to be part of the policy branch's history: whatever else was recorded by
    then, revocations included, is then held by the append-only history. The records are looked for themselves, too.

    Args:
        said: A verdict that a trusted key has signed, of this repository and branch.
        evidence: Records and history as they are now.
        repository: Seen from the folder of the checklist.

    Raises:
        GitError: There is no commit to compare with.
    """
    verdict = said.predicate.verdict
    commit = verdict.policy.commit if verdict.policy is not None else _judged(said)
    tip = repository.resolve(evidence.policy or "HEAD")
    remedy = _REMEDY.format(short(commit)[:10] or "unknown")
    found = []
    if not _contains(repository, tip, commit):
        where = f"the branch at {tip[:10]} does not contain commit {short(commit)[:10] or 'unknown'} any more"
        found.append(Loss("history-rewritten", f"{where}, by whose policy the verdict was given", remedy))
    there = {record.digest: record for record in evidence.kept.records}
    for fact in verdict.records:
        record = there.get(fact.record)
        name = record_path(fact.record) if fact.record.isalnum() else short(fact.record)
        what = f"{name} ({fact.action} of {short(fact.item)} by {short(fact.principal)})"
        if record is None:
            found.append(Loss("record-gone", f"{what} is gone", remedy))
        elif record.signature is None:
            found.append(Loss("record-gone", f"the signature of {what} is gone", remedy))
    return tuple(found)


def left_branch(said: Statement, ref: str, folder: Path) -> tuple[Objection, ...]:
    """What speaks against a verdict whose policy the branch does not contain (any more), as far as a clone can tell.

    Args:
        said: The verdict.
        ref: The branch.
        folder: Where a clone may be; a shallow one, or one without the branch, cannot tell.

    Raises:
        GitError: Git cannot read the clone.
    """
    repository, policy = Repository.find(folder), said.predicate.verdict.policy
    if repository is None or policy is None or repository.shallow:
        return ()
    try:
        tip = resolve(repository, ref).commit
    except RecordsError:
        return ()
    if _contains(repository, tip, policy.commit):
        return ()
    text = f"the policy of commit {short(policy.commit)[:10]} judged, which {short(ref)} at {tip[:10]} does not contain"
    remedy = "fetch, if this clone is older; otherwise find out who pushed the branch back (the host's log of pushes)"
    return (Objection("refuted", "policy-not-in-branch", text, remedy),)


def _judged(said: Statement) -> str:
    return next((one.digest["gitCommit"] for one in said.subject if "gitCommit" in one.digest), "")


def _contains(repository: Repository, tip: str, commit: str) -> bool:
    """Whether a commit is another or one of its ancestors; False when it is not even there."""
    try:
        return repository.merge_base(tip, commit) == repository.resolve(commit)
    except GitError:
        return False


def recall(found: RunPolicy, said: Statement, now: datetime) -> RunPolicy:
    """Add to what a run is judged by that nothing is gone that an earlier verdict rested on.

    Args:
        found: What the run is judged by, the item about the history of the records among it.
        said: A verdict that a trusted key has signed.
        now: The date of the run.

    Returns:
        The same, with that item failed when something is gone.
    """
    try:
        outcome = _outcome(said, losses(said, _basis(said, found, now), Repository(found.root)))
    except (RecordsError, GitError) as error:
        remedy = getattr(error, "remedy", "") or "run it in a full clone of the branch"
        outcome = Outcome(status=Status.ERROR, summary=short(str(error)), remedy=remedy)
    own = next((result for result in found.given if result.item.id == RECORDS_APPEND_ONLY), None)
    if own is None:
        return replace(found, given=(*found.given, append_only.as_result(outcome, found.checklist)))
    both = append_only.as_result(_worse(own.outcome, outcome), found.checklist)
    return replace(found, given=tuple(both if result is own else result for result in found.given))


def _basis(said: Statement, found: RunPolicy, now: datetime) -> RecordEvidence:
    """Records as they are now; none are read for a verdict that rests on none."""
    if not said.predicate.verdict.records:
        return RecordEvidence(found.root, now, Roster(()), Records(), policy=found.commit)
    checklist = found.checklist
    return read_evidence(
        found.root, now, rules=checklist.policy, people=checklist.people, policy=found.commit, file=checklist.source
    )


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
    order = (Status.FAILED, Status.ERROR)
    first, second = sorted(
        (one, other), key=lambda each: order.index(each.status) if each.status in order else len(order)
    )
    return first.model_copy(update={"findings": (*first.findings, *second.findings)})
