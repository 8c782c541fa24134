"""Reads Clover XML, as OpenClover, PHPUnit, istanbul, Jest, Vitest and gcovr write it.

`lines` are the lines with a statement or a condition; `statements` and `branches` are what the producer calls so and
conditionals. Lines of methods are `functions` and no lines, as PHPUnit and OpenClover count them. Istanbul leaves out
the conditions of lines on which no statement begins: its branches do not give its totals.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

NAMES = "Clover XML"
_KINDS = frozenset(("stmt", "method", "cond"))
_OF_REPORT_GENERATOR = "4.3.0"


@dataclass
class _Lines:
    """The lines of one file: number and count of each, by kind."""

    statements: list[tuple[int, int]] = field(default_factory=list)
    methods: list[tuple[tuple[str | None, int], int]] = field(default_factory=list)
    conditions: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Number, count, how often it was true, how often false."""


def recognises(report: ReportFile) -> bool:
    """Whether this looks like Clover's format; Cobertura's has the same root."""
    root = report.xml
    return root is not None and local(root) == "coverage" and any(local(child) == "project" for child in root)


def read(report: ReportFile) -> Measured:
    """Read one report; the coverage of tests themselves (`testproject`) is left out.

    Raises:
        CheckError: It is not as the format says, or its totals are none that a known producer would write.
    """
    root, name = _xml.root_of(report), report.name
    _xml.require_own(report, {"file": "coverage", "class": "file", "line": "file"})
    files: dict[str, _Lines] = {}
    elements = [file for project in _xml.children(root, "project") for file in project.iter() if local(file) == "file"]
    for element in elements:
        place = (element.get("path") or _xml.attribute(name, element, "name")).replace("\\", "/")
        if place in files:
            raise malformed(name, f"{place[:200]} is there twice")
        files[place] = _lines(name, element)
    totals = [metrics for project in _xml.children(root, "project") for metrics in _xml.children(project, "metrics")]
    claims = {key: _claim(name, totals, key) for key in ("statements", "conditionals", "methods")}
    way = _Way.of(list(files.values()), claims, none=_measures_none(root, claims["conditionals"]))
    measured = Measured(
        "Clover XML",
        tuple(_file(place, lines, way) for place, lines in files.items()),
        _xml.time(name, root.get("generated", "")),
    )
    disputed = _disputed(name, claims, list(files.values()), measured)
    whole = _whole_methods(list(files.values()))
    notes: tuple[str, ...] = ()
    if "functions" in disputed and claims["methods"] == whole:
        del disputed["functions"]
        run = measured.total("functions")
        notes = (f"its producer counts methods of which every line was run, {whole}; {run} were run at all",)
    return replace(measured, notes=notes, disputed=disputed)


def _measures_none(root: Element, conditionals: Count | None) -> bool:
    """Whether the producer looks for branches, and says that there is none.

    PHPUnit names no version of Clover and knows no branches; ReportGenerator names 4.3.0, and knows what it was given.
    """
    return conditionals == Count(0, 0) and root.get("clover", _OF_REPORT_GENERATOR) != _OF_REPORT_GENERATOR


def _lines(name: str, file: Element) -> _Lines:
    found = _Lines()
    for line in _xml.children(file, "line"):
        kind, number, hits = line.get("type", ""), _xml.number(name, line, "num"), _xml.claimed(name, line, "count")
        if kind not in _KINDS or (kind == "stmt" and (hits is None or not number)):
            raise malformed(name, f"line {number} of {file.get('name', '')[:200]} is of no known type: {kind[:20]!r}")
        if kind == "stmt":
            found.statements.append((number, hits or 0))
        elif kind == "method":
            found.methods.append(((line.get("signature") or line.get("name"), number), hits or 0))
        else:
            true, false = _xml.number(name, line, "truecount"), _xml.number(name, line, "falsecount")
            found.conditions.append((number, max(true, false) if hits is None else hits, true, false))
    return found


def _claim(name: str, totals: Sequence[Element], key: str) -> Count | None:
    """The sum over all projects of what they say; None where one does not."""
    given = [(_xml.claimed(name, each, f"covered{key}"), _xml.claimed(name, each, key)) for each in totals]
    if not given or any(None in pair for pair in given):
        return None
    return Count(sum(covered or 0 for covered, _ in given), sum(total or 0 for _, total in given))


@dataclass(frozen=True)
class _Way:
    """How the producer counts, as its totals show."""

    pairs: bool
    """Whether a condition is a pair of branches, how often each was taken (OpenClover); otherwise `truecount` and
    `falsecount` are how many branches of the line are covered, and are not (istanbul, gcovr)."""
    methods_are_lines: bool
    """Whether the line of a method is a statement, too (ReportGenerator)."""
    branches: bool
    methods: bool

    @classmethod
    def of(cls, files: Sequence[_Lines], claims: Mapping[str, Count | None], *, none: bool) -> "_Way":
        conditions = [(true, false) for lines in files for _, _, true, false in lines.conditions]
        pairs = Count(sum(bool(true) + bool(false) for true, false in conditions), 2 * len(conditions))
        methods = [hits for lines in files for _, hits in lines.methods]
        others = [hits for lines in files for _, hits in (*lines.statements, *((c[0], c[1]) for c in lines.conditions))]
        every = [*methods, *others]
        return cls(
            pairs=claims["conditionals"] in (None, pairs),
            methods_are_lines=bool(methods) and claims["statements"] == Count(sum(map(bool, every)), len(every)),
            branches=bool(conditions) or none,
            methods=bool(methods),
        )


def _branches(lines: _Lines, *, pairs: bool) -> Iterator[tuple[Hashable, Count]]:
    for number, _, true, false in lines.conditions:
        yield number, Count(bool(true) + bool(false), 2) if pairs else Count(true, true + false)


def _file(place: str, lines: _Lines, way: _Way) -> File:
    hits: defaultdict[int, int] = defaultdict(int)
    stated = [*lines.statements, *((number, hit) for number, hit, _, _ in lines.conditions)]
    if way.methods_are_lines:
        stated += [(number, hit) for (_, number), hit in lines.methods]
    for number, hit in stated:
        hits[number] += hit
    return detailed(
        place,
        dict(hits),
        branches=numbered(_branches(lines, pairs=way.pairs)) if way.branches else None,
        functions=numbered((method, one(hit)) for method, hit in lines.methods) if way.methods else None,
        statements=numbered((number, one(hit)) for number, hit in stated),
    )


def _whole_methods(files: Sequence[_Lines]) -> Count:
    """Methods of which every line was run, as PHPUnit counts them: the lines up to the next method."""
    covered = total = 0
    for lines in files:
        starts = sorted(number for (_, number), _ in lines.methods)
        for place, start in enumerate(starts):
            end = starts[place + 1] if place + 1 < len(starts) else None
            own = [hit for number, hit in lines.statements if number >= start and (end is None or number < end)]
            covered += all(own)
            total += 1
    return Count(covered, total)


def _disputed(
    name: str, claims: Mapping[str, Count | None], files: Sequence[_Lines], measured: Measured
) -> dict[Metric, str]:
    """Hold the totals of the projects against the lines, in the ways that the producers count them.

    Raises:
        CheckError: The statements are others.
    """
    plain = [hit for lines in files for _, hit in lines.statements]
    statements = measured.total("statements")
    seen = (None, statements, measured.total("lines"), Count(sum(map(bool, plain)), len(plain)))
    if claims["statements"] not in seen:
        raise contradiction(name, "`statements`", claims["statements"], statements)
    disputed: dict[Metric, str] = {}
    pairs: tuple[tuple[str, Metric], ...] = (("conditionals", "branches"), ("methods", "functions"))
    for key, metric in pairs:
        if metric in measured.metrics and claims[key] not in (None, measured.total(metric)):
            disputed[metric] = said_otherwise(f"`{key}`", claims[key], measured.total(metric))
    return disputed
