"""Reads the reports of istanbul (nyc, Jest, Vitest): coverage-final.json and coverage-summary.json."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from readiness.text import first_mistake
from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    counts,
    line_counts,
    malformed,
    require_equal,
)
from readiness_checks.reading.report_file import ReportFile

NAMES = "istanbul (coverage-final.json, coverage-summary.json)"
_Number = Annotated[int, Field(ge=0)]
_TOLERANCE = 0.011
"""Percentage points: istanbul cuts percentages off after two digits."""


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


class _Position(_Model):
    line: Annotated[int, Field(ge=1)]


class _Range(_Model):
    start: _Position


class _Branch(_Model):
    locations: list[Any]


class _Final(_Model):
    path: str
    statementMap: dict[str, _Range]  # noqa: N815  # istanbul's name
    s: dict[str, _Number]
    fnMap: dict[str, Any]  # noqa: N815  # istanbul's name
    f: dict[str, _Number]
    branchMap: dict[str, _Branch]  # noqa: N815  # istanbul's name
    b: dict[str, list[_Number]]


class _Total(_Model):
    total: _Number
    covered: _Number
    pct: float | str
    """`Unknown` where the total is zero."""


class _Summary(_Model):
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
    report = _validate(name, _FINAL, document)
    return Measured("istanbul coverage-final.json", tuple(_final(name, file) for file in report.values()))


def _validate(name: str, adapter: TypeAdapter[dict[str, Any]], document: Any) -> dict[str, Any]:
    try:
        return adapter.validate_python(document)
    except ValidationError as error:
        raise malformed(name, first_mistake(error)) from error


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
    lines, missing, last = line_counts(hits)
    branches = [hit for group in file.b.values() for hit in group]
    return File(
        name=file.path.replace("\\", "/"),
        counts=counts(
            lines=lines, statements=_count(file.s), functions=_count(file.f), branches=_count(dict(enumerate(branches)))
        ),
        missing=missing,
        last_line=last,
    )


def _count(hits: Mapping[Any, int]) -> Count:
    return Count(sum(map(bool, hits.values())), len(hits))


def _read_summary(name: str, document: Any) -> Measured:
    """Read coverage-summary.json: sums of its files are held against its total.

    Raises:
        CheckError: It is not as istanbul writes it, or contradicts itself.
    """
    report = _validate(name, _SUMMARY, document)
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
