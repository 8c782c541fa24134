"""`readiness sign`: give a sign-off."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import click

from readiness.cli import signing
from readiness.cli.errors import UsageError
from readiness.cli.options import (
    FILE,
    POLICY_REF_VARIABLE,
    ChecklistFile,
    Evidence,
    PolicyRef,
    RecordsSource,
    SignedFor,
    SignerOptions,
    Yes,
    epilog,
    named_ref,
    text_option,
)
from readiness.cli.output.streams import say
from readiness.cli.typed_options import DEADLINE, item_ids, takes
from readiness.cli.workspace import Workspace, open_policy, open_workspace
from readiness.text import count, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readiness.policy.base import PolicyBase
    from readiness.policy.evidence import EvidenceComparison
    from readiness.records.judging.question import Question
    from readiness.records.model.statement import Signoff, Statement
    from readiness.records.writing.agent import SigningKey
    from readiness.records.writing.signoff import Declaration

_SHOWN = 40


@dataclass(frozen=True)
class SignOptions:
    """What `sign` takes."""

    item: Annotated[str, click.argument("item", shell_complete=item_ids)]
    file: ChecklistFile
    about: SignedFor
    role: Annotated[str, text_option("--role", about="The role in which you sign; the item requires one.")]
    each: Annotated[
        str,
        text_option("--each", about="For an item with a matrix (`each`): the name that you sign for.", metavar="NAME"),
    ]
    who: SignerOptions
    decision: Annotated[
        Literal["approve", "reject"],
        click.option("--decision", type=click.Choice(["approve", "reject"]), default="approve", show_default=True),
    ]
    meaning: Annotated[str, text_option("--meaning", about="What your signature declares.", metavar="TEXT")]
    reason: Annotated[str, text_option("--reason", about="Why; required for a rejection.", metavar="TEXT")]
    expires: Annotated[
        datetime | None,
        click.option(
            "--expires",
            type=DEADLINE,
            metavar="DATE",
            help="Last day (in UTC) or moment at which the sign-off is valid.",
        ),
    ]
    ref: PolicyRef
    report: Annotated[
        Path | None,
        click.option(
            "--report",
            type=FILE,
            help="For `evidence-weakening`: JSON report of a run on this change, whose tests that did not run are "
            "signed, too; by default the last run here, if it is of this commit.",
        ),
    ]
    evidence: Evidence
    yes: Yes


@click.command(
    epilog=epilog(
        "0 signed, 2 nothing was signed",
        examples=(
            "sign privacy-policy --env production",
            "sign privacy-policy --decision reject --reason 'no section 4'",
            "sign policy-weakening --policy-ref origin/main",
            "sign evidence-weakening --policy-ref origin/main",
        ),
    )
)
@takes(SignOptions)
def sign(asked: SignOptions) -> None:
    """Sign off ITEM with your SSH key.

    Shows what you will sign, asks you to confirm, signs with ssh-keygen, and writes the record to .readiness/records.
    Commit the record. The sign-off counts for exactly the content that it was given for, on any branch.
    """
    from readiness.checklist import EVIDENCE_WEAKENING, POLICY_WEAKENING
    from readiness.policy.base import find_base
    from readiness.records.storage.work_tree import newest_digests, write_record
    from readiness.records.writing.signoff import draft_signoff, refuse_unable, refuse_uncounted_signoff, sign_statement

    ref = named_ref(asked.ref, variable=POLICY_REF_VARIABLE)
    base = None if ref is None else find_base(ref, start=Path.cwd(), file=asked.file)
    workspace = open_workspace(RecordsSource(asked.file)) if base is None else open_policy(base)
    weakening = asked.item in {POLICY_WEAKENING, EVIDENCE_WEAKENING}
    question = _ask_about_weakening(asked, workspace, base) if weakening else _question(workspace, asked)
    key, holder = signing.signer(workspace, question.members, asked.who)
    said = draft_signoff(
        question,
        holder,
        _declaration(workspace, asked, holder.principal),
        now=workspace.evidence.now,
        commit=signing.head(workspace.root),
        seen=newest_digests(workspace.evidence.kept.records, item=question.item.id),
    )
    refuse_unable(question, key, said, workspace.evidence)
    _tell_rejections(workspace, question)
    say(_describe(workspace, said, question, key))
    signing.confirm(yes=asked.yes)
    signature = sign_statement(said, key)
    refuse_uncounted_signoff(question, said, signature, workspace.evidence)
    digest = write_record(workspace.root, said, signature)
    signing.tell_written(workspace, digest, f"Sign off {asked.item}")


def _ask_about_weakening(asked: SignOptions, workspace: Workspace, base: "PolicyBase | None") -> "Question":
    """Show how the work tree weakens the policy or the evidence, and ask the policy's owners about that."""
    from readiness.checklist import POLICY_WEAKENING
    from readiness.engine.host import Host
    from readiness.policy import approval, evidence
    from readiness.policy.proposal import read_proposal

    if base is None:
        raise UsageError(
            "without a policy to compare with, nothing weakens it\n"
            f"next: readiness sign {asked.item} --policy-ref origin/main"
        )
    checklist = workspace.outline() or workspace.checklist()
    what, of = asked.item.removesuffix("-weakening"), f"of {base.ref} ({base.commit[:10]})"
    if asked.item == POLICY_WEAKENING:
        with Host() as host:
            proposal = read_proposal(base, host, release=asked.about.release)
        question = approval.ask_owners(proposal, checklist)
        _show(what, of, [(change.code, change.text, change.before, change.after) for change in proposal.weakens])
        return question
    with Host() as host:
        compared = evidence.compare_evidence(base, host)
    comparison = _with_tests_that_ran(compared, asked.report)
    question = evidence.ask_owners_about_evidence(comparison, checklist)
    _show(
        what,
        of,
        [(found.code, f"{found.place}: {found.text}", found.before, found.after) for found in comparison.weakenings],
    )
    return question


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


def _question(workspace: Workspace, asked: SignOptions) -> "Question":
    """What an item asks the person who signs."""
    from readiness.checklist import RECORDS_APPEND_ONLY
    from readiness.records.judging import append_only
    from readiness.records.judging.question import ask_by_name

    checklist = workspace.checklist(asked.about.environment, asked.about.release)
    if asked.item == RECORDS_APPEND_ONLY:
        say("\n".join(append_only.describe_violations(workspace.evidence)))
        return append_only.ask_owners(workspace.evidence, checklist)
    question = ask_by_name(workspace.root, checklist, asked.item, asked.role)
    if question.policy.scope == "release":
        signing.note_environment(checklist)
    return question


def _tell_rejections(workspace: Workspace, question: "Question") -> None:
    """Tell who rejected the item before, and what became of it: nobody signs without having heard of it."""
    from readiness.outcome import SignoffState
    from readiness.records.judging.item import judge
    from readiness.text import safe

    cards = judge(question, workspace.evidence).cards
    told = [card for card in cards if card.state is SignoffState.REJECTED or card.past]
    if not told:
        return
    say("It was rejected before:\n")
    for card in told:
        say(safe(f"  {card.subject + ': ' if card.subject else ''}{card.reason}"))
        if card.state is SignoffState.REJECTED:
            say(safe(f"    this holds, whoever else approves; {card.remedy}"))
    say("")


def _declaration(workspace: Workspace, asked: SignOptions, signer: str) -> "Declaration":
    from readiness.records.writing.signoff import Declaration

    return Declaration(
        decision=asked.decision,
        meaning=asked.meaning,
        reason=asked.reason,
        each=asked.each,
        expires_at=asked.expires,
        evidence=signing.attachments(workspace.root, asked.evidence),
        name=signing.own_name(workspace, signer),
    )


def _place(said: "Signoff") -> list[tuple[str, str]]:
    """What it is for, as rows."""
    from readiness.records.model.statement import WHATEVER, for_content

    if for_content(said):
        return [("holds for", WHATEVER)]
    return [("release", said.release or "(none)"), ("environment", said.environment or "(none)")]


def _describe(workspace: Workspace, said: "Statement", question: "Question", key: "SigningKey") -> str:
    from readiness.moment import show
    from readiness.records.model.statement import Signoff

    predicate = said.predicate
    if not isinstance(predicate, Signoff):
        raise TypeError("only a sign-off is signed here")
    rows = [
        ("decision", predicate.decision),
        ("project", predicate.project),
        *_place(predicate),
        ("item", predicate.item),
        ("", predicate.item_text),
        ("for", predicate.each),
        ("role", predicate.role),
        ("meaning", predicate.meaning),
        ("reason", predicate.reason),
    ]
    expires = ("expires", show(predicate.expires_at) if predicate.expires_at else "never by itself")
    lines = [signing.describe(workspace.evidence.people, rows, said, key, expires)]
    if question.policy.covers:
        files = [f"  {digest}  {name}" for name, digest in said.subjects.items()]
        lines += [f"for exactly {count(len(files), 'file')}:", *files[:_SHOWN]]
        if len(files) > _SHOWN:
            lines.append(f"  and {len(files) - _SHOWN} more, all listed in the record")
        lines += [
            f"note: {short(path)} is a link to {short(to)}: only where it leads is covered"
            for path, to in question.links
        ]
    else:
        lines.append("for the words and parameters of the item; it covers no file")
    return "\n".join([*lines, ""])
