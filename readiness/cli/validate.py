"""`readiness validate`: check the checklist file alone, for every environment."""

import sys
from pathlib import Path

import click

from readiness.cli.errors import OK
from readiness.cli.terminal import COLORS, emit, safe, use_color


@click.command(epilog="Exit codes: 0 no mistake, 2 mistakes.")
@click.option("-f", "--file", type=click.Path(path_type=Path), help="The checklist file.")
@click.option("--color", type=COLORS, default="auto", show_default=True, help="When to use colour.")
def validate(file: Path | None, *, color: str) -> int:
    """Report every mistake in the checklist file, with its line; evaluate nothing."""
    from readiness.engine.host import Host
    from readiness.loading import ChecklistError, find
    from readiness.loading import validate as mistakes

    click.get_current_context().color = use_color(color, sys.stderr)
    place = file or find(Path.cwd())
    with Host() as host:
        found = mistakes(place, host=host)
    if found:
        raise ChecklistError(found)
    emit([f"{safe(str(place))}: no mistakes"], color=use_color(color, sys.stdout))
    return OK
