"""`readiness sign`: give sign-offs, one or several at once."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import click

from readiness.cli import signing, signing_list
from readiness.cli.errors import INCOMPLETE, OK, UsageError
from readiness.cli.options import (
    FILE,
    POLICY_REF_VARIABLE,
    ChecklistFile,
    Evidence,
    PolicyRef,
    RecordsSource,
    SignerOptions,
    Yes,
    epilog,
    flag,
    named_ref,
    text_option,
    text_options,
)
from readiness.cli.output.streams import emit, say
from readiness.cli.typed_options import DEADLINE, item_ids, takes
from readiness.cli.workspace import Workspace, open_policy, open_workspace
from readiness.text import count

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.records.judging.question import Question
    from readiness.records.storage.allowed_signers import Holder
    from readiness.records.writing.agent import SigningKey
    from readiness.records.writing.batch import Draft
    from readiness.records.writing.signoff import Declaration


@dataclass(frozen=True)
class WhatToSign:
    """What is signed."""

    items: Annotated[tuple[str, ...], click.argument("items", metavar="[ITEM]...", nargs=-1, shell_complete=item_ids)]
    mine: Annotated[bool, flag("--mine", about="Everything that waits for you, in every environment.")]
    by: Annotated[
        datetime | None,
        click.option(
            "--by",
            type=DEADLINE,
            metavar="DATE",
            help="With --mine: also your sign-offs that lapse until this day, or within a time such as `30d`.",
        ),
    ]
    file: ChecklistFile
    environments: Annotated[
        tuple[str, ...],
        text_options(
            "--env", "environments", about="Environment that the records are for. May be repeated.", metavar="NAME"
        ),
    ]
    release: Annotated[
        str,
        text_option(
            "--release", about="Release that the record is for; by default that of the checklist.", metavar="R"
        ),
    ]
    each: Annotated[
        tuple[str, ...],
        text_options(
            "--each",
            about="For an item with a matrix (`each`): the name that you sign for. May be repeated.",
            metavar="NAME",
        ),
    ]


@dataclass(frozen=True)
class SignOptions:
    """What `sign` takes."""

    what: WhatToSign
    role: Annotated[str, text_option("--role", about="The role in which you sign; the item requires one.")]
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
        "0 signed, or nothing waits; 2 nothing was signed; 3 with --mine, something waits",
        examples=(
            "sign privacy-policy --env production",
            "sign privacy-policy terms --env staging --env production",
            "sign --mine",
            "sign privacy-policy --decision reject --reason 'no section 4'",
            "sign policy-weakening --policy-ref origin/main",
        ),
    )
)
@takes(SignOptions)
def sign(asked: SignOptions) -> int:
    """Sign off each ITEM with your SSH key.

    Shows what you will sign and what changed since you last did, asks you once, signs with ssh-keygen, and writes a
    record for each to .readiness/records: for all, or for none. Commit the records. A sign-off counts for exactly the
    content that it was given for, on any branch.
    """
    from readiness.policy.base import find_base

    what = asked.what
    if what.mine == bool(what.items):
        raise UsageError("name what you sign off: an item, or several; or --mine for everything that waits for you")
    if what.by is not None and not what.mine:
        raise UsageError("--by belongs to --mine")
    ref = named_ref(asked.ref, variable=POLICY_REF_VARIABLE)
    base = None if ref is None else find_base(ref, start=Path.cwd(), file=what.file)
    workspace = open_workspace(RecordsSource(what.file)) if base is None else open_policy(base)
    if what.mine:
        return _sign_mine(workspace, asked)
    wanted = list(_wanted(workspace, asked, lambda item: _owners_question(item, workspace, asked, base)))
    _refuse(one for one in wanted if isinstance(one, _Refused))
    questions = [one for one in wanted if not isinstance(one, _Refused)]
    members = frozenset().union(*(question.members for question, _each in questions))
    key, holder = signing.signer(workspace, members, asked.who)
    drafts = _drafts(workspace, asked, questions, (key, holder))
    _refuse(one for one in drafts if isinstance(one, _Refused))
    _sign(workspace, asked, [one for one in drafts if not isinstance(one, _Refused)], key)
    return OK


@dataclass(frozen=True)
class _Refused:
    """Something that cannot be signed."""

    what: str
    error: "Exception"
    alone: bool

    @property
    def words(self) -> str:
        """Why, and what to do."""
        remedy = getattr(self.error, "remedy", "")
        return f"  {self.what}: {getattr(self.error, 'summary', self.error)}" + (
            f"\n    next: {remedy}" if remedy else ""
        )


def _refuse(refused: "Iterator[_Refused]") -> None:
    """Say what of the list cannot be signed: then nothing is.

    Raises:
        RecordsError: Something cannot.
    """
    found = list(refused)
    if len(found) == 1 and found[0].alone:
        raise found[0].error
    if found:
        words = "\n".join(one.words for one in found)
        raise UsageError(
            f"{count(len(found), 'sign-off')} of the list cannot be given, so nothing was signed:\n{words}"
        )


def _owners_question(item: str, workspace: Workspace, asked: SignOptions, base: "object") -> "Question | None":
    """What the owners of the policy are asked; None for an item of the checklist."""
    from readiness.checklist import EVIDENCE_WEAKENING, POLICY_WEAKENING, RECORDS_APPEND_ONLY, RESERVED
    from readiness.cli import policy_questions
    from readiness.policy.base import PolicyBase

    if item not in RESERVED:
        return None
    if len(asked.what.items) > 1:
        raise UsageError(f"`{item}` is asked about one change: sign it alone")
    if item in {POLICY_WEAKENING, EVIDENCE_WEAKENING}:
        found = base if isinstance(base, PolicyBase) else None
        return policy_questions.ask_about_weakening(item, asked.what.release, asked.report, workspace, found)
    return policy_questions.ask_about_records(workspace) if item == RECORDS_APPEND_ONLY else None


def _wanted(
    workspace: Workspace, asked: SignOptions, ask_owners: "Callable[[str], Question | None]"
) -> "Iterator[tuple[Question, str] | _Refused]":
    """What is asked for: each item in each environment, for each name of its matrix."""
    from readiness.records.judging.question import ask_by_name
    from readiness.records.model.errors import RecordsError

    what = asked.what
    items = tuple(dict.fromkeys(what.items))
    if len(items) == 1 and (question := ask_owners(items[0])) is not None:
        yield question, ""
        return
    for item in items:
        ask_owners(item)
    alone, used = len(items) == 1 and len(what.environments) <= 1, set[str]()
    for checklist in _checklists(workspace, what.environments or ("",), what.release):
        noted = False
        for item in items:
            try:
                question = ask_by_name(workspace.root, checklist, item, asked.role)
            except RecordsError as error:
                yield _Refused(" ".join(filter(None, (item, checklist.environment))), error, alone)
                continue
            if question.policy.scope == "release" and not noted:
                signing.note_environment(checklist)
                noted = True
            names = [name for name in what.each if name in question.policy.each or len(items) == 1]
            used.update(names)
            yield from ((question, name) for name in names or [""])
    if unknown := [name for name in what.each if name not in used]:
        raise UsageError(f"no item that you sign has `{unknown[0]}` in its `each`")


def _checklists(workspace: Workspace, environments: Sequence[str], release: str) -> "Iterator[Checklist]":
    return (workspace.checklist(environment, release) for environment in dict.fromkeys(environments))


def _drafts(
    workspace: Workspace,
    asked: SignOptions,
    wanted: "Sequence[tuple[Question, str]]",
    signer: "tuple[SigningKey, Holder]",
    why: Sequence[str] = (),
) -> "list[Draft | _Refused]":
    """Write down what will be signed, each once."""
    from readiness.records.model.errors import RecordsError
    from readiness.records.storage.work_tree import newest_digests
    from readiness.records.writing.batch import Draft, distinct
    from readiness.records.writing.signoff import draft_signoff, refuse_unable

    key, holder = signer
    evidence, commit = workspace.evidence, signing.head(workspace.root)
    declare = _declaration(workspace, asked, holder.principal)
    drafts: list[Draft] = []
    refused: list[_Refused] = []
    for number, (question, each) in enumerate(wanted):
        seen = newest_digests(evidence.kept.records, item=question.item.id)
        try:
            said = draft_signoff(question, holder, declare(each), now=evidence.now, commit=commit, seen=seen)
            refuse_unable(question, key, said, evidence)
        except RecordsError as error:
            name = " ".join(filter(None, (question.item.id, question.environment, each and f"[{each}]")))
            refused.append(_Refused(name, error, alone=len(wanted) == 1))
        else:
            drafts.append(Draft(question, said, why[number] if why else ""))
    return [*distinct(drafts), *refused]


def _declaration(workspace: Workspace, asked: SignOptions, signer: str) -> "Callable[[str], Declaration]":
    from readiness.records.writing.signoff import Declaration

    attached = signing.attachments(workspace.root, asked.evidence)
    name = signing.own_name(workspace, signer)
    return lambda each: Declaration(
        decision=asked.decision,
        meaning=asked.meaning,
        reason=asked.reason,
        each=each,
        expires_at=asked.expires,
        evidence=attached,
        name=name,
    )


def _sign(
    workspace: Workspace, asked: SignOptions, drafts: "Sequence[Draft]", key: "SigningKey", *, agreed: bool = False
) -> None:
    """Show, ask once, sign all, and write all."""
    from readiness.records.writing.batch import sign_all, write_all

    if not agreed:
        signing_list.show(workspace, drafts, key)
        question = "Sign this?" if len(drafts) == 1 else f"Sign these {len(drafts)}?"
        signing.confirm(yes=asked.yes, question=question)
    signatures = sign_all(drafts, key, workspace.evidence)
    digests = write_all(workspace.root, drafts, signatures)
    items = list(dict.fromkeys(draft.signoff.item for draft in drafts))
    signing.tell_written(workspace, digests, f"Sign off {signing.some(items)}")


def _sign_mine(workspace: Workspace, asked: SignOptions) -> int:
    """List everything that waits for the person, and sign what they choose."""
    from readiness.records.review.waiting import waiting_for

    outline = workspace.outline()
    everybody = frozenset(name for names in outline.roles.values() for name in names) if outline else frozenset()
    key, holder = signing.signer(workspace, everybody, asked.who)
    environments = asked.what.environments or tuple(outline.environments if outline else ()) or ("",)
    checklists = _checklists(workspace, environments, asked.what.release)
    waiting, untold = waiting_for(holder.principal, checklists, workspace.evidence, asked.what.by)
    if asked.role:
        waiting = tuple(one for one in waiting if one.question.policy.role == asked.role)
    if asked.what.each:
        waiting = tuple(one for one in waiting if one.each in asked.what.each)
    wanted = [(one.question, one.each) for one in waiting]
    found = _drafts(workspace, asked, wanted, (key, holder), [one.why for one in waiting])
    drafts = [one for one in found if not isinstance(one, _Refused)]
    for one in untold:
        say(f"cannot be told: {one.item} {one.environment}: {one.reason}\n  next: {one.remedy}")
    for refused in (one for one in found if isinstance(one, _Refused)):
        say(f"cannot be given:{refused.words[1:]}")
    if not drafts:
        emit([f"nothing waits for {holder.principal}"])
        return INCOMPLETE if untold else OK
    if not asked.yes and not sys.stdin.isatty():
        emit([f"{signing_list.label(one.signoff)}: {one.why}" for one in drafts])
        say(f"{count(len(drafts), 'sign-off')} can be given by {holder.principal}")
        say("next: readiness sign --mine, at a terminal; or --yes")
        return INCOMPLETE
    signing_list.show(workspace, drafts, key)
    chosen = drafts if asked.yes else [drafts[number - 1] for number in signing.choose(len(drafts))]
    _sign(workspace, asked, chosen, key, agreed=True)
    return INCOMPLETE if untold or len(chosen) < len(drafts) else OK
