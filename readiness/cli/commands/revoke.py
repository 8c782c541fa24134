"""`readiness revoke`: take back a sign-off or a waiver."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli import signing
from readiness.cli.commands.records.show import details
from readiness.cli.errors import UsageError
from readiness.cli.options import ChecklistFile, RecordsSource, SignerOptions, Yes, epilog, text_option
from readiness.cli.output.streams import say
from readiness.cli.typed_options import takes
from readiness.cli.workspace import Workspace, find_record, ledger, open_workspace
from readiness.text import blank_note, is_blank

if TYPE_CHECKING:
    from readiness.records.model.statement import Statement
    from readiness.records.writing.agent import SigningKey


@dataclass(frozen=True)
class RevokeOptions:
    """What `revoke` takes."""

    record: Annotated[str, click.argument("record")]
    file: ChecklistFile
    who: SignerOptions
    reason: Annotated[str, text_option("--reason", about="Why the record is revoked.", metavar="TEXT")]
    replaced_by: Annotated[str, text_option("--replaced-by", about="The record that replaces it.", metavar="RECORD")]
    yes: Yes


@click.command(
    epilog=epilog(
        "0 signed, 2 nothing was signed",
        examples=("revoke 3fa9c01b --reason 'the templates were for another county'",),
    )
)
@takes(RevokeOptions)
def revoke(asked: RevokeOptions) -> None:
    """Revoke the sign-off or waiver RECORD, named by its digest or the first few characters of it.

    Its signer may revoke it, and so may everybody who could have signed it. A revocation is final: to approve again,
    sign again. Nothing is deleted; the revocation is a new record. Commit it.
    """
    if is_blank(asked.reason):
        raise UsageError(f"a revocation needs its reason{blank_note(asked.reason)}\nnext: give it with --reason")
    from readiness.records.storage.work_tree import write_record
    from readiness.records.writing.signoff import sign_statement
    from readiness.records.writing.waiver_and_revocation import WithdrawalRequest, draft_withdrawal, revocable

    workspace = open_workspace(RecordsSource(asked.file))
    target = find_record(workspace, asked.record)
    given = revocable(target)
    replacement = find_record(workspace, asked.replaced_by) if asked.replaced_by else None
    book = ledger(workspace)
    entry = book.entry(target)
    done = book.taken_back(target) or (entry.reason if entry.state == "revoked" else "")
    if done:
        raise UsageError(f"{target.digest[:12]} is revoked already: {done}\nnext: nothing")
    roles = book.roles(given)
    key, holder = signing.signer(workspace, {given.signer.principal}.union(*roles.values()), asked.who)
    request = WithdrawalRequest(
        asked.reason, replacement, signing.own_name(workspace, holder.principal), signing.head(workspace.root)
    )
    said = draft_withdrawal(target, holder, roles, request, workspace.evidence)
    say(_describe(workspace, said, details(entry, target), key))
    if replacement is not None and (other := book.entry(replacement)).state != "valid":
        say(f"note: {replacement.digest[:12]}, which takes its place, does not count: {other.reason}\n")
    signing.confirm(yes=asked.yes, question="Take it back for good?")
    digest = write_record(workspace.root, said, sign_statement(said, key))
    signing.tell_written(workspace, [digest], f"Revoke {target.digest[:12]}")


def _describe(workspace: Workspace, said: "Statement", target: list[str], key: "SigningKey") -> str:
    from readiness.records.model.statement import Supersession

    predicate = said.predicate
    rows = [
        ("action", predicate.action),
        ("project", predicate.project),
        ("replaced by", predicate.replacement if isinstance(predicate, Supersession) else ""),
        ("reason", predicate.reason),
        ("role", predicate.role),
    ]
    before = ["This record will be taken back:", "", *(f"  {line}" for line in target), ""]
    return "\n".join([*before, signing.describe(workspace.evidence.people, rows, said, key, None)])
