"""`readiness init`: write a first checklist."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from readiness.cli.errors import OK, UsageError
from readiness.cli.options import epilog, flag
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import safe
from readiness.text import count

_SHOWN = 5


@click.command(
    epilog=epilog(
        "0 written, 2 there is one already, or it cannot be written",
        examples=(
            "init",
            "init services/api --force",
        ),
    )
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@flag("--force", about="Overwrite an existing checklist.")
def init(folder: Path, *, force: bool) -> int:
    """Write a commented readiness.yaml for FOLDER that runs at once."""
    from readiness.init import write
    from readiness.loading import ChecklistError, load

    try:
        path, manifests, unreadable, outputs = write(folder, force=force)
    except FileExistsError as error:
        raise UsageError(f"`{error.filename}` exists already\n`--force` overwrites it") from error
    except OSError as error:
        raise UsageError(f"`{error.filename}` cannot be written: {error.strerror}") from error
    try:
        items = list(load(path).items)
    except ChecklistError as error:
        raise UsageError(f"wrote {path}, but it has mistakes; please correct them:\n{error}") from error
    shown = os.path.relpath(path)
    emit(
        [
            f"wrote {safe(shown)} with {count(len(items), 'item')}:",
            *(f"  {item.id:<28} {item.check:<14} {safe(item.title)}" for item in items),
            *(f"warning: {safe(one)}\n  it cannot be read, so no item judges it" for one in unreadable),
            *(["of the manifests here they judge:", *(f"  {safe(line)}" for line in manifests)] if manifests else []),
            *([f"let git ignore what tools write here, if it does not yet: {_some(outputs)}"] if outputs else []),
            "next: read it, then run `readiness check`; `readiness doctor` says what is missing here",
        ],
    )
    return OK


def _some(outputs: Sequence[str]) -> str:
    return ", ".join(map(safe, outputs[:_SHOWN])) + (f" and {len(outputs) - _SHOWN} more" * (len(outputs) > _SHOWN))
