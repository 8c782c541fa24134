"""`readiness doctor`: what is installed, missing and reachable, and why an item cannot be evaluated here."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.epilog import epilog
from readiness.cli.errors import NO_GO, OK
from readiness.cli.output.columns import wrapped
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import color_option, colored, reading_width, safe, shape, use_color

if TYPE_CHECKING:
    from readiness.diagnosis import Line


@click.command(
    epilog=epilog(
        "0 nothing that an item needs is missing here, 1 something is, 2 usage",
        examples=(
            "doctor",
            "doctor --env staging",
        ),
    )
)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="The checklist file.")
@click.option("--env", "environment", default="", metavar="NAME", help="Environment whose values items take.")
@color_option
def doctor(file: Path | None, environment: str) -> int:
    """Look at this machine with the eyes of the checklist; evaluate nothing, send nothing.

    Hosts are connected to, all at once, and hung up on.
    """
    from readiness.diagnosis import diagnose

    groups = list(diagnose(file, environment, Path.cwd()))
    emit(_shown(groups), color=use_color(sys.stdout))
    return NO_GO if any(line.state == "failed" for _, lines in groups for line in lines) else OK


def _shown(groups: "list[tuple[str, list[Line]]]") -> Iterator[str]:
    columns = reading_width(sys.stdout)
    reasons: dict[str, list[str]] = {}
    for title, lines in groups:
        yield safe(title)
        for line in lines:
            mark = shape(line.state, sys.stdout)
            for text in wrapped(safe(line.text), "    ", columns, first=f"  {mark} "):
                yield text.replace(mark, colored(mark, line.state), 1)
            for item in line.items if line.state == "failed" else ():
                reasons.setdefault(item, []).append(line.text)
    yield ""
    missing = sum(line.state == "failed" for _, lines in groups for line in lines)
    yield f"{missing} missing: see the lines marked {shape('failed', sys.stdout)}" if missing else "everything is there"
    if reasons:
        yield "cannot pass here:"
    for item, why in reasons.items():
        yield from wrapped(f"{item}: {'; '.join(map(safe, why))}", "    ", columns, first="  ")
