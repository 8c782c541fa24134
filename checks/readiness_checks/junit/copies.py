"""Finds tests that several files report from one run: a shard and the merged file beside it, or a file and its copy."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from readiness_checks.junit.cases import Case, State
from readiness_checks.junit.places import Located

_PRECISION = 0.00051
"""Seconds by which two reports of one duration differ where one of them rounds it to milliseconds."""
_ATTEMPT = re.compile(r"(?:attempt|retry|retries|re-?run)[-_. ]?[0-9]*", re.IGNORECASE)
_ANY = "*"
_Identity = tuple[str, str, str, str]


@dataclass(eq=False)
class _Run:
    """One run of one suite, as one file reports it."""

    report: Path
    told: str
    """What tells it from other runs; empty where the file does not say."""
    place: str
    """Path of the file without the number of an attempt."""
    cases: dict[_Identity, list[Located]] = field(default_factory=lambda: defaultdict(list))


def without_copies(cases: Sequence[Located]) -> list[Located]:
    """Each test of each run once.

    Suites of one name in two files are one run where nothing differs that both tell: time and host, and for each test
    in both how it ended and how long it took. A test of another run, such as that of a second module, version or
    machine, is no copy. Within one file nothing is: parameters may have no names.

    Files of attempts (`attempt-1`, `retry/`) are about one run, whatever differs. A test that ended in two ways is kept
    with both of them.
    """
    copies: set[int] = set()
    known: dict[tuple[_Identity, str], list[_Run]] = defaultdict(list)
    for run in _runs(cases):
        asked = (run.told, "", run.place) if run.told else (_ANY,)
        others = {other: None for identity in run.cases for told in asked for other in known[identity, told]}
        twins = [other for other in others if _are_one(other, run)]
        for identity, found in run.cases.items():
            for told in (run.told, run.place, _ANY):
                known[identity, told].append(run)
            seen: Counter[State] = Counter()
            for twin in twins:
                seen |= Counter(entry.case.state for entry in twin.cases.get(identity, ()))
            for entry in found:
                if seen[entry.case.state]:
                    seen[entry.case.state] -= 1
                    copies.add(id(entry))
    return [entry for entry in cases if id(entry) not in copies]


def _runs(cases: Sequence[Located]) -> Iterator[_Run]:
    """The runs of suites, file by file."""
    runs: dict[tuple[Path, tuple[str, ...], str], _Run] = {}
    for entry in cases:
        key = (entry.report, entry.case.suites, entry.case.run)
        run = runs.get(key)
        if run is None:
            run = runs[key] = _Run(entry.report, entry.case.run, f"/{_ATTEMPT.sub('', str(entry.report))}")
        run.cases[_identity(entry.case)].append(entry)
    yield from runs.values()


def _identity(case: Case) -> _Identity:
    """What one test is called in all files; Ant's `junitreport` leaves the package out of the name of a suite."""
    suite = case.suites[-1].rpartition(".")[2] if case.suites else ""
    return suite, case.class_name, case.name, case.file


def _are_one(first: _Run, second: _Run) -> bool:
    if first.report == second.report:
        return False
    if first.place == second.place:
        return True
    if first.told and second.told and first.told != second.told:
        return False
    return all(
        _agree(one.case, other.case)
        for identity in first.cases.keys() & second.cases.keys()
        for one, other in zip(first.cases[identity], second.cases[identity], strict=False)
    )


def _agree(first: Case, second: Case) -> bool:
    if first.state is not second.state:
        return False
    return first.seconds is None or second.seconds is None or abs(first.seconds - second.seconds) < _PRECISION
