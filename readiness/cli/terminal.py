"""What every printed text goes through: safe, in colour or not, in shapes that the terminal can show."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import IO

import click

from readiness.cli.errors import hang_up

COLORS = click.Choice(["auto", "always", "never"])
_SHAPES = {
    "passed": ("✔", "+", "green"),
    "failed": ("✘", "x", "red"),
    "error": ("!", "!", "magenta"),
    "pending": ("…", ".", "yellow"),
    "not_applicable": ("–", "-", "cyan"),
    "skipped": ("○", "o", "white"),
    "GO": ("✔", "+", "green"),
    "CONDITIONAL_GO": ("◐", "~", "yellow"),
    "NO_GO": ("✘", "x", "red"),
    "INCOMPLETE": ("…", ".", "yellow"),
}
_NARROWEST, _WIDEST = 20, 100


def use_color(choice: str, stream: IO[str]) -> bool:
    """Whether to colour a stream: the option, then NO_COLOR, FORCE_COLOR (and CLICOLOR_FORCE), then the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def in_github_actions() -> bool:
    """Whether the output is read by a runner of GitHub Actions, which obeys some lines."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def shape(word: str, stream: IO[str]) -> str:
    """The shape of a status or a verdict, in ASCII where the stream cannot show more."""
    fine, plain, _ = _SHAPES[word]
    try:
        fine.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return plain
    return fine


def colored(text: str, word: str, *, bold: bool = False) -> str:
    """Colour a text as a status or a verdict; colour is never the only sign."""
    return click.style(text, fg=_SHAPES[word][2], bold=bold)


def safe(text: str) -> str:
    """One line of text from outside: nothing in it moves a cursor, reorders text or speaks to a CI runner."""
    from readiness.loading.display import visible

    line = visible(" ".join(text.split()))
    return defused(line) if in_github_actions() else line


def defused(line: str) -> str:
    """Break what a runner would take for a workflow command."""
    line = line.replace("##[", "## [")
    return ": :" + line.lstrip()[2:] if line.lstrip().startswith("::") else line


def width(stream: IO[str]) -> int:
    """Columns to write in; wide where nobody looks at a window."""
    if not stream.isatty():
        return 10_000
    return max(min(shutil.get_terminal_size().columns, _WIDEST), _NARROWEST)


def wrapped(text: str, indent: str, columns: int, first: str | None = None) -> list[str]:
    """Wrap a safe text to a width."""
    return textwrap.wrap(
        text,
        width=max(columns, len(indent) + _NARROWEST),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def echo(text: str = "", *, err: bool = False, nl: bool = True, color: bool | None = None) -> None:
    """Print as `click.echo` does, but in the encoding of the stream: click takes an ASCII terminal for a mistake."""
    click.echo(text, file=sys.stderr if err else sys.stdout, nl=nl, color=color)


def emit(lines: Iterable[str], *, color: bool) -> None:
    """Print to standard output; a reader that goes away changes nothing about the verdict."""
    try:
        for line in lines:
            echo(line, color=color)
        sys.stdout.flush()
    except BrokenPipeError:
        hang_up()
