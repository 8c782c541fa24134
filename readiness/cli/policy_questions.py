"""What the owners of a policy are asked: to accept a weakening, or what was done to records. Shows it first."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.cli.errors import UsageError
from readiness.cli.output.streams import say
from readiness.cli.workspace import Workspace

if TYPE_CHECKING:
    from readiness.policy.base import PolicyBase
    from readiness.policy.evidence import EvidenceComparison
    from readiness.records.judging.question import Question


def ask_about_weakening(
    item: str, release: str, report: Path | None, workspace: Workspace, base: "PolicyBase | None"
) -> "Question":
    """Show how the work tree weakens the policy or the evidence, and ask the policy's owners about that.

    Args:
        item: `policy-weakening` or `evidence-weakening`.
        release: The release that is judged; may be empty.
        report: Report of a run on this change; may be none.
        workspace: Whose checklist judges.
        base: The policy to compare with.

    Raises:
        UsageError: There is none.
    """
    from readiness.checklist import POLICY_WEAKENING
    from readiness.engine.host import Host
    from readiness.policy import approval, evidence
    from readiness.policy.proposal import read_proposal

    if base is None:
        raise UsageError(
            "without a policy to compare with, nothing weakens it\n"
            f"next: readiness sign {item} --policy-ref origin/main"
        )
    checklist = workspace.outline() or workspace.checklist()
    what, of = item.removesuffix("-weakening"), f"of {base.ref} ({base.commit[:10]})"
    if item == POLICY_WEAKENING:
        with Host() as host:
            proposal = read_proposal(base, host, release=release)
        question = approval.ask_owners(proposal, checklist)
        _show(what, of, [(change.code, change.text, change.before, change.after) for change in proposal.weakens])
        return question
    with Host() as host:
        compared = evidence.compare_evidence(base, host)
    comparison = _with_tests_that_ran(compared, report)
    question = evidence.ask_owners_about_evidence(comparison, checklist)
    _show(
        what,
        of,
        [(found.code, f"{found.place}: {found.text}", found.before, found.after) for found in comparison.weakenings],
    )
    return question


def ask_about_records(workspace: Workspace) -> "Question":
    """Show what was done to records, and ask the policy's owners to accept it."""
    from readiness.records.judging import append_only

    say("\n".join(append_only.describe_violations(workspace.evidence)))
    return append_only.ask_owners(workspace.evidence, workspace.checklist())


def _with_tests_that_ran(comparison: "EvidenceComparison", report: Path | None) -> "EvidenceComparison":
    """Add what a run has found: that tests of the policy branch did not run."""
    from readiness.cli import last_run
    from readiness.policy.evidence import with_run

    if report is None:
        return with_run(comparison, last_run.newest())
    return with_run(comparison, last_run.read(report), named=True)


def _show(what: str, of: str, weakenings: "Sequence[tuple[str, str, str, str]]") -> None:
    """List weakenings: code, text, and what was there before and after."""
    from readiness.text import safe

    say(f"This weakens the {what} {of}:\n")
    for code, text, *values in weakenings:
        say(safe(f"  {code:<22} {text}"))
        for mark, value in zip("-+", values, strict=True):
            if value:
                say(f"  {'':<22}   {mark} {safe(value)}")
    say("")
