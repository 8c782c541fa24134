"""Reads the reports of SimpleCov: `.resultset.json`, and `coverage.json` of its JSON formatters.

`.resultset.json` holds what Ruby measured; SimpleCov leaves out of it what stands between two lines `# :nocov:`, and so
does this module once the source is known. Commands of one result set are joined, as SimpleCov joins them.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from readiness_checks.coverage.formats._json import LineNumber, Model, Number, validated
from readiness_checks.coverage.measured import Count, File, Measured, contradiction, detailed, malformed, one
from readiness_checks.reading.evidence_files import parse_time
from readiness_checks.reading.report_file import ReportFile

NAMES = "SimpleCov (.resultset.json, coverage.json)"
_Hits = Number | Literal["ignored"]
_Lines = list[_Hits | None]
_LATEST = 253_402_300_000
"""The end of the year 9999."""
_NOCOV = re.compile(rb"^\s*#\s*:nocov:")
_BRANCH = re.compile(r"\[:\w+, \d+, (\d+), \d+, (\d+), \d+\]")
_METHOD = re.compile(r".*, (\d+), \d+, (\d+), \d+\]$", re.DOTALL)


class _Branch(Model):
    type: str
    start_line: LineNumber
    end_line: LineNumber
    coverage: _Hits


class _Method(Model):
    name: str
    start_line: LineNumber | None = None
    end_line: LineNumber | None = None
    coverage: _Hits


class _File(Model):
    lines: _Lines
    branches: dict[str, dict[str, Number]] | list[_Branch] | None = None
    methods: dict[str, Number] | list[_Method] | None = None


class _Command(Model):
    coverage: dict[str, _Lines | _File]
    timestamp: Annotated[float, Field(ge=0, le=_LATEST)] | None = None


class _Total(Model):
    covered: Number
    total: Number


class _Formatted(Model):
    coverage: dict[str, _File]
    total: dict[str, _Total] | None = None


class _Listed(Model):
    filename: str
    coverage: _Lines | _File


@dataclass
class _Joined:
    """One file, as all commands together ran it; each branch and method with its lines."""

    hits: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    branches: defaultdict[tuple[Hashable, ...], int] = field(default_factory=lambda: defaultdict(int))
    methods: defaultdict[tuple[Hashable, ...], int] = field(default_factory=lambda: defaultdict(int))
    ignored: set[int] = field(default_factory=set)
    known: set[str] = field(default_factory=set)


def recognises(report: ReportFile) -> bool:
    """Whether this looks like one of SimpleCov's reports."""
    return _is_formatted(report.json) or _is_listed(report.json) or _is_resultset(report.json)


def _is_formatted(document: Any) -> bool:
    meta = document.get("meta") if isinstance(document, dict) else None
    return isinstance(meta, dict) and "simplecov_version" in meta and "coverage" in document


def _is_listed(document: Any) -> bool:
    return isinstance(document, dict) and {"command_name", "files"} <= document.keys()


def _is_resultset(document: Any) -> bool:
    values = list(document.values()) if isinstance(document, dict) else []
    return bool(values) and all(isinstance(each, dict) and isinstance(each.get("coverage"), dict) for each in values)


def read(report: ReportFile) -> Measured:
    """Read any of the reports.

    Raises:
        CheckError: It is not as SimpleCov writes it, or contradicts itself.
    """
    name, document = report.name, report.json
    joined: dict[str, _Joined] = defaultdict(_Joined)
    if _is_formatted(document):
        formatted = validated(name, TypeAdapter(_Formatted), document)
        for place, file in formatted.coverage.items():
            _add(name, joined[place.replace("\\", "/")], file)
        made = parse_time(str(document["meta"].get("timestamp", "")))
        measured = Measured("SimpleCov coverage.json", _files(joined), made)
        _compare(name, formatted.total or {}, measured)
        return measured
    if _is_listed(document):
        for listed in validated(name, TypeAdapter(list[_Listed]), document["files"]):
            _add(name, joined[listed.filename.replace("\\", "/")], listed.coverage)
        return Measured("SimpleCov coverage.json", _files(joined), _time(document.get("timestamp")))
    commands = validated(name, TypeAdapter(dict[str, _Command]), document)
    for command in commands.values():
        for place, found in command.coverage.items():
            _add(name, joined[place.replace("\\", "/")], found)
    made = min(filter(None, (_time(command.timestamp) for command in commands.values())), default=None)
    return Measured("SimpleCov .resultset.json", _files(joined), made, trim=without_nocov)


def _time(seconds: Any) -> datetime | None:
    is_time = isinstance(seconds, int | float) and 0 < seconds <= _LATEST
    return datetime.fromtimestamp(seconds, UTC) if is_time else None


def _add(name: str, joined: _Joined, file: _Lines | _File) -> None:
    lines = file.lines if isinstance(file, _File) else file
    for number, hits in enumerate(lines, 1):
        if hits == "ignored":
            joined.ignored.add(number)
        elif hits is not None:
            joined.hits[number] += hits
    if not isinstance(file, _File):
        return
    if file.branches is not None:
        joined.known.add("branches")
        for branch, hits in _branches(name, file.branches):
            joined.branches[branch] += hits
    if file.methods is not None:
        joined.known.add("functions")
        for method, hits in _methods(name, file.methods):
            joined.methods[method] += hits


def _branches(
    name: str, found: dict[str, dict[str, int]] | list[_Branch]
) -> Iterator[tuple[tuple[Hashable, ...], int]]:
    """Each branch: first and last line, and what tells it from others."""
    if isinstance(found, list):
        for place, each in enumerate(found):
            if each.coverage != "ignored":
                yield (each.start_line, each.end_line, each.type, place), each.coverage
        return
    for condition, branches in found.items():
        for branch, hits in branches.items():
            lines = _BRANCH.fullmatch(branch)
            if lines is None:
                raise malformed(name, f"this is no branch: {branch[:60]!r}")
            yield (int(lines[1]), int(lines[2]), condition, branch), hits


def _methods(name: str, found: dict[str, int] | list[_Method]) -> Iterator[tuple[tuple[Hashable, ...], int]]:
    if isinstance(found, list):
        for each in found:
            if each.coverage != "ignored":
                yield (each.start_line or 0, each.end_line or 0, each.name), each.coverage
        return
    for method, hits in found.items():
        lines = _METHOD.fullmatch(method)
        if lines is None:
            raise malformed(name, f"this is no method: {method[:60]!r}")
        yield (int(lines[1]), int(lines[2]), method), hits


def _files(joined: Mapping[str, _Joined]) -> tuple[File, ...]:
    known = {metric for file in joined.values() for metric in file.known}
    return tuple(
        detailed(
            place,
            dict(file.hits),
            branches={key: one(hit) for key, hit in file.branches.items()} if "branches" in known else None,
            functions={key: one(hit) for key, hit in file.methods.items()} if "functions" in known else None,
            excluded=tuple(sorted(file.ignored)) if file.ignored else None,
        )
        for place, file in joined.items()
    )


def _compare(name: str, totals: Mapping[str, _Total], measured: Measured) -> None:
    for given, metric in (("lines", "lines"), ("branches", "branches"), ("methods", "functions")):
        total = totals.get(given)
        seen = measured.total(metric)  # type: ignore[arg-type]  # both are names of metrics
        if total is not None and seen != Count(total.covered, total.total):
            raise contradiction(
                name, f"`total.{given}`", f"{total.covered} of {total.total}", f"{seen.covered} of {seen.total}"
            )


def without_nocov(file: File, source: bytes) -> File:
    """Take out what stands between two lines `# :nocov:` (SimpleCov: `SourceFile#process_skipped_lines`)."""
    skipped: set[int] = set()
    inside = False
    for number, line in enumerate(source.split(b"\n"), 1):
        marker = _NOCOV.match(line) is not None
        if marker or inside:
            skipped.add(number)
        inside = inside != marker
    if not skipped:
        return file
    kept = {
        metric: {key: part for key, part in parts.items() if not _within(key, skipped)}
        for metric, parts in file.parts.items()
    }
    hits = file.hits or {}
    return detailed(
        file.name,
        {number: hit for number, hit in hits.items() if number not in skipped},
        branches=kept.get("branches"),
        functions=kept.get("functions"),
        excluded=tuple(sorted(skipped & hits.keys())),
    )


def _within(key: Hashable, skipped: set[int]) -> bool:
    first, last, *_ = key if isinstance(key, tuple) else (0, 0)
    return first in skipped and last in skipped
