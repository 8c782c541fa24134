"""The check `coverage`: compares each coverage report with its minimum."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status, Value
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.coverage import left_out
from readiness_checks.coverage.measured import Count, File, Metric, ranges
from readiness_checks.coverage.reports import Reports, read
from readiness_checks.coverage.source_kinds import is_test
from readiness_checks.parameters import ONE_OR_MANY
from readiness_checks.reading.evidence_files import matching

_WORST = 10
"""Files of each source that become findings."""
_DIGITS = 10_000
_WORDS: dict[Metric, str] = {"combined": "lines and branches"}


class Source(Value):
    """One report of coverage, or several that are joined, and what they have to show."""

    path: Annotated[
        list[Annotated[str, StringConstraints(min_length=1)]], Field(min_length=1), ONE_OR_MANY, stricter.evidence_files
    ]
    """The report, relative to the root of the repository; or a glob or a list of several, which are joined: shards of
    one test run, unit and integration tests. What one of them saw run was run."""
    metric: Metric
    """What is counted: `lines`, `branches`, `functions`, `statements`, or `combined` (lines and branches together).
    One and the same run has very different numbers for each."""
    minimum: Annotated[float, Field(ge=0, le=100), stricter.higher.when_absent(0)]
    """Percentage that has to be covered; it is compared exactly, so 94.996 does not reach 95."""
    files: Annotated[list[Annotated[str, StringConstraints(min_length=1)]], ONE_OR_MANY, stricter.more_entries] = []
    """Files or globs that the report has to be about, for instance `src/**/*.py`: a test run leaves out what it never
    loaded, unless it is told otherwise. Tests and files without code need not be in it. Without `files`, source files
    that no report measures are warnings."""
    exclude: Annotated[list[Annotated[str, StringConstraints(min_length=1)]], ONE_OR_MANY, stricter.fewer_entries] = []
    """Globs of measured files that do not count, as the report names them or as they lie in the repository: headers of
    the system (`/usr/**`), generated code. They are counted and named in the report; product code among them is a
    warning."""
    max_excluded: Annotated[int | None, Field(ge=0), stricter.lower] = None
    """How many lines may be excluded from the count, by comments or by configuration; any number when not given."""


@dataclass(frozen=True)
class _Answer:
    """How one source stands."""

    measurements: tuple[Measurement, ...]
    """The percentage first."""
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    measured: tuple[str, ...]
    """Files that it measures."""
    files: int
    """Of these, how many count."""
    asked: bool
    """Whether the item says which files it has to measure."""


class Coverage(Check):
    """The tests cover at least as much of the source as is required.

    Why: What no test runs is tried out by the users first; and a number that was measured once, for other source,
    says nothing about this release.

    How: Reads reports of coverage.py (data file, JSON, XML), Cobertura, lcov, istanbul (coverage-final.json,
    coverage-summary.json), JaCoCo, Clover, OpenCover, Go (cover profile), SimpleCov (.resultset.json, coverage.json),
    LLVM (llvm-cov export), Xcode (xccov), gcovr (JSON) and Sonar (generic coverage), told by their content, and counts
    anew from their raw data. Totals that say something else are an error, unless the producer is known to count in
    another way, which is told; those of branches or functions are an error where these are asked for. So is a report
    that measures nothing, that lacks the metric, that is about files which are not in the repository or have fewer
    lines, or that is older than the source: a report that is committed has to have been committed with this very
    source, any other must not be older than the files that it measures or the commits that brought them. A data file is
    analysed without the repository's configuration, so exclusions that are made there count only in the other formats.

    Several reports of one source are joined line by line: what one of them saw run was run. Branches, functions and
    statements are joined where all reports are of one format that tells them apart; files that only a report
    without any of them measures, beside others that name theirs, are an error: the percentage is not known. A report
    that measures nothing, beside others, is a warning. What a report measures outside of the
    repository, such as headers of the system, has to be named in `exclude`; what that takes out is counted and named,
    and product code among it is a warning. `statements` are instructions in JaCoCo, sequence points in OpenCover and
    regions in LLVM; `lines` of Go are all lines of its blocks.

    Test files do not count as covered source. Source files that `files` names and the report does not measure fail the
    item; without `files`, tracked files of the same ending and project that no report measures are counted and shown as
    warnings, apart from tests, generated code, migrations and files without code. Excluded lines are counted and shown:
    those that the report names, or else the lines of the source that ask for it (`pragma: no cover`, `LCOV_EXCL_LINE`,
    `istanbul ignore` and the like).

    Remedy: Test the lines that the findings name. Where the report is stale, run the tests again before this check.

    Example:
        - id: coverage
          title: Tests cover 80 % of the lines
          check: coverage
          with:
            sources:
              - {path: coverage.info, metric: lines, minimum: 80, files: ["src/**/*.js"]}
    """

    uses_services: ClassVar[bool] = False

    sources: Annotated[list[Source], Field(min_length=1), stricter.more_named("path", "metric")]
    """The reports, each with its metric and minimum."""
    max_age: Annotated[Duration | None, stricter.lower.measured_as("length")] = None
    """How old the reports may be."""

    def run(self, context: Context) -> Outcome:
        """Measure every source; one that cannot be measured does not hide the others."""
        answers: list[_Answer] = []
        errors: list[Outcome] = []
        for source in self.sources:
            try:
                answers.append(self._measure(context, source))
            except CheckError as error:
                errors.append(error.outcome)
        failed = [f for answer in answers for f in answer.findings if f.level is Level.ERROR]
        unmeasured = [finding.path for finding in failed if finding.rule == "unmeasured"]
        known = {name for answer in answers for name in answer.measured}
        free = {name for answer in answers if not answer.asked for name in answer.measured}
        missed = [name for name in left_out.expected(context, free) if name not in known] if not errors else []
        said = [_sentence(answer.measurements[0]) for answer in answers]
        said += [f"{count(len(each), 'file')} not measured at all" for each in (unmeasured, missed) if each]
        measurements = [answer.measurements[0] for answer in answers]
        measurements += [measurement for answer in answers for measurement in answer.measurements[1:]]
        if not errors:
            measurements.append(Measurement(name="files not measured", value=len(unmeasured) + len(missed)))
        status, remedy = Status.PASSED, ""
        if errors:
            status, remedy, said = Status.ERROR, errors[0].remedy, [error.summary for error in errors] + said
        elif failed or any(measurement.met is False for measurement in measurements):
            status, remedy = Status.FAILED, "test the lines that the findings name"
        findings = [finding for error in errors for finding in error.findings]
        findings += [finding for answer in answers for finding in answer.findings]
        return Outcome(
            status=status,
            summary="; ".join(said),
            examined=sum(answer.files for answer in answers),
            unit="files",
            measurements=tuple(measurements),
            findings=(*findings, *left_out.warnings(missed)),
            evidence=tuple(evidence for answer in answers for evidence in answer.evidence),
            remedy=remedy,
            comparable=True,
        )

    def _measure(self, context: Context, source: Source) -> _Answer:
        reports = read(context, _paths(context, source), source.exclude, source.metric, self.max_age)
        name = _name(source, [evidence.name for evidence in reports.evidence])
        own = [(place, file) for place, file in reports.files if not is_test(place)]
        total = _total(name, reports, source, [file for _, file in own])
        met = total.percent >= Fraction(str(source.minimum))
        percentage = Measurement(
            name=f"{name} {source.metric}",
            value=_shown(total.percent, source.minimum, met=met),
            unit="%",
            operator=">=",
            threshold=source.minimum,
        )
        excluding = left_out.excluded(context, own)
        excluded = Measurement(name=f"{name} excluded", value=sum(map(len, excluding.values())), unit="lines")
        if source.max_excluded is not None:
            excluded = excluded.model_copy(update={"operator": "<=", "threshold": source.max_excluded})
        further = [excluded] if excluding or excluded.operator else []
        if source.exclude:
            further.append(Measurement(name=f"{name} excluded files", value=reports.excluded, unit="files"))
        places = [place for place, _ in reports.files]
        return _Answer(
            measurements=(percentage, *further),
            findings=(
                *left_out.required(context, name, source.files, [*places, *reports.left_out]),
                *_worst(own, source.metric),
                *left_out.notes(excluding, source.max_excluded),
                *reports.notes,
            ),
            evidence=reports.evidence,
            measured=(*places, *reports.left_out),
            files=len([file for _, file in own if source.metric in file.counts]),
            asked=bool(source.files),
        )


def _paths(context: Context, source: Source) -> list[Path]:
    """The reports of a source: a path that is no glob is named as it is, so that its reader says what is wrong."""
    if len(source.path) == 1 and not re.search(r"[*?\[]", source.path[0]):
        return [context.path(source.path[0])]
    return matching(context, source.path)


def _name(source: Source, names: Sequence[str]) -> str:
    """What the numbers of a source are called: that does not depend on how many shards there are."""
    alone = len(source.path) == 1 and len(names) == 1 and not re.search(r"[*?\[]", source.path[0])
    return names[0] if alone else ", ".join(source.path)


def _total(name: str, reports: Reports, source: Source, own: Sequence[File]) -> Count:
    """Make sure that there is something to judge."""
    if reports.metrics and source.metric not in reports.metrics:
        raise CheckError(
            f"{name} ({reports.formats}) does not measure {source.metric}; it measures {', '.join(reports.metrics)}",
            "name one of these as `metric`, or let the tests measure the other",
        )
    total = sum((file.counts[source.metric] for file in own if source.metric in file.counts), Count(0, 0))
    if not total.total:
        raise CheckError(
            f"{name} ({reports.formats}) has no {_WORDS.get(source.metric, source.metric)} to cover: "
            "nothing was measured",
            "let the tests run with coverage of the right folder; tests themselves do not count",
        )
    return total


def _shown(percent: Fraction, minimum: float, *, met: bool) -> float:
    """A percentage with four digits, never rounded up, and on the same side of the minimum."""
    cut = math.floor(percent * _DIGITS) / _DIGITS
    return cut if (cut >= minimum) is met else float(percent)


def _sentence(measurement: Measurement) -> str:
    sign = ">=" if measurement.met else "<"
    return f"{measurement.name}: {measurement.value} % {sign} {measurement.threshold:g} %"


def _worst(files: Sequence[tuple[str, File]], metric: Metric) -> Iterator[Finding]:
    """The files in which most is missing."""
    gaps = [(place, file, file.counts[metric]) for place, file in files if metric in file.counts]
    gaps = sorted((gap for gap in gaps if gap[2].missing), key=lambda gap: (-gap[2].missing, gap[0]))
    for place, file, covered in gaps[:_WORST]:
        lines = f"; lines without a test: {ranges(file.missing)}" if file.missing else ""
        yield Finding(
            message=f"{math.floor(covered.percent * 10) / 10} % of its {_WORDS.get(metric, metric)} are covered "
            f"({covered.covered} of {covered.total}){lines}",
            rule="uncovered",
            level=Level.WARNING,  # the measurement is what failed; this is where to begin
            path=place,
            line=next((line for line in file.missing if line > 0), None),
            remedy="test what is not covered, or delete it",
        )
