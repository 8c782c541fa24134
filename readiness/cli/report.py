"""`readiness report`: render a saved run again."""

from pathlib import Path

import click

from readiness.cli.errors import OK, UsageError
from readiness.cli.terminal import emit, safe

_path = click.Path(path_type=Path)


@click.command(epilog="Exit codes: 0 rendered, 2 the run cannot be read or a file cannot be written.")
@click.argument("run", metavar="[RUN.json]", required=False, type=_path)
@click.option(
    "-o", "--output", "paths", multiple=True, type=_path, metavar="FILE", help="Write a report; may be repeated."
)
@click.option("--format", "form", metavar="SUFFIX", help="Print the report (json, md, html ...).")
def report(run: Path | None, *, paths: tuple[Path, ...], form: str | None) -> int:
    """Render RUN.json again, or the last run here; the same run gives the same bytes.

    A run is saved by `readiness check -o run.json`. The verdict is not judged again and does not change
    the exit code.
    """
    from readiness.cli.outputs import render, resolve, write
    from readiness.cli.saved import read
    from readiness.plugins import PluginError

    if not paths and not form:
        raise UsageError("nothing to write\nname a file: `readiness report -o report.html`")
    outputs = resolve(paths)
    printed = resolve([Path(f"-.{form}")])[0].reporter if form else None
    saved = read(run)
    written, failed = write(saved, outputs)
    try:
        lines = [] if printed is None else [render(saved, printed).removesuffix("\n")]
    except PluginError as error:
        raise UsageError(str(error)) from error
    emit(lines or [f"wrote {safe(name)}" for name in written], color=False)
    if failed:
        raise UsageError("\n".join(failed))
    return OK
