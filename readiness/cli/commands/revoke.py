"""`readiness revoke`: take back a sign-off or a waiver."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli import signing
from readiness.cli.commands.records.show import details, find
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.output.streams import say
from readiness.cli.workspace import checklist_file, ledger, open_workspace, refusing
from readiness.text import is_blank

if TYPE_CHECKING:
    from readiness.records.model.statement import Statement
    from readiness.records.writing.agent import SigningKey


@click.command(
    epilog=epilog(
        "0 signed, 2 nothing was signed",
        examples=("revoke 3fa9c01b --reason 'the templates were for another county'",),
    )
)
@click.argument("record")
@checklist_file
@signing.person
@signing.key
@click.option("--reason", default="", metavar="TEXT", help="Why it is taken back.")
@click.option("--replaced-by", default="", metavar="RECORD", help="The record that takes its place.")
@signing.unasked
def revoke(record: str, file: Path | None, *, reason: str, replaced_by: str, yes: bool, **options: Any) -> None:
    """Take back the sign-off or waiver RECORD, named by its digest or the first few characters of it.

    Its signer may, and whoever could have signed it. It is final: to give it again, sign again. Nothing is deleted; the
    revocation is a record of its own. Commit it.
    """
    if is_blank(reason):
        raise UsageError("a revocation needs its reason\nnext: give it with --reason")
    from readiness.records.storage.work_tree import write_record
    from readiness.records.writing.signoff import sign_statement
    from readiness.records.writing.waiver_and_revocation import draft_withdrawal, revocable

    with refusing():
        workspace = open_workspace(file)
        target = find(workspace, record)
        given = revocable(target)
        replacement = find(workspace, replaced_by) if replaced_by else None
        book = ledger(workspace)
        entry = book.entry(target)
        done = book.taken_back(target) or (entry.reason if entry.state == "revoked" else "")
        if done:
            raise UsageError(f"{target.digest[:12]} is revoked already: {done}\nnext: nothing")
        roles = book.roles(given)
        key, holder = signing.signer(workspace, {given.signer.principal}.union(*roles.values()), options)
        said = draft_withdrawal(
            target,
            holder,
            roles,
            workspace.evidence,
            reason=reason,
            replacement=replacement,
            name=signing.own_name(workspace.root),
            commit=signing.head(workspace.root),
        )
        say(_describe(said, details(entry, target), key))
        if replacement is not None and (other := book.entry(replacement)).state != "valid":
            say(f"note: {replacement.digest[:12]}, which takes its place, does not count: {other.reason}\n")
        signing.confirm(yes=yes, question="Take it back for good?")
        digest = write_record(workspace.root, said, sign_statement(said, key))
    signing.tell_written(workspace, digest, f"Revoke {target.digest[:12]}")


def _describe(said: "Statement", target: list[str], key: "SigningKey") -> str:
    from readiness.records.model.statement import Supersession, show

    predicate = said.predicate
    signer = predicate.signer
    rows = [
        ("action", predicate.action),
        ("project", predicate.project),
        ("replaced by", predicate.replacement if isinstance(predicate, Supersession) else ""),
        ("reason", predicate.reason),
        ("role", predicate.role),
        ("signed by", signer.principal + (f" ({signer.name})" if signer.name else "")),
        ("with key", f"{key.public.fingerprint}, {key.origin}"),
        ("signed at", show(predicate.signed_at)),
        ("commit", predicate.commit or "(none)"),
    ]
    before = ["This record will be taken back:", "", *(f"  {line}" for line in target), ""]
    return "\n".join([*before, "This will be signed:", "", *signing.rows(rows), ""])
