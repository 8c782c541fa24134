"""`readiness judge`: judges by outcomes that another job has collected, and runs no code of the change."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import click

from readiness.cli.commands.check import EXIT_CODES, RunOptions, run_to_verdict
from readiness.cli.options import FILE, epilog
from readiness.cli.output.terminal import color_option
from readiness.cli.typed_options import Length, takes
from readiness.cli.unpacked import refuse_links_in


@dataclass(frozen=True)
class JudgeOptions:
    """What `judge` takes."""

    folder: Annotated[Path, click.argument("folder", metavar="DIR", type=FILE)]
    max_age: Annotated[
        timedelta,
        click.option(
            "--max-age",
            type=Length(),
            default="24h",
            show_default=True,
            help="How long ago the outcomes may have been collected.",
        ),
    ]
    run: RunOptions


@click.command(
    epilog=epilog(
        EXIT_CODES,
        examples=(
            "judge evidence/ --policy-ref origin/main",
            "judge evidence/ --policy-ref origin/main --attest verdict.intoto.json --key verdict.key",
        ),
    )
)
@takes(JudgeOptions)
@color_option
def judge(asked: JudgeOptions) -> int:
    """Judge by the outcomes in DIR, which `readiness collect` wrote in a job without secrets.

    No command and no service of the checklist runs here. Items whose checks only read, ask hosts or verify signatures
    are evaluated anew. The others have the outcome in DIR if it is for this very commit, checklist, check and
    parameters; otherwise they are an error. Their outcomes are claims of the job that collected them: code of the
    change ran beside it.
    """
    refuse_links_in(asked.folder)
    return run_to_verdict(asked.run, folder=asked.folder, longest=asked.max_age)
