"""Judges the evidence again when the results of a run are known: whether the tests of the policy branch have run."""

import json
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from readiness.checklist import EVIDENCE_WEAKENING, Checklist
from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.written import Sources
from readiness.git import Repository
from readiness.policy.evidence import EvidenceComparison, judge_evidence
from readiness.policy.judged_tests import JudgedTests
from readiness.policy.lost_tests import CODES, ComparedSide, compare_runs
from readiness.policy.owners import Agreements
from readiness.ratchet import BaseResults
from readiness.records.model.errors import RecordsError
from readiness.records.storage.repository import reading_history
from readiness.report import Report, Result
from readiness.run_policy import Again


def judging_after_run(
    comparison: EvidenceComparison, checklist: Checklist, now: datetime, before: BaseResults
) -> Callable[[Sequence[Result]], Again] | None:
    """Prepare to judge the evidence by the results of a run as well; None where no item asks for that.

    All that git and the records say is read here: commands of the run can touch both.

    Args:
        comparison: What the change does to the sources.
        checklist: The one that judges.
        now: The date of the run.
        before: The results on the policy branch.
    """
    if not any(item.no_worse_than for item in checklist.items):
        return None
    base = comparison.base
    top = Repository(base.top)
    with reading_history():
        files = sorted({*top.tracked_files(), *top.changed_files()})
    tests = JudgedTests(comparison.judged, comparison.weakenings)
    side = ComparedSide(Sources(base.top, files), tests, posixpath.dirname(base.path))
    agreements = Agreements(base, checklist, now)

    def judge_again(results: Sequence[Result]) -> Again:
        runs = compare_runs(before, results, side)
        both = tuple(dict.fromkeys((*comparison.weakenings, *runs.weakenings)))
        whole = replace(comparison, weakenings=both, named=runs.compared)
        return Again(judge_evidence(whole, checklist, now, agreements), runs.notices)

    return judge_again


def with_run(comparison: EvidenceComparison, report: Report | None, *, named: bool = False) -> EvidenceComparison:
    """Add what a run has found about the tests that ran; nothing where it is another commit's, or there is none.

    Args:
        comparison: What the change does to the sources.
        report: Of the run.
        named: Whether it was asked for: then another commit's is taken, too, as of a merge that CI made for the run.

    Raises:
        RecordsError: It was asked for, and is no run that compared the evidence.
    """
    if report is None or not (named or report.subject.commit == Repository(comparison.base.top).head):
        return comparison
    judged = next((one.item for one in report.results if one.item.id == EVIDENCE_WEAKENING), None)
    try:
        found = tuple(_of_runs(judged.params["weakens"] if judged is not None else None))
    except (KeyError, TypeError, ValueError) as error:
        if not named:
            return comparison
        what = "the report is of no run that compared the evidence"
        raise RecordsError(what, "give that of `readiness check --policy-ref ... -o run.json`") from error
    return replace(comparison, weakenings=tuple(dict.fromkeys((*comparison.weakenings, *found))))


def _of_runs(lines: Any) -> Iterator[EvidenceWeakening]:
    """What results of a run have shown, from the lines that are signed.

    Raises:
        TypeError: They are no such lines.
        ValueError: They are no such lines.
    """
    for line in lines:
        parts = json.loads(line)
        if not all(isinstance(part, str) for part in parts):
            raise TypeError("a line of something else")
        code, path, text, before, after = parts
        if code in CODES:
            yield EvidenceWeakening(code, text, path, None, before, after)
