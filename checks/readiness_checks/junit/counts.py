"""Counts the cases of all files of results together, and says what a reader may miss or count otherwise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from readiness.text import count
from readiness_checks.junit.cases import Results, State
from readiness_checks.junit.places import Located


@dataclass(frozen=True)
class Counts:
    """How many cases ended how; with those that the results count and do not show."""

    states: Counter[State]
    flaky: int
    unnamed: int
    """Skipped cases that are not shown."""
    doubtful: int
    """Cases that are shown as passed, and did not run."""
    copies: int
    """Cases that several files report, beyond the first of each."""
    parts: int
    """Parts of cases that were counted as tests."""

    @property
    def passed(self) -> int:
        """Cases that are known to have passed."""
        return self.states[State.PASSED] - self.doubtful

    @property
    def skipped(self) -> int:
        """Cases that did not run."""
        return self.states[State.SKIPPED] + self.unnamed + self.doubtful

    @property
    def ran(self) -> int:
        """Cases that ran, however they ended."""
        return self.passed + self.states[State.FAILED] + self.states[State.ERROR]


def counts_of(read: Mapping[Path, Results], cases: Sequence[Located], reported: int) -> Counts:
    """What the files tell together; one whose cases are all in other files adds nothing."""
    own = {entry.report for entry in cases}
    adding = [one for path, one in read.items() if path in own or not one.cases]
    states = Counter(entry.case.state for entry in cases)
    return Counts(
        states=states,
        flaky=sum(entry.case.flaky and entry.case.state is State.PASSED for entry in cases),
        unnamed=sum(one.unnamed_skips for one in adding),
        doubtful=min(sum(one.doubtful_passes for one in adding), states[State.PASSED]),
        copies=reported - len(cases),
        parts=sum(one.parts for one in adding),
    )


def notes(counts: Counts) -> list[tuple[str, str, str]]:
    """Why the numbers are not those that a tool prints."""
    told = (
        (counts.copies, "reported-again", "reported again by another file, and counted once", "name each result once"),
        (counts.parts, "parts", "counted by the tool as a part of another, and not here", ""),
        (counts.unnamed, "unnamed-skipped", "counted as skipped and not named", "let the reporter name skipped tests"),
        (counts.doubtful, "to-do", "shown as passed and not counted by the tool: still to do", "write and run it"),
    )
    return [(rule, f"{were(number)} {words}", remedy) for number, rule, words, remedy in told if number]


def were(number: int) -> str:
    """A number of tests, for a sentence in the past."""
    return f"{count(number, 'test')} {'was' if number == 1 else 'were'}"


def summary(counts: Counts, unmet: int, required: int) -> str:
    """All numbers in one line."""
    numbers = {
        "passed": counts.passed,
        "failed": counts.states[State.FAILED],
        "broke": counts.states[State.ERROR],
        "skipped": counts.skipped,
        "flaky": counts.flaky,
    }
    text = (
        f"{count(counts.ran, 'test')} ran: {', '.join(f'{value} {word}' for word, value in numbers.items() if value)}"
    )
    if unmet:
        return f"{text}; {unmet} of {count(required, 'requirement')} {'is' if unmet == 1 else 'are'} not met"
    return f"{text}; {count(required, 'requirement')} met" if required else text
