"""`readiness sign`: give a sign-off."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli import completion, signing
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.output.streams import say
from readiness.cli.policy_option import ask_owners, chosen, judging_ref, open_workspace_under
from readiness.cli.workspace import Workspace, open_workspace, refusing

if TYPE_CHECKING:
    from readiness.records.model.question import Question
    from readiness.records.model.statement import Statement
    from readiness.records.storage.allowed_signers import Holder
    from readiness.records.writing.agent import SigningKey
    from readiness.records.writing.signoff import Declaration

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
@signing.person
@signing.key
@click.option("--decision", type=click.Choice(["approve", "reject"]), default="approve", show_default=True)
@click.option("--meaning", default="", metavar="TEXT", help="What your signature declares.")
@click.option("--reason", default="", metavar="TEXT", help="Why; a rejection needs one.")
@click.option("--expires", default="", metavar="DATE", help="Last day (in UTC) or moment at which it holds.")
@judging_ref
@signing.evidence
@signing.unasked
def sign(item: str, file: Path | None, *, yes: bool, **options: Any) -> None:
    """Sign off ITEM with your SSH key.

    Shows exactly what will be signed, asks, has ssh-keygen sign it, and writes the record below .readiness/records.
    Commit it: a sign-off counts for the content that it was given for, wherever that content goes.
    """
    from readiness.checklist import POLICY_WEAKENING
    from readiness.records.storage.work_tree import newest_digests, write_record
    from readiness.records.writing.signoff import draft_signoff, refuse_unable, refuse_uncounted_signoff, sign_statement

    with refusing():
        ref = chosen(options["ref"])
        workspace, base = open_workspace_under(ref, file) if ref is not None else (open_workspace(file), None)
        question = ask_owners(workspace, base) if item == POLICY_WEAKENING else _question(workspace, item, options)
        key, holder = signing.signer(workspace, question.members, options)
        said = draft_signoff(
            question,
            holder,
            _declaration(workspace, options),
            now=workspace.evidence.now,
            commit=signing.head(workspace.root),
            seen=newest_digests(workspace.evidence.kept.records),
        )
        refuse_unable(question, key, said, workspace.evidence)
        say(_describe(said, question, key, holder))
        signing.confirm(yes=yes)
        signature = sign_statement(said, key)
        refuse_uncounted_signoff(question, said, signature, workspace.evidence)
        digest = write_record(workspace.root, said, signature)
    signing.tell_written(workspace, digest, f"Sign off {item}")


def _question(workspace: Workspace, wanted: str, options: dict[str, Any]) -> "Question":
    from readiness.checklist import RECORDS_APPEND_ONLY
    from readiness.records.judging.append_only import ask_owners, describe_violations
    from readiness.records.judging.ask import CHECK, ask_checklist

    checklist = workspace.checklist(options["environment"], options["release"])
    if wanted == RECORDS_APPEND_ONLY:
        say("\n".join(describe_violations(workspace.evidence)))
        return ask_owners(workspace.evidence, checklist)
    item = next((item for item in checklist.items if item.id == wanted), None)
    if item is None:
        known = [item.id for item in checklist.items if item.check == CHECK]
        raise UsageError(
            f"the checklist has no item `{wanted}`\nnext: sign one of: {', '.join(known) or 'none asks for a sign-off'}"
        )
    question = ask_checklist(workspace.root, checklist, item)
    if options["role"] not in {"", question.policy.role}:
        raise UsageError(
            f"the item {item.id} asks for the role {question.policy.role}: signed as {options['role']} it would not "
            "count\nnext: leave out --role"
        )
    signing.note_environment(checklist)
    return question


def _declaration(workspace: Workspace, options: dict[str, Any]) -> "Declaration":
    from readiness.records.model.statement import deadline
    from readiness.records.writing.signoff import Declaration

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
        evidence=tuple(signing.attachment(workspace.root, path) for path in options["evidence"]),
        name=signing.own_name(workspace.root),
    )


def _describe(said: "Statement", question: "Question", key: "SigningKey", holder: "Holder") -> str:
    from readiness.records.model.statement import Signoff, show

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
    lines = ["This will be signed:", "", *signing.rows(rows), ""]
    if question.policy.covers:
        files = [f"  {digest}  {name}" for name, digest in said.subjects.items()]
        lines += [f"for exactly {len(files)} {'file' if len(files) == 1 else 'files'}:", *files[:_SHOWN]]
        if len(files) > _SHOWN:
            lines.append(f"  and {len(files) - _SHOWN} more, all listed in the record")
    else:
        lines.append("for the words and parameters of the item; it covers no file")
    return "\n".join([*lines, ""])
