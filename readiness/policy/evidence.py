"""Decides whether a change weakens the evidence, before a run and again after it, and whether the owners agree."""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from readiness import memory_limit
from readiness.checklist import EVIDENCE_WEAKENING, Checklist
from readiness.evidence.change import LONGEST, Comparing, EvidenceHost, EvidenceWeakening, JudgedTest, Stopped
from readiness.evidence.difference import Difference, difference
from readiness.evidence.written import Sources
from readiness.git import Repository
from readiness.loading.file import NAMES
from readiness.outcome import Finding, Level, Outcome, Status
from readiness.policy.approval import Agreements, Decision, Weakened, decide, question_for
from readiness.policy.base import PolicyBase
from readiness.policy.judged_tests import JudgedTests
from readiness.policy.lost_tests import CODES, ComparedSide, compare_runs
from readiness.ratchet import BaseResults
from readiness.records.judging.append_only import SECTION
from readiness.records.judging.question import Question
from readiness.records.model.errors import RecordsError
from readiness.records.storage.reading import reading_history
from readiness.records.storage.work_tree import FOLDER as RECORDS
from readiness.report import Report, Result
from readiness.run_policy import Again
from readiness.strictness.change import canonical
from readiness.text import count, short
from readiness.untrusted import from_json

_TITLE = "What is proposed does not weaken the evidence, or the policy's owners agree"
_SHOWN = 50
NOT_COMPARED = "not-compared"
"""The code of a comparison that was stopped or has crashed."""
SECONDS, MEMORY = LONGEST, memory_limit.DEFAULT
"""What a comparison may take: seconds, and bytes."""


@dataclass(frozen=True)
class EvidenceComparison:
    """What a change does to the evidence, against the commits where it left the policy branch."""

    base: PolicyBase
    weakenings: tuple[EvidenceWeakening, ...]
    compared: int
    """How many files were compared."""
    differing: int
    """How many of these differ."""
    judged: tuple[JudgedTest, ...] = ()
    """Tests that have another name or place in the sources now, none, or fewer rows, whether that weakens or not."""
    named: int = 0
    """How many tests that ran on the policy branch were compared by name."""


def compare_evidence(base: PolicyBase, host: EvidenceHost) -> EvidenceComparison:
    """Compare the work tree with each merge base.

    Args:
        base: The policy that judges.
        host: Compares; it is not asked where nothing differs.

    Raises:
        RecordsError: Git cannot tell what the change is.
    """
    top = Repository(base.top)
    with reading_history():
        left_out = tuple(_folders_of_other_checklists(top, base))
        sides = [difference(top, commit) for commit in base.merge_bases]
        if all(side.empty for side in sides):
            return EvidenceComparison(base, (), max(side.compared(left_out) for side in sides), 0)
        answer = host.compare(Comparing(base.top, base.merge_bases, left_out, SECONDS, MEMORY))
        if isinstance(answer, Stopped):
            return _not_compared(base, answer, sides, left_out)
    return EvidenceComparison(base, answer.weakenings, answer.compared, answer.differing, answer.judged)


def _not_compared(
    base: PolicyBase, stopped: Stopped, sides: Sequence[Difference], left_out: Sequence[str]
) -> EvidenceComparison:
    """One weakening: that nothing is known of the change. It is signed for exactly these files."""
    own = posixpath.dirname(base.path)
    outside = (*left_out, *(posixpath.join(own, name) for name in (RECORDS, ".gitattributes")))  # what signing writes
    exactly = canonical([side.digest(outside) for side in sides])
    text = f"nothing of the change was compared: the comparison {stopped.why}"
    weakening = EvidenceWeakening(NOT_COMPARED, text, stopped.path, after=exactly)
    compared = max(side.compared(left_out) for side in sides)
    return EvidenceComparison(base, (weakening,), compared, max(len(side.paths(outside)) for side in sides))


def judge_evidence(
    comparison: EvidenceComparison, checklist: Checklist, now: datetime, agreements: Agreements | None = None
) -> Result:
    """Judge what a change does to the evidence.

    Args:
        comparison: What it does.
        checklist: The one that judges.
        now: The date of the run.
        agreements: What the owners said, where that was read before.

    Returns:
        The item, which has passed or failed.
    """
    weakened = _weakened(comparison)
    decided = decide(weakened, checklist, now, agreements) if comparison.weakenings else Decision(Status.PASSED, "")
    passed = decided.status is Status.PASSED
    outcome = Outcome(
        status=decided.status if comparison.compared else Status.ERROR,
        summary=_summary(comparison, decided.why),
        examined=comparison.compared,
        unit="files",
        findings=tuple(_finding(weakening, passed=passed) for weakening in comparison.weakenings[:_SHOWN]),
        signoffs=decided.cards,
        remedy=" ".join([*_remedies(comparison), decided.remedy]).strip() if decided.remedy else "",
    )
    return Result(item=weakened.as_item(checklist), section=SECTION, outcome=outcome)


def _remedies(comparison: EvidenceComparison) -> Iterator[str]:
    stopped = next((one for one in comparison.weakenings if one.code == NOT_COMPARED), None)
    if stopped is not None:
        file = f"without {short(stopped.path)}" if stopped.path else "in smaller parts"
        yield f"propose the change {file}, so that it can be compared; or"


def ask_owners_about_evidence(comparison: EvidenceComparison, checklist: Checklist) -> Question:
    """Ask the owners of the policy whether they agree to exactly these weakenings.

    Raises:
        RecordsError: Nothing weakens, or nobody may agree.
    """
    if not comparison.weakenings:
        raise RecordsError(
            f"nothing weakens the evidence of {short(comparison.base.ref)}: there is nothing to sign",
            "for tests that did not run, name the report of the run that tells them: --report run.json",
        )
    return question_for(_weakened(comparison), checklist)


def _folders_of_other_checklists(top: Repository, base: PolicyBase) -> Sequence[str]:
    """Folders that the policy branch judges by a checklist of their own, unless the checklist is above or in them."""
    own = posixpath.dirname(base.path)
    if not own:
        return ()
    folders = {posixpath.dirname(e.path) for e in top.tree(base.commit) if posixpath.basename(e.path) in NAMES}
    return sorted(
        folder
        for folder in folders - {""}
        if not f"{own}/".startswith(f"{folder}/") and not f"{folder}/".startswith(f"{own}/")
    )


def _weakened(comparison: EvidenceComparison) -> Weakened:
    lines = [canonical(_signed(weakening)) for weakening in comparison.weakenings]
    return Weakened(comparison.base, EVIDENCE_WEAKENING, _TITLE, lines)


def _signed(one: EvidenceWeakening) -> Sequence[str]:
    """What the owners sign: not where and why a comparison stopped, which the next run can find elsewhere."""
    if one.code == NOT_COMPARED:
        return [one.code, "", "nothing of the change was compared", "", one.after]
    return [one.code, one.path, one.text, one.before, one.after]


def _summary(comparison: EvidenceComparison, why: str) -> str:
    where = f"{short(comparison.base.ref)} ({comparison.base.merge_bases[0][:10]})"
    if not comparison.compared:
        return f"there is no file to compare with {where}"
    named = f"; {count(comparison.named, 'test')} compared by name" if comparison.named else ""
    differing = count(comparison.differing, "file differs", "files differ")
    if any(one.code == NOT_COMPARED for one in comparison.weakenings):
        return f"{differing} from {where}, and could not be compared; {why}"
    if not comparison.weakenings:
        return f"{differing} from {where}, none weakens the evidence{named}"
    number = count(len(comparison.weakenings), "change weakens", "changes weaken")
    return f"{number} the evidence of {where}; {why}{named}"


def _finding(weakening: EvidenceWeakening, *, passed: bool) -> Finding:
    values = f"{weakening.before} → {weakening.after}" if weakening.before and weakening.after else ""
    values = "" if values in weakening.text else f": {values}"
    return Finding(
        message=short(f"{weakening.text}{values}"),
        rule=weakening.code,
        level=Level.NOTE if passed else Level.ERROR,
        path=weakening.path,
        line=weakening.line,
    )


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
        parts = from_json(line)
        if not all(isinstance(part, str) for part in parts):
            raise TypeError("a line of something else")
        code, path, text, before, after = parts
        if code in CODES:
            yield EvidenceWeakening(code, text, path, None, before, after)
