"""`readiness revoke`: take back a sign-off or a waiver."""

from pathlib import Path
from typing import Any

import click

from readiness.cli import hand
from readiness.cli.desk import Desk, checklist_file, ledger, refusing, sit_down
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.records.show import details, find
from readiness.cli.streams import say


@click.command(
    epilog=epilog(
        "0 signed, 2 nothing was signed",
        examples=("revoke 3fa9c01b --reason 'the templates were for another county'",),
    )
)
@click.argument("record")
@checklist_file
@hand.person
@hand.key
@click.option("--reason", default="", metavar="TEXT", help="Why it is taken back.")
@click.option("--replaced-by", default="", metavar="RECORD", help="The record that takes its place.")
@hand.unasked
def revoke(record: str, file: Path | None, *, reason: str, replaced_by: str, yes: bool, **options: Any) -> None:
    """Take back the sign-off or waiver RECORD, named by its digest or the first few characters of it.

    Its signer may, and whoever could have signed it. It is final: to give it again, sign again. Nothing is deleted; the
    revocation is a record of its own. Commit it.
    """
    if not reason.strip():
        raise UsageError("a revocation needs its reason\nnext: give it with --reason")
    from readiness.records import signing, store, withdrawing

    with refusing():
        desk = sit_down(file)
        target = find(desk, record)
        replacement = find(desk, replaced_by).digest if replaced_by else ""
        book = ledger(desk)
        entry = book.entry(target)
        if entry.state == "revoked":
            raise UsageError(f"{target.digest[:12]} is revoked already: {entry.reason}")
        given = target.signoff or target.waiver
        members = book.members(given) if given is not None else frozenset[str]()
        key, holder = hand.signer(desk, {*members, entry.principal}, options)
        said = withdrawing.draft_withdrawal(
            target,
            holder,
            members,
            desk.basis,
            reason=reason,
            replacement=replacement,
            name=hand.own_name(desk.root),
            commit=hand.head(desk.root),
        )
        _show(desk, details(entry, target), reason, replacement, f"{holder.principal}, {key.public.fingerprint}")
        hand.confirm(yes=yes, question="Take it back for good?")
        digest = store.write(desk.root, said, signing.sign(said, key))
    hand.tell_written(desk, digest, f"Revoke {target.digest[:12]}")


def _show(desk: Desk, target: list[str], reason: str, replacement: str, signer: str) -> None:
    from readiness.records.statement import show

    rows = [
        ("reason", reason),
        ("replaced by", replacement),
        ("signed by", signer),
        ("signed at", show(desk.basis.now.replace(microsecond=0))),
    ]
    lines = ["This record will be taken back:", "", *(f"  {line}" for line in target), "", *hand.rows(rows), ""]
    say("\n".join(lines))
