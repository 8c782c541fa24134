"""Judges whether the records were only ever added to: an item that every run adds by itself where there are records."""

from datetime import datetime
from pathlib import Path

from readiness.checklist import Item, Policy
from readiness.git import GitError, Repository
from readiness.outcome import Finding, Outcome, Status
from readiness.records.basis import Basis, Violation, read_basis
from readiness.records.errors import RecordsError
from readiness.records.store import FOLDER
from readiness.records.words import short
from readiness.report import Result

IDENTIFIER = "records-append-only"
"""Id of the item."""
SECTION = "Policy and records"
"""Title of the section that such items stand in."""
_SHOWN = 50


def intact(
    root: Path, now: datetime, *, rules: Policy | None = None, policy: str = "", file: str = ""
) -> Result | None:
    """Judge the history of the records of a folder.

    Args:
        root: Folder of the checklist.
        now: The date of the run.
        rules: What the checklist says about its own rules.
        policy: Object id of the commit that the policy is read from; empty for the work tree.
        file: Name of the checklist file.

    Returns:
        A blocker that has passed, failed, or is an error because it cannot be told; None where there never was a
        record and no policy is asked for, and outside of git.
    """
    try:
        if not policy and not _concerned(root):
            return None
        basis = read_basis(root, now, rules=rules, policy=policy, file=file)
        outcome = judge_intact(basis)
    except RecordsError as error:
        outcome = Outcome(
            status=Status.ERROR,
            summary=short(error.summary),
            findings=error.findings[:_SHOWN],
            remedy=error.remedy,
        )
    if outcome is None:
        return None
    item = Item(id=IDENTIFIER, title="Records were only ever added", check="records")
    return Result(item=item, section=SECTION, outcome=outcome)


def judge_intact(basis: Basis) -> Outcome | None:
    """Say what was edited, deleted or brought back; None where there is no history, or never was a record."""
    kept = basis.kept
    there = kept.records or kept.problems or basis.seen or basis.violations
    if not basis.dated or not basis.commits or not (there or basis.policy):
        return None
    commits = f"{basis.commits} commit{'' if basis.commits == 1 else 's'}"
    records = f"{len(kept.records)} record{'' if len(kept.records) == 1 else 's'}"
    if not basis.violations:
        return Outcome(
            status=Status.PASSED,
            summary=f"nothing was edited, deleted or brought back: {records}, {commits}",
            examined=basis.commits,
            unit="commits",
        )
    first = basis.violations[0]
    more = f" (and {len(basis.violations) - 1} more)" if len(basis.violations) > 1 else ""
    return Outcome(
        status=Status.FAILED,
        summary=f"{short(first.path)}: {first.reason}{more}",
        examined=basis.commits,
        unit="commits",
        findings=tuple(_finding(violation) for violation in basis.violations[:_SHOWN]),
        remedy=first.remedy,
    )


def _finding(violation: Violation) -> Finding:
    return Finding(message=violation.reason, rule=violation.code, path=short(violation.path), remedy=violation.remedy)


def _concerned(root: Path) -> bool:
    """Whether there are records, or HEAD has any; a repository that never used them is not walked.

    Raises:
        RecordsError: There are records, and git refuses to say anything about them.
    """
    there = (root / FOLDER).parent.exists()
    try:
        repository = Repository(root)
    except GitError:
        return there
    try:
        return there or bool(repository.head and repository.tree("HEAD", [FOLDER.partition("/")[0]]))
    except GitError as error:
        raise RecordsError(f"git cannot tell what HEAD holds: {short(str(error))}", "repair the repository") from error
