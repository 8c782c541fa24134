"""Maps every outcome of a command to its exit code, in one place; no traceback reaches a user."""

import contextlib
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

import click

from readiness.version import __version__

OK, NO_GO, USAGE, INCOMPLETE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 130
BROKEN_PIPE = 141
"""As a shell counts SIGPIPE: the reader of our output went away."""


class UsageError(click.ClickException):
    """The command line or the configuration is wrong; the text says what and what to do."""

    exit_code = USAGE

    def show(self, file: Any = None) -> None:
        """Print it safely, with the shape of a diagnostic."""
        from readiness.loading.display import visible

        for number, line in enumerate(self.message.splitlines()):
            click.echo(("error: " if number == 0 else "") + visible(line), file=file or sys.stderr)


def guarded(command: Callable[[], Any]) -> int:
    """Run a command and say which exit code it earned."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # only text files of ours have it
    try:
        code = command()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code if error.exit_code != 1 else USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("\ninterrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return hang_up()
    except Exception as error:  # noqa: BLE001 - whatever it is ends in 4, never in a pass
        return _known(error)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()
    return code if isinstance(code, int) else OK


def hang_up() -> int:
    """Stop writing to a reader that went away, quietly."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def _known(error: Exception) -> int:
    """Errors of the engine that a user can act on; everything else is ours."""
    from readiness.engine.plan import SelectionError
    from readiness.git import GitError
    from readiness.loading import ChecklistError

    if isinstance(error, ChecklistError):
        click.echo(error.render(color=_colored()), file=sys.stderr)
        return USAGE
    if isinstance(error, SelectionError | GitError):
        UsageError(str(error)).show()
        return USAGE
    return _internal(error)


def _colored() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context.color) if context is not None and context.color is not None else sys.stderr.isatty()


def _internal(error: Exception) -> int:
    if os.environ.get("READINESS_DEBUG"):
        traceback.print_exc()
        return INTERNAL
    where = "it could not be written anywhere"
    with (
        contextlib.suppress(OSError),
        tempfile.NamedTemporaryFile(
            "w", prefix="readiness-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as log,
    ):
        traceback.print_exception(error, file=log)
        where = log.name
    UsageError(
        f"an internal error of readiness {__version__} (Python {platform.python_version()}): "
        f"{type(error).__name__}: {error}\n"
        "Nothing is known about the release; this is never a GO.\n"
        f"Please report it with the traceback: {where}"
    ).show()
    return INTERNAL
