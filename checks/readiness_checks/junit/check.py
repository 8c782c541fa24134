"""The check `junit`: counts the test cases and compares them with the requirements."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.junit import findings
from readiness_checks.junit.cases import Results, State
from readiness_checks.junit.copies import without_copies
from readiness_checks.junit.counts import Counts, counts_of, notes, summary, were
from readiness_checks.junit.formats import FORMATS
from readiness_checks.junit.names import COUNTED, names_of
from readiness_checks.junit.places import Located, place
from readiness_checks.parameters import ONE_OR_MANY
from readiness_checks.reading.evidence_files import matching, require_recent
from readiness_checks.reading.freshness import Freshness
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.source_files import SourceFiles

_Pattern = Annotated[str, StringConstraints(min_length=1)]
_COMPARED = 2000
"""Classes of cases whose files are looked for."""
_MEND = "fix the tests that are listed, and run all tests again"
_NUMBERS = frozenset({"too-few", "too-many-skipped", "too-many-flaky"})
"""Rules of findings about how many tests ran, not about one that broke."""
_RUN_AGAIN = "run the tests of this very source again (not from a cache of results), and let them write their results"


class JUnit(Check):
    """The tests ran and passed, and those that are required were among them.

    Why: A green test run says nothing about tests that were skipped, never collected or lost with half of the file.

    How: Reads JUnit XML, as pytest, Jest, Gradle, surefire, GoogleTest, PHPUnit, Playwright and others write it, and
    counts the elements. Attributes that claim another number have to be explained by what a producer is known to count,
    such as attempts, pending tests that it does not write, subtests or assertions. Where nothing explains them it is an
    error, and so are files that are cut off, empty or older than `max_age` (by the oldest `timestamp` of their suites;
    by the file's date where they have none; one without an offset is in the time zone of this machine or in UTC, as the
    file's date allows).

    Reads as well, told by its content: TRX (`dotnet test --logger trx`, Visual Studio), NUnit 2 and 3, xUnit.net,
    CTRF, TAP, `go test -json`, Dart's and Flutter's JSON, and Cucumber's JSON. All that is said here holds for each
    of them. A run that broke beside its tests (a crashed host, a teardown, a build, `Bail out!`) is an error, and so
    is an outcome with a word that is not known. Most formats tell by their end or their counts that nothing is
    missing. A stream of `go test -json` does not count packages, and Cucumber does not count scenarios: for these,
    say with `minimum_tests` and `require` what has to be there. Results from Go's cache have no date, so `max_age`
    refuses them.

    Results have to be of this very source: results that are committed must have been committed with it; any other must
    not be older than the source files of the repository or the commits that brought them. Prose, pictures, records and
    the checklist are no source. Where results and tests lie in a folder with a manifest of its own (`package.json`,
    `pom.xml`), only that project is.

    A skipped or disabled case, pytest's `xfail` among them, did not pass; nor did one whose `status` or `result` is a
    word that is not known, or that holds an element that is not known. What CTest says it skipped because it could not
    start it, broke.

    A test that several files report from one run counts once: a shard and the merged file beside it. Runs of other
    modules, versions and machines all count, told by their suite, time, host and duration; files of attempts
    (`attempt-2`) do not. A case that several files or runs report has passed only if each of them passed. Attempts that
    surefire, nextest and pytest report of one case are that case: if the last one passed, it is flaky, and a warning.

    `require` holds names or globs (`*`, `?`, `[…]`), compared with case: a case is found by its `name`, by
    `classname.name`, `classname::name`, `file::name` or `file::Class::name` (the node ids of pytest), by its
    `classname` or `file`, and by the `name` of any suite that it is in. Square brackets are first taken literally,
    as in `test_deed[grant]`. Everything that a pattern
    finds has to have passed.

    With `no_worse_than: base` the report of a run keeps the names of the tests. A test that ran on the policy branch,
    and is skipped here, missing, or runs for fewer cases, is told in `evidence-weakening`. Names may change: a test may
    move, be renamed, or run for other values.

    Remedy: Mend the failing cases, and run those that were skipped; then let the test run write its results again.

    Example:
        - id: tests
          title: All tests pass
          check: junit
          with: {paths: ["reports/TEST-*.xml"], require: ["checkout.*"], max_skipped: 0}
    """

    uses_services: ClassVar[bool] = False
    runs_foreign_code: ClassVar[bool] = False

    paths: Annotated[list[_Pattern], Field(min_length=1), ONE_OR_MANY, stricter.evidence_files]
    """Files of results, as paths or globs; each of them has to match a file."""
    require: Annotated[list[_Pattern], ONE_OR_MANY, stricter.more_entries] = []
    """Names or globs of cases or suites that have to be present and pass."""
    minimum_tests: Annotated[int, Field(ge=1), stricter.higher] = 1
    """How many cases have to have run, skipped ones not counted."""
    max_skipped: Annotated[int | None, Field(ge=0), stricter.lower] = None
    """How many cases may be skipped; any number when not given."""
    max_flaky: Annotated[int | None, Field(ge=0), stricter.lower] = None
    """How many cases may have passed only when they were run again; any number when not given."""
    max_age: Annotated[Duration | None, stricter.lower.measured_as("length")] = None
    """How old the results may be."""

    def run(self, context: Context) -> Outcome:
        """Read, count, compare."""
        reports = matching(context, self.paths)
        found = [self._read(context, path) for path in reports]
        every = [Located(case, path) for path, (one, _) in zip(reports, found, strict=True) for case in one.cases]
        cases = without_copies(every)
        fresh = {folder: _freshness(context, folder, reports, every) for folder in {path.parent for path in reports}}
        evidence = []
        for path, (one, digest) in zip(reports, found, strict=True):
            name = context.name(path)
            produced_at = fresh[path.parent].produced_at(path, one.produced_at)
            require_recent(context, name, produced_at, self.max_age)
            evidence.append(Evidence(name=name, sha256=digest, produced_at=produced_at))
        counts = counts_of({path: one for path, (one, _) in zip(reports, found, strict=True)}, cases, len(every))
        if not counts.ran:
            raise CheckError(
                f"none of {count(counts.skipped, 'test')} ran: all were skipped", _RUN_AGAIN, evidence=tuple(evidence)
            )
        by_name = findings.named(cases if self.require else ())
        at_item = self._at_item(context, "", "", "")
        required = [findings.required(context, at_item, each, by_name) for each in dict.fromkeys(self.require)]
        unmet = len([told for told in required if told])
        told = [*findings.broken(context, cases), *chain(*required), *findings.to_look_at(context, cases)]
        outcome = self._outcome(context, counts, told, evidence, unmet)
        compared = context.item.no_worse_than
        return outcome.model_copy(update={"tests": names_of(context.root, cases)}) if compared else outcome

    def _read(self, context: Context, path: Path) -> tuple[Results, str]:
        """Read one file of results; also its digest."""
        name, data = context.name(path), context.read(path)
        found = FORMATS.read(ReportFile(context, path, data))
        if found.unread_time and self.max_age is not None:
            raise CheckError(
                f"{name} has a timestamp that is no time: {found.unread_time!r}",
                "let the reporter of the tests write another, by an option (ISO 8601), or ask for no `max_age`",
            )
        if found.undated and self.max_age is not None:
            raise CheckError(f"{name} does not say when its tests ran: {found.undated}", _RUN_AGAIN)
        if found.produced_at is not None:
            require_recent(context, name, found.produced_at, self.max_age)
        if not found.cases and not found.unnamed_skips:
            raise CheckError(f"{name} holds no test case", _RUN_AGAIN)
        return found, hashlib.sha256(data).hexdigest()

    def _outcome(
        self, context: Context, counts: Counts, told: list[Finding], evidence: list[Evidence], unmet: int
    ) -> Outcome:
        measurements = self._measurements(counts)
        told += self._unmet(context, counts, measurements)
        told += [self._at_item(context, *note).model_copy(update={"level": Level.NOTE}) for note in notes(counts)]
        wrong = [finding for finding in told if finding.level is Level.ERROR]
        numbers = all(finding.rule in _NUMBERS for finding in wrong)
        remedy = "; ".join(finding.remedy for finding in wrong) if numbers else _MEND
        return Outcome(
            status=Status.FAILED if wrong else Status.PASSED,
            summary=summary(counts, unmet, len(set(self.require))),
            examined=counts.ran,
            unit="tests",
            measurements=measurements,
            findings=tuple(told),
            evidence=tuple(evidence),
            remedy=remedy,
            comparable=True,
        )

    def _measurements(self, counts: Counts) -> tuple[Measurement, ...]:
        limited = []
        for name, value, most in (
            ("skipped", counts.skipped, self.max_skipped),
            ("flaky", counts.flaky, self.max_flaky),
        ):
            limit = {} if most is None else {"operator": "<=", "threshold": most}
            if name == "skipped" or value or limit:
                limited.append(Measurement(name=name, value=value, unit="tests").model_copy(update=limit))
        return (
            Measurement(name=COUNTED, value=counts.ran, unit="tests", operator=">=", threshold=self.minimum_tests),
            Measurement(name="passed", value=counts.passed, unit="tests"),
            *(
                Measurement(name=name, value=counts.states[state], unit="tests", operator="==", threshold=0)
                for name, state in (("failed", State.FAILED), ("errors", State.ERROR))
            ),
            *limited,
        )

    def _unmet(self, context: Context, counts: Counts, measurements: Iterable[Measurement]) -> list[Finding]:
        """What is wrong with the numbers."""
        found = []
        unmet = {measurement.name for measurement in measurements if measurement.met is False}
        if COUNTED in unmet:
            message = f"{count(counts.ran, 'test')} ran, at least {self.minimum_tests} have to"
            found.append(self._at_item(context, "too-few", message, "find out which tests are gone, and run them"))
        if "skipped" in unmet:
            message = f"{were(counts.skipped)} skipped, at most {self.max_skipped} may be"
            remedy = "run them (their reason says what skips them), or raise `max_skipped` to those that are meant"
            found.append(self._at_item(context, "too-many-skipped", message, remedy))
        if "flaky" in unmet:
            message = f"{count(counts.flaky, 'test')} passed only when run again, at most {self.max_flaky} may"
            found.append(self._at_item(context, "too-many-flaky", message, "find out what they depend on"))
        return found

    def _at_item(self, context: Context, rule: str, message: str, remedy: str) -> Finding:
        """A finding about what the checklist asks for."""
        source = context.item.source
        path, line = (source.file, source.line) if source else (self.paths[0], None)
        return Finding(message=message, rule=rule, path=path, line=line, remedy=remedy)


def _freshness(context: Context, folder: Path, reports: Sequence[Path], cases: Iterable[Located]) -> Freshness:
    """Compares the results of one folder with the whole source, and with files of tests that git does not know."""
    distinct = {(entry.case.file, entry.case.class_name): entry for entry in cases if entry.report.parent == folder}
    places = {place(context, entry)[0] for entry in islice(distinct.values(), _COMPARED)}
    places -= {context.name(path) for path in reports}
    own = [context.name(path.resolve()) for path in reports if path.parent == folder]
    source = SourceFiles(context, own, places, apart=[context.name(path.resolve()) for path in reports])
    return Freshness(context, list(dict.fromkeys((*source.names, *sorted(places)))), _RUN_AGAIN, whole=source)
