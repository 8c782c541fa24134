"""`readiness signers add`: a person's first or next key."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli import signing
from readiness.cli.errors import UsageError
from readiness.cli.options import ChecklistFile, Yes, epilog, text_option
from readiness.cli.output.streams import emit, say
from readiness.cli.typed_options import DEADLINE, takes

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.records.ssh.public_key import PublicKey

_VALID = timedelta(days=730)
"""How long a key may sign by default: the middle of the one to three years that NIST SP 800-57 part 1, 5.3.6, gives."""


@dataclass(frozen=True)
class AddOptions:
    """What `signers add` takes."""

    principal: Annotated[str, click.argument("principal", default="")]
    file: ChecklistFile
    key: Annotated[
        str,
        text_option(
            "--key",
            about="Key file, or a public key itself; by default git's signing key. Where there is no such file, "
            "one is made if you agree.",
        ),
    ]
    until: Annotated[
        datetime | None,
        click.option(
            "--until",
            type=DEADLINE,
            metavar="DATE",
            help="Last day (in UTC) or moment at which the key may sign; by default in two years.",
        ),
    ]
    yes: Yes


@click.command(
    epilog=epilog(
        "0 added, 2 nothing was added",
        examples=(
            "signers add --key ~/.ssh/id_signing",
            "signers add ada@example.com --key ada.pub --until 2027-12-31",
            'signers add ada@example.com --key "ssh-ed25519 AAAA…"',
        ),
    )
)
@takes(AddOptions)
def add(asked: AddOptions) -> None:
    """Let PRINCIPAL (by default git's user.email) sign with a key: adds a line to .readiness/allowed_signers.

    The file, and with --key a key of your own, is made where there is none. Commit the file: with --policy-ref, that of
    the policy branch counts.
    """
    from readiness.loading import find, outline
    from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS
    from readiness.records.writing.agent import git_config
    from readiness.records.writing.roster import add_signer, refuse_principal

    file = asked.file or find(Path.cwd())
    root = file.absolute().parent
    principal = asked.principal or git_config(root, "user.email")
    if not principal:
        raise UsageError("whose key is it? git knows no user.email\nnext: readiness signers add jo@example.com --key …")
    checklist = outline(file)
    until = asked.until or (datetime.now(UTC) + _VALID).replace(hour=23, minute=59, second=59, microsecond=0)
    if until <= datetime.now(UTC):
        raise UsageError(f"--until: {until:%Y-%m-%d} has passed\nnext: name a day to come")
    refuse_principal(root, principal, until)
    key = _key(root, asked, principal)
    holder = add_signer(root, principal, key, until)
    emit([f"{ALLOWED_SIGNERS}:{holder.line}: {principal} may sign with {key.fingerprint} until {until:%Y-%m-%d}"])
    say(_roles(checklist, principal, file.name))
    say(f'next: git add .readiness .gitattributes && git commit -m "Let {principal} sign"')


def _key(root: Path, asked: AddOptions, principal: str) -> "PublicKey":
    """The key that was named; a new one where the file is not there and the person agrees."""
    from readiness.records.writing.agent import named_key, own_key
    from readiness.records.writing.roster import make_key

    if not asked.key:
        return own_key(root)
    path = Path(asked.key).expanduser()
    private = path.with_suffix("") if path.suffix == ".pub" else path
    if " " in asked.key.strip() or path.exists() or private.exists():
        return named_key(asked.key if path.exists() or " " in asked.key else str(private))
    if private.absolute().is_relative_to(root):
        raise UsageError(f"there is no key {private}, and none is made inside of the repository\nnext: name ~/.ssh/…")
    say(f"there is no key {private}")
    signing.confirm(yes=asked.yes, question=f"Make one for {principal}?", refused="nothing was added")
    make_key(private, principal)
    say(f"made it; `readiness sign ITEM --key {private}` signs with it, or let git know it once:")
    say(f"  git config --global gpg.format ssh && git config --global user.signingkey {private.absolute()}")
    return named_key(str(private))


def _roles(checklist: "Checklist", principal: str, file: str) -> str:
    """In which roles a person may sign, or how they get one."""
    roles = sorted(role for role, members in checklist.roles.items() if principal in members)
    if roles:
        return f"{principal} is a member of: {', '.join(roles)}"
    known = f" (roles: {', '.join(sorted(checklist.roles))})" if checklist.roles else ""
    return f"note: no role names {principal}, so no item asks them: add them under `roles` of {file}{known}"
