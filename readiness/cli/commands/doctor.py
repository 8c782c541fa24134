"""`readiness doctor`: what is installed, missing and reachable, and why an item cannot be evaluated here."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.errors import NO_GO, OK
from readiness.cli.options import ChecklistOptions, epilog
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import color_option, colored, reading_width, safe, shape, use_color, wrapped
from readiness.cli.typed_options import takes

if TYPE_CHECKING:
    from readiness.diagnosis import Line

_REASONS = 12
"""Reasons why an item cannot pass that its summary repeats; all of them stand above it."""


@click.command(
    epilog=epilog(
        "0 nothing that an item needs is missing here, 1 something is, 2 usage",
        examples=(
            "doctor",
            "doctor --env staging",
        ),
    )
)
@takes(ChecklistOptions)
@color_option
def doctor(asked: ChecklistOptions) -> int:
    """Say what the checklist needs on this machine, and what of it is missing; evaluate nothing, send nothing.

    It connects to the hosts that items name, all at the same time, and closes each connection at once.
    """
    from readiness.diagnosis import diagnose

    groups = list(diagnose(asked.file, asked.environment, Path.cwd()))
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
    yield f"{missing} missing: see the lines marked {shape('failed', sys.stdout)}" if missing else "nothing is missing"
    if reasons:
        yield "cannot pass here:"
    for item, why in reasons.items():
        rest = f"; and {len(why) - _REASONS} more" if len(why) > _REASONS else ""
        yield from wrapped(f"{item}: {'; '.join(map(safe, why[:_REASONS]))}{rest}", "    ", columns, first="  ")
