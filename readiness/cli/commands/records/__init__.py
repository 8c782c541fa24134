"""`readiness records`: the commands that list, verify and export records."""

import click

from readiness.cli.lazy_group import LazyGroup
from readiness.cli.options import epilog

_COMMANDS = {
    "list": "List records with their state, oldest first.",
    "show": "Show one record.",
    "history": "Tell the history of an item: asked, signed, stale, signed again, revoked.",
    "due": "List what expires soon, or has expired and is needed.",
    "verify": "Verify every record: form, name, signature.",
    "export": "Write everything into an archive for auditors.",
}


@click.command(
    cls=LazyGroup,
    package=__name__,
    table=_COMMANDS,
    epilog=epilog(examples=("records list --state expired", "records show 3fa9", "records verify")),
)
def records() -> None:
    """Read what people have signed: sign-offs, waivers and revocations.

    All of these commands take --as-of, a day to look back to. None changes a record.
    """
