"""`readiness judge`: judges by outcomes that another job has collected, and runs no code of the change."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import click

from readiness import judged_tree
from readiness.cli.commands.check import EXIT_CODES, RunOptions, run_to_verdict
from readiness.cli.dates import Length
from readiness.cli.errors import UsageError
from readiness.cli.options import FILE, epilog
from readiness.cli.output.terminal import color_option
from readiness.cli.typed_options import takes


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
    _refuse_links(asked.folder)
    return run_to_verdict(asked.run, folder=asked.folder, longest=asked.max_age)


def _refuse_links(folder: Path) -> None:
    """Insist that a folder in the repository is where its name says, before git is asked anything.

    An artefact that is unpacked over a link of the change lands in whatever place the change chose.

    Raises:
        UsageError: The way to it leads over a link of the repository, or into the folder of git.
    """
    top = Path(judged_tree.tree())
    way = Path.cwd() / folder
    for place in (way, *way.parents):
        inside = place.parent.resolve().is_relative_to(top)
        if inside and (place.is_symlink() or place == top / ".git"):
            raise UsageError(
                f"`{place}` is a link, or git's own: the change would choose what the outcomes are written over\n"
                "next: undo the link, or unpack the outcomes outside of the repository"
            )
