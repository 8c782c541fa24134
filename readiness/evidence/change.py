"""What a change does to one file, and one way in which it weakens the evidence."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from readiness import memory_limit

LONGEST = 600.0
"""Seconds that a comparison may take."""


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


@dataclass(frozen=True)
class Comparing:
    """A comparison that is asked for, and what it may take."""

    top: Path
    """Top of the work tree."""
    bases: tuple[str, ...]
    """Object ids of the commits where what is judged left the policy branch."""
    skipped: tuple[str, ...] = ()
    """Folders, from the top, that are not compared."""
    timeout: float = LONGEST
    """Seconds."""
    memory: int = memory_limit.DEFAULT
    """Bytes."""


@dataclass(frozen=True)
class WeakenedEvidence:
    """What a change does to the evidence."""

    weakenings: tuple[EvidenceWeakening, ...]
    judged: tuple[JudgedTest, ...]
    """Tests that have another name or place in the sources now, none, or fewer rows, whether that weakens or not."""
    compared: int
    """How many files were compared."""
    differing: int
    """How many of these differ."""


@dataclass(frozen=True)
class Stopped:
    """A comparison that came to no end."""

    why: str
    """Continues a sentence about it: `took longer than 600 s and was stopped`."""
    path: str = ""
    """The file that it read then; empty when it is not known."""


class EvidenceHost(Protocol):
    """Compares the evidence of a change outside of this process: its files are written by whoever proposes it."""

    def compare(self, asked: Comparing) -> WeakenedEvidence | Stopped:
        """Compare it.

        Raises:
            GitError: Git cannot tell what the change is.
        """
