"""What the parts of a Markdown page are made of: a heading, a table that may be cut, and marks for every state."""

from collections.abc import Sequence
from typing import NamedTuple

from readiness.report import Result
from readiness_reports.markdown.escaping import table
from readiness_reports.view.wording import state

MARKS = {
    "passed": "✅ passed",
    "failed": "❌ failed",
    "error": "⚠️ error",
    "pending": "⏳ pending",
    "not_applicable": "➖ not applicable",
    "skipped": "⏭️ skipped",
    "unselected": "▫️ not selected",
}


class Part(NamedTuple):
    """A heading, lines that belong together, and as many rows below them as there is room for."""

    head: list[str]
    rows: list[str]
    noun: str
    """What a row is, for saying how many are left out."""


def part(title: str, noun: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *before: str) -> Part:
    """A table under a heading.

    Args:
        title: The heading.
        noun: What a row is.
        head: Names of the columns.
        rows: Cells, which are Markdown already.
        before: Paragraphs between the heading and the table.
    """
    lines = table(head, rows)
    between = [line for paragraph in before for line in (paragraph, "")]
    return Part([f"## {title}", "", *between, *lines[:2]], lines[2:], noun)


def mark(result: Result) -> str:
    """The state of an item as a shape and a word."""
    return MARKS[state(result)]
