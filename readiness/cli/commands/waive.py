"""`readiness waive`: let an item go for a time, although it does not pass."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli import completion, signing
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.output.streams import say
from readiness.cli.workspace import Workspace, checklist_file, open_workspace, refusing
from readiness.text import did_you_mean, is_blank

if TYPE_CHECKING:
    from readiness.checklist import Checklist, Item
    from readiness.records.model.statement import Statement
    from readiness.records.storage.allowed_signers import Holder
    from readiness.records.writing.agent import SigningKey
    from readiness.records.writing.waiver_and_revocation import Request

_NEEDED = {
    "reason": "--reason: why it has to go out all the same",
    "control": "--control: what limits the risk in the meantime",
    "expires": "--expires: the last day on which it holds",
    "requested_by": "--requested-by: who asked for it; never the person who signs",
}


@click.command(
    epilog=epilog(
        "0 signed, 2 nothing was signed",
        examples=(
            "waive coverage --reason 'flaky' --control 'tested by hand' --expires 14d --requested-by dev@example.com",
        ),
    )
)
@click.argument("item", shell_complete=completion.items)
@checklist_file
@click.option("--env", "environment", default="", metavar="NAME", help="Environment that the waiver is for.")
@click.option("--release", default="", metavar="R", help="Release that it is for; the checklist's when not given.")
@click.option("--role", default="", help="The role you sign in; one that the policy lets waive the item.")
@signing.person
@signing.key
@click.option("--reason", default="", metavar="TEXT", help="Why it has to go out all the same.")
@click.option("--control", default="", metavar="TEXT", help="The compensating control: what limits the risk.")
@click.option("--expires", default="", metavar="DATE", help="Last day (in UTC) or moment on which it holds, or `14d`.")
@click.option("--requested-by", default="", metavar="PRINCIPAL", help="Who asked for it; never the person who signs.")
@click.option("--meaning", default="", metavar="TEXT", help="What your signature declares.")
@signing.evidence
@signing.unasked
def waive(item: str, file: Path | None, *, yes: bool, **options: Any) -> None:
    """Let ITEM go for a time, although it does not pass, with your SSH key.

    The verdict is then CONDITIONAL_GO until the waiver lapses. The policy of the checklist says who may waive what, and
    for how long. Shows exactly what will be signed, asks, has ssh-keygen sign it, and writes the record below
    .readiness/records. Commit it.
    """
    missing = [words for name, words in _NEEDED.items() if is_blank(options[name])]
    if missing:
        raise UsageError("\n".join(["a waiver needs more:", *(f"  {words}" for words in missing)]))
    from readiness.records.storage.work_tree import write_record
    from readiness.records.writing.signoff import sign_statement
    from readiness.records.writing.waiver_and_revocation import draft_waiver, may_waive, refuse_uncounted_waiver

    with refusing():
        workspace = open_workspace(file)
        checklist = workspace.checklist(options["environment"], options["release"])
        may = may_waive(checklist, _item(checklist, item))
        signing.note_environment(checklist)
        asked = _asked(workspace, options)
        key, holder = signing.signer(workspace, may.members, options)
        said = draft_waiver(checklist, may, holder, asked, workspace.evidence, commit=signing.head(workspace.root))
        say(_describe(said, key, holder))
        signing.confirm(yes=yes)
        signature = sign_statement(said, key)
        refuse_uncounted_waiver(said, signature, checklist, workspace.evidence)
        digest = write_record(workspace.root, said, signature)
    signing.tell_written(workspace, digest, f"Waive {item}")


def _item(checklist: "Checklist", wanted: str) -> "Item":
    from readiness.checklist import RESERVED

    if wanted in RESERVED:
        raise UsageError(f"`{wanted}` guards the rules themselves: it can never be waived")
    found = next((one for one in checklist.items if one.id == wanted), None)
    if found is None:
        hint = did_you_mean(wanted, [one.id for one in checklist.items]) or "see `readiness list items`"
        raise UsageError(f"the checklist has no item `{wanted}`\nnext: {hint}")
    return found


def _asked(workspace: Workspace, options: dict[str, Any]) -> "Request":
    from readiness.records.writing.waiver_and_revocation import Request

    return Request(
        requested_by=options["requested_by"],
        reason=options["reason"],
        compensating_control=options["control"],
        expires_at=_expiry(options["expires"], workspace.evidence.now.replace(microsecond=0)),
        role=options["role"],
        meaning=options["meaning"],
        name=signing.own_name(workspace.root),
        evidence=tuple(signing.attachment(workspace.root, path) for path in options["evidence"]),
    )


def _expiry(text: str, now: datetime) -> datetime:
    """The moment at which it lapses: of a date the end, in UTC; of a length of time that of its last day."""
    from readiness import duration
    from readiness.records.model.statement import deadline

    try:
        length = duration.parse(text)
    except ValueError:
        length = timedelta()
    try:
        if not length:
            return deadline(text)
        return now + length if length < timedelta(days=1) else deadline((now + length).date().isoformat())
    except ValueError as error:
        raise UsageError(
            f"--expires: {error}\nnext: write a date, for instance 2026-12-24, or a time as 14d"
        ) from error


def _describe(said: "Statement", key: "SigningKey", holder: "Holder") -> str:
    from readiness.records.model.statement import Waiver, show

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
        ("signed by", holder.principal + (f" ({predicate.signer.name})" if predicate.signer.name else "")),
        ("with key", f"{key.public.fingerprint}, {key.origin}"),
        ("signed at", show(predicate.signed_at)),
        ("lapses", show(predicate.expires_at)),
        ("commit", predicate.commit or "(none)"),
        *(("evidence", f"{entry.sha256}  {entry.uri}") for entry in predicate.evidence),
    ]
    return "\n".join(["This will be signed:", "", *signing.rows(rows), ""])
