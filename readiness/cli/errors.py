"""Maps every outcome of a command to its exit code, in one place; no traceback reaches a user."""

import contextlib
import errno
import os
import platform
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from types import FrameType
from typing import IO

import click

from readiness.cli.output import streams
from readiness.text import safe
from readiness.version import __version__

OK, NO_GO, USAGE, INCOMPLETE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 130
_NO_MEMORY = """\
error: this machine gives readiness too little memory
Nothing is known about the release; this is never a GO.
next: raise the limit of memory (`ulimit -d`, `ulimit -v`), or give the job more"""


class UsageError(click.ClickException):
    """The command line or the configuration is wrong; the text says what and what to do."""

    exit_code = USAGE

    def show(self, file: IO[str] | None = None) -> None:  # noqa: ARG002 - click's signature
        """Print it safely, with the shape of a diagnostic."""
        complain(self.message)


def masked(text: str) -> str:
    """A text without the secrets of the environment; ordinary words stay, for they may name something."""
    from readiness.leaks import is_ordinary
    from readiness.redaction import Redactor

    return Redactor({name: value for name, value in os.environ.items() if not is_ordinary(value)}).text(text)


def complain(message: str) -> None:
    """Print an error, safely; its further lines say what to do."""
    for number, line in enumerate(masked(message).splitlines()):
        _tell(("error: " if number == 0 else "") + safe(line))


def _tell(text: str, *, color: bool | None = None) -> None:
    """Print lines to standard error; a runner of GitHub Actions obeys none of them."""
    from readiness.cli.output.terminal import defused, in_github_actions

    streams.say("\n".join(map(defused, text.splitlines())) if in_github_actions() else text, color=color)


def guarded(command: Callable[[], object]) -> int:
    """Run a command and say which exit code it earned; whatever is no clean end is never 0."""
    try:
        code = command()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except MemoryError:
        streams.say(_NO_MEMORY)
        return INTERNAL
    except Exception as error:  # noqa: BLE001 - whatever it is ends in 4, never in a pass
        return _code(error)
    if code == INTERRUPTED:
        _deaf()
    return code if isinstance(code, int) else OK


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does, so that it cleans up; an ignored signal stays ignored."""
    changed = []
    if threading.current_thread() is threading.main_thread():
        changed = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_DFL]
    for number in changed:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in changed:
            if signal.getsignal(number) is _interrupt:
                signal.signal(number, signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _interrupted() -> int:
    _deaf()
    streams.say("\ninterrupted")
    return INTERRUPTED


def _deaf() -> None:
    """Ignore further signals: all is cleaned up, and a second Ctrl-C would only spoil the exit code."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


def _refused(error: click.ClickException) -> int:
    if isinstance(error, UsageError):
        error.show()
    elif isinstance(error, click.exceptions.NoArgsIsHelpError):  # its message is the whole help
        streams.say(error.format_message())
    elif isinstance(error, click.UsageError):
        if error.ctx is not None:
            streams.say(error.ctx.get_usage())
            streams.say(f"Try `{error.ctx.command_path} --help` for help.\n")
        complain(error.format_message())
    else:
        complain(error.format_message())
    return error.exit_code if error.exit_code != 1 else USAGE


def _code(error: Exception) -> int:
    """Tell an error and give its code; what nobody else can act on is ours."""
    if isinstance(error, click.ClickException):
        return _refused(error)
    if isinstance(error, BrokenPipeError):
        return streams.hang_up()
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        complain(f"{error.filename or 'the output'} cannot be written: {error.strerror}")
        return INTERNAL
    return USAGE if _configuration(error) else _internal(error)


def _configuration(error: Exception) -> bool:
    """Tell an error that the user can act on; whether it was one."""
    from readiness.attestation import AttestationError
    from readiness.engine.collected import CollectedError
    from readiness.engine.plan import SelectionError
    from readiness.git import GitError
    from readiness.isolation.seal import IntruderError
    from readiness.loading import ChecklistError
    from readiness.records.model.errors import RecordsError

    if isinstance(error, ChecklistError):
        from readiness.cli.output.terminal import use_color

        color = use_color(sys.stderr)
        _tell(masked(error.render(color=color)), color=color)
        return True
    if isinstance(error, RecordsError):
        several = error.findings if len(error.findings) > 1 else ()
        more = [f"  {finding.place}: {finding.message}" for finding in several]
        complain("\n".join([error.summary, *more, *([f"next: {error.remedy}"] if error.remedy else [])]))
    elif isinstance(error, AttestationError):
        complain(f"{error.summary}\nnext: {error.remedy}")
    elif isinstance(error, SelectionError | GitError | IntruderError | CollectedError):
        complain(str(error))
    else:
        return False
    return True


def _internal(error: Exception) -> int:
    if os.environ.get("READINESS_DEBUG"):
        _tell(masked("".join(traceback.format_exception(error))))
        return INTERNAL
    where = "it could not be written anywhere"
    with (
        contextlib.suppress(OSError),
        tempfile.NamedTemporaryFile(
            "w", prefix="readiness-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as log,
    ):
        log.write(masked("".join(traceback.format_exception(error))))
        where = log.name
    complain(
        f"an internal error of readiness {__version__} (Python {platform.python_version()}): "
        f"{type(error).__name__}: {error}\n"
        "Nothing is known about the release; this is never a GO.\n"
        f"Please report it with the traceback: {where}"
    )
    return INTERNAL
