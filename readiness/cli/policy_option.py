"""What the commands that judge by the policy of another branch share: the option, and a workspace under that policy."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.errors import UsageError
from readiness.cli.output.streams import say
from readiness.cli.workspace import Workspace

if TYPE_CHECKING:
    from readiness.policy.base import PolicyBase
    from readiness.records.model.question import Question

VARIABLE = "READINESS_POLICY_REF"
judging_ref = click.option(
    "--policy-ref",
    "ref",
    default=None,
    metavar="REF",
    help="Judge by the checklist, roster, waivers and revocations of this ref, for instance origin/main, and show how "
    f"the work tree weakens them; {VARIABLE} when not given.",
)
"""The option of those that judge, or sign by, a policy that the work tree cannot change."""


def chosen(ref: str | None) -> str | None:
    """The ref that was asked for, on the command line or else by the environment; None for the work tree.

    Raises:
        UsageError: It is empty: a variable that CI did not fill in must not mean the work tree.
    """
    wanted = os.environ.get(VARIABLE) if ref is None else ref
    if wanted is not None and not wanted.strip():
        where = VARIABLE if ref is None else "--policy-ref"
        raise UsageError(f"{where} is empty\nnext: name the branch that judges, for instance origin/main")
    return wanted


def open_workspace_under(ref: str, file: Path | None) -> "tuple[Workspace, PolicyBase]":
    """A workspace whose checklist, roster and rules are those of a ref.

    Raises:
        ChecklistError: The checklist of the ref cannot be read.
        RecordsError: The policy cannot be read from the ref.
    """
    from readiness.loading.as_written import read_declared
    from readiness.policy.base import find_base
    from readiness.records.judging.evidence import read_evidence

    base = find_base(ref, start=Path.cwd(), file=file)
    said = read_declared(base.place, base.content)
    evidence = read_evidence(
        base.root,
        datetime.now(UTC),
        rules=said.rules,
        people=said.people,
        policy=base.commit,
        file=base.place.name,
    )
    return Workspace(base.place, base.root, evidence, base.content, base.shown), base


def ask_owners(workspace: Workspace, base: "PolicyBase | None") -> "Question":
    """Show the weakenings, and ask the policy's owners about them.

    Raises:
        RecordsError: Nothing weakens, a part cannot be compared, or nobody may agree.
        UsageError: No ref was given.
    """
    from readiness.checklist import POLICY_WEAKENING
    from readiness.engine.host import Host
    from readiness.policy import approval
    from readiness.policy.proposal import read_proposal
    from readiness.text import safe

    if base is None:
        raise UsageError(
            "without a policy to compare with, nothing weakens it\n"
            f"next: readiness sign {POLICY_WEAKENING} --policy-ref origin/main"
        )
    with Host() as host:
        proposal = read_proposal(base, host)
    question = approval.ask_owners(proposal, workspace.outline() or workspace.checklist())
    say(f"This weakens the policy of {base.ref} ({base.commit[:10]}):\n")
    for change in proposal.weakens:
        say(safe(f"  {change.code:<22} {change.text}"))
        for sign, value in (("-", change.before), ("+", change.after)):
            if value:
                say(f"  {'':<22}   {sign} {safe(value)}")
    say("")
    return question
