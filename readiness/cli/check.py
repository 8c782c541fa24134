"""`readiness check`: evaluate the checklist, print the verdict, leave with its exit code."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli import errors
from readiness.cli.terminal import COLORS, echo, emit, in_github_actions, safe, use_color

if TYPE_CHECKING:
    from readiness.report import Report

_path = click.Path(path_type=Path)


@click.command(
    epilog="Exit codes: 0 GO or CONDITIONAL_GO, 1 NO_GO, 2 usage or configuration, 3 INCOMPLETE, 4 internal error, "
    "130 interrupted.\n\nExamples: `readiness check` · `readiness check coverage tls --env staging` · "
    "`readiness check --phase post-deploy -o report.html -o run.json`"
)
@click.argument("items", metavar="[ITEM]...", nargs=-1)
@click.option("-f", "--file", type=_path, help="The checklist file; looked for from here upwards when not given.")
@click.option("--env", "environment", default="", metavar="NAME", help="Environment whose values `${name}` stands for.")
@click.option("--release", default="", metavar="R", help="Release that is judged; the checklist's when not given.")
@click.option("--phase", default="", metavar="P", help="Only items of this phase, and what they need.")
@click.option("--section", default="", metavar="S", help="Only items of this section, and what they need.")
@click.option(
    "-o", "--output", "paths", multiple=True, type=_path, metavar="FILE", help="Write a report; may be repeated."
)
@click.option(
    "--format", "form", metavar="SUFFIX", help="Print the report (json, md, html ...) instead of the summary."
)
@click.option("-j", "--jobs", type=click.IntRange(1, 256), help="Items evaluated at once.")
@click.option("--fail-on", type=click.Choice(["conditional"]), help="Make CONDITIONAL_GO exit 1, too.")
@click.option("--color", type=COLORS, default="auto", show_default=True, help="When to use colour.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def check(  # noqa: PLR0913 - the options of the command
    items: tuple[str, ...],
    file: Path | None,
    *,
    environment: str,
    release: str,
    phase: str,
    section: str,
    paths: tuple[Path, ...],
    form: str | None,
    jobs: int | None,
    fail_on: str | None,
    color: str,
    quiet: bool,
) -> int:
    """Evaluate the checklist, or the ITEMs named and what they need.

    The result goes to standard output and to `-o` (the suffix picks the reporter); progress goes to standard error.
    """
    from readiness.cli.outputs import render, resolve, write
    from readiness.cli.progress import Progress
    from readiness.cli.progress import quiet as silent
    from readiness.cli.saved import keep
    from readiness.cli.summary import summarize
    from readiness.engine.host import Host
    from readiness.engine.runner import run
    from readiness.loading import find, load
    from readiness.report import Selection

    click.get_current_context().color = use_color(color, sys.stdout)
    outputs = resolve(paths)
    printed = resolve([Path(f"-.{form}")])[0].reporter if form else None
    place = (file or find(Path.cwd())).absolute()
    selection = Selection(items=items, phase=phase, section=section)
    with Host() as host:
        checklist = load(place, environment=environment, release=release, host=host)
        progress = silent() if quiet else Progress(color)
        with progress as listener:
            report = run(checklist, root=place.parent, selection=selection, jobs=jobs, listener=listener, host=host)
    keep(report, place.parent)
    written, failed = write(report, outputs)
    colored = use_color(color, sys.stdout)
    if printed is not None:
        emit([render(report, printed).removesuffix("\n")], color=False)
    else:
        emit([*summarize(report), *(f"wrote {safe(name)}" for name in written)], color=colored)
    if in_github_actions():
        failed += _tell_github(report)
    for line in failed:
        echo(f"error: {safe(line)}", err=True)
    return exit_code(report, strict=fail_on == "conditional", unwritten=bool(failed))


def _tell_github(report: "Report") -> list[str]:
    from readiness.cli.annotations import add_to_summary, annotations
    from readiness.cli.outputs import render
    from readiness.plugins import PluginError, installed

    for command in annotations(report):
        echo(command, err=True)
    try:
        add_to_summary(render(report, installed("readiness.reporters")["md"]))
    except (PluginError, OSError) as error:
        return [f"the job's summary was not written: {error}"]
    return []


def exit_code(report: "Report", *, strict: bool, unwritten: bool) -> int:
    """The exit code of a verdict; a report that could not be written never exits 0."""
    if report.interrupted:
        return errors.INTERRUPTED
    codes = {
        "GO": errors.OK,
        "CONDITIONAL_GO": errors.NO_GO if strict else errors.OK,
        "NO_GO": errors.NO_GO,
        "INCOMPLETE": errors.INCOMPLETE,
    }
    code = codes[report.verdict.word.value]
    return errors.INTERNAL if unwritten and code == errors.OK else code
