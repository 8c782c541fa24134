"""What the readers of several formats share: messages in one line, times, and totals held against cases."""

import re
from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness_checks.junit.cases import Case, State
from readiness_checks.reading.evidence_files import CLOCK_SKEW, modified_at
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.timestamps import oldest
from readiness_checks.reading.xml_input import local

RUN_AGAIN = "run the tests of this very source again, and let them write their results"
BROKEN = frozenset((State.FAILED, State.ERROR))
DEEPEST = 200
"""Suites that a case may be in, each inside of another."""
_LONGEST = 300
"""Characters of a message."""
_LOOKED_AT = 20_000
"""Characters of a text from which a message is taken."""
_LONGEST_RUN = 10**9
"""Seconds that a case may take: more is no duration."""
_NET = re.compile(r" in ([^\n]{1,300}):line (\d{1,7})")
_COLOUR = re.compile("\x1b\\[[0-9;]{0,20}m")


def short(text: object) -> str:
    """The first line of a text that says something; empty where it is no text."""
    lines = _COLOUR.sub("", text[:_LOOKED_AT]).split("\n") if isinstance(text, str) else []
    return next((" ".join(line.split())[:_LONGEST] for line in lines if line.strip()), "")


def malformed(report: ReportFile, why: str) -> CheckError:
    """The error for results that cannot be read."""
    return CheckError(f"{report.name} cannot be read: {why}", RUN_AGAIN)


def cut_off(report: ReportFile, why: str) -> CheckError:
    """The error for results that do not hold all that was tested."""
    return CheckError(f"{report.name} is not whole: {why}", f"it is cut off, or the run was: {RUN_AGAIN}")


def hold(report: ReportFile, claims: Iterable[tuple[str, object, Container[int]]]) -> None:
    """Compare totals with what the cases give; a claim of None is no claim.

    Args:
        report: The report that makes the claims.
        claims: What is counted, the total that the report gives, and the numbers of cases that explain it.

    Raises:
        CheckError: Nothing explains a total, or it is no number.
    """
    for what, claimed, seen in claims:
        if claimed is not None and number(claimed) not in seen:
            shown = " or ".join(map(str, sorted(set(seen)))) if isinstance(seen, list) else "others"
            raise CheckError(
                f"{report.name} contradicts itself: it says `{what}` {str(claimed)[:50]}, but its cases are {shown}",
                f"it is cut off or was edited: {RUN_AGAIN}",
            )


def refuse_strays(report: ReportFile, root: Element, name: str, seen: int) -> None:
    """Insist that every element of a case is at a place where cases are looked for.

    Raises:
        CheckError: There is one anywhere else: what it says would be lost.
    """
    if sum(local(element) == name for element in root.iter()) != seen:
        raise malformed(report, f"it has a <{name}> at a place where none belongs")


def number(value: object) -> int:
    """A count; -1 for what is none."""
    if isinstance(value, str):
        return int(value) if re.fullmatch("[0-9]{1,9}", value.strip()) else -1
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def line_number(value: object) -> int | None:
    """A line as a report gives it; None for what is none."""
    found = number(value)
    return found if found > 0 else None


def seconds(value: object, unit: float = 1) -> float | None:
    """A duration as a report gives it; None for what is none.

    Args:
        value: A number, or a text that holds one.
        unit: How many of its units make a second.
    """
    if isinstance(value, str):
        try:
            value = float(value[:_LONGEST])
        except ValueError:
            return None
    return value / unit if isinstance(value, int | float) and 0 <= value < _LONGEST_RUN * unit else None


def dated(report: ReportFile, texts: Iterable[str]) -> tuple[datetime | None, str]:
    """The oldest of the times that a report gives, and one that cannot be read."""
    return oldest(texts, min(report.context.now, modified_at(report.path) + CLOCK_SKEW))


def run_broke(name: str, message: str, suites: tuple[str, ...] = ()) -> Case:
    """A case for what broke outside of all cases: the run, a suite, or what is set up for them."""
    return Case(name, "", State.ERROR, message, suites=suites)


def text_of(value: Any) -> str:
    """A text; empty for any other value."""
    return value if isinstance(value, str) else ""


def net_traces(text: str) -> tuple[tuple[str, int], ...]:
    """Files and lines that a stack trace of .NET names, the innermost last; only where it was built with symbols."""
    found = [(match[1].replace("\\", "/"), int(match[2])) for match in _NET.finditer(text[:_LOOKED_AT])]
    return tuple(reversed(found))


class Told:
    """The suites inside of which some case tells already what went wrong."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._paths: set[tuple[str, ...]] = set()
        for case in cases:
            self.add(case)

    def add(self, case: Case) -> None:
        """Remember one more case, and all suites that it is in."""
        for end in range(len(case.suites), -1, -1):
            if case.suites[:end] in self._paths:
                return
            self._paths.add(case.suites[:end])

    def __contains__(self, path: tuple[str, ...]) -> bool:
        return path in self._paths
