"""The test points of a TAP document, and of the subtests inside of it, and how one line becomes a test point."""

import re
from dataclasses import dataclass, field

from readiness_checks.junit.formats._shared import seconds

POINT = re.compile(r"(not )?ok\b(?: +([0-9]{1,9})\b)?(.*)")
_DELIMITER = re.compile(r"(?<=\s)(?<!\\)#\s*")
_DIRECTIVE = re.compile(r"(SKIP(?=(?:PED|PING|S)?\b)|TODO\b)\S*(?:\s+(.*))?$", re.IGNORECASE)
_TIME = re.compile(r"time=([\d.]{1,20})(ms|s)?")


@dataclass
class Point:
    """One test point, and the document of its subtests."""

    ok: bool
    description: str
    directive: str
    """`SKIP` or `TODO`; empty for neither."""
    reason: str
    seconds: float | None
    inner: "Document | None" = None
    said: list[str] = field(default_factory=list)
    """The lines of its YAML block."""


@dataclass
class Document:
    """The test points at one depth, and their plan."""

    announced: bool = False
    """Whether a comment says that it is a subtest; or else it may be anything that a program has printed."""
    brace: bool = False
    """Whether a brace has opened it (node-tap), which has to be closed."""
    plan: int | None = None
    reason: str = ""
    early: bool = False
    """Whether the plan came before the test points."""
    points: list[Point] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)


def read_point(match: re.Match[str]) -> tuple[Point, bool]:
    """A test point, and whether a brace opens its subtests.

    The first directive counts. A later one excuses no failure; and what is said to be skipped is no pass.

    Args:
        match: What `POINT` found.
    """
    text = match[3].rstrip()
    brace = text.endswith(" {")
    pieces = _DELIMITER.split(f" {text[:-1] if brace else text} ")
    description, directive, reason, took = pieces[0].strip(), "", "", None
    first = True
    for piece in map(str.strip, pieces[1:]):
        found, time = _DIRECTIVE.match(piece), _TIME.match(piece)
        if time:
            took = seconds(time[1], 1000 if time[2] == "ms" else 1)
        elif found and not directive and (first or not match[1]):
            directive, reason = found[1].upper(), found[2] or ""
        elif not directive:
            first = False
            description += f" # {piece}"
    description = re.sub(r"\\([#\\])", r"\1", description.removeprefix("-").strip())
    return Point(not match[1], description, directive, reason, took), brace
