"""Judges whether records were only ever added: an item that every run adds by itself where there are records."""

import hashlib
from datetime import datetime
from pathlib import Path

from readiness.checklist import RECORDS_APPEND_ONLY, Checklist, Item
from readiness.outcome import Finding, Level, Outcome, SignoffCard, Status
from readiness.records.history.branch import BranchCommit
from readiness.records.judging.evidence import RecordEvidence, Violation, has_records, read_evidence
from readiness.records.judging.item import judge
from readiness.records.judging.question import Asked, Question, ask
from readiness.records.judging.signoff_policy import SignoffPolicy
from readiness.records.model.errors import RecordsError
from readiness.report import Result
from readiness.text import count, short

SECTION = "Policy and records"
"""Title of the section that such items stand in."""
_TITLE = "Records were only ever added"
_SHOWN = 50


def append_only_result(
    root: Path, now: datetime, checklist: Checklist, *, policy: str = "", file: str = ""
) -> Result | None:
    """Judge the history of the records of a folder.

    Args:
        root: Folder of the checklist.
        now: The date of the run.
        checklist: What says who owns the policy.
        policy: Object id of the commit that the policy is read from; empty for the work tree.
        file: Name of the checklist file.

    Returns:
        A blocker that has passed, failed, or is an error because that is not known; None where there never was a
        record and no policy is asked for, and outside of git.
    """
    try:
        if not has_records(root, policy):
            return None
        evidence = read_evidence(root, now, rules=checklist.policy, people=checklist.people, policy=policy, file=file)
        outcome = judge_append_only(evidence, checklist)
    except RecordsError as error:
        outcome = Outcome(
            status=Status.ERROR,
            summary=short(error.summary),
            findings=error.findings[:_SHOWN],
            remedy=error.remedy,
        )
    if outcome is None:
        return None
    return as_result(outcome, checklist)


def as_result(outcome: Outcome, checklist: Checklist) -> Result:
    """The item that a run adds by itself, with what came of it.

    Args:
        outcome: What came of it.
        checklist: What says who owns the policy.
    """
    item = Item(id=RECORDS_APPEND_ONLY, title=_TITLE, check="records", owner=checklist.policy_owner)
    return Result(item=item, section=SECTION, outcome=outcome)


def judge_append_only(evidence: RecordEvidence, checklist: Checklist) -> Outcome | None:
    """Say what was edited, deleted or brought back; None where there is no history, or never was a record.

    Raises:
        RecordsError: It is not known who may accept a violation.
    """
    kept = evidence.kept
    there = kept.records or kept.problems or evidence.seen or evidence.violations
    if not evidence.dated or not evidence.commits or not (there or evidence.policy):
        return None
    if not evidence.violations:
        records = count(len(kept.records), "record")
        commits = count(evidence.commits, "commit")
        return Outcome(
            status=Status.PASSED,
            summary=f"nothing was edited, deleted or brought back: {records}, {commits}",
            examined=evidence.commits,
            unit="commits",
            findings=_wrong_clocks(evidence),
        )
    accepted, cards = _accepted(evidence, checklist)
    first = evidence.violations[0]
    more = f" (and {len(evidence.violations) - 1} more)" if len(evidence.violations) > 1 else ""
    return Outcome(
        status=Status.PASSED if accepted else Status.FAILED,
        summary=f"{'accepted by the policy owners: ' if accepted else ''}{short(first.path)}: {first.reason}{more}",
        examined=evidence.commits,
        unit="commits",
        findings=(
            *(
                _finding(violation, Level.NOTE if accepted else Level.ERROR)
                for violation in evidence.violations[:_SHOWN]
            ),
            *_wrong_clocks(evidence),
        ),
        signoffs=cards,
        remedy="" if accepted else _remedy(evidence),
    )


def _remedy(evidence: RecordEvidence) -> str:
    first = evidence.violations[0].remedy
    if not evidence.rules.owners or not all(violation.historic for violation in evidence.violations):
        return first
    return f"{first}; then let {evidence.rules.owners} accept what is past: `readiness sign {RECORDS_APPEND_ONLY}`"


def ask_owners(evidence: RecordEvidence, checklist: Checklist) -> Question:
    """Ask the owners of the policy to accept what was done to records in the past, and nothing else.

    History cannot be mended, so an accident would hold every release for ever. What they accept is this very list: one
    violation more, and it has to be accepted anew. It is the same for each release and environment.

    Raises:
        RecordsError: There is nothing to accept, nobody who may, or it is not committed and can simply be undone.
    """
    if not evidence.violations:
        raise RecordsError("no record was edited, deleted or brought back: there is nothing to accept")
    if not all(violation.historic for violation in evidence.violations):
        raise RecordsError(
            "something was taken away that can be put back",
            "restore what `readiness records verify` names",
        )
    if not evidence.rules.owners:
        raise RecordsError("the checklist names no owners of its policy", "write `policy: {owners: ROLE}` into it")
    policy = SignoffPolicy(role=evidence.rules.owners)
    return ask(evidence.root, _acceptance(evidence), policy, Asked.for_all(checklist))


def describe_violations(evidence: RecordEvidence) -> list[str]:
    """What the owners are asked to accept, one line each."""
    return [
        f"{short(violation.path)}: {violation.code}: {short(violation.reason)}" for violation in evidence.violations
    ]


def _accepted(evidence: RecordEvidence, checklist: Checklist) -> tuple[bool, tuple[SignoffCard, ...]]:
    if not evidence.rules.owners or not all(violation.historic for violation in evidence.violations):
        return False, ()
    judgement = judge(ask_owners(evidence, checklist), evidence)
    return judgement.status is Status.PASSED, tuple(card for card in judgement.cards if card.record)


def _acceptance(evidence: RecordEvidence) -> Item:
    """What is to be accepted; the list of violations is one of its parameters, so that an acceptance is bound to it."""
    lines = sorted(f"{violation.commit} {violation.code} {violation.path}" for violation in evidence.violations)
    digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
    title = f"What was done to {len(lines)} {'file' if len(lines) == 1 else 'files'} of records is known and accepted"
    return Item.model_validate(
        {"id": RECORDS_APPEND_ONLY, "title": title, "check": "records", "with": {"sha256": digest}}
    )


def _finding(violation: Violation, level: Level) -> Finding:
    return Finding(
        message=violation.reason,
        rule=violation.code,
        level=level,
        path=short(violation.path),
        remedy=violation.remedy,
    )


def _misdated(commit: BranchCommit) -> str:
    """What is wrong with the date of a commit, and what comes of it."""
    if commit.unreadable:
        return f"{commit.date_in_words}: it counts as made with the commit after it, or else now"
    consequence = "once that day comes, what was brought after it counts as brought on that day"
    return f"is dated {commit.claimed.date()}, in the future: {consequence}"


def _wrong_clocks(evidence: RecordEvidence) -> tuple[Finding, ...]:
    """Commits of the policy branch whose dates are not used; see docs/decisions/0018."""
    return tuple(
        Finding(
            message=f"commit {commit.commit[:10]} by {short(commit.author)} {_misdated(commit)}",
            rule="misdated-commit",
            level=Level.WARNING,
            remedy="set that clock; make the commit again if nobody else has it yet",
        )
        for commit in evidence.branch.line
        if commit.misdated and commit.claimed > evidence.now + evidence.rules.ahead
    )[:_SHOWN]
