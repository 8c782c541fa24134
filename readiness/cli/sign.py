"""`readiness sign`: give a sign-off."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli import completion, hand
from readiness.cli.desk import Desk, refusing, sit_down
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.policy import ask_owners, chosen, judging_ref, sit_down_under
from readiness.cli.streams import say

if TYPE_CHECKING:
    from readiness.records.policy import Question
    from readiness.records.roster import Holder
    from readiness.records.signing import Declaration
    from readiness.records.signing_keys import SigningKey
    from readiness.records.statement import Statement

_SHOWN = 40


@click.command(
    epilog=epilog(
        "0 signed, 2 nothing was signed",
        examples=(
            "sign privacy-policy --env production",
            "sign privacy-policy --decision reject --reason 'no section 4'",
            "sign policy-weakening --policy-ref origin/main",
        ),
    )
)
@click.argument("item", shell_complete=completion.items)
@click.option("-f", "--file", type=click.Path(path_type=Path, dir_okay=False), help="The checklist file.")
@click.option("--env", "environment", default="", metavar="NAME", help="Environment that the sign-off is for.")
@click.option("--release", default="", metavar="R", help="Release that it is for; the checklist's when not given.")
@click.option("--role", default="", help="The role you sign in; must be the one that the item asks for.")
@click.option("--each", default="", metavar="NAME", help="For an item with a matrix (`each`): which of its names.")
@hand.person
@hand.key
@click.option("--decision", type=click.Choice(["approve", "reject"]), default="approve", show_default=True)
@click.option("--meaning", default="", metavar="TEXT", help="What your signature declares.")
@click.option("--reason", default="", metavar="TEXT", help="Why; a rejection needs one.")
@click.option("--expires", default="", metavar="DATE", help="Last day (in UTC) or moment at which it holds.")
@judging_ref
@hand.evidence
@hand.unasked
def sign(item: str, file: Path | None, *, yes: bool, **options: Any) -> None:
    """Sign off ITEM with your SSH key.

    Shows exactly what will be signed, asks, has ssh-keygen sign it, and writes the record below .readiness/records.
    Commit it: a sign-off counts for the content that it was given for, wherever that content goes.
    """
    from readiness.records import signing, store

    with refusing():
        ref = chosen(options["ref"])
        desk, base = sit_down_under(ref, file) if ref is not None else (sit_down(file), None)
        question = ask_owners(desk, base) if item == "policy-weakening" else _question(desk, item, options)
        key, holder = hand.signer(desk, question.members, options)
        said = signing.draft(
            question,
            holder,
            _declaration(desk, options),
            now=desk.basis.now,
            commit=hand.head(desk.root),
            seen=store.newest(desk.basis.kept.records),
        )
        signing.refuse_unable(question, key, said, desk.basis)
        say(_describe(said, question, key, holder))
        hand.confirm(yes=yes)
        signature = signing.sign(said, key)
        signing.refuse_uncounted(question, said, signature, desk.basis)
        digest = store.write(desk.root, said, signature)
    hand.tell_written(desk, digest, f"Sign off {item}")


def _question(desk: Desk, wanted: str, options: dict[str, Any]) -> "Question":
    from readiness.records import intact
    from readiness.records.question import CHECK, ask_checklist

    checklist = desk.checklist(options["environment"], options["release"])
    if wanted == intact.IDENTIFIER:
        say("\n".join(intact.tell(desk.basis)))
        return intact.ask_owners(desk.basis, checklist)
    item = next((item for item in checklist.items if item.id == wanted), None)
    if item is None:
        known = [item.id for item in checklist.items if item.check == CHECK]
        raise UsageError(
            f"the checklist has no item `{wanted}`\nnext: sign one of: {', '.join(known) or 'none asks for a sign-off'}"
        )
    question = ask_checklist(desk.root, checklist, item)
    if options["role"] not in {"", question.policy.role}:
        raise UsageError(
            f"the item {item.id} asks for the role {question.policy.role}: signed as {options['role']} it would not "
            "count\nnext: leave out --role"
        )
    hand.note_environment(checklist)
    return question


def _declaration(desk: Desk, options: dict[str, Any]) -> "Declaration":
    from readiness.records.signing import Declaration
    from readiness.records.statement import deadline

    try:
        expires_at = deadline(options["expires"]) if options["expires"] else None
    except ValueError as error:
        raise UsageError(f"--expires: {error}\nnext: write a date, for instance 2027-05-23") from error
    return Declaration(
        decision=options["decision"],
        meaning=options["meaning"],
        reason=options["reason"],
        each=options["each"],
        expires_at=expires_at,
        evidence=tuple(hand.attachment(desk.root, path) for path in options["evidence"]),
        name=hand.own_name(desk.root),
    )


def _describe(said: "Statement", question: "Question", key: "SigningKey", holder: "Holder") -> str:
    from readiness.records.statement import Signoff, show

    predicate = said.predicate
    if not isinstance(predicate, Signoff):
        raise TypeError("only a sign-off is signed here")
    rows = [
        ("decision", predicate.decision),
        ("project", predicate.project),
        ("release", predicate.release or "(none)"),
        ("environment", predicate.environment or "(none)"),
        ("item", predicate.item),
        ("", predicate.item_text),
        ("for", predicate.each),
        ("role", predicate.role),
        ("meaning", predicate.meaning),
        ("reason", predicate.reason),
        ("signed by", f"{holder.principal}" + (f" ({predicate.signer.name})" if predicate.signer.name else "")),
        ("with key", f"{key.public.fingerprint}, {key.origin}"),
        ("signed at", show(predicate.signed_at)),
        ("expires", show(predicate.expires_at) if predicate.expires_at else "never by itself"),
        ("commit", predicate.commit or "(none)"),
        *(("evidence", f"{entry.sha256}  {entry.uri}") for entry in predicate.evidence),
    ]
    lines = ["This will be signed:", "", *hand.rows(rows), ""]
    if question.policy.covers:
        files = [f"  {digest}  {name}" for name, digest in said.subjects.items()]
        lines += [f"for exactly {len(files)} {'file' if len(files) == 1 else 'files'}:", *files[:_SHOWN]]
        if len(files) > _SHOWN:
            lines.append(f"  and {len(files) - _SHOWN} more, all listed in the record")
    else:
        lines.append("for the words and parameters of the item; it covers no file")
    return "\n".join([*lines, ""])
