"""The evidence for judging records: who may sign, what was signed, and since when."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from readiness.checklist import Person, Policy
from readiness.git import GitError, Repository
from readiness.records.history.all_records import AllRecords, read_all_records
from readiness.records.history.branch import Branch, BranchCommit
from readiness.records.history.branch import Violation as Violation  # noqa: PLC0414 - part of what evidence says
from readiness.records.history.earlier_policy import EarlierPolicy, read_committed_roster
from readiness.records.history.violations import removed_keys, unrevoked_key
from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People
from readiness.records.storage.allowed_signers import (
    REVOKED_KEYS,
    ROSTER_LIMIT,
    Roster,
    parse_revoked,
    read_revoked,
    read_roster,
)
from readiness.records.storage.covered_files import CoveredFiles
from readiness.records.storage.reading import read_committed
from readiness.records.storage.work_tree import FOLDER, Records, load_records
from readiness.text import short


@dataclass(frozen=True)
class RecordEvidence:
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
    branch: Branch = field(default_factory=Branch)
    """The history of the policy branch; without a commit where there is none."""
    violations: tuple[Violation, ...] = ()
    """What was edited, deleted or brought back in the history of the records, or is by the proposed change."""
    earlier_policy: EarlierPolicy | None = None
    """Who might sign in earlier commits; None where there is no history."""
    files: CoveredFiles = field(default_factory=CoveredFiles)
    """Covered files that were asked for before."""
    memo: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was found out from this evidence before."""

    @property
    def dated(self) -> bool:
        """Whether a git history tells since when records are there; otherwise dates are not compared."""
        return self.earlier_policy is not None

    @property
    def commits(self) -> int:
        """How many commits of the policy branch were examined."""
        return len(self.branch.line)

    @property
    def seen(self) -> Mapping[str, BranchCommit]:
        """By digest of the record: the commit that brought it. One that is not here is not on the policy branch yet."""
        return self.branch.seen

    def since(self, digest: str) -> datetime:
        """Since when a record is on the policy branch; the date of the run for one that is not there yet."""
        found = self.seen.get(digest)
        return self.now if found is None else found.at


def read_evidence(
    root: Path,
    now: datetime,
    *,
    rules: Policy | None = None,
    people: Mapping[str, tuple[str, ...] | Person] | None = None,
    policy: str = "",
    content: str = "",
    file: str = "",
) -> RecordEvidence:
    """Read roster and records.

    Records are those of the policy's commit and those of the work tree. With no policy given, the policy's commit is
    HEAD, and the roster that of the work tree.

    Args:
        root: Folder of the checklist.
        now: The date of the run.
        rules: What the checklist says about its own rules.
        people: What is printed of people, and their other names, from the checklist.
        policy: Object id of the commit that the policy is read from; empty for the work tree.
        content: Object id of the commit that covered files are taken from, and the records of the proposed change;
            empty for the work tree.
        file: Name of the checklist file; the usual names when empty.

    Raises:
        RecordsError: Roster or records cannot be read, or are refused; the history is cut off, or cannot be read.
    """
    evidence = RecordEvidence(root, now, Roster(()), Records(), People(people), rules or Policy(), policy, content)
    repository = _repository(root)
    return _without_history(evidence) if repository is None else _with_history(evidence, repository, file)


def _without_history(evidence: RecordEvidence) -> RecordEvidence:
    if evidence.policy or evidence.content:
        raise RecordsError("there is no git repository to read the policy from", "run it in a clone")
    return replace(evidence, roster=read_roster(evidence.root), kept=load_records(evidence.root))


def _with_history(evidence: RecordEvidence, repository: Repository, file: str) -> RecordEvidence:
    root, policy, content = evidence.root, evidence.policy, evidence.content
    roster = read_committed_roster(repository, policy) if policy else read_roster(root)
    from readiness.loading import NAMES  # the checklist's reader is not needed outside git

    names = (file,) if file else NAMES
    all_records = read_all_records(repository, policy=policy, content=content, names=names)
    proposed = _proposed_revocations(repository, roster, policy, content)
    return replace(
        evidence,
        roster=replace(roster, revoked=roster.revoked | proposed | frozenset(all_records.revoked)),
        kept=all_records.kept,
        branch=all_records.branch,
        violations=_violations(repository, all_records, roster, proposed),
        earlier_policy=EarlierPolicy(repository, all_records.branch.versions, names),
    )


def _repository(root: Path) -> Repository | None:
    """The repository of a folder; None outside of any.

    Raises:
        RecordsError: There is one that git refuses to read: nothing may be judged as if it had no history.
    """
    try:
        return Repository(root)
    except GitError as error:
        if not any((folder / ".git").exists() for folder in (root.absolute(), *root.absolute().parents)):
            return None
        raise RecordsError(
            f"the history of the records cannot be read: {short(str(error))}",
            "make the repository readable for git; in a container, see git's `safe.directory`",
        ) from error


def _proposed_revocations(repository: Repository, roster: Roster, policy: str, content: str) -> frozenset[bytes]:
    """Keys that the proposed change revokes: to revoke is to strengthen, so it counts at once."""
    if content:
        data = read_committed(repository, content, REVOKED_KEYS, ROSTER_LIMIT)
        return parse_revoked(data or b"")
    return read_revoked(repository.folder) if policy else roster.revoked


def _violations(
    repository: Repository, all_records: AllRecords, roster: Roster, proposed: frozenset[bytes]
) -> tuple[Violation, ...]:
    again = {key: name for key, name in all_records.revoked.items() if key not in roster.revoked}
    brought_back = [unrevoked_key(fingerprint, "key-unrevoked") for fingerprint in sorted(again.values())]
    keys = removed_keys(repository, all_records.anchor, proposed | frozenset(again)) if all_records.anchor else []
    return (*all_records.branch.violations, *brought_back, *all_records.removed, *keys)


def has_records(root: Path, policy: str = "") -> bool:
    """Whether there are records or a roster, or HEAD or the policy has any; where none ever were, nothing is walked.

    Args:
        root: Folder of the checklist.
        policy: Object id of the commit that the policy is read from; empty for the work tree.

    Raises:
        RecordsError: There are records, or a policy, and git refuses to say anything about them.
    """
    top = FOLDER.partition("/")[0]
    there = (root / top).exists() or (root / top).is_symlink()
    try:
        repository = Repository(root)
        commits = [commit for commit in (repository.head, policy) if commit]
    except GitError:
        return there or bool(policy)
    try:
        return there or any(repository.tree(commit, [top]) for commit in commits)
    except GitError as error:
        raise RecordsError(f"git cannot read HEAD: {short(str(error))}", "repair the repository") from error
