"""The part of `readiness check` that remembers the last attested verdict of the branch."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.attestation import Attestation, explained
from readiness.cli.errors import UsageError

if TYPE_CHECKING:
    from readiness.attestation.summary import Statement


def remembering(command: Any) -> Any:
    """Give `check` its option to remember."""
    return click.option(
        "--previous",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The last attested verdict of this branch: all that it rested on must still be there.",
    )(command)


def read_previous(path: Path | None, attestation: Attestation | None) -> "Statement | None":
    """Read an earlier verdict, before anything runs; None when that was not asked for.

    It is trusted by the key that signs the new one, and by those that `readiness verify` would trust.

    Args:
        path: The attested verdict.
        attestation: What is to be attested.

    Raises:
        UsageError: It cannot be read, or no trusted key has signed it.
    """
    if path is None:
        return None
    from readiness.attestation import file, trust
    from readiness.attestation.demand import authenticate
    from readiness.attestation.errors import AttestationError
    from readiness.text import short

    own = () if attestation is None else (attestation.key.trusted,)
    with explained():
        try:
            trusted = (*own, *trust.find((), start=Path.cwd()))
        except trust.NoKeyError:
            if not own:
                raise
            trusted = own
        found = authenticate(file.read(path), trusted)
        if found.statement is None or found.objections:
            first = found.objections[0]
            raise AttestationError(f"`{short(str(path))}` cannot be compared with: {first.text}", first.remedy)
    return found.statement


def forbid_same(previous: Path | None, attest: Path | None) -> None:
    """Insist that the earlier verdict is not where the new one goes: what is there is removed before the run.

    Raises:
        UsageError: It is.
    """
    if previous is None or attest is None:
        return
    from readiness.attestation.file import bundle_path
    from readiness.cli.output.report_files import place

    if place(previous) in {place(attest), place(bundle_path(attest))}:
        raise UsageError(
            f"`{previous}` is both the earlier verdict and the new one\n"
            "next: write the new one elsewhere, and keep the earlier one until it is there"
        )
