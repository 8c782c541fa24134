"""`readiness sign`: give a sign-off."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli import completion
from readiness.cli.desk import Desk, refusing, sit_down
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.streams import emit, say

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
        ),
    )
)
@click.argument("item", shell_complete=completion.items)
@click.option("-f", "--file", type=click.Path(path_type=Path, dir_okay=False), help="The checklist file.")
@click.option("--env", "environment", default="", metavar="NAME", help="Environment that the sign-off is for.")
@click.option("--release", default="", metavar="R", help="Release that it is for; the checklist's when not given.")
@click.option("--role", default="", help="The role you sign in; must be the one that the item asks for.")
@click.option("--each", default="", metavar="NAME", help="For an item with a matrix (`each`): which of its names.")
@click.option("--as", "principal", default="", metavar="PRINCIPAL", help="Who you are in .readiness/allowed_signers.")
@click.option("--key", default="", help="Key file, or public key held by the SSH agent; git's signing key by default.")
@click.option("--decision", type=click.Choice(["approve", "reject"]), default="approve", show_default=True)
@click.option("--meaning", default="", metavar="TEXT", help="What your signature declares.")
@click.option("--reason", default="", metavar="TEXT", help="Why; a rejection needs one.")
@click.option("--expires", default="", metavar="DATE", help="Last day (in UTC) or moment at which it holds.")
@click.option(
    "--evidence",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file that you looked at; its digest is signed too. May be given more than once.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def sign(item: str, file: Path | None, *, yes: bool, **options: Any) -> None:
    """Sign off ITEM with your SSH key.

    Shows exactly what will be signed, asks, has ssh-keygen sign it, and writes the record below .readiness/records.
    Commit it: a sign-off counts for the content that it was given for, wherever that content goes.
    """
    from readiness.records import signing, store

    with refusing():
        desk = sit_down(file)
        question = _question(desk, item, options)
        key, holder = _signer(desk, question, options)
        said = signing.draft(
            question,
            holder,
            _declaration(desk, options),
            now=desk.basis.now,
            commit=_head(desk.root),
            seen=store.newest(desk.basis.kept.records),
        )
        say(_describe(said, question, key, holder))
        if not yes and not _confirmed():
            raise UsageError("nothing was signed")
        signature = signing.sign(said, key)
        signing.refuse_uncounted(question, said, signature, desk.basis)
        digest = store.write(desk.root, said, signature)
    emit([_shown_path(desk.root / store.record_path(digest))])
    say(_next(desk, store.record_path(digest), item))


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
    if not question.environment and checklist.environments:
        names = ", ".join(sorted(checklist.environments))
        say(f"note: for none of the environments {names}; name one with --env")
    return question


def _signer(desk: Desk, question: "Question", options: dict[str, Any]) -> "tuple[SigningKey, Holder]":
    from readiness.records.signing import holder_of
    from readiness.records.signing_keys import find_key

    key = find_key(
        desk.root, desk.basis.roster, key=options["key"], principal=options["principal"], among=question.members
    )
    return key, holder_of(desk.basis.roster, key, options["principal"])


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
        evidence=tuple(_attachment(desk.root, path) for path in options["evidence"]),
        name=_own_name(desk.root),
    )


def _attachment(root: Path, path: Path) -> Any:
    import hashlib

    from readiness.records.statement import Attachment
    from readiness.records.words import printable

    place = path.absolute()
    name = place.relative_to(root).as_posix() if place.is_relative_to(root) else place.name
    try:
        with place.open("rb") as file:
            return Attachment(uri=printable(name), sha256=hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise UsageError(f"--evidence: {name} cannot be read: {error.strerror}") from error


def _own_name(root: Path) -> str:
    """The person's name as git knows it; empty when a record may not hold it."""
    from readiness.records.signing_keys import git_config
    from readiness.records.words import unseen

    name = git_config(root, "user.name")
    return "" if unseen(name) else name[:200]


def _head(root: Path) -> str:
    from readiness.git import Repository

    repository = Repository.find(root)
    return repository.head if repository is not None else ""


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
    lines = ["This will be signed:", "", *_rows(rows), ""]
    if question.policy.covers:
        files = [f"  {digest}  {name}" for name, digest in said.subjects.items()]
        lines += [f"for exactly {len(files)} {'file' if len(files) == 1 else 'files'}:", *files[:_SHOWN]]
        if len(files) > _SHOWN:
            lines.append(f"  and {len(files) - _SHOWN} more, all listed in the record")
    else:
        lines.append("for the words and parameters of the item; it covers no file")
    return "\n".join([*lines, ""])


def _rows(rows: list[tuple[str, str]]) -> list[str]:
    from readiness.records.words import printable

    return [f"  {name:<12} {printable(text)}" for name, text in rows if text]


def _confirmed() -> bool:
    try:
        return click.confirm("Sign this?", err=True)
    except click.Abort:
        return False


def _shown_path(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def _next(desk: Desk, record: str, item: str) -> str:
    from readiness.git import Repository

    repository = Repository.find(desk.root)
    if repository is None:
        return "next: keep .readiness with the project; it counts wherever the record is"
    if repository.ignored([record]):
        return "next: git ignores .readiness; take it out of .gitignore, or the record never leaves this machine"
    return f'next: git add .readiness .gitattributes && git commit -m "Sign off {item}"'
