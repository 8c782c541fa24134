"""Standard input, output and error as they really are: closed, full, a pipe whose reader left, or ASCII only."""

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import IO

import click

from readiness.cli.output.terminal import tame

BROKEN_PIPE = 141
"""As a shell counts SIGPIPE: the reader of our output went away."""
_STANDARD = ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w"))


class OutputError(click.ClickException):
    """Standard output cannot be written, so nobody can read the result there."""

    exit_code = 4


def prepare() -> None:
    """Make sure that all three streams are there, and that each can take any text.

    A stream that was closed is opened on nothing: otherwise the next file or socket would get its descriptor, and what
    is printed would go there.
    """
    for number, name, mode in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # POSIX: the lowest free descriptor, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # only text files of ours have it


def say(text: str = "", *, color: bool | None = None) -> None:
    """Print a line to standard error; when that cannot be written, nobody can be told, and nothing else changes.

    In the encoding of the stream: `click.echo` alone takes an ASCII terminal for a mistake.
    """
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, file=sys.stderr, color=color)


def emit(lines: Iterable[str], *, color: bool = False, end: str = "\n", form: str = "text") -> None:
    """Print to standard output; a reader that goes away changes nothing about the verdict.

    A runner of GitHub Actions that reads it finds nothing in it to obey.

    Args:
        lines: Texts, each of one line or of many.
        color: Whether to keep colours.
        end: What follows each.
        form: What they are: `text` for people, otherwise the name of the reporter or format.

    Raises:
        OutputError: The output cannot be written, for instance because a disk is full.
    """
    try:
        for line in lines:
            click.echo(tame(line, form, sys.stdout) + end, file=sys.stdout, color=color, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()
    except OSError as error:
        hang_up()
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error


def emit_json(value: object, *, ascii_only: bool = False) -> None:
    """Print a value as JSON.

    Args:
        value: What `json` can write.
        ascii_only: Whether to escape all other characters, for texts that nobody has looked through.

    Raises:
        OutputError: The output cannot be written.
    """
    import json

    emit([json.dumps(value, indent=2, ensure_ascii=ascii_only)], form="json")


def hang_up() -> int:
    """Stop writing to a standard output that takes nothing any more, quietly."""
    _silence(sys.stdout)
    return BROKEN_PIPE


def flush() -> None:
    """Write out what is still waiting, so that the interpreter has nothing left to fail at when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _silence(stream)


def _silence(stream: IO[str]) -> None:
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
