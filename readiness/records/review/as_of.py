"""What was valid on a day: finds the commit that the policy branch had then, and judges by nothing that came later."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from readiness.checklist import Person, Policy
from readiness.git import Repository
from readiness.moment import deadline, show
from readiness.records.history.branch import BranchCommit, read_line
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.storage.commit import committed_files
from readiness.records.storage.reading import read_committed, resolve_in
from readiness.records.storage.work_tree import FOLDER, Records
from readiness.text import short


@dataclass(frozen=True)
class AsOf:
    """A moment, and where the policy branch was then."""

    moment: datetime
    commit: str = ""
    """Object id of the tip that the policy branch had; empty outside of git."""
    committed_at: datetime | None = None
    """Date of that commit."""
    notes: tuple[str, ...] = ()
    """What a reader has to know about the answer."""

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "moment": show(self.moment),
            "commit": self.commit,
            "committed_at": show(self.committed_at) if self.committed_at else None,
            "notes": list(self.notes),
        }


def read_moment(text: str) -> datetime:
    """Read a day, which means its end in UTC, or a moment with its offset.

    Raises:
        ValueError: It is neither.
    """
    try:
        return deadline(text.strip())
    except ValueError as error:
        raise ValueError(
            f"`{short(text)}` is no date: {error}; a date alone, 2026-11-23, means the end of that day in UTC"
        ) from error


def find_as_of(root: Path, moment: datetime, *, now: datetime, ref: str = "") -> AsOf:
    """Find where the policy branch was at a moment.

    The branch is the first-parent line of a ref. Git does not keep when a branch moved, so the dates of its commits
    tell, as `read_branch` gives them to every judgement.

    Args:
        root: Folder of the checklist.
        moment: The moment; in the future, the branch is taken to stay where it is.
        now: The date of the run.
        ref: The policy branch; HEAD when empty.

    Raises:
        RecordsError: There is no such branch, it begins later, or its history is cut off.
    """
    repository = Repository.find(root)
    if repository is None:
        note = "there is no git repository: records count from the date in them, everything else is as it is now"
        return AsOf(moment, notes=(note,))
    tip = _tip(repository, ref)
    line = read_line(repository, tip, clock=now)
    there = [commit for commit in line if commit.at <= moment]
    if not there:
        raise RecordsError(
            f"nothing is known about {show(moment)}: the branch begins with commit {line[0].commit[:10]} "
            f"of {show(line[0].at)}",
            "choose a later date",
        )
    notes = [*_uncommitted(repository, tip), *_misdated(line)]
    if moment > now:
        notes.insert(0, "this lies in the future: what is committed today, as it will count then")
    return AsOf(moment, there[-1].commit, there[-1].at, tuple(notes))


def _tip(repository: Repository, ref: str) -> str:
    """Object id of the tip of the policy branch."""
    if ref:
        return resolve_in(repository.folder, ref)
    if not repository.head:
        raise RecordsError("the repository has no commit yet, so nothing was ever valid in it", "commit first")
    return repository.head


def read_evidence_as_of(
    root: Path,
    as_of: AsOf,
    *,
    rules: Policy | None = None,
    people: Mapping[str, tuple[str, ...] | Person] | None = None,
    file: str = "",
) -> RecordEvidence:
    """Read what records were to be judged by at a moment.

    Args:
        root: Folder of the checklist.
        as_of: The moment.
        rules: What the checklist of that moment says about its own rules.
        people: What is printed of people, and their other names, from the same.
        file: Name of the checklist file.

    Raises:
        RecordsError: Roster or records cannot be read, or are refused.
    """
    evidence = read_evidence(
        root, as_of.moment, rules=rules, people=people, policy=as_of.commit, content=as_of.commit, file=file
    )
    if as_of.commit:
        return evidence
    signed = tuple(r for r in evidence.kept.records if r.statement.predicate.signed_at <= as_of.moment)
    return replace(evidence, kept=Records(signed, evidence.kept.problems))


def read_checklist(root: Path, commit: str, names: tuple[str, ...]) -> tuple[str, bytes]:
    """Name and bytes of the checklist file that a commit has.

    Args:
        root: Folder of the checklist.
        commit: Object id.
        names: File names to look for, in this order.

    Raises:
        RecordsError: It has none, or git cannot give it.
    """
    from readiness.loading.file import LIMIT

    repository = Repository(root)
    for name in names:
        data = read_committed(repository, commit, name, LIMIT)
        if data is not None:
            return name, data
    raise RecordsError(
        f"commit {commit[:10]} of {show(repository.commit(commit).committed_at)} has no {names[0]}: nothing was asked "
        "for then",
        "choose a later date",
    )


def _uncommitted(repository: Repository, tip: str) -> list[str]:
    """Say so when records of the work tree are left out because they are not on the branch."""
    there = {path.name for path in (repository.folder / FOLDER).glob("*/*.json")}
    there -= {Path(path).name for path in committed_files(repository, tip)}
    if not there:
        return []
    what = "1 record of the work tree is" if len(there) == 1 else f"{len(there)} records of the work tree are"
    return [f"{what} not committed to the branch and left out"]


def _misdated(line: tuple[BranchCommit, ...]) -> list[str]:
    return [
        f"commit {commit.commit[:10]} {commit.date_in_words}: it counts as made with the commit after it, or else now"
        for commit in line
        if commit.misdated
    ][:1]
