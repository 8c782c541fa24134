"""What a change does to one file, and one way in which it weakens the evidence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChangedFile:
    """One file, at the merge base and in what is judged. A renamed file is two: one that is gone, one that is new."""

    path: str
    """From the top of the repository, with `/`."""
    before: bytes | None
    """None when the merge base does not have it."""
    after: bytes | None
    """None when what is judged does not have it."""


@dataclass(frozen=True)
class EvidenceWeakening:
    """One way in which a change weakens the evidence."""

    code: str
    """Stable, for instance `test-removed`."""
    text: str
    """One sentence without the place: `removes the test test_total`."""
    path: str
    """Where it is seen: the file in what is judged; for what is gone, the file at the merge base."""
    line: int | None = None
    """From 1; None where the file is gone as a whole."""
    before: str = ""
    after: str = ""

    @property
    def place(self) -> str:
        """`path:line`, as far as it is known."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True)
class JudgedTest:
    """A test that the sources have no more under its name and place, or for fewer rows: told there if that weakens."""

    path: str
    """The file at the merge base."""
    name: str
    suites: tuple[str, ...] = ()
    """What it is declared in, from the outermost."""
    rows: int = 0
    """Of its tables, at the merge base, where some of them are gone; 0 where it is gone itself."""
    fewer: int = 0
    """How many of the rows are gone."""
    now: str = ""
    """Its name now, where it was renamed or has moved; empty where it is gone or only has fewer rows."""
