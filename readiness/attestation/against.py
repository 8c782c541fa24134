"""Whether what an attested verdict rested on is still there: history that was pushed back has lost some of it."""

from dataclasses import dataclass

from readiness.attestation.summary import Statement
from readiness.git import GitError, Repository
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.storage.work_tree import record_path
from readiness.text import short

_REMEDY = (
    "find out who pushed the branch back (the host's log of pushes), and restore it from a clone that has commit {}"
)


@dataclass(frozen=True)
class Loss:
    """Something that an attested verdict rested on, and that is gone."""

    code: str
    """Stable: `history-rewritten` or `record-gone`."""
    text: str
    remedy: str


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


def _judged(said: Statement) -> str:
    return next((one.digest["gitCommit"] for one in said.subject if "gitCommit" in one.digest), "")


def _contains(repository: Repository, tip: str, commit: str) -> bool:
    """Whether a commit is another or one of its ancestors; False when it is not even there."""
    try:
        return repository.merge_base(tip, commit) == repository.resolve(commit)
    except GitError:
        return False
