"""Reads JaCoCo XML (report.dtd 1.0 and 1.1), as Maven, Gradle, Ant, Kover and Pester write it.

`statements` are JaCoCo's instructions of bytecode, which its own pages show first; `functions` are its methods.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element

from readiness_checks.coverage.formats import _xml
from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    Metric,
    contradiction,
    counts,
    detailed,
    malformed,
    numbered,
    said_otherwise,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "JaCoCo XML"
_COUNTERS: Final[dict[str, Metric]] = {
    "LINE": "lines",
    "BRANCH": "branches",
    "INSTRUCTION": "statements",
    "METHOD": "functions",
}


@dataclass
class _Source:
    """What the report says of one source file."""

    hits: dict[int, int] = field(default_factory=dict)
    branches: dict[Hashable, Count] = field(default_factory=dict)
    instructions: dict[Hashable, Count] = field(default_factory=dict)
    methods: list[tuple[Hashable, Count]] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)
    """Lines that do not say whether they were run: gcovr writes such, and gives sums alone."""
    sums: dict[Metric, Count] = field(default_factory=dict)


def recognises(report: ReportFile) -> bool:
    """Whether this looks like JaCoCo's format."""
    root = report.xml
    if root is None or local(root) != "report":
        return False
    kinds = {local(child) for child in root}
    if not kinds:
        return set(root.keys()) == {"name"}  # of a module without classes
    return bool(kinds & {"package", "group", "sessioninfo", "counter"})


def read(report: ReportFile) -> Measured:
    """Read one report.

    Raises:
        CheckError: It is not as the format says, or its counters contradict its lines.
    """
    root, name = _xml.root_of(report), report.name
    _xml.require_own(report, {"class": "package", "sourcefile": "package", "line": "sourcefile"})
    sources: dict[tuple[str, str], _Source] = {}
    for module, package in _packages(root, ""):
        for place, source in _sources(name, package):
            joined = sources.setdefault((module, place), _Source())
            joined.hits.update(source.hits)
            joined.branches.update(source.branches)
            joined.instructions.update(source.instructions)
            joined.methods.extend(source.methods)
            joined.unknown |= source.unknown
            joined.sums.update(source.sums)
    # Complexity is counted from branches: a producer that gives it measures them, even where there are none.
    complexity = any(counter.get("type") == "COMPLEXITY" for counter in _xml.children(root, "counter"))
    branches = complexity or any(source.branches for source in sources.values())
    known: set[Metric] = {"branches"} if branches else set()
    known |= {"functions"} if any(source.methods for source in sources.values()) else set()
    files = tuple(_file(module, place, source, known) for (module, place), source in sources.items())
    measured = Measured("JaCoCo XML", files, _time(name, root), by_package=True)
    return replace(measured, disputed=_disputed(name, root, measured))


def _packages(element: Element, module: str) -> Iterator[tuple[str, Element]]:
    """Each package, with the name of the module that it is of (`<group>`)."""
    for child in element:
        if local(child) == "package":
            yield module, child
        elif local(child) == "group":
            yield from _packages(child, child.get("name", module))


def _sources(name: str, package: Element) -> Iterator[tuple[str, _Source]]:
    folder = package.get("name", "")
    sources: dict[str, _Source] = {}
    for element in _xml.children(package, "sourcefile"):
        source = sources.setdefault(_xml.attribute(name, element, "name"), _Source())
        before = _Source()
        for line in _xml.children(element, "line"):
            _line(name, line, before)
        _compare_counters(name, element, before)
        source.hits.update(before.hits)
        source.branches.update(before.branches)
        source.instructions.update(before.instructions)
        source.unknown |= before.unknown
        if before.unknown:
            counters = [(counter.get("type", ""), counter) for counter in _xml.children(element, "counter")]
            source.sums = {_COUNTERS[kind]: _counter(name, each) for kind, each in counters if kind in _COUNTERS}
    stems = {title.rpartition(".")[0]: title for title in sources}
    for element in _xml.children(package, "class"):
        methods = [_method(name, element, method) for method in _xml.children(element, "method")]
        outer = element.get("name", "").rpartition("/")[2].partition("$")[0]
        named = element.get("sourcefilename")  # JaCoCo before 0.8.0 names no source
        title = named or stems.get(outer, "")
        if title in sources:
            sources[title].methods.extend(filter(None, methods))
    for title, source in sources.items():
        if source.hits or source.unknown:
            yield f"{folder}/{title}" if folder else title, source


def _line(name: str, line: Element, source: _Source) -> None:
    number = _xml.number(name, line, "nr")
    if line.get("mi") is None and line.get("ci") is None:
        source.unknown.add(number)
        return
    missed, covered = _xml.number(name, line, "mi"), _xml.number(name, line, "ci")
    if number == 0 or number in source.hits or not missed + covered:
        raise malformed(name, f"line {number} is there twice, or has no instruction")
    source.hits[number] = covered
    source.instructions[number] = Count(covered, missed + covered)
    missed, covered = _xml.claimed(name, line, "mb") or 0, _xml.claimed(name, line, "cb") or 0
    if missed + covered:
        source.branches[number] = Count(covered, missed + covered)


def _method(name: str, owner: Element, method: Element) -> tuple[Hashable, Count] | None:
    for counter in _xml.children(method, "counter"):
        if counter.get("type") == "METHOD":
            return (owner.get("name"), method.get("name"), method.get("desc")), _counter(name, counter)
    return None


def _file(module: str, place: str, source: _Source, known: set[Metric]) -> File:
    title, end = (f"{module}/{place}", place) if module else (place, "")
    if source.unknown:
        return File(title, counts(**source.sums), last_line=max(source.unknown), end=end)
    return detailed(
        title,
        source.hits,
        branches=source.branches if "branches" in known else None,
        functions=numbered(source.methods) if "functions" in known else None,
        statements=source.instructions,
        end=end,
    )


def _compare_counters(name: str, element: Element, source: _Source) -> None:
    """Hold the counters of a source file against its lines; instructions and branches may be on none (Groovy)."""
    for counter in _xml.children(element, "counter"):
        kind, claimed = counter.get("type", ""), _counter(name, counter)
        if kind == "LINE":
            seen = Count(sum(map(bool, source.hits.values())), len(source.hits))
            if claimed != seen and source.hits:
                raise contradiction(name, f"LINE of {element.get('name', '')[:200]}", claimed, seen)
        elif kind in {"BRANCH", "INSTRUCTION"}:
            parts = source.branches if kind == "BRANCH" else source.instructions
            seen = sum(parts.values(), Count(0, 0))
            if seen.covered > claimed.covered or seen.missing > claimed.missing:
                raise contradiction(name, f"{kind} of {element.get('name', '')[:200]}", claimed, seen)
            if seen != claimed:
                parts["without a line"] = Count(claimed.covered - seen.covered, claimed.total - seen.total)


def _counter(name: str, counter: Element) -> Count:
    covered = _xml.number(name, counter, "covered")
    return Count(covered, covered + _xml.number(name, counter, "missed"))


def _disputed(name: str, root: Element, measured: Measured) -> dict[Metric, str]:
    """Hold the counters of the whole report against its files.

    A class that was compiled without the name of its source or without the numbers of its lines has no line, but
    instructions, branches and methods: there may be more of these.

    Raises:
        CheckError: The lines are others.
    """
    disputed: dict[Metric, str] = {}
    for counter in _xml.children(root, "counter"):
        metric = _COUNTERS.get(counter.get("type", ""))
        if metric is None:
            continue
        claimed, seen = _counter(name, counter), measured.total(metric)
        if metric == "lines" and claimed != seen:
            raise contradiction(name, "LINE", claimed, seen)
        if claimed != seen:
            disputed[metric] = said_otherwise(counter.get("type", ""), claimed, seen)
    return disputed


def _time(name: str, root: Element) -> datetime | None:
    """When the last of its test runs ended."""
    dumps = [_xml.time(name, session.get("dump", "")) for session in _xml.children(root, "sessioninfo")]
    return max(filter(None, dumps), default=None)
