"""Accepts a report of the base branch, which items with `no_worse_than: base` are compared with."""

from dataclasses import dataclass
from pathlib import Path

from readiness.checklist import Checklist
from readiness.git import Repository
from readiness.policy.base import PolicyBase
from readiness.ratchet import BaseResults
from readiness.records.model.errors import RecordsError
from readiness.records.storage.repository import reading_history
from readiness.report import Report
from readiness.text import short


@dataclass(frozen=True)
class SavedReport:
    """A report, and the file that it was read from."""

    report: Report
    path: Path


_REMEDY = "keep the JSON report of each run on the policy branch (`-o base.json`), and give that of the merge base"


def accept_base_report(given: SavedReport, base: PolicyBase, checklist: Checklist) -> BaseResults:
    """Take the results of a report, if it is about the base of what is judged.

    An older report would let numbers fall to what they once were, so only the merge base and the tip of the policy
    branch count; where the tip itself is judged, its first parent.

    Args:
        given: As `readiness check -o base.json` wrote it.
        base: The policy that judges.
        checklist: The one that judges.

    Raises:
        RecordsError: It is about another commit, project or environment, or about a work tree with changes; or it is a
            file of the repository, which the author of a change can write.
    """
    report, place = given.report, given.path.resolve()
    subject = report.subject
    with reading_history():
        top = Repository(base.top)
        if place.is_relative_to(base.top) and top.tracked_files([place.relative_to(base.top).as_posix()]):
            raise RecordsError(
                f"the report of the base, {short(given.path.name)}, is in git: its author can write it", _REMEDY
            )
        itself = top.head == base.commit and not set(top.changed_files()) & set(top.tracked_files())
        allowed = top.parents(base.commit)[:1] if itself else (*base.merge_bases, base.commit)
    if (subject.project, subject.environment) != (checklist.project, checklist.environment):
        about = " ".join(filter(None, (subject.project, subject.environment)))
        raise RecordsError(f"the report of the base is about {short(about)}", _REMEDY)
    if subject.dirty or subject.commit not in allowed:
        commit = f"commit {subject.commit[:10] or 'nothing'}" + (" with changes" if subject.dirty else "")
        wanted = " or ".join(name[:10] for name in dict.fromkeys(allowed)) or "no commit"
        raise RecordsError(f"the report of the base is about {commit}, not about {wanted}", _REMEDY)
    return BaseResults(
        f"{short(base.ref)} ({subject.commit[:10]})",
        {one.item.id: one for one in report.results},
        named=not itself,
        ahead=not itself and subject.commit not in base.merge_bases,
    )
