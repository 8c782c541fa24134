"""Reads Cobertura XML (coverage-04.dtd), as coverage.py, gcovr, coverlet, istanbul and PHPUnit write it."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import replace
from itertools import chain
from xml.etree.ElementTree import Element

from readiness_checks.coverage.formats import _xml
from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    Metric,
    contradiction,
    detailed,
    malformed,
    numbered,
    one,
    said_otherwise,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "Cobertura XML"
_TOLERANCE = 0.006
"""By how much a rounded rate may differ."""
_CONDITION = re.compile(r"^\s*[\d.]+\s*%\s*\(\s*(\d{1,9})\s*/\s*(\d{1,9})\s*\)\s*$")


def recognises(report: ReportFile) -> bool:
    """Whether this looks like Cobertura's format; Clover's has the same root."""
    root = report.xml
    return root is not None and local(root) == "coverage" and any(local(child) == "packages" for child in root)


def read(report: ReportFile) -> Measured:
    """Read one report.

    Raises:
        CheckError: It is not as the format says, or its totals contradict its lines.
    """
    _xml.require_own(report, {"class": "packages", "line": "class"})
    return _read(report.name, _xml.root_of(report))


def _read(name: str, root: Element) -> Measured:
    classes: dict[str, list[Element]] = {}
    for element in root.iter():
        if local(element) == "class":
            classes.setdefault(_xml.attribute(name, element, "filename").replace("\\", "/"), []).append(element)
    branches = any(_is_branch(element) for element in root.iter() if local(element) == "line")
    branches = branches or _has_none(root)
    methods = any(local(element) == "method" for element in root.iter())
    files = tuple(_file(name, source, parts, branches=branches, methods=methods) for source, parts in classes.items())
    folders = tuple((element.text or "").strip() for element in root.iter() if local(element) == "source")
    measured = Measured(
        "Cobertura XML", files, _xml.time(name, root.get("timestamp", "")), tuple(filter(None, folders))
    )
    notes, disputed = _explained(name, root, measured, [*chain.from_iterable(classes.values())])
    return replace(measured, notes=notes, disputed=disputed)


def _has_none(root: Element) -> bool:
    """Whether branches were measured and there are none: coverage.py and coverlet write a rate of 1 then, 0 otherwise.

    Microsoft's dotnet-coverage, which measures none, writes that rate and no number of branches.
    """
    return root.get("branches-valid") == "0" and root.get("branch-rate", "").rstrip("0").rstrip(".") == "1"


def _lines(part: Element) -> Iterator[Element]:
    """Lines of a class; those of its methods only where it has none of its own, for they are given twice."""
    groups = [child for child in part if local(child) == "lines"]
    own = [line for group in groups for line in group if local(line) == "line"]
    yield from own or (line for line in part.iter() if local(line) == "line")


def _is_branch(line: Element) -> bool:
    return line.get("branch", "").lower() == "true" and bool(line.get("condition-coverage"))


def _file(name: str, source: str, parts: list[Element], *, branches: bool, methods: bool) -> File:
    hits: dict[int, int] = {}
    conditions: dict[Hashable, Count] = {}
    for line in (line for part in parts for line in _lines(part)):
        number, hit = _xml.number(name, line, "number"), _xml.number(name, line, "hits")
        hits[number] = hits.get(number, 0) + hit
        if _is_branch(line):
            count = _condition(name, line)
            known = conditions.get(number, Count(0, 0))
            conditions[number] = max(known, count, key=lambda each: (each.total, each.covered))
    called = (
        ((part.get("name"), method.get("name"), method.get("signature")), one(_is_called(name, method)))
        for part in parts
        for method in part.iter()
        if local(method) == "method"
    )
    return detailed(
        source, hits, branches=conditions if branches else None, functions=numbered(called) if methods else None
    )


def _condition(name: str, line: Element) -> Count:
    match = _CONDITION.match(line.get("condition-coverage", ""))
    if match is None or int(match[1]) > int(match[2]):
        raise malformed(name, f"`condition-coverage` is not `50% (1/2)`: {line.get('condition-coverage', '')[:50]!r}")
    return Count(int(match[1]), int(match[2]))


def _is_called(name: str, method: Element) -> bool:
    return any(_xml.number(name, line, "hits") for line in method.iter() if local(line) == "line")


def _explained(
    name: str, root: Element, measured: Measured, classes: list[Element]
) -> tuple[tuple[str, ...], dict[Metric, str]]:
    """Hold the totals of the root against the lines, in every way that producers count; say it where it is another.

    Lines joined by file, lines of the classes as they stand (coverlet counts a line for each of its classes), lines of
    the methods (Microsoft's dotnet-coverage counts a line for each method that it is a part of).
    """
    methods = [method for part in classes for method in part.iter() if local(method) == "method"]
    ways = {
        "": (measured.total("lines"), measured.total("branches")),
        "class": _counted(name, [line for part in classes for line in _lines(part)]),
        "method": _counted(name, [line for method in methods for line in method.iter() if local(line) == "line"]),
    }
    lines, branches = ways[""]
    way = next((way for way, (seen, _) in ways.items() if (seen.total or not way) and _fits(name, root, seen)), None)
    if way is None:
        for key, shown in (("lines-valid", lines.total), ("lines-covered", lines.covered)):
            if not any(_agrees(name, root, key, seen) for seen, _ in ways.values()):
                raise contradiction(name, f"`{key}`", root.get(key, "")[:50], shown)
        raise contradiction(name, "`line-rate`", root.get("line-rate", "")[:50], _rate(lines))
    note = (
        f"its producer counts a line for each {way} that it is in: {ways[way][0]} in its totals, {lines} in its files"
    )
    disputed: dict[Metric, str] = {}
    if branches.total and not any(_agrees(name, root, "branch-rate", seen) for _, seen in ways.values() if seen.total):
        disputed["branches"] = said_otherwise("`branch-rate`", root.get("branch-rate", "")[:50], _rate(branches))
    return (note,) if way else (), disputed


def _rate(count: Count) -> float:
    return round(float(count.percent) / 100, 4)


def _counted(name: str, lines: list[Element]) -> tuple[Count, Count]:
    """Lines and branches, each as often as it stands."""
    return (
        Count(sum(bool(_xml.number(name, line, "hits")) for line in lines), len(lines)),
        sum((_condition(name, line) for line in lines if _is_branch(line)), Count(0, 0)),
    )


def _fits(name: str, root: Element, lines: Count) -> bool:
    return all(_agrees(name, root, key, lines) for key in ("lines-valid", "lines-covered", "line-rate"))


def _agrees(name: str, root: Element, key: str, seen: Count) -> bool:
    """Whether a total is what this count gives; what is not given, and a rate of nothing, agrees."""
    text = root.get(key)
    if text is None:
        return True
    if key in {"lines-valid", "lines-covered"}:
        return _xml.number(name, root, key) == (seen.total if key == "lines-valid" else seen.covered)
    try:
        rate = float(text)
    except ValueError:
        raise malformed(name, f"`{key}` is no number: {text[:50]!r}") from None
    return not seen.total or abs(rate - float(seen.percent) / 100) <= _TOLERANCE
