"""Files that reports go to: the reporter is picked by the suffix, before anything runs; files are written whole."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from readiness.atomic_write import atomic_write
from readiness.cli.errors import UsageError

if TYPE_CHECKING:
    from readiness.report import Plugin, Report


class Output(NamedTuple):
    """A file to write and the reporter that renders it."""

    path: Path
    reporter: "Plugin"


def resolve(paths: Sequence[Path]) -> list[Output]:
    """Pick a reporter for each file, and make sure that each can be written.

    Raises:
        UsageError: No reporter serves a suffix, a file is named twice, or a folder cannot be written to.
    """
    outputs: list[Output] = []
    for path in paths:
        chosen = _for_name(path)
        writable(path)
        if any(place(output.path) == place(path) for output in outputs):
            raise UsageError(f"`{path}` is given twice")
        outputs.append(Output(path, chosen))
    return outputs


def place(path: Path) -> Path:
    """Where a file will be: its folder may be reached through a link, the file itself replaces one."""
    return path.parent.resolve() / path.name


def _for_name(path: Path) -> "Plugin":
    """Pick the reporter of a file by the end of its name: `signoffs.html` goes before `html`.

    Raises:
        UsageError: None serves it.
    """
    from readiness.plugins import installed

    name = f".{path.name.lower()}"
    double = [known for known in installed("readiness.reporters") if "." in known and name.endswith(f".{known}")]
    return reporter(max(double, key=len, default=path.suffix))


def reporter(suffix: str) -> "Plugin":
    """Pick the reporter that serves a suffix, in any case, with or without its dot.

    Raises:
        UsageError: None does.
    """
    from readiness.plugins import installed

    reporters = installed("readiness.reporters")
    name = suffix.removeprefix(".").lower()
    if name not in reporters:
        what = f"no reporter writes `.{name}`" if name else "a suffix has to pick the reporter, as in `report.html`"
        raise UsageError(f"{what}\nthese suffixes are known: {', '.join(f'.{known}' for known in reporters)}")
    return reporters[name]


def writable(path: Path) -> None:
    """Insist that a file can be written, and make its folder.

    Raises:
        UsageError: It cannot.
    """
    try:
        if path.is_dir():
            raise UsageError(f"`{path}` is a folder; name a file in it")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".readiness-"):
            pass
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror}") from error


@contextmanager
def no_earlier_report(outputs: Sequence[Output]) -> Iterator[None]:
    """Take files that were there before away where a run ends without a report: nobody takes them for those of the run.

    The change that is judged can bring such files, and a reason for the run to end early.
    """
    try:
        yield
    except BaseException:
        for output in outputs:
            with suppress(OSError):
                output.path.unlink(missing_ok=True)
        raise


def write(report: "Report", outputs: Sequence[Output]) -> tuple[list[str], list[str]]:
    """Render and write every file; one that fails does not stop the others.

    Returns:
        Paths that were written, and a line for each that was not.
    """
    from readiness.plugins import PluginError

    written, failed = [], []
    for output in outputs:
        try:
            atomic_write(output.path, render(report, output.reporter).encode("utf-8", "backslashreplace"))
        except PluginError as error:
            failed.append(f"{output.path} was not written: {error}")
        except OSError as error:
            failed.append(f"{output.path} was not written: {error.strerror}")
        else:
            written.append(str(output.path))
    return written, failed


def render(report: "Report", reporter: "Plugin") -> str:
    """Render a report: with a reporter of ours here, with anybody else's in a process of its own.

    There, one that crashes, hangs, prints or ends its process can neither keep the verdict from being told nor change
    the exit code.

    Raises:
        PluginError: The reporter cannot be imported, crashes, hangs, or gives something that is no text.
    """
    from readiness.engine.host import Host
    from readiness.plugins import BUILT_IN, PluginError, load_reporter

    if reporter.distribution != BUILT_IN:
        with Host() as host:
            return host.render(reporter, report)
    try:
        return load_reporter(reporter)(report)
    except (Exception, SystemExit) as error:
        if isinstance(error, PluginError):
            raise
        raise PluginError(f"reporter `{reporter.name}` crashed: {type(error).__name__}: {error}") from error
