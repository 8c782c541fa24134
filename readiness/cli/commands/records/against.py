"""The part of `readiness records verify` that asks whether what an attested verdict rested on is still there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.attestation import explained
from readiness.cli.errors import UsageError

if TYPE_CHECKING:
    from readiness.attestation.against import Loss
    from readiness.cli.workspace import Workspace

_path = click.Path(path_type=Path)


def comparing(command: Any) -> Any:
    """Give `records verify` its options to compare with an attested verdict."""
    for option in (
        click.option(
            "--key",
            "keys",
            multiple=True,
            type=_path,
            metavar="FILE",
            help="Public keys to trust it by; else READINESS_VERIFY_KEY, else .readiness/verdict_keys.",
        ),
        click.option(
            "--against",
            type=_path,
            metavar="FILE",
            help="An earlier attested verdict of this branch: all that it rested on must still be there.",
        ),
    ):
        command = option(command)
    return command


def lost(workspace: "Workspace", against: Path | None, keys: Sequence[Path]) -> "tuple[Loss, ...]":
    """Find what an attested verdict rested on, and that is gone.

    Args:
        workspace: Records and history as they are now.
        against: The attested verdict; None when that was not asked for.
        keys: Public keys to trust it by.

    Raises:
        UsageError: It cannot be read, or no trusted key has signed it: it says nothing then.
    """
    if against is None:
        if keys:
            raise UsageError("`--key` says whose verdict to trust\nnext: name the verdict: `--against FILE`")
        return ()
    from readiness.attestation import file, trust
    from readiness.attestation.against import losses
    from readiness.attestation.demand import authenticate
    from readiness.git import Repository
    from readiness.text import short

    with explained():
        found = authenticate(file.read(against), trust.find(keys, start=workspace.root))
    if found.statement is None or found.objections:
        why = "\n".join(f"{short(one.text)}\nnext: {short(one.remedy)}" for one in found.objections[:1])
        raise UsageError(f"`{against}` cannot be compared with: {why}")
    return losses(found.statement, workspace.evidence, Repository(workspace.root))
