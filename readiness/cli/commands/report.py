"""`readiness report`: render a saved run again."""

from pathlib import Path

import click

from readiness.cli.epilog import epilog
from readiness.cli.errors import OK, UsageError
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import safe

_path = click.Path(path_type=Path)


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
@click.argument("run", metavar="[RUN.json]", required=False, type=_path)
@click.option(
    "-o", "--output", "paths", multiple=True, type=_path, metavar="FILE", help="Write a report; may be repeated."
)
@click.option("--format", "form", metavar="SUFFIX", help="Print the report (json, md, html ...).")
def report(run: Path | None, *, paths: tuple[Path, ...], form: str | None) -> int:
    """Render RUN.json again, or the last run here; the same run gives the same bytes.

    A run is saved by `readiness check -o run.json`; the last one is kept inside the git folder, where it makes nothing
    dirty. Nothing is evaluated, and the verdict does not change the exit
    code; a run whose verdict does not follow from its own results is refused.
    """
    from readiness.cli.last_run import read
    from readiness.cli.output.report_files import render, reporter, resolve, write
    from readiness.plugins import PluginError

    if not paths and form is None:
        raise UsageError("nothing to write\nname a file: `readiness report -o report.html`")
    printed = reporter(form) if form is not None else None
    saved = read(run)
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
