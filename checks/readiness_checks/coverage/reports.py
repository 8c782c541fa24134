"""Reads the reports of one source of a `coverage` item, finds the files that they measure, and joins them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from readiness.check import Context
from readiness.outcome import CheckError, Evidence, Finding, Level
from readiness.text import count
from readiness_checks.coverage import source_kinds
from readiness_checks.coverage.formats import FORMATS
from readiness_checks.coverage.joined import join
from readiness_checks.coverage.measured import File, Measured, Metric
from readiness_checks.coverage.sources import Sources
from readiness_checks.reading.evidence_files import require_recent
from readiness_checks.reading.freshness import Freshness, stale
from readiness_checks.reading.globs import glob_pattern
from readiness_checks.reading.report_file import ReportFile

RUN_AGAIN = "run the tests of this very source again, and let them write their coverage"
_SHOWN = 20
_FORMAT = "tell readiness to count what its raw data give (`lines`), or let the tool write another format"


@dataclass(frozen=True)
class Reports:
    """What all reports of one source say together."""

    formats: str
    """As messages name them."""
    metrics: tuple[Metric, ...]
    """What they measure."""
    files: tuple[tuple[str, File], ...]
    """The files that count, by their places in the repository; tests among them."""
    left_out: tuple[str, ...]
    """Files of the repository that they measure and `exclude` takes out."""
    excluded: int
    """How many files `exclude` takes out, those outside of the repository included."""
    notes: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class _Report:
    """One report."""

    name: str
    measured: Measured
    files: tuple[tuple[str, File], ...]
    outside: tuple[str, ...]
    inside: tuple[tuple[str, File], ...]
    evidence: Evidence


def read(
    context: Context, paths: Sequence[Path], exclude: Sequence[str], metric: Metric, max_age: timedelta | None
) -> Reports:
    """Read all reports of one source.

    Args:
        context: The run.
        paths: The reports.
        exclude: Globs of what does not count: names in the reports, or places in the repository.
        metric: The metric that is asked for.
        max_age: How old a report may be.

    Raises:
        CheckError: One cannot be read, is stale, is about other source, or cannot be joined with the others.
    """
    reports = [_read(context, path, exclude, metric, max_age) for path in paths]
    kinds = sorted({report.measured.format for report in reports})
    by_place: dict[str, list[tuple[str, File]]] = {}
    for report in reports:
        for place, file in report.files:
            by_place.setdefault(place, []).append((report.measured.format, file))
    files, notes = [], [note for report in reports for note in _notes(report)]
    for place, measured in by_place.items():
        file, said = join(place, measured, metric)
        files.append((place, file))
        notes += [Finding(message=each, rule="joined", level=Level.NOTE, path=place) for each in said[:_SHOWN]]
    notes += _excluded(context, reports, exclude)
    notes += _unnamed(reports, metric)
    return Reports(
        formats=", ".join(kinds),
        metrics=tuple(sorted({each for report in reports for each in report.measured.metrics})),
        files=tuple(files),
        left_out=tuple(sorted({place for report in reports for place, _ in report.inside})),
        excluded=len({place for report in reports for place, _ in report.inside} | _outside(reports)),
        notes=tuple(notes),
        evidence=tuple(report.evidence for report in reports),
    )


def _read(context: Context, path: Path, exclude: Sequence[str], metric: Metric, max_age: timedelta | None) -> _Report:
    data = context.read(path)
    name = context.name(path)
    measured = FORMATS.read(ReportFile(context, path, data))
    _require_undisputed(name, measured, metric)
    patterns = [glob_pattern(each) for each in exclude]
    kept = [file for file in measured.files if not any(each.fullmatch(file.name) for each in patterns)]
    dropped = [file for file in measured.files if any(each.fullmatch(file.name) for each in patterns)]
    sources = Sources(context, path, by_package=measured.by_package)
    located = sources.locate([(file.name, file.end) for file in kept], measured.folders)
    files = [(located[file.name], file) for file in kept]
    inside = [(place, file) for place, file in files if any(each.fullmatch(place) for each in patterns)]
    known = {file.name: place for file in dropped if (place := sources.inside(file.name, measured.folders))}
    inside += [(known[file.name], file) for file in dropped if file.name in known]
    places = {place for place, _ in inside}
    files = [(place, file) for place, file in files if place not in places]
    if measured.trim is not None:
        files = [(place, measured.trim(file, context.read(place))) for place, file in files]
    require_lines(context, path, files)
    fresh = Freshness(context, [place for place, _ in files], RUN_AGAIN)
    produced_at = fresh.produced_at(path, measured.produced_at)
    require_recent(context, name, produced_at, max_age)
    evidence = Evidence(name=name, sha256=hashlib.sha256(data).hexdigest(), produced_at=produced_at)
    outside = tuple(file.name for file in dropped if file.name not in known)
    return _Report(name, measured, tuple(files), outside, tuple(inside), evidence)


def _require_undisputed(name: str, measured: Measured, metric: Metric) -> None:
    """Refuse to answer for a metric whose totals the raw data do not give."""
    for asked in ("lines", "branches") if metric == "combined" else (metric,):
        if asked in measured.disputed:
            raise CheckError(f"{name} contradicts itself: {measured.disputed[asked]}", _FORMAT)


def _notes(report: _Report) -> Iterator[Finding]:
    """What is told of the way in which a report counts."""
    if not any(found.total for file in report.measured.files for found in file.counts.values()):
        message = "it measures nothing: no line of any file"
        remedy = "let the tests that write it run with coverage of the source, or name the other reports alone"
        yield Finding(message=message, rule="measures-nothing", level=Level.WARNING, path=report.name, remedy=remedy)
    for message in (*report.measured.notes, *report.measured.disputed.values()):
        yield Finding(message=message, rule="counted-otherwise", level=Level.NOTE, path=report.name)


def _unnamed(reports: Sequence[_Report], metric: Metric) -> list[Finding]:
    """Notes on reports that name none of the parts that others of the source name.

    Raises:
        CheckError: Files that only such reports measure would not be in the count: the percentage is not known.
    """
    asked: Metric = "branches" if metric == "combined" else metric
    naming = [report for report in reports if asked in report.measured.metrics]
    known = {place for report in naming for place, file in report.files if asked in file.counts}
    others = [report for report in reports if naming and report not in naming and report.files]
    missing = {
        report.name: [place for place, _ in report.files if place not in known and not source_kinds.is_test(place)]
        for report in others
    }
    places = sorted({place for each in missing.values() for place in each})
    if places:
        remedy = f"let each of them measure {asked}, or judge these reports in a source of their own by `metric: lines`"
        shown = ", ".join(places[:_SHOWN]) + (", …" if len(places) > _SHOWN else "")
        raise CheckError(
            f"the percentage of {asked} is not known: no report names those of {count(len(places), 'file')} ({shown})",
            remedy,
            findings=tuple(
                Finding(
                    message=f"it names no {asked}, as other reports of the source do",
                    rule="part-not-measured",
                    path=name,
                    remedy=remedy,
                )
                for name, found in missing.items()
                if found
            ),
        )
    message = f"it names no {asked}: what ran for it adds none to those that the other reports saw taken"
    return [Finding(message=message, rule="part-not-measured", level=Level.NOTE, path=name) for name in missing]


def _outside(reports: Sequence[_Report]) -> set[str]:
    return {name for report in reports for name in report.outside}


def _excluded(context: Context, reports: Sequence[_Report], exclude: Sequence[str]) -> Iterator[Finding]:
    """What `exclude` takes out: a warning for each source file of the product, a note for everything else."""
    outside = sorted(_outside(reports))
    if outside:
        shown = ", ".join(f"`{name[:100]}`" for name in outside[:_SHOWN])
        message = f"`exclude` takes out {count(len(outside), 'file')} that are not in the repository: {shown}"
        yield Finding(message=message, rule="excluded-file", level=Level.NOTE, path=reports[0].name)
    for place, file in sorted(dict(each for report in reports for each in report.inside).items()):
        own = not source_kinds.is_test(place) and source_kinds.is_measured_as_a_rule(place, context.read(place))
        lines = f": {file.counts['lines']} lines were run" if "lines" in file.counts else ""
        yield Finding(
            message=f"`exclude` takes it out of the count{lines}",
            rule="excluded-file",
            level=Level.WARNING if own else Level.NOTE,
            path=place,
            remedy="review whether it may be left out" if own else "",
        )
    for glob in exclude:
        pattern = glob_pattern(glob)
        places = [place for report in reports for place, _ in report.inside]
        if not any(pattern.fullmatch(name) for name in (*outside, *places, *_names(reports))):
            message = f"`exclude` names `{glob[:100]}`, which matches no file that is measured"
            yield Finding(message=message, rule="excluded-file", level=Level.NOTE, path=reports[0].name)


def _names(reports: Sequence[_Report]) -> Iterator[str]:
    for report in reports:
        yield from (file.name for _, file in report.inside)


def require_lines(context: Context, report: Path, located: Sequence[tuple[str, File]]) -> None:
    """Refuse a report that mentions lines which its files do not have.

    Raises:
        CheckError: There is such a line.
    """
    for source, file in located:
        if not file.last_line:
            continue
        length = len(context.read(source).splitlines())
        if file.last_line > length + 1:  # instrumenters may count the empty line after the last
            why = f"of the files that it measures have no line {file.last_line} any more: there are {length} lines"
            raise stale(context, report, [source], why, RUN_AGAIN)
