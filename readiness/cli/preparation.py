"""Prepares a run before its first command: loads all that tells, renders and signs, and starts the worker processes.

A command can rewrite the installation. What this process has loaded before that, it cannot change any more.
"""

import io
import pkgutil
import platform
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from readiness.report import Plugin, Report
import os
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from readiness import judged_tree
from readiness.cli.errors import UsageError
from readiness.cli.options import file_options, flag

if TYPE_CHECKING:
    from readiness.engine.host import Host


_PACKAGES = (
    "readiness.attestation", "readiness.cli.output", "readiness.engine", "readiness.isolation",
    "readiness.loading", "readiness.policy", "readiness.provenance", "readiness.records.history",
    "readiness.records.judging", "readiness.records.model", "readiness.records.ssh", "readiness.records.storage",
    "readiness.strictness",
)  # fmt: skip
_COMPARING = (
    "readiness.policy.evidence", "readiness.policy.judged_tests", "readiness.policy.lost_tests",
)  # fmt: skip
"""Packages, and modules of the packages above, that only a comparison with a policy branch needs."""
_MODULES = (
    "cryptography.hazmat.backends.openssl.backend", "difflib", "encodings.unicode_escape", "getpass",
    "mimetypes", "readiness.cli.last_run", "readiness.countdown", "tempfile", "termios", "traceback",
)  # fmt: skip
_PROGRAMS = ("readiness.engine.worker", "readiness.engine.sentinel")
"""What other processes run."""
_ALWAYS = ("json", "md")
"""Reporters that are used without being asked for: for the attestation, and for the summary of a job."""


def rehearse(reporters: "Iterable[Plugin]", *, compares: bool = True) -> None:
    """Import what judges and signs, and render a report of nothing with each reporter of ours that will be used.

    Args:
        reporters: Those that were asked for; those of other people are rendered by a process of its own.
        compares: Whether the run compares what is judged with a policy branch; if not, that code never runs.
    """
    from readiness.cli.output.report_files import render, reporter
    from readiness.cli.output.summary import summarize
    from readiness.git_program import GitError, GitProgram
    from readiness.plugins import BUILT_IN, PluginError

    for name in _names(() if compares else _COMPARING):
        import_module(name)
    with suppress(GitError):  # whoever needs git is told that it is missing
        GitProgram(Path())
    report = _nothing()
    list(summarize(report, io.StringIO()))
    for plugin in dict.fromkeys((*reporters, *map(reporter, _ALWAYS))):
        if plugin.distribution == BUILT_IN:
            try:
                render(report, plugin)
            except PluginError:  # it fails again when it is asked to render the run, and that is told
                continue


def _names(without: Container[str]) -> Iterator[str]:
    for package in (name for name in _PACKAGES if name not in without):
        yield package
        for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
            if module.name not in _PROGRAMS and module.name not in without:
                yield module.name
    for name in _MODULES:
        try:
            import_module(name)
        except ImportError:  # of another system, or another version of a library
            continue


def _nothing() -> "Report":
    """A report without an item."""
    from readiness.report import Report, Subject, Tool, Verdict, VerdictWord
    from readiness.version import __version__

    return Report(
        tool=Tool(version=__version__, python=platform.python_version()),
        subject=Subject(project="rehearsal"),
        started_at=datetime.now(UTC),
        duration=0.0,
        verdict=Verdict(word=VerdictWord.INCOMPLETE, reason="rehearsed"),
        sections=(),
        results=(),
    )


TEMPORARY = "readiness-"
"""How the name of the temporary folder of a run begins."""


@dataclass(frozen=True)
class ConfineOptions:
    """Where commands of the checklist may write."""

    confine: Annotated[
        bool,
        flag(
            "--confine",
            about="Let commands write only to the repository, to a temporary folder of the run, and to --writable "
            "(Linux; `sudo` fails in them). Exit 2 where the system cannot do that.",
        ),
    ]
    writable: Annotated[
        tuple[Path, ...],
        file_options("--writable", about="With --confine: commands may also write to this folder; may be repeated."),
    ]


@contextmanager
def hosted(asked: ConfineOptions, checklist: Path | None) -> "Iterator[Host]":
    """Worker processes for a run.

    Args:
        asked: Where they may write.
        checklist: The checklist file that was asked for; that of the current folder when not given.

    Raises:
        UsageError: They cannot be confined.
    """
    from readiness.engine.host import Host
    from readiness.isolation import confinement

    if asked.writable and not asked.confine:
        raise UsageError("`--writable` says what `--confine` allows\nnext: add `--confine`")
    if asked.confine and not confinement.available():
        raise UsageError("`--confine` needs Landlock, which this system does not have\nnext: leave it out")
    for folder in asked.writable:
        if not folder.is_dir():
            raise UsageError(f"--writable: `{folder}` is no folder\nnext: make it first")
    with TemporaryDirectory(prefix=TEMPORARY, ignore_cleanup_errors=True) as temporary:
        tree = judged_tree.tree(str(checklist.parent) if checklist is not None else "")
        folders = [tree, temporary, *(str(folder.resolve()) for folder in asked.writable)] if asked.confine else []
        with Host(environ={**os.environ, "TMPDIR": temporary}, confine_to=folders) as host:
            yield host
