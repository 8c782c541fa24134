"""What every command that gives a signature shares: its options, who signs, the question, and what comes next."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.errors import UsageError
from readiness.cli.output.streams import emit, say
from readiness.cli.workspace import Workspace

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.records.model.statement import Attachment
    from readiness.records.storage.allowed_signers import Holder
    from readiness.records.writing.agent import SigningKey

person = click.option(
    "--as", "principal", default="", metavar="PRINCIPAL", help="Who you are in .readiness/allowed_signers."
)
key = click.option(
    "--key", default="", help="Key file, or public key held by the SSH agent; git's signing key by default."
)
evidence = click.option(
    "--evidence",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file that you looked at; its digest is signed too. May be given more than once.",
)
unasked = click.option("--yes", is_flag=True, help="Do not ask.")


def signer(workspace: Workspace, among: Collection[str], options: dict[str, Any]) -> "tuple[SigningKey, Holder]":
    """The key to sign with, and whose it is.

    Args:
        workspace: Where roster and repository are.
        among: Principals that may sign: keys of theirs are looked for in the agent.
        options: `key` and `principal`, as they were given.

    Raises:
        RecordsError: There is no such key, or it is nobody's, another person's, or compromised.
    """
    from readiness.records.writing.agent import find_key
    from readiness.records.writing.signoff import holder_of

    found = find_key(
        workspace.root, workspace.evidence.roster, key=options["key"], principal=options["principal"], among=among
    )
    return found, holder_of(workspace.evidence.roster, found, options["principal"])


def note_environment(checklist: "Checklist") -> None:
    """Say so when a record would be for none of the environments, though there are some."""
    if not checklist.environment and checklist.environments:
        names = ", ".join(sorted(checklist.environments))
        say(f"note: for none of the environments {names}; name one with --env")


def attachment(root: Path, path: Path) -> "Attachment":
    """A file that somebody looked at, with its digest.

    Raises:
        UsageError: It cannot be read.
    """
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


def own_name(root: Path) -> str:
    """The person's name as git knows it; empty when a record may not hold it."""
    from readiness.records.writing.agent import git_config
    from readiness.text import unseen

    name = git_config(root, "user.name")
    return "" if unseen(name) else name[:200]


def head(root: Path) -> str:
    """Object id of HEAD; empty where there is none."""
    from readiness.git import Repository

    repository = Repository.find(root)
    return repository.head if repository is not None else ""


def rows(named: list[tuple[str, str]]) -> list[str]:
    """Lines of a table of names and texts; those without a text are left out."""
    from readiness.text import safe

    return [f"  {name:<12} {safe(text)}" for name, text in named if text]


def confirm(*, yes: bool, question: str = "Sign this?") -> None:
    """Ask the person.

    Raises:
        UsageError: The answer is no.
    """
    try:
        agreed = yes or click.confirm(question, err=True)
    except click.Abort:
        agreed = False
    if not agreed:
        raise UsageError("nothing was signed")


def tell_written(workspace: Workspace, digest: str, message: str) -> None:
    """Say where a record is, and how to hand it in.

    Args:
        workspace: Where the repository is.
        digest: Of the record.
        message: For the commit.
    """
    from readiness.records.storage.work_tree import record_path

    emit([_shown_path(workspace.root / record_path(digest))])
    say(_next(workspace, record_path(digest), message))


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
