"""Fits text into the columns of a terminal, where a Chinese character takes two and an accent none."""

from collections.abc import Iterator, Sequence

from readiness.text import cells

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
