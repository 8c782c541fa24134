"""Reads what Xcode's `xccov view --json` prints: the report of an `.xcresult` (sums), or its archive (lines).

`xcrun xccov view --report --json` gives sums for each file and function; `--archive --json` gives lines.
"""

from typing import Any

from pydantic import TypeAdapter

from readiness_checks.coverage.formats._json import LineNumber, Model, Number, count, validated
from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    counts,
    detailed,
    malformed,
    numbered,
    one,
    require_equal,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "xccov JSON"
_TOLERANCE = 0.0001


class _Function(Model):
    name: str
    lineNumber: Number  # noqa: N815  # Xcode's name
    executionCount: Number  # noqa: N815  # Xcode's name


class _Sums(Model):
    coveredLines: Number  # noqa: N815  # Xcode's name
    executableLines: Number  # noqa: N815  # Xcode's name
    lineCoverage: float  # noqa: N815  # Xcode's name


class _File(_Sums):
    path: str
    functions: list[_Function] = []


class _Target(_Sums):
    name: str
    files: list[_File]


class _Report(_Sums):
    targets: list[_Target]


class _Line(Model):
    line: LineNumber
    isExecutable: bool  # noqa: N815  # Xcode's name
    executionCount: Number | None = None  # noqa: N815  # Xcode's name


def recognises(report: ReportFile) -> bool:
    """Whether this looks like xccov's report or archive."""
    return _is_report(report.json) or _is_archive(report.json)


def _is_report(document: Any) -> bool:
    return isinstance(document, dict) and {"targets", "executableLines"} <= document.keys()


def _is_archive(document: Any) -> bool:
    values = list(document.values()) if isinstance(document, dict) else []
    return (
        bool(values)
        and all(
            isinstance(lines, list) and all(isinstance(line, dict) and "isExecutable" in line for line in lines)
            for lines in values
        )
        and any(values)
    )


def read(report: ReportFile) -> Measured:
    """Read either.

    Raises:
        CheckError: It is not as xccov prints it, or contradicts itself.
    """
    if _is_report(report.json):
        return _read_report(report.name, validated(report.name, TypeAdapter(_Report), report.json))
    lines = validated(report.name, TypeAdapter(dict[str, list[_Line]]), report.json)
    return Measured("xccov archive", tuple(_lines(report.name, place, each) for place, each in lines.items()))


def _lines(name: str, place: str, lines: list[_Line]) -> File:
    hits = {line.line: line.executionCount for line in lines if line.isExecutable}
    if None in hits.values():
        raise malformed(name, f"a line of {place[:200]} that can be run does not say how often it was")
    return detailed(place, {line: hit or 0 for line, hit in hits.items()})


def _read_report(name: str, report: _Report) -> Measured:
    """A file that several targets compile is measured in each: the one that covers most of it counts."""
    files: dict[str, tuple[Count, _File]] = {}
    for target in report.targets:
        for file in target.files:
            lines = _sums(name, file.path, file)
            if file.path not in files or lines.percent > files[file.path][0].percent:
                files[file.path] = lines, file
        seen = sum((Count(file.coveredLines, file.executableLines) for file in target.files), Count(0, 0))
        require_equal(name, [(f"the sum of {target.name[:100]}", _sums(name, target.name, target), seen)])
    whole = sum((Count(target.coveredLines, target.executableLines) for target in report.targets), Count(0, 0))
    require_equal(name, [("the sum of all targets", _sums(name, "the report", report), whole)])
    measured = Measured("xccov report", tuple(_file(place, *each) for place, each in files.items()))
    total = measured.total("lines")
    note = (
        f"its producer counts a file for each target: {whole.total} lines in its totals are {total.total} of the files"
    )
    return Measured(measured.format, measured.files, notes=(note,) if total != whole else ())


def _sums(name: str, what: str, sums: _Sums) -> Count:
    found = count(name, what, sums.coveredLines, sums.executableLines)
    rate = float(found.percent) / 100
    close = not found.total or abs(sums.lineCoverage - rate) <= _TOLERANCE
    require_equal(name, [(f"`lineCoverage` of {what[:200]}", None if close else sums.lineCoverage, round(rate, 4))])
    return found


def _file(place: str, lines: Count, file: _File) -> File:
    functions = numbered(((each.name, each.lineNumber), one(each.executionCount)) for each in file.functions)
    return File(place, counts(lines=lines, functions=sum(functions.values(), Count(0, 0))))
