"""`readiness signers`: the commands about who may sign, and with which key."""

import click

from readiness.cli.lazy_group import LazyGroup
from readiness.cli.options import epilog

_COMMANDS = {
    "add": "Give a key to a person who signs; makes the file, and the key if you like.",
    "list": "List who may sign with which key, in which roles, and until when.",
}


@click.command(
    cls=LazyGroup,
    package=__name__,
    table=_COMMANDS,
    epilog=epilog(examples=("signers add --key ~/.ssh/id_ed25519.pub", "signers list")),
)
def signers() -> None:
    """Say whose signatures count: the keys in .readiness/allowed_signers."""
