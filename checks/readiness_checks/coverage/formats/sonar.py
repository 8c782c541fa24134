"""Reads Sonar's generic test coverage (version 1): lines to cover, and how many of their branches are."""

from collections.abc import Hashable

from readiness_checks.coverage.formats import _xml
from readiness_checks.coverage.measured import Count, Measured, detailed, malformed
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "Sonar generic coverage"


def recognises(report: ReportFile) -> bool:
    """Whether this looks like Sonar's format: files right below the root, and a version."""
    root = report.xml
    if root is None or local(root) != "coverage" or root.get("version") is None:
        return False
    return any(local(child) == "file" for child in root)


def read(report: ReportFile) -> Measured:
    """Read one report.

    Raises:
        CheckError: It is not as the format says.
    """
    root, name = _xml.root_of(report), report.name
    _xml.require_own(report, {"file": "coverage", "lineToCover": "file"})
    if root.get("version") != "1":
        raise malformed(name, f"its version is {root.get('version', '')[:20]}, not 1")
    hits: dict[str, dict[int, int]] = {}
    branches: dict[str, dict[Hashable, Count]] = {}
    for element in _xml.children(root, "file"):
        place = _xml.attribute(name, element, "path").replace("\\", "/")
        lines, parts = hits.setdefault(place, {}), branches.setdefault(place, {})
        for line in _xml.children(element, "lineToCover"):
            number, covered = _xml.number(name, line, "lineNumber"), _xml.attribute(name, line, "covered").lower()
            if covered not in {"true", "false"} or not number:
                raise malformed(name, f"line {number} of {place[:200]} is neither covered nor not: {covered[:20]!r}")
            lines[number] = max(lines.get(number, 0), covered == "true")
            total, run = _xml.claimed(name, line, "branchesToCover"), _xml.claimed(name, line, "coveredBranches")
            if (run or 0) > (total or 0):
                raise malformed(name, f"line {number} of {place[:200]} has more covered branches than branches")
            if total:
                known = parts.get(number, Count(0, 0))
                parts[number] = Count(max(known.covered, run or 0), max(known.total, total))
    measured = any(branches.values())
    return Measured(
        "Sonar generic coverage",
        tuple(detailed(place, lines, branches=branches[place] if measured else None) for place, lines in hits.items()),
    )
