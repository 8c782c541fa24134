"""`readiness validate`: check the checklist file alone, for every environment."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.errors import OK, masked
from readiness.cli.options import checklist_file, epilog
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import color_option, safe, use_color
from readiness.text import count

if TYPE_CHECKING:
    from readiness.loading.diagnostics import Diagnostic


@click.command(
    epilog=epilog("0 no mistake, 2 mistakes", examples=("validate", "validate -f services/api/readiness.yaml"))
)
@checklist_file
@color_option
def validate(file: Path | None) -> int:
    """Report every mistake in the checklist file with its line, without evaluating it.

    A warning names what is allowed, but hardly meant, such as a command whose failure the shell would not see.
    """
    from readiness.engine.host import Host
    from readiness.loading import ChecklistError, find
    from readiness.loading import validate as mistakes

    place = file or find(Path.cwd())
    warnings: list[Diagnostic] = []
    with Host() as host:
        found = mistakes(place, host=host, warnings=warnings)
    if found:
        raise ChecklistError([*found, *warnings])
    for warning in warnings:
        emit([masked(warning.render(color=use_color(sys.stdout))), ""])
    emit([f"{safe(str(place))}: no mistakes" + (f", {count(len(warnings), 'warning')}" if warnings else "")])
    return OK
