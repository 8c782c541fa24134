"""`readiness waive`: let an item go for a time, although it does not pass."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli import signing
from readiness.cli.errors import UsageError
from readiness.cli.options import (
    ChecklistFile,
    Evidence,
    RecordsSource,
    SignedFor,
    SignerOptions,
    Yes,
    epilog,
    text_option,
)
from readiness.cli.output.streams import say
from readiness.cli.typed_options import item_ids, takes
from readiness.cli.workspace import Workspace, open_workspace
from readiness.text import blank_note, is_blank

if TYPE_CHECKING:
    from readiness.records.model.statement import Statement
    from readiness.records.writing.agent import SigningKey
    from readiness.records.writing.waiver_and_revocation import Request


@dataclass(frozen=True)
class WaiveOptions:
    """What `waive` takes."""

    item: Annotated[str, click.argument("item", shell_complete=item_ids)]
    file: ChecklistFile
    about: SignedFor
    role: Annotated[
        str, text_option("--role", about="The role in which you sign; the policy must let it waive the item.")
    ]
    who: SignerOptions
    reason: Annotated[str, text_option("--reason", about="Why the release cannot wait.", metavar="TEXT")]
    control: Annotated[
        str, text_option("--control", about="The compensating control: what limits the risk.", metavar="TEXT")
    ]
    expires: Annotated[
        str,
        text_option(
            "--expires",
            about="Last day (in UTC) or moment of the waiver, or a length of time such as `14d`.",
            metavar="DATE",
        ),
    ]
    requested_by: Annotated[
        str,
        text_option("--requested-by", about="Who asked for the waiver; not the person who signs.", metavar="PRINCIPAL"),
    ]
    meaning: Annotated[str, text_option("--meaning", about="What your signature declares.", metavar="TEXT")]
    evidence: Evidence
    yes: Yes


@click.command(
    epilog=epilog(
        "0 signed, 2 nothing was signed",
        examples=(
            "waive coverage --reason 'flaky' --control 'tested by hand' --expires 14d --requested-by dev@example.com",
        ),
    )
)
@takes(WaiveOptions)
def waive(asked: WaiveOptions) -> None:
    """Waive ITEM for a limited time although it does not pass, with your SSH key.

    The verdict is then CONDITIONAL_GO until the waiver lapses. The policy of the checklist says who may waive what, and
    for how long. Shows exactly what will be signed, asks, has ssh-keygen sign it, and writes the record below
    .readiness/records. Commit it.
    """
    _refuse_incomplete(asked)
    from readiness.records.model.waiver_rights import waivable_item
    from readiness.records.storage.work_tree import write_record
    from readiness.records.writing.signoff import sign_statement
    from readiness.records.writing.waiver_and_revocation import (
        draft_waiver,
        may_waive,
        refuse_uncounted_waiver,
    )

    workspace = open_workspace(RecordsSource(asked.file))
    checklist = workspace.checklist(asked.about.environment, asked.about.release)
    may = may_waive(checklist, waivable_item(checklist, asked.item))
    signing.note_environment(checklist)
    key, holder = signing.signer(workspace, may.members, asked.who)
    request = _request(workspace, asked, holder.principal)
    commit = signing.head(workspace.root)
    said = draft_waiver(checklist, may, holder, request, workspace.evidence, commit=commit)
    say(_describe(workspace, said, key))
    signing.confirm(yes=asked.yes)
    signature = sign_statement(said, key)
    refuse_uncounted_waiver(said, signature, checklist, workspace.evidence)
    digest = write_record(workspace.root, said, signature)
    signing.tell_written(workspace, [digest], f"Waive {asked.item}")


def _refuse_incomplete(asked: WaiveOptions) -> None:
    needed = (
        (asked.reason, "--reason: why the release cannot wait"),
        (asked.control, "--control: what limits the risk in the meantime"),
        (asked.expires, "--expires: the last day of the waiver"),
        (asked.requested_by, "--requested-by: who asked for it; never the person who signs"),
    )
    missing = [f"  {words}{blank_note(text)}" for text, words in needed if is_blank(text)]
    if missing:
        raise UsageError("\n".join(["a waiver needs more:", *missing]))


def _request(workspace: Workspace, asked: WaiveOptions, signer: str) -> "Request":
    from readiness.records.writing.waiver_and_revocation import Request, read_expiry

    now = workspace.evidence.now.replace(microsecond=0)
    try:
        expires_at = read_expiry(asked.expires, now)
    except ValueError as error:
        remedy = "write a date, for instance 2026-12-24, or a time as 14d"
        raise UsageError(f"--expires: {error}\nnext: {remedy}") from error
    return Request(
        requested_by=asked.requested_by,
        reason=asked.reason,
        compensating_control=asked.control,
        expires_at=expires_at,
        role=asked.role,
        meaning=asked.meaning,
        name=signing.own_name(workspace, signer),
        evidence=signing.attachments(workspace.root, asked.evidence),
    )


def _describe(workspace: Workspace, said: "Statement", key: "SigningKey") -> str:
    from readiness.moment import show
    from readiness.records.model.statement import Waiver

    predicate = said.predicate
    if not isinstance(predicate, Waiver):
        raise TypeError("only a waiver is signed here")
    rows = [
        ("waives", predicate.item),
        ("", predicate.item_text),
        ("project", predicate.project),
        ("release", predicate.release or "(none)"),
        ("environment", predicate.environment or "(none)"),
        ("asked by", predicate.requested_by),
        ("reason", predicate.reason),
        ("control", predicate.compensating_control),
        ("role", predicate.role),
        ("meaning", predicate.meaning),
    ]
    return signing.describe(workspace.evidence.people, rows, said, key, ("lapses", show(predicate.expires_at)))
