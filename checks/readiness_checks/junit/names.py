"""Names the cases of test results so that two runs can be compared: where each belongs, and what it is called."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from readiness.outcome import TestNames
from readiness_checks.junit.cases import Case, State
from readiness_checks.junit.places import Located

COUNTED = "ran"
"""The measurement that counts these names."""
_NO_PLACE = frozenset(("", "test", "tests"))
"""Class names that say nothing; node's runner gives all its cases one of them."""


def names_of(root: Path, cases: Iterable[Located]) -> TestNames:
    """The names of all cases, each once; what one file of results saw run has run.

    Where one suite of one file says several times that a name passed, they are cases of one test (rows of a table, or
    browsers), and are numbered: or else nobody would miss all but one of them.

    Args:
        root: Of what is judged: files below it are called by their path from there.
        cases: Those of all files of results.
    """
    lines: dict[State, set[str]] = defaultdict(set)
    passed: Counter[tuple[Path, tuple[str, ...], str]] = Counter()
    for entry in cases:
        if not entry.case.name:
            continue
        line = _line(root, entry.case)
        if entry.case.state is State.PASSED:
            known = (entry.report, entry.case.suites, line)
            passed[known] += 1
            line += f"[#{passed[known]}]" if passed[known] > 1 else ""
        lines[entry.case.state].add(line)
    ran = lines[State.PASSED] | lines[State.FAILED]
    return TestNames.of(ran=ran, broken=lines[State.ERROR], skipped=lines[State.SKIPPED], counted=COUNTED)


def _line(root: Path, case: Case) -> str:
    return f"{_words(_place(root, case))}\t{_words(case.name)}"


def _place(root: Path, case: Case) -> str:
    """The class; the file or the suites where the class says nothing or repeats the name (Jest, Mocha)."""
    said, name = case.class_name, case.name
    titled = said == name or said.endswith(f" {name}") or name.endswith(f" {said}")
    if said.lower() not in _NO_PLACE and not titled:
        return said
    return _relative(root, case.file) or " > ".join(case.suites) or said


def _relative(root: Path, file: str) -> str:
    if not file or not PurePosixPath(file).is_absolute():
        return file
    place = PurePosixPath(file)
    return place.relative_to(root.as_posix()).as_posix() if place.is_relative_to(root.as_posix()) else place.name


def _words(text: str) -> str:
    """One line without tabs, as a reader of XML may or may not have made it already."""
    return " ".join(text.split())
