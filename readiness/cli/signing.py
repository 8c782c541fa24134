"""What the commands that sign share: who signs, what is signed, the question, and what comes next."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.errors import UsageError, masked
from readiness.cli.options import SignerOptions
from readiness.cli.output.streams import emit, say
from readiness.cli.workspace import Workspace

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.records.model.people import People
    from readiness.records.model.statement import Attachment, Statement
    from readiness.records.storage.allowed_signers import Holder
    from readiness.records.writing.agent import SigningKey

_INDENT = 15
"""Where the text of a row begins."""


def signer(workspace: Workspace, among: Collection[str], asked: SignerOptions) -> "tuple[SigningKey, Holder]":
    """The key to sign with, and whose it is.

    Args:
        workspace: Where roster and repository are.
        among: Principals that may sign: keys of theirs are looked for in the agent.
        asked: Who says to sign, and with which key.

    Raises:
        RecordsError: There is no such key, or it is nobody's, another person's, or compromised.
    """
    from readiness.records.writing.agent import find_key
    from readiness.records.writing.signoff import holder_of

    roster = workspace.evidence.roster
    found = find_key(workspace.root, roster, key=asked.key, principal=asked.principal, among=among)
    return found, holder_of(roster, found, asked.principal)


def note_environment(checklist: "Checklist") -> None:
    """Say so when a record would be for none of the environments, though there are some."""
    if not checklist.environment and checklist.environments:
        names = ", ".join(sorted(checklist.environments))
        say(f"note: for none of the environments {names}; name one with --env")


def attachments(root: Path, paths: Sequence[Path]) -> "tuple[Attachment, ...]":
    """Files that somebody looked at, with their digests.

    Raises:
        UsageError: One cannot be read.
    """
    return tuple(_attachment(root, path) for path in paths)


def _attachment(root: Path, path: Path) -> "Attachment":
    import hashlib

    from readiness.records.model.statement import Attachment
    from readiness.text import safe

    place = path.absolute()
    name = place.relative_to(root).as_posix() if place.is_relative_to(root) else place.name
    try:
        with place.open("rb") as file:
            return Attachment(uri=safe(name), sha256=hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise UsageError(f"--evidence: {name} cannot be read: {error.strerror}") from error


def own_name(workspace: Workspace, principal: str) -> str:
    """The name for the record: the reviewed one, else that of git; empty when a record may not hold it.

    Args:
        workspace: Where the repository is, and who is who.
        principal: Who signs.
    """
    from readiness.printed_names import own_words
    from readiness.records.writing.agent import git_config
    from readiness.text import safe, unseen

    name = git_config(workspace.root, "user.name")
    name = "" if unseen(name) else name[:200]
    person = workspace.evidence.people.named(principal)
    if person is None:
        return name
    if own_words(person.name, name):
        say(f"note: the record gets the reviewed name `{safe(person.name)}` of {principal}; git says `{safe(name)}`")
    return person.name


def head(root: Path) -> str:
    """Object id of HEAD; empty where there is none."""
    from readiness.git import Repository

    repository = Repository.find(root)
    return repository.head if repository is not None else ""


def describe(
    people: "People",
    first: list[tuple[str, str]],
    said: "Statement",
    key: "SigningKey",
    lapses: tuple[str, str] | None,
) -> str:
    """Say what will be signed, for the person who signs.

    Args:
        people: Who is who.
        first: What the record declares: names and texts; those without a text are left out.
        said: The statement.
        key: What signs it.
        lapses: When it lapses, as a row; None for what never can.

    Raises:
        UsageError: A text holds the value of a secret, which the record would keep for ever.
    """
    from readiness.moment import show
    from readiness.records.model.statement import Signoff, Waiver
    from readiness.text import indented

    predicate = said.predicate
    signer = predicate.signer
    rows = [
        *first,
        ("signed by", people.printed(signer.principal, says=signer.name)),
        ("with key", f"{key.public.fingerprint}, {key.origin}"),
        ("signed at", show(predicate.signed_at)),
        *([lapses] if lapses else []),
        ("commit", predicate.commit or "(none)"),
    ]
    if isinstance(predicate, Signoff | Waiver):
        rows += [("evidence", f"{entry.sha256}  {entry.uri}") for entry in predicate.evidence]
    refuse_secrets(first)
    shown = [f"  {name:<12} {indented(text, _INDENT)}" for name, text in rows if text]
    return "\n".join(["This will be signed:", "", *shown, ""])


def refuse_secrets(rows: Sequence[tuple[str, str]]) -> None:
    """Insist that no text of a record holds the value of a secret.

    Raises:
        UsageError: One does.
    """
    for name, text in rows:
        if masked(text) != text:
            raise UsageError(f"{name}: it holds the value of a secret of the environment; a record keeps it for ever")


def choose(number: int) -> list[int]:
    """Ask the person which of a numbered list to sign, once.

    Raises:
        UsageError: None of them, or something that is no answer.
    """
    from readiness.text import short

    try:
        answer = click.prompt(
            f"Sign which? `all`, or numbers such as 1,3-{number}", default="none", show_default=True, err=True
        )
    except click.Abort:
        answer = "none"
    words = str(answer).replace(",", " ").split()
    if [word.lower() for word in words] in (["all"], ["a"], ["y"], ["yes"]):
        return list(range(1, number + 1))
    chosen: set[int] = set()
    for word in words:
        first, dash, last = word.partition("-")
        ends = [first, last if dash else first]
        if not all(end.isascii() and end.isdigit() and 1 <= int(end) <= number for end in ends):
            raise UsageError(
                "nothing was signed"
                if words in (["none"], ["n"], ["no"])
                else f"`{short(str(answer))}` names nothing of the list: nothing was signed"
            )
        chosen.update(range(int(ends[0]), int(ends[1]) + 1))
    if not chosen:
        raise UsageError("nothing was signed")
    return sorted(chosen)


def some(names: Sequence[str], most: int = 3) -> str:
    """A few names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def confirm(*, yes: bool, question: str = "Sign this?", refused: str = "nothing was signed") -> None:
    """Ask the person; `refused` is what a no means.

    Raises:
        UsageError: The answer is no.
    """
    try:
        agreed = yes or click.confirm(question, err=True)
    except click.Abort:
        agreed = False
    if not agreed:
        raise UsageError(refused)


def tell_written(workspace: Workspace, digests: Sequence[str], message: str) -> None:
    """Say where records are, and how to hand them in.

    Args:
        workspace: Where the repository is.
        digests: Of the records.
        message: For the commit.
    """
    from readiness.records.storage.work_tree import record_path

    emit(_shown_path(workspace.root / record_path(digest)) for digest in digests)
    say(_next(workspace, record_path(digests[0]), message))


def _shown_path(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def _next(workspace: Workspace, record: str, message: str) -> str:
    from readiness.git import Repository

    repository = Repository.find(workspace.root)
    if repository is None:
        return "next: keep .readiness with the project; it counts wherever the record is"
    if repository.ignored([record]):
        return "next: git ignores .readiness; take it out of .gitignore, or the record never leaves this machine"
    return f'next: git add .readiness .gitattributes && git commit -m "{message}"'
