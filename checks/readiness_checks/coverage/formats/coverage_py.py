"""Reads the reports of coverage.py: the JSON report, and the data file (SQLite), which coverage.py converts to JSON."""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from readiness.check import Context
from readiness.outcome import CheckError
from readiness_checks.coverage.formats._json import Model, Number, validated
from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    Parts,
    counts,
    detailed,
    malformed,
    one,
    require_equal,
)
from readiness_checks.reading import json_input
from readiness_checks.reading.evidence_files import parse_time
from readiness_checks.reading.report_file import ReportFile

NAMES = "coverage.py (data file, JSON)"
_SQLITE = b"SQLite format 3\0"
_TOLERANCE = 0.01
"""Percentage points by which a rounded percentage may differ."""


class _Summary(Model):
    covered_lines: Number
    num_statements: Number
    missing_lines: Number
    percent_covered: float
    num_branches: Number | None = None
    covered_branches: Number | None = None
    missing_branches: Number | None = None


class _Region(Model):
    executed_lines: list[Number]
    missing_lines: list[Number]


class _File(_Region):
    summary: _Summary
    executed_branches: list[list[int]] | None = None
    missing_branches: list[list[int]] | None = None
    functions: dict[str, _Region] | None = None
    excluded_lines: list[Number] = []


class _Meta(Model):
    version: str
    timestamp: str
    branch_coverage: bool = False


class _Report(Model):
    meta: _Meta
    files: dict[str, _File]
    totals: _Summary


def recognises(report: ReportFile) -> bool:
    """Whether this looks like coverage.py's data file or its JSON report."""
    if report.data.startswith(_SQLITE):
        return True
    return isinstance(report.json, dict) and {"meta", "files", "totals"} <= report.json.keys()


def read(report: ReportFile) -> Measured:
    """Read a data file or a JSON report.

    Raises:
        CheckError: coverage.py cannot analyse the data file, or the JSON report is damaged or contradicts itself.
    """
    if report.data.startswith(_SQLITE):
        return _read_data_file(report)
    return _read_json(report.name, report.json)


def _read_json(name: str, document: Any) -> Measured:
    """Read a JSON report.

    Raises:
        CheckError: It is not as coverage.py writes it, or contradicts itself.
    """
    report = validated(name, TypeAdapter(_Report), document)
    produced_at = parse_time(report.meta.timestamp)
    if produced_at is None:
        raise malformed(name, f"its timestamp is no ISO 8601 time: {report.meta.timestamp[:50]!r}")
    files = tuple(_file(name, source, file, report.meta) for source, file in report.files.items())
    measured = Measured("coverage.py JSON", files, produced_at)
    _compare(name, "its totals", report.totals, measured.total("lines"), measured.total("branches"))
    return measured


def _file(name: str, source: str, file: _File, meta: _Meta) -> File:
    executed, missing = set(file.executed_lines), set(file.missing_lines)
    if executed & missing:
        raise malformed(name, f"line {min(executed & missing)} of {source[:200]} is both covered and not")
    lines = Count(len(executed), len(executed) + len(missing))
    arcs = _arcs(file) if meta.branch_coverage else None
    branches = _branches(name, source, file, arcs) if meta.branch_coverage else None
    _compare(name, source[:200], file.summary, lines, branches or Count(0, 0))
    regions = {key: region for key, region in (file.functions or {}).items() if key}  # "" is outside of functions
    functions: Parts = {
        key: one(region.executed_lines)
        for key, region in regions.items()
        if region.executed_lines or region.missing_lines
    }
    hits = {line: int(line in executed) for line in executed | missing}
    whole = detailed(
        source.replace("\\", "/"),
        hits,
        statements={line: one(hit) for line, hit in hits.items()},
        branches=arcs,
        functions=None if file.functions is None else functions,
        excluded=tuple(sorted(set(file.excluded_lines))),
    )
    if branches is None or arcs is not None:
        return whole
    return replace(whole, counts=counts(branches=branches, **dict(whole.counts)))


def _arcs(file: _File) -> Parts | None:
    """Branches by the lines that they lead from and to; None where an older coverage.py only counted them."""
    if file.executed_branches is None or file.missing_branches is None:
        return None
    executed = {tuple(arc) for arc in file.executed_branches}
    return {arc: one(arc in executed) for arc in {*executed, *map(tuple, file.missing_branches)}}


def _branches(name: str, source: str, file: _File, arcs: Parts | None) -> Count:
    if arcs is not None:
        return sum(arcs.values(), Count(0, 0))
    if file.summary.covered_branches is None or file.summary.num_branches is None:
        raise malformed(name, f"it measured branches, but names none for {source[:200]}")
    if file.summary.covered_branches > file.summary.num_branches:
        raise malformed(name, f"{source[:200]} has more covered branches than branches")
    return Count(file.summary.covered_branches, file.summary.num_branches)


def _compare(name: str, what: str, summary: _Summary, lines: Count, branches: Count) -> None:
    both = lines + branches
    percent = float(both.percent)
    close = abs(summary.percent_covered - percent) <= _TOLERANCE
    require_equal(
        name,
        [
            (f"`covered_lines` of {what}", summary.covered_lines, lines.covered),
            (f"`num_statements` of {what}", summary.num_statements, lines.total),
            (f"`missing_lines` of {what}", summary.missing_lines, lines.missing),
            (f"`num_branches` of {what}", summary.num_branches, branches.total),
            (f"`covered_branches` of {what}", summary.covered_branches, branches.covered),
            (f"`percent_covered` of {what}", None if close else summary.percent_covered, round(percent, 2)),
        ],
    )


def _read_data_file(report: ReportFile) -> Measured:
    """Read a data file (`.coverage`) by letting coverage.py analyse the sources that it names.

    It reads a copy, so that these are the bytes whose digest is told, and no other data file that lies beside.

    No configuration of the repository is read: it could name plugins, which are code.

    Raises:
        CheckError: coverage.py is not installed, or cannot read the file or the sources.
    """
    context, path = report.context, report.path
    name = context.name(path)
    if find_spec("coverage") is None:
        raise CheckError(
            f"{name} is a data file of coverage.py, which is not installed",
            'pip install "readiness[coverage]", or let `coverage json` write a report and name that',
        )
    said = ""
    with tempfile.TemporaryDirectory(prefix="readiness-") as scratch:
        copy = Path(scratch).resolve() / "data"
        copy.write_bytes(report.data)
        for number, folder in enumerate(_folders(context, path)):
            answer = Path(scratch) / f"{number}.json"
            said = _report(context, copy, folder, answer)
            if not said:
                measured = _read_json(name, json_input.parse(name, answer.read_bytes()))
                _require_inside(context, name, folder, measured)
                # The time in it is that of this report, not that of the tests.
                return Measured("coverage.py data file", measured.files, folders=(str(folder),))
    raise CheckError(
        f"coverage.py cannot report on {name}: {said}",
        "run the tests again here, or let `coverage json` write a report where they run, and name that",
    )


def _require_inside(context: Context, name: str, folder: Path, measured: Measured) -> None:
    """Refuse an analysis of files outside of the repository, even if the like of them are inside."""
    for file in measured.files:
        if not (folder / file.name).resolve().is_relative_to(context.root.resolve()):
            raise CheckError(
                f"{name} is about files that are not in the repository, for instance `{file.name[:150]}`",
                "run the tests again here, or let `coverage json` write a report where they run, and name that",
            )


def _folders(context: Context, path: Path) -> Iterator[Path]:
    """Folders that its relative names may be relative to."""
    yield path.resolve().parent
    if path.resolve().parent != context.root.resolve():
        yield context.root


def _report(context: Context, data: Path, folder: Path, answer: Path) -> str:
    """Write a JSON report; what coverage.py said if it could not."""
    settings = answer.with_suffix(".rc")
    settings.write_text(f"[run]\nrelative_files = {_names_are_relative(data)}\n", encoding="ascii")
    done = context.run(
        [
            sys.executable, "-E", "-P", "-m", "coverage", "json", "--quiet", f"--rcfile={settings}",
            f"--data-file={data}", "-o", str(answer),
        ],
        cwd=folder,
        env={"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": "", "COVERAGE_FILE": "", "COVERAGE_RCFILE": ""},
        merge=True,
        reads=True,
    )  # fmt: skip
    if done.timed_out:
        raise CheckError(f"coverage.py did not finish within {done.duration:.0f} s", "raise the item's `timeout`")
    if done.exit_code == 0 and answer.is_file():
        return ""
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    return " ".join(lines[-1].split())[:300] if lines else f"exit code {done.exit_code}"


def _names_are_relative(data: Path) -> bool:
    """Whether a data file names files as `relative_files` makes it: coverage.py finds no line of them otherwise."""
    try:
        with closing(sqlite3.connect(f"file:{data}?mode=ro", uri=True)) as database:
            names = [row[0] for row in database.execute("SELECT path FROM file LIMIT 1000")]
    except sqlite3.Error:
        return False  # coverage.py says what is wrong with it
    return bool(names) and not any(isinstance(name, str) and Path(name).is_absolute() for name in names)
