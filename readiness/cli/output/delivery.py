"""Delivers a finished run: first to the terminal, then to files, then to GitHub."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.cli.errors import complain
from readiness.cli.output.streams import OutputError, emit, say
from readiness.cli.output.terminal import in_github_actions, safe, use_color

if TYPE_CHECKING:
    from readiness.cli.output.report_files import Output
    from readiness.report import Plugin, Report


def deliver(report: "Report", root: Path, outputs: "Sequence[Output]", printed: "Plugin | None") -> list[str]:
    """Print and write a run; the verdict is told before any reporter of somebody else's is at work.

    Args:
        report: The run.
        root: The folder that was judged.
        outputs: Files to write.
        printed: The reporter whose page is printed in place of the summary.

    Returns:
        A line for each thing that was asked for and did not arrive; each was told.
    """
    from readiness.cli.last_run import keep
    from readiness.cli.output.report_files import write

    keep(report, root)
    problems = _print(report, printed)
    written, unwritten = write(report, outputs)
    try:
        # With --format, standard output holds that page alone.
        for name in written if printed is None else ():
            emit([f"wrote {safe(name)}"])
    except OutputError as error:
        problems.append(error.message)
    problems += unwritten
    for problem in problems:
        complain(problem)
    if in_github_actions():
        _tell_github(report, root)
    return problems


def _print(report: "Report", printed: "Plugin | None") -> list[str]:
    """Print the summary, or the page that was asked for; the summary goes to standard error where that fails."""
    from readiness.cli.output.report_files import render
    from readiness.cli.output.summary import summarize
    from readiness.plugins import PluginError

    try:
        if printed is None:
            emit(summarize(report, sys.stdout), color=use_color(sys.stdout))
        else:
            emit([render(report, printed).removesuffix("\n")], form=printed.name)
    except (OutputError, PluginError) as error:
        for line in summarize(report, sys.stderr):
            say(line, color=use_color(sys.stderr))
        return [str(error)]
    return []


def _tell_github(report: "Report", root: Path) -> None:
    """Annotate, and add to the job's summary; nobody asked for either, so neither changes the exit code."""
    from readiness.cli.output.github import add_to_summary, annotations, data
    from readiness.cli.output.report_files import render, reporter
    from readiness.git import Repository

    repository = Repository.find(root)
    prefix = os.path.relpath(root.resolve(), repository.top) if repository is not None else ""
    for command in annotations(report, prefix):
        say(command)
    problem = add_to_summary(lambda: render(report, reporter("md")))
    if problem:
        say(f"::warning title=readiness::{data(safe(problem))}")
