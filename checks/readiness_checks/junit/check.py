"""The check `junit`: counts the test cases and compares them with the requirements."""

import fnmatch
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count, did_you_mean
from readiness_checks.junit.cases import Results, State
from readiness_checks.junit.formats import FORMATS
from readiness_checks.junit.names import COUNTED, names_of
from readiness_checks.junit.places import Located, place
from readiness_checks.parameters import ONE_OR_MANY
from readiness_checks.reading.evidence_files import matching, require_recent
from readiness_checks.reading.freshness import Freshness
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.source_files import SourceFiles

_Pattern = Annotated[str, StringConstraints(min_length=1)]
_BROKEN = frozenset((State.FAILED, State.ERROR))
_SHOWN = 200
"""Failing cases that become findings of their own; the rest is one finding with their number."""
_COMPARED = 2000
"""Names that a requirement which finds nothing is compared with; classes of cases whose files are looked for."""
_RUN_AGAIN = "run the tests of this very source again (not from a cache of results), and let them write their results"


class JUnit(Check):
    """The tests ran and passed, and those that are required were among them.

    Why: A green test run says nothing about tests that were skipped, never collected or lost with half of the file.

    How: Reads JUnit XML, as pytest, Jest, Gradle, surefire, GoogleTest, PHPUnit, Playwright and others write it,
    and counts the elements; attributes that claim more than the elements show are an error, and so are files that
    are cut off, empty or older than `max_age` (by the oldest `timestamp` of their suites; by the file's date where
    they have none; one without an offset is in the time zone of this machine or in UTC, as the file's date allows).

    Results have to be of this very source: results that are committed must have been committed with it; any other must
    not be older than the source files of the repository or the commits that brought them. Prose, pictures, records and
    the checklist are no source. Where results and tests lie in a folder with a manifest of its own (`package.json`,
    `pom.xml`), only that project is.

    A skipped or disabled case, pytest's `xfail` among them, did not pass; nor did one whose `status` or `result` is a
    word that is not known. A case that several files or retries report has passed only if each of them passed.

    `require` holds names or globs (`*`, `?`, `[…]`), compared with case: a case is found by its `name`, by
    `classname.name`, `classname::name`, `file::name` or `file::Class::name` (the node ids of pytest), by its
    `classname` or `file`, and by the `name` of any suite that it is in. Square brackets are first taken literally,
    as in `test_deed[grant]`. Everything that a pattern
    finds has to have passed.

    With `no_worse_than: base` the report of a run keeps the names of the tests. A test that ran on the policy branch,
    and is skipped here, missing, or runs for fewer cases, is told in `evidence-weakening`. Names may change: a test may
    move, be renamed, or run for other values.

    Remedy: Mend the failing cases, and run those that were skipped; then let the test run write its results again.
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
    max_age: Annotated[Duration | None, stricter.lower.measured_as("length")] = None
    """How old the results may be."""

    def run(self, context: Context) -> Outcome:
        """Read, count, compare."""
        reports = matching(context, self.paths)
        found = [self._read(context, path) for path in reports]
        cases = [Located(case, path) for path, (one, _) in zip(reports, found, strict=True) for case in one.cases]
        fresh = {folder: _freshness(context, folder, reports, cases) for folder in {path.parent for path in reports}}
        evidence = []
        for path, (one, digest) in zip(reports, found, strict=True):
            name = context.name(path)
            produced_at = fresh[path.parent].produced_at(path, one.produced_at)
            require_recent(context, name, produced_at, self.max_age)
            evidence.append(Evidence(name=name, sha256=digest, produced_at=produced_at))
        states = Counter(entry.case.state for entry in cases)
        if states[State.SKIPPED] == len(cases):
            raise CheckError(
                f"none of {count(len(cases), 'test')} ran: all were skipped", _RUN_AGAIN, evidence=tuple(evidence)
            )
        named = _named(cases if self.require else ())
        required = [list(self._required(context, pattern, named)) for pattern in dict.fromkeys(self.require)]
        unmet = len([found for found in required if found])
        findings = [*_broken(context, cases), *chain.from_iterable(required), *_flaky(context, cases)]
        outcome = self._outcome(context, states, findings, evidence, unmet)
        compared = context.item.no_worse_than
        return outcome.model_copy(update={"tests": names_of(context.root, cases)}) if compared else outcome

    def _read(self, context: Context, path: Path) -> tuple[Results, str]:
        """Read one file of results; also its digest."""
        name, data = context.name(path), context.read(path)
        found = FORMATS.read(ReportFile(context, path, data))
        if found.produced_at is not None:
            require_recent(context, name, found.produced_at, self.max_age)
        if not found.cases:
            raise CheckError(f"{name} holds no test case", _RUN_AGAIN)
        return found, hashlib.sha256(data).hexdigest()

    def _required(self, context: Context, pattern: str, named: Mapping[str, Sequence[Located]]) -> Iterator[Finding]:
        """What is wrong with the cases that one requirement means."""
        found = _find(pattern, named)
        if not found:
            hint = did_you_mean(pattern, list(islice(named, _COMPARED)))
            yield self._at_item(
                context,
                "required-missing",
                f"no test is called `{pattern}`, which is required",
                "run it, and let it be in the results; or correct the name" + (f": {hint}" if hint else ""),
            )
        skipped = [entry for entry in found if entry.case.state is State.SKIPPED]
        broken = [entry for entry in found if entry.case.state in _BROKEN]
        for entries, rule, word in (
            (skipped, "required-skipped", "was skipped" if len(skipped) == 1 else "were skipped"),
            (broken, "required-failed", "failed"),
        ):
            if entries:
                message = f"`{pattern}` is required, but {len(entries)} of its {count(len(found), 'test')} {word}: "
                message += entries[0].case.title[:200]
                yield _finding(context, entries[0], rule, message, "run it and make it pass")

    def _outcome(
        self, context: Context, states: Counter[State], findings: list[Finding], evidence: list[Evidence], unmet: int
    ) -> Outcome:
        ran = states.total() - states[State.SKIPPED]
        skipped = Measurement(name="skipped", value=states[State.SKIPPED], unit="tests")
        if self.max_skipped is not None:
            skipped = skipped.model_copy(update={"operator": "<=", "threshold": self.max_skipped})
        measurements = (
            Measurement(name=COUNTED, value=ran, unit="tests", operator=">=", threshold=self.minimum_tests),
            Measurement(name="passed", value=states[State.PASSED], unit="tests"),
            Measurement(name="failed", value=states[State.FAILED], unit="tests", operator="==", threshold=0),
            Measurement(name="errors", value=states[State.ERROR], unit="tests", operator="==", threshold=0),
            skipped,
        )
        if ran < self.minimum_tests:
            message = f"{count(ran, 'test')} ran, at least {self.minimum_tests} have to"
            findings.append(self._at_item(context, "too-few", message, "find out which tests are gone, and run them"))
        if skipped.met is False:
            number = states[State.SKIPPED]
            message = (
                f"{count(number, 'test')} {'was' if number == 1 else 'were'} skipped, at most {self.max_skipped} may be"
            )
            findings.append(
                self._at_item(context, "too-many-skipped", message, "run them; what skips them is in their reason")
            )
        failed = any(finding.level is Level.ERROR for finding in findings)
        return Outcome(
            status=Status.FAILED if failed else Status.PASSED,
            summary=_summary(states, ran, unmet, len(set(self.require))),
            examined=ran,
            unit="tests",
            measurements=measurements,
            findings=tuple(findings),
            evidence=tuple(evidence),
            remedy="fix the tests that are listed, and run all tests again" if failed else "",
            comparable=True,
        )

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


def _summary(states: Counter[State], ran: int, unmet: int, required: int) -> str:
    counts = [f"{states[state]} {word}" for state, word in _WORDS.items() if states[state]]
    text = f"{count(ran, 'test')} ran: {', '.join(counts)}"
    if unmet:
        return f"{text}; {unmet} of {count(required, 'requirement')} {'is' if unmet == 1 else 'are'} not met"
    return f"{text}; {count(required, 'requirement')} met" if required else text


_WORDS = {State.PASSED: "passed", State.FAILED: "failed", State.ERROR: "broke", State.SKIPPED: "skipped"}


def _named(cases: Iterable[Located]) -> dict[str, list[Located]]:
    """The cases by each of their names: thousands of them are held against many requirements."""
    named: dict[str, list[Located]] = {}
    for entry in cases:
        for name in entry.case.names:
            named.setdefault(name, []).append(entry)
    return named


def _find(pattern: str, named: Mapping[str, Sequence[Located]]) -> list[Located]:
    """What a pattern finds, square brackets taken literally if that finds anything."""
    if pattern in named:
        return list(named[pattern])
    for glob in (re.sub(r"\[", "[[]", pattern), pattern) if re.search(r"[*?\[]", pattern) else ():
        matches = re.compile(fnmatch.translate(glob)).match
        found = {id(entry): entry for name, entries in named.items() if matches(name) for entry in entries}
        if found:
            return list(found.values())
    return []


def _broken(context: Context, cases: Iterable[Located]) -> Iterator[Finding]:
    broken = [entry for entry in cases if entry.case.state in _BROKEN]
    for entry in broken[:_SHOWN]:
        word = "failed" if entry.case.state is State.FAILED else "broke"
        said = f": {entry.case.message}" if entry.case.message else ""
        message = f"{entry.case.title[:200]} {word}{said}"
        yield _finding(context, entry, f"test-{entry.case.state.value}", message, "make it pass")
    if len(broken) > _SHOWN:
        message = f"{count(len(broken) - _SHOWN, 'more test')} failed"
        yield _finding(context, broken[_SHOWN], "test-failed", message, "read the results themselves")


def _flaky(context: Context, cases: Iterable[Located]) -> Iterator[Finding]:
    for entry in [entry for entry in cases if entry.case.flaky and entry.case.state is State.PASSED][:_SHOWN]:
        message = f"{entry.case.title[:200]} passed only when it was run again"
        finding = _finding(context, entry, "test-flaky", message, "find out what it depends on")
        yield finding.model_copy(update={"level": Level.WARNING})


def _finding(context: Context, entry: Located, rule: str, message: str, remedy: str) -> Finding:
    path, line = place(context, entry)
    return Finding(message=message, rule=rule, path=path, line=line, remedy=remedy)
