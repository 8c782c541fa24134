"""Reads the reports of istanbul (nyc, Jest, Vitest): coverage-final.json and coverage-summary.json."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from readiness_checks.coverage.formats._json import LineNumber, Model, Number, validated
from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    Parts,
    counts,
    detailed,
    malformed,
    numbered,
    one,
    require_equal,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "istanbul (coverage-final.json, coverage-summary.json)"
_TOLERANCE = 0.011
"""Percentage points: istanbul cuts percentages off after two digits."""


class _Position(Model):
    line: LineNumber
    column: int | None = None


class _Range(Model):
    start: _Position
    end: Any = None


class _Branch(Model):
    locations: list[Any]


class _Final(Model):
    path: str
    statementMap: dict[str, _Range]  # noqa: N815  # istanbul's name
    s: dict[str, Number]
    fnMap: dict[str, Any]  # noqa: N815  # istanbul's name
    f: dict[str, Number]
    branchMap: dict[str, _Branch]  # noqa: N815  # istanbul's name
    b: dict[str, list[Number]]


class _Total(Model):
    total: Number
    covered: Number
    pct: float | str
    """`Unknown` where the total is zero."""


class _Summary(Model):
    lines: _Total
    statements: _Total
    functions: _Total
    branches: _Total


_FINAL = TypeAdapter(dict[str, _Final])
_SUMMARY = TypeAdapter(dict[str, _Summary])


def recognises(report: ReportFile) -> bool:
    """Whether this looks like one of the two reports."""
    return _is_final(report.json) or _is_summary(report.json)


def read(report: ReportFile) -> Measured:
    """Read either report.

    Raises:
        CheckError: It is not as istanbul writes it, or contradicts itself.
    """
    return (_read_final if _is_final(report.json) else _read_summary)(report.name, report.json)


def _is_final(document: Any) -> bool:
    """Whether this looks like coverage-final.json."""
    values = list(document.values()) if isinstance(document, dict) else []
    return bool(values) and all(isinstance(value, dict) and "statementMap" in value for value in values)


def _is_summary(document: Any) -> bool:
    """Whether this looks like coverage-summary.json."""
    total = document.get("total") if isinstance(document, dict) else None
    return isinstance(total, dict) and {"lines", "statements"} <= total.keys()


def _read_final(name: str, document: Any) -> Measured:
    """Read coverage-final.json.

    Raises:
        CheckError: It is not as istanbul writes it, or its maps and its counters are not about the same things.
    """
    report = validated(name, _FINAL, document)
    return Measured("istanbul coverage-final.json", tuple(_final(name, file) for file in report.values()))


def _final(name: str, file: _Final) -> File:
    shape = {key: len(branch.locations) for key, branch in file.branchMap.items()}
    for what, mapped, counted in (
        ("statements", file.statementMap.keys(), file.s.keys()),
        ("functions", file.fnMap.keys(), file.f.keys()),
        ("branches", shape.items(), {key: len(hits) for key, hits in file.b.items()}.items()),
    ):
        if mapped != counted:
            raise malformed(name, f"the {what} of {file.path[:200]} and their counters do not belong together")
    hits: dict[int, int] = {}
    for key, place in file.statementMap.items():  # a line counts as covered as soon as one of its statements is
        hits[place.start.line] = max(hits.get(place.start.line, 0), file.s[key])
    return detailed(
        file.path.replace("\\", "/"),
        hits,
        statements=_parts((_place(place), file.s[key]) for key, place in file.statementMap.items()),
        functions=_parts((_text(function), file.f[key]) for key, function in file.fnMap.items()),
        branches=_parts(
            ((_text(branch.locations), index), hit)
            for key, branch in file.branchMap.items()
            for index, hit in enumerate(file.b[key])
        ),
    )


def _parts(found: Iterable[tuple[Any, int]]) -> Parts:
    """Parts by where they stand, as all reports of the same source say it, whatever number each gives them."""
    return numbered((place, one(hits)) for place, hits in found)


def _place(range_: _Range) -> str:
    return f"{range_.start.line}:{range_.start.column}-{_text(range_.end)}"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _read_summary(name: str, document: Any) -> Measured:
    """Read coverage-summary.json: sums of its files are held against its total.

    Raises:
        CheckError: It is not as istanbul writes it, or contradicts itself.
    """
    report = validated(name, _SUMMARY, document)
    total = report.pop("total")
    files = tuple(
        File(source.replace("\\", "/"), {**_counts(name, source, summary)}) for source, summary in report.items()
    )
    measured = Measured("istanbul coverage-summary.json", files)
    claimed = _counts(name, "total", total)
    require_equal(
        name,
        (
            (f"`total.{metric}`", f"{count.covered} of {count.total}", f"{seen.covered} of {seen.total}")
            for metric, count in claimed.items()
            for seen in [measured.total(metric)]
        ),
    )
    return measured


def _counts(name: str, source: str, summary: _Summary) -> dict[Any, Count]:
    given = {metric: getattr(summary, metric) for metric in ("lines", "statements", "functions", "branches")}
    for metric, total in given.items():
        if total.covered > total.total:
            raise malformed(name, f"`{metric}` of {source[:200]} has more covered than there are")
        percent = float(Count(total.covered, total.total).percent)
        if total.total and (isinstance(total.pct, str) or abs(total.pct - percent) > _TOLERANCE):
            require_equal(name, [(f"`{metric}.pct` of {source[:200]}", total.pct, round(percent, 2))])
    return dict(counts(**{metric: Count(total.covered, total.total) for metric, total in given.items()}))
