"""Reads OpenCover XML, as OpenCover, coverlet and AltCover write it: points of sequence and of branches.

`statements` are its sequence points; `lines` are the lines on which one lies.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from readiness_checks.coverage.formats import _xml
from readiness_checks.coverage.measured import (
    LONGEST,
    Count,
    File,
    Measured,
    contradiction,
    detailed,
    malformed,
    one,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "OpenCover XML"
_HIDDEN = 0xFEEFEE
"""The line of a point that the compiler made up."""


@dataclass
class _Points:
    """What the methods of one file hold, by where it stands."""

    hits: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    statements: defaultdict[Hashable, int] = field(default_factory=lambda: defaultdict(int))
    branches: defaultdict[Hashable, int] = field(default_factory=lambda: defaultdict(int))
    methods: defaultdict[Hashable, int] = field(default_factory=lambda: defaultdict(int))


def recognises(report: ReportFile) -> bool:
    """Whether this looks like OpenCover's format."""
    return report.xml is not None and local(report.xml) == "CoverageSession"


def read(report: ReportFile) -> Measured:
    """Read one report; a source that several assemblies compile is measured once.

    Raises:
        CheckError: It is not as the format says, or its points are fewer than it counts.
    """
    root, name = _xml.root_of(report), report.name
    _xml.require_own(report, {"SequencePoint": "Method"})
    files: dict[str, _Points] = {}
    plain: list[int] = []
    for module in (element for element in root.iter() if local(element) == "Module"):
        places = {
            _xml.attribute(name, file, "uid"): _xml.attribute(name, file, "fullPath").replace("\\", "/")
            for file in module.iter()
            if local(file) == "File"
        }
        title = next((child.text for child in _xml.children(module, "ModuleName")), "")
        for owner in (element for element in module.iter() if local(element) == "Class"):
            for method in (element for element in owner.iter() if local(element) == "Method"):
                plain.extend(_method(name, (title, method), places, files))
    with_branches = any(points.branches for points in files.values()) or _measures_none(name, root)
    measured = Measured(
        "OpenCover XML", tuple(_file(place, points, branches=with_branches) for place, points in files.items())
    )
    _compare(name, root, measured.total("statements"), Count(sum(map(bool, plain)), len(plain)))
    return measured


def _method(
    name: str, titled: tuple[str | None, Element], places: dict[str, str], files: dict[str, _Points]
) -> Iterator[int]:
    """Add the points of one method; gives how often each of its sequence points was run."""
    module, method = titled
    own = next((_xml.attribute(name, ref, "uid") for ref in _xml.children(method, "FileRef")), "")
    title = next((child.text for child in _xml.children(method, "Name")), "")
    for point in (element for element in method.iter() if local(element) == "SequencePoint"):
        hits, first = _xml.number(name, point, "vc"), _xml.number(name, point, "sl")
        yield hits
        points = _points(name, point.get("fileid") or own, places, files)
        end = _xml.claimed(name, point, "el") or first
        if not first and end:
            raise malformed(name, f"a sequence point begins in line 0 and ends in line {end}")
        if points is None or first == _HIDDEN or not first:
            continue
        last = max(first, end)
        if last > LONGEST:
            raise malformed(name, f"a sequence point ends in line {last}")
        points.statements[first, point.get("sc"), last, point.get("ec")] += hits
        points.methods[module, title] += hits
        for line in range(first, last + 1):
            points.hits[line] = max(points.hits[line], hits)
    for point in (element for element in method.iter() if local(element) == "BranchPoint"):
        points = _points(name, point.get("fileid") or own, places, files)
        if points is not None:
            key = (title, point.get("sl"), point.get("offset"), point.get("path"), point.get("offsetend"))
            points.branches[key] += _xml.number(name, point, "vc")


def _points(name: str, uid: str, places: dict[str, str], files: dict[str, _Points]) -> _Points | None:
    if uid in {"", "0"}:
        return None
    if uid not in places:
        raise malformed(name, f"it names no file {uid[:20]!r}")
    return files.setdefault(places[uid], _Points())


def _measures_none(name: str, root: Element) -> bool:
    """Whether the producer looks for branches though there is no point of one.

    OpenCover counts one for each method; coverlet has covered 100 % of none, where AltCover (`--linecover`) says 0.
    """
    summaries = _xml.children(root, "Summary")
    return any(
        (_xml.claimed(name, each, "numBranchPoints") or 0) > 0 or each.get("branchCoverage") == "100"
        for each in summaries
    )


def _file(place: str, points: _Points, *, branches: bool) -> File:
    return detailed(
        place,
        dict(points.hits),
        branches={key: one(hit) for key, hit in points.branches.items()} if branches else None,
        functions={key: one(hit) for key, hit in points.methods.items()},
        statements={key: one(hit) for key, hit in points.statements.items()},
    )


def _compare(name: str, root: Element, joined: Count, plain: Count) -> None:
    """Hold the sum of the sequence points against the points; OpenCover counts a branch more for each method."""
    for summary in _xml.children(root, "Summary"):
        total = _xml.claimed(name, summary, "numSequencePoints")
        covered = _xml.claimed(name, summary, "visitedSequencePoints")
        if total is not None and covered is not None and Count(covered, total) not in {joined, plain}:
            raise contradiction(name, "`Summary`", f"{covered} of {total}", f"{plain.covered} of {plain.total}")
