"""Reads the cover profiles of Go (`go test -coverprofile`): blocks of statements, and how often each was run.

`statements` are what `go tool cover -func` counts. `lines` are all lines of the blocks, covered where a block that was
run lies on them. The format is that of golang.org/x/tools/cover.
"""

import re
from collections import defaultdict
from collections.abc import Hashable
from typing import NamedTuple

from readiness.outcome import CheckError, Finding
from readiness_checks.coverage.measured import LONGEST, Count, File, Measured, detailed, malformed
from readiness_checks.reading.report_file import ReportFile

NAMES = "Go cover profile"
_MODE = re.compile(r"mode: (set|count|atomic)")
_BLOCK = re.compile(
    r"(?P<file>.+):(\d{1,9})\.(\d{1,9}),(\d{1,9})\.(\d{1,9}) (?P<statements>\d{1,9}) (?P<count>\d{1,18})"
)


class _Block(NamedTuple):
    """Where a block begins and ends: lines and columns."""

    line: int
    column: int
    last_line: int
    last_column: int


def recognises(report: ReportFile) -> bool:
    """Whether this looks like a cover profile."""
    return report.text.startswith("mode:")


def read(report: ReportFile) -> Measured:
    """Read one profile; a block that several test programs measured counts once.

    Raises:
        CheckError: A line is none of the format's, the end is missing, or one block has two sizes.
    """
    files: dict[str, dict[_Block, tuple[int, int]]] = defaultdict(dict)
    text = report.text.replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        match = _BLOCK.fullmatch(line)
        if match is None:
            if line and not _MODE.fullmatch(line):
                raise _refused(report.name, number, line, "this is no line of a cover profile")
            continue
        block, statements = _Block(*map(int, match.groups()[1:5])), int(match["statements"])
        if block.line == 0 or block[:2] > block[2:]:
            raise _refused(report.name, number, line, "this block ends before it begins")
        if block.last_line > LONGEST:
            raise _refused(report.name, number, line, f"no source has more than {LONGEST:,} lines")
        known = files[match["file"].replace("\\", "/")]
        before, count = known.get(block, (statements, 0))
        if before != statements:
            raise _refused(report.name, number, line, f"this block had {before} statements before")
        known[block] = statements, count + int(match["count"])
    if not text.endswith("\n"):
        raise malformed(report.name, "its last line has no end")
    return Measured("Go cover profile", tuple(_file(name, blocks) for name, blocks in files.items()))


def _refused(name: str, number: int, line: str, why: str) -> CheckError:
    remedy = "let `go test -coverprofile` finish, and check again"
    finding = Finding(message=f"{why}: {line[:80]!r}", rule="malformed", path=name, line=number, remedy=remedy)
    return CheckError(f"{name}:{number}: {finding.message}", remedy, findings=(finding,))


def _file(name: str, blocks: dict[_Block, tuple[int, int]]) -> File:
    hits: dict[int, int] = {}
    statements: dict[Hashable, Count] = {}
    for block, (size, count) in blocks.items():
        statements[block] = Count(size if count else 0, size)
        for line in range(block.line, block.last_line + 1) if size else ():
            hits[line] = max(hits.get(line, 0), count)
    return detailed(name, hits, statements=statements)
