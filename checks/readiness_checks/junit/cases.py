"""Test cases as the check judges them, whatever format and whichever producer reports them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PYTEST = frozenset(("pytest", "pytest tests"))
"""Names that pytest gives its suites; it counts lines from 0."""
_DEEPEST = 20
"""Folders and classes that the node id of a pytest case may have."""


class State(StrEnum):
    """How a case ended. What is not known to be a pass is an error."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """One test case, or a suite that broke before its cases ran."""

    name: str
    class_name: str
    state: State
    """How its last attempt ended; an earlier one that failed makes it `flaky`, and is no case of its own."""
    message: str = ""
    """Why it did not pass, in one line; of one that passed, what its tool warns of."""
    file: str = ""
    """As the report says; not trusted."""
    line: int | None = None
    traces: tuple[tuple[str, int], ...] = ()
    """Files and lines that its text names, the innermost last; not trusted."""
    suites: tuple[str, ...] = ()
    """Names of the suites that it is in, from the outermost."""
    flaky: bool = False
    """Whether it passed only when it was run again."""
    doubtful: bool = False
    """Whether it passed or did not run: the report counts fewer than it shows, and this may be one that did not."""
    seconds: float | None = None
    """How long it took; None where the report does not say."""
    run: str = ""
    """What tells this run of its suite from another, such as its time and host; empty where the report does not say."""

    @property
    def title(self) -> str:
        """What a person calls it."""
        return f"{self.class_name}.{self.name}" if self.class_name else self.name

    @property
    def names(self) -> set[str]:
        """All that `require` may call it."""
        names = {self.name, self.title, self.class_name, f"{self.class_name}::{self.name}", *self.suites}
        if self.file:
            names |= {self.file, f"{self.file}::{self.name}"}
            inner = self.class_name.rpartition(".")[2]
            names.add(f"{self.file}::{inner}::{self.name}")
        elif not PYTEST.isdisjoint(self.suites):
            names |= self._node_ids()
        return names - {""}

    def _node_ids(self) -> set[str]:
        """All that pytest may call it: its file is in the class name only, `tests.test_api.TestLogin`."""
        parts = self.class_name.split(".")[:_DEEPEST]
        files = [("/".join(parts[:end]) + ".py", parts[end:]) for end in range(1, len(parts) + 1)]
        return {name for file, inner in files for name in (file, "::".join([file, *inner, self.name]))}


@dataclass(frozen=True)
class Results:
    """All that one file of results tells."""

    cases: tuple[Case, ...]
    produced_at: datetime | None = None
    """The oldest time that it gives; None where it gives none that can be read."""
    unread_time: str = ""
    """A time that it gives and that cannot be read: refused where an item asks for an age."""
    undated: str = ""
    """Why its time is not that of the tests: refused where an item asks for an age."""
    unnamed_skips: int = 0
    """Skipped cases that it counts and does not show, as mocha-junit-reporter does with pending ones."""
    doubtful_passes: int = 0
    """How many of its doubtful cases did not run."""
    parts: int = 0
    """Parts of cases that it counts as tests, such as subtests of pytest and assertions of Catch2."""
