"""Prepares text for the terminal: safe characters, colours, symbols that its encoding can show, and columns."""

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TypeVar

import click

from readiness.text import cells, one_line

Command = TypeVar("Command", bound=Callable[..., object])

_CHOICE = "readiness.color"
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
_NARROWEST, _USUAL, _WIDEST = 20, 80, 100
_BEGINS = re.compile(r"(?:(?<=\s)|^)::")
"""What begins a workflow command where it begins a line, which wrapping may bring about."""
_COMMAND = re.compile(r"^(\s*)::(?=.*::)")
"""A whole line that is a workflow command; a rule `::placeholder` of a style sheet is none."""


def color_option(command: Command) -> Command:
    """Give a command `--color`, which `use_color` obeys."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        expose_value=False,
        is_eager=True,
        callback=_remember,
        help="When to use colour.",
    )(command)


def _remember(context: click.Context, _option: click.Parameter, choice: str) -> None:
    context.meta[_CHOICE] = choice


def use_color(stream: IO[str]) -> bool:
    """Whether to colour a stream: the option, then NO_COLOR, FORCE_COLOR (and CLICOLOR_FORCE), then the terminal."""
    context = click.get_current_context(silent=True)
    choice = context.meta.get(_CHOICE, "auto") if context is not None else "auto"
    if choice != "auto":
        return bool(choice == "always")
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
    line = one_line(text)
    return defused(line) if in_github_actions() else line


def defused(line: str) -> str:
    """Break what a runner could take for a workflow command: `::` at a start, `##[` anywhere."""
    return _BEGINS.sub(": :", line.replace("##[", "## ["))


def tame(text: str, form: str, stream: IO[str]) -> str:
    """Text as it may be printed: where a runner reads it, nothing in it is obeyed.

    What goes to a file reaches no runner and stays as it is; JSON keeps its meaning in any case.

    Args:
        text: One line or many.
        form: `text`, or the name of a reporter or format.
        stream: Where it will be printed.
    """
    if not in_github_actions() or _is_file(stream):
        return text
    if form == "json":  # no line of it can begin with a colon
        return text.replace("##[", "##\\u005b")
    if form == "text":
        return "".join(map(defused, text.splitlines(keepends=True)))
    return "".join(_COMMAND.sub(r"\1: :", line) for line in text.replace("##[", "## [").splitlines(keepends=True))


def _is_file(stream: IO[str]) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def width(stream: IO[str]) -> int:
    """Columns of the window that a stream writes to; very many where nobody looks at a window."""
    if not stream.isatty() or in_github_actions():
        return ENDLESS
    with contextlib.suppress(OSError, ValueError):
        columns = int(os.environ.get("COLUMNS", "0") or "0") or os.get_terminal_size(stream.fileno()).columns
        return max(columns or _USUAL, _NARROWEST)
    return _USUAL


def reading_width(stream: IO[str]) -> int:
    """Columns for running text: no more than one reads well where there is a window."""
    columns = width(stream)
    return columns if columns == ENDLESS else min(columns, _WIDEST)


ENDLESS = 10**9
"""Columns where nobody looks at a window."""
_LEAST = 12
"""Columns for text beside an indent, however narrow the window is."""
_CUT = " ..."


def table(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int = ENDLESS) -> str:
    """Write rows of safe text below their head, aligned.

    Args:
        head: Titles of the columns.
        rows: As many texts each.
        columns: Width of the window, at whose edge lines are cut.
    """
    every = (head, *rows)
    widths = [*(max(cells(row[index]) for row in every) for index in range(len(head) - 1)), 0]
    lines = ["  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in every]
    return "\n".join(cut(line.rstrip(), columns) for line in lines)


def wrapped(text: str, indent: str, columns: int, first: str | None = None) -> Iterator[str]:
    """Wrap one line of safe text at its spaces; a word that is longer than a line is broken.

    Args:
        text: The text.
        indent: What stands before each line.
        columns: How many may be used.
        first: What stands before the first line, when that is not the indent.
    """
    columns = max(columns, len(indent) + _LEAST)
    line, empty = indent if first is None else first, True
    for word in text.split():
        if not empty and cells(line) + 1 + cells(word) <= columns:
            line += f" {word}"
            continue
        if not empty:
            yield line
            line = indent
        *full, line = _broken(line + word, indent, columns)
        yield from full
        empty = False
    yield line


def _broken(line: str, indent: str, columns: int) -> Iterator[str]:
    """Break a line that has no space to break at."""
    while cells(line) > columns:
        head = _head(line, columns)
        yield head
        line = indent + line[len(head) :]
    yield line


def cut(line: str, columns: int) -> str:
    """Cut a line at the edge of the window, visibly."""
    return line if cells(line) <= columns else _head(line, columns - len(_CUT)).rstrip() + _CUT


def _head(line: str, columns: int) -> str:
    used = 0
    for index, character in enumerate(line):
        used += cells(character)
        if used > columns:
            return line[: max(index, 1)]
    return line


def padded(text: str, columns: int) -> str:
    """Fill up with spaces."""
    return text + " " * (columns - cells(text))
