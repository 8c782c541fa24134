"""`readiness validate`: check the checklist file alone, for every environment."""

from pathlib import Path

import click

from readiness.cli.errors import OK
from readiness.cli.options import checklist_file, epilog
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import color_option, safe


@click.command(
    epilog=epilog("0 no mistake, 2 mistakes", examples=("validate", "validate -f services/api/readiness.yaml"))
)
@checklist_file
@color_option
def validate(file: Path | None) -> int:
    """Report every mistake in the checklist file with its line, without evaluating it."""
    from readiness.engine.host import Host
    from readiness.loading import ChecklistError, find
    from readiness.loading import validate as mistakes

    place = file or find(Path.cwd())
    with Host() as host:
        found = mistakes(place, host=host)
    if found:
        raise ChecklistError(found)
    emit([f"{safe(str(place))}: no mistakes"])
    return OK
