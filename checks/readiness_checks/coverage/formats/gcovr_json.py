"""Reads the JSON of gcovr (`--json`, `--json-summary`) and of gcov itself (`gcov --json-format`)."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

from pydantic import Field, TypeAdapter

from readiness_checks.coverage.formats._json import LineNumber, Model, Number, count, validated
from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    counts,
    detailed,
    numbered,
    one,
    require_equal,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "gcovr JSON, gcov JSON"
_VERSION, _SUMMARY = "gcovr/format_version", "gcovr/summary_format_version"


class _Branch(Model):
    count: Number
    throw: bool = False
    excluded: bool = Field(default=False, alias="gcovr/excluded")


class _Line(Model):
    line_number: LineNumber
    function_name: str | None = None
    count: Number
    branches: list[_Branch] = []
    excluded: bool = Field(default=False, alias="gcovr/excluded")
    noncode: bool = Field(default=False, alias="gcovr/noncode")


class _Function(Model):
    name: str | None = None
    demangled_name: str | None = None
    lineno: Number | None = None
    start_line: Number | None = None
    execution_count: Number | None = None
    excluded: bool = Field(default=False, alias="gcovr/excluded")


class _File(Model):
    file: str
    lines: list[_Line]
    functions: list[_Function] = []


class _Sums(Model):
    line_total: Number
    line_covered: Number
    function_total: Number | None = None
    function_covered: Number | None = None
    branch_total: Number | None = None
    branch_covered: Number | None = None


class _SummaryFile(_Sums):
    filename: str


class _Summary(_Sums):
    files: list[_SummaryFile]


def recognises(report: ReportFile) -> bool:
    """Whether this looks like one of gcovr's documents, or gcov's."""
    document = report.json
    return isinstance(document, dict) and (
        _VERSION in document or _SUMMARY in document or {"gcc_version", "files"} <= document.keys()
    )


def read(report: ReportFile) -> Measured:
    """Read any of them.

    Raises:
        CheckError: It is not as the tool writes it, or contradicts itself.
    """
    name, document = report.name, report.json
    if _SUMMARY in document:
        return _read_summary(name, validated(name, TypeAdapter(_Summary), document))
    folder = document.get("current_working_directory")
    files: dict[str, list[_File]] = defaultdict(list)
    for file in validated(name, TypeAdapter(list[_File]), document.get("files")):
        files[file.file.replace("\\", "/")].append(file)
    return Measured(
        "gcovr JSON" if _VERSION in document else "gcov JSON",
        tuple(_file(place, parts) for place, parts in files.items()),
        folders=(folder,) if isinstance(folder, str) else (),
    )


def _file(place: str, parts: list[_File]) -> File:
    """A line that several functions share (templates, macros) counts once, its branches for each of them."""
    hits: defaultdict[int, int] = defaultdict(int)
    branches: list[tuple[Hashable, Count]] = []
    excluded: set[int] = set()
    for line in (line for part in parts for line in part.lines):
        if line.excluded or line.noncode:
            excluded.add(line.line_number)
            continue
        hits[line.line_number] += line.count
        for place_of, branch in enumerate(line.branches):
            if not branch.excluded:
                branches.append(((line.line_number, line.function_name, place_of), one(branch.count)))
    functions = numbered(
        ((each.demangled_name or each.name, each.lineno or each.start_line), one(each.execution_count))
        for part in parts
        for each in part.functions
        if not each.excluded and each.execution_count is not None
    )
    left_out = tuple(sorted(excluded - hits.keys()))
    return detailed(place, dict(hits), branches=numbered(branches), functions=functions, excluded=left_out or None)


def _read_summary(name: str, summary: _Summary) -> Measured:
    files = tuple(File(file.filename.replace("\\", "/"), _sums(name, file.filename, file)) for file in summary.files)
    measured = Measured("gcovr JSON summary", files)
    for metric, claimed in _sums(name, "the summary", summary).items():
        require_equal(name, [(f"`{metric}` of the summary", claimed, measured.total(metric))])
    return measured


def _sums(name: str, what: str, sums: _Sums) -> Any:
    def given(covered: int | None, total: int | None) -> Count | None:
        return None if covered is None or total is None else count(name, what, covered, total)

    return counts(
        lines=given(sums.line_covered, sums.line_total),
        functions=given(sums.function_covered, sums.function_total),
        branches=given(sums.branch_covered, sums.branch_total),
    )
