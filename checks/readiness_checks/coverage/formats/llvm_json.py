"""Reads the JSON of `llvm-cov export`, as clang, `swift test --enable-code-coverage` and cargo-llvm-cov write it.

`statements` are its regions of code. Lines are computed from the segments as llvm-cov does it (LLVM:
`LineCoverageStats`). The summary of a file counts them for each function, so that a line may count more than once or
not at all there; of a template it counts the instance that was covered best, and here all instances count together.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from readiness_checks.coverage.formats import _json
from readiness_checks.coverage.formats._json import Model, Number, validated
from readiness_checks.coverage.measured import (
    LONGEST,
    Count,
    File,
    Measured,
    counts,
    detailed,
    malformed,
    one,
    require_equal,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "LLVM JSON (llvm-cov export)"
_REGION = 8
"""Numbers of a region: where it begins and ends, how often it was run, two files, its kind."""
_TYPE = "llvm.coverage.json.export"
_Segment = Annotated[list[int | bool], Field(min_length=5, max_length=6)]
"""Line, column, count, whether it has a count, whether a region begins, whether it is a gap."""


class _Total(Model):
    count: Number
    covered: Number


class _Summary(Model):
    lines: _Total
    functions: _Total
    regions: _Total
    branches: _Total | None = None


class _File(Model):
    filename: str
    segments: list[_Segment] | None = None
    branches: list[list[Any]] | None = None
    summary: _Summary


class _Function(Model):
    name: str
    count: Number
    filenames: Annotated[list[str], Field(min_length=1)]
    regions: list[Annotated[list[int], Field(min_length=4)]]


class _Data(Model):
    files: list[_File]
    functions: list[_Function] | None = None
    totals: _Summary


class _Export(Model):
    data: list[_Data]
    version: str


def recognises(report: ReportFile) -> bool:
    """Whether this is an export of llvm-cov."""
    return isinstance(report.json, dict) and report.json.get("type") == _TYPE


def read(report: ReportFile) -> Measured:
    """Read one export; `-summary-only` gives sums alone.

    Raises:
        CheckError: It is not as llvm-cov writes it, or contradicts itself.
    """
    name = report.name
    export = validated(name, TypeAdapter(_Export), report.json)
    files: list[File] = []
    notes: list[str] = []
    for data in export.data:
        functions, regions = _functions(data.functions or []), _regions(data.functions or [])
        files.extend(
            _file(name, file, functions.get(file.filename, {}), regions.get(file.filename, {})) for file in data.files
        )
        _compare(name, data)
    totals = [_count(name, "`totals`", data.totals.lines) for data in export.data]
    said, seen = sum(totals, Count(0, 0)), Measured("LLVM JSON", tuple(files)).total("lines")
    if said != seen:
        notes.append(f"its producer counts the lines of each function: {said} in its totals are {seen} of the files")
    return Measured("LLVM JSON", tuple(files), notes=tuple(notes))


def _regions(found: Sequence[_Function]) -> dict[str, dict[Hashable, Count]]:
    """The regions of code of each file, those of all instances of a template together; gaps are none."""
    hits: dict[str, dict[Hashable, int]] = defaultdict(dict)
    for function in found:
        for region in function.regions:
            if len(region) >= _REGION and region[7] == 0 and 0 <= region[5] < len(function.filenames):
                known = hits[function.filenames[region[5]]]
                known[tuple(region[:4])] = known.get(tuple(region[:4]), 0) + max(region[4], 0)
    return {file: {place: one(hit) for place, hit in each.items()} for file, each in hits.items()}


def _functions(found: Sequence[_Function]) -> dict[str, dict[Hashable, Count]]:
    """The functions of each file; instances of one template are one function, as llvm-cov counts them."""
    hits: dict[str, dict[Hashable, int]] = defaultdict(dict)
    for function in found:
        place = tuple(function.regions[0][:2]) if function.regions else function.name
        known = hits[function.filenames[0]]
        known[place] = known.get(place, 0) + function.count
    return {file: {place: one(hit) for place, hit in each.items()} for file, each in hits.items()}


def _file(name: str, file: _File, functions: dict[Hashable, Count], regions: dict[Hashable, Count]) -> File:
    place = file.filename.replace("\\", "/")
    if file.segments is None:
        return File(
            place,
            counts(
                lines=_count(name, f"`lines` of {place}", file.summary.lines),
                functions=_count(name, f"`functions` of {place}", file.summary.functions),
                statements=_count(name, f"`regions` of {place}", file.summary.regions),
                branches=_count(name, f"`branches` of {place}", file.summary.branches)
                if file.summary.branches
                else None,
            ),
        )
    branches = None if file.branches is None else _branches(name, file.branches)
    return detailed(
        place, dict(_lines(name, file.segments)), branches=branches, functions=functions, statements=regions
    )


def _count(name: str, what: str, total: _Total) -> Count:
    return _json.count(name, what, total.covered, total.count)


def _branches(name: str, found: Sequence[list[Any]]) -> dict[Hashable, Count]:
    """Two for each condition: that it was true, and that it was false, in any instance of a template."""
    hits: dict[Hashable, int] = defaultdict(int)
    for branch in found:
        if len(branch) < 6 or not all(isinstance(each, int) and each >= 0 for each in branch[:6]):  # noqa: PLR2004
            raise malformed(name, f"this is no branch: {str(branch)[:60]}")
        for taken, count in (("true", branch[4]), ("false", branch[5])):
            hits[*branch[:4], *branch[6:8], taken] += count
    return {place: one(hit) for place, hit in hits.items()}


def _lines(name: str, segments: Sequence[list[int | bool]]) -> Iterator[tuple[int, int]]:
    """Each line that has code, and how often it was run."""
    _require_as_written(name, segments)
    wrapped: list[int | bool] | None = None
    by_line = {int(line): list(group) for line, group in groupby(segments, key=lambda segment: segment[0])}
    if not by_line:
        return
    if not 0 < min(by_line) <= max(by_line) <= LONGEST:
        raise malformed(name, f"a segment is in line {max(by_line)}, after one in line {min(by_line)}")
    for line in range(min(by_line), max(by_line) + 1):
        own = by_line.get(line, [])
        starts = [segment for segment in own if _begins(segment)]
        skipped = bool(own) and not own[0][3] and bool(own[0][4])
        mapped = bool(starts) or (not skipped and wrapped is not None and bool(wrapped[3]))
        if mapped:
            hits = [int(segment[2]) for segment in starts]
            yield line, max([0, *hits, int(wrapped[2]) if wrapped is not None else 0])
        if own:
            wrapped = own[-1]


def _require_as_written(name: str, segments: Sequence[list[int | bool]]) -> None:
    """Three numbers and then what is true or not, as many in each segment, and the segments in their order.

    Raises:
        CheckError: They are otherwise, as when a value of one is lost.
    """
    places = [tuple(segment[:2]) for segment in segments]
    kinds = {tuple(isinstance(value, bool) for value in segment) for segment in segments}
    if len(kinds) > 1 or any(kind[:3] != (False,) * 3 or not all(kind[3:]) for kind in kinds):
        raise malformed(name, "its segments are not three numbers and then two or three truth values each")
    if places != sorted(places):
        raise malformed(name, "its segments are not in the order of lines and columns")


def _begins(segment: list[int | bool]) -> bool:
    """Whether a region that counts begins here; the gap between two does not."""
    is_gap = len(segment) > 5 and bool(segment[5])  # noqa: PLR2004  # before LLVM 10 there are five
    return bool(segment[3]) and bool(segment[4]) and not is_gap


def _compare(name: str, data: _Data) -> None:
    """Hold the sums of the export against those of its files."""
    for metric in ("lines", "functions", "regions", "branches"):
        total, parts = getattr(data.totals, metric), [getattr(file.summary, metric) for file in data.files]
        if total is None or any(part is None for part in parts):
            continue
        seen = (sum(part.covered for part in parts), sum(part.count for part in parts))
        require_equal(name, [(f"`totals.{metric}`", (total.covered, total.count), seen)])
