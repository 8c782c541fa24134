"""`readiness report`: render a saved run again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import click

from readiness.cli.errors import OK, UsageError
from readiness.cli.options import FILE, ReportOutput, epilog
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import safe
from readiness.cli.typed_options import takes


@dataclass(frozen=True)
class ReportOptions:
    """What `report` takes."""

    run: Annotated[Path | None, click.argument("run", metavar="[RUN.json]", required=False, type=FILE)]
    output: ReportOutput


@click.command(
    epilog=epilog(
        "0 rendered, 2 the run cannot be read or a file cannot be written",
        examples=(
            "report -o report.html",
            "report run.json -o report.html -o report.md",
            "report run.json --format md",
        ),
    )
)
@takes(ReportOptions)
def report(asked: ReportOptions) -> int:
    """Render RUN.json again, or the last run in this repository. The same run gives the same bytes.

    `readiness check -o run.json` saves a run. The last run of a repository is kept inside its git folder. This command
    evaluates nothing, and its exit code does not depend on the verdict. It refuses a run whose verdict does not follow
    from its results.
    """
    from readiness.cli.last_run import read
    from readiness.cli.output.report_files import render, reporter, resolve, write
    from readiness.plugins import PluginError

    paths, form = asked.output.paths, asked.output.form
    if not paths and form is None:
        raise UsageError("nothing to write\nname a file: `readiness report -o report.html`")
    printed = reporter(form) if form is not None else None
    saved = read(asked.run)
    written, failed = write(saved, resolve(paths))
    try:
        page = "" if printed is None else render(saved, printed)
    except PluginError as error:
        raise UsageError(str(error)) from error
    if printed is None:
        emit([f"wrote {safe(name)}" for name in written])
    else:
        emit([page.removesuffix("\n")], form=printed.name)
    if failed:
        raise UsageError("\n".join(failed))
    return OK
