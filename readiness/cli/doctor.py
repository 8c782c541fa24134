"""`readiness doctor`: what is installed, missing and reachable, and why an item cannot be evaluated here."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from readiness.cli.errors import NO_GO, OK
from readiness.cli.streams import emit
from readiness.cli.terminal import color_option, colored, safe, shape, use_color


class Line(NamedTuple):
    """One thing that was looked at."""

    status: str
    """`passed`, `failed` when an item cannot be evaluated for it, `not_applicable` when nothing asks for it."""
    text: str


@click.command(epilog="Exit codes: 0 every item can be evaluated here, 1 something is missing, 2 configuration.")
@click.option("-f", "--file", type=click.Path(path_type=Path), help="The checklist file.")
@click.option("--env", "environment", default="", metavar="NAME", help="Environment whose values items take.")
@color_option
def doctor(file: Path | None, *, environment: str) -> int:
    """Look at this machine with the eyes of the checklist; evaluate nothing, send nothing."""
    from readiness.diagnosis import diagnose

    groups = [(title, [Line(*line) for line in lines]) for title, lines in diagnose(file, environment, Path.cwd())]
    emit(_shown(groups), color=use_color(sys.stdout))
    return NO_GO if any(line.status == "failed" for _, lines in groups for line in lines) else OK


def _shown(groups: list[tuple[str, list[Line]]]) -> Iterator[str]:
    for title, lines in groups:
        yield title
        for line in lines:
            yield f"  {colored(shape(line.status, sys.stdout), line.status)} {safe(line.text)}"
    missing = sum(line.status == "failed" for _, lines in groups for line in lines)
    yield ""
    yield f"{missing} missing: see the lines marked {shape('failed', sys.stdout)}" if missing else "everything is there"
