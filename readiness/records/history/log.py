"""Reads `git log` with the files that each commit changed: the one parser, used for records and for authors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from readiness.git import GitError, Repository

_RAW = ("--no-renames", "--raw", "-z", "--no-abbrev", "--no-relative", "--ignore-submodules=none")
# `--encoding=none`: a commit does not choose in which encoding its fields are read
_FORMAT = ("--encoding=none", "--format=tformat:commit %H%x00%ct%x00%ae")
_SETTINGS = ("-c", "log.showRoot=true", "-c", "log.follow=false")
_ENTRY = re.compile(r"\n?:(\d{6}) (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([AMDT])")
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""The first date that a commit can have."""
UNREADABLE = datetime(9000, 1, 1, tzinfo=UTC)
"""Stands for a date that cannot be read: later than every clock, so that no clock believes it."""


@dataclass(frozen=True)
class FileChange:
    """One file that a commit added, changed or removed, against one of its parents."""

    path: str
    """From the folder of the checklist."""
    kind: str
    """`A`dded, `M`odified, `D`eleted, or of another `T`ype."""
    modes: tuple[str, str]
    """Before and after; zeros where there is none."""
    blobs: tuple[str, str]
    """Object ids, before and after; zeros where there is none."""


@dataclass(frozen=True)
class LoggedCommit:
    """One commit, as it describes itself, and what it did."""

    commit: str
    """Object id."""
    at: datetime
    """Date by its committer, who may write any."""
    author: str
    """E-mail address of its author: for a merge, of who merged."""
    changes: tuple[FileChange, ...]


def read_log(repository: Repository, tip: str, how: Sequence[str], paths: Sequence[str]) -> Iterator[LoggedCommit]:
    """Commits, newest first, with their changes.

    Args:
        repository: Seen from the folder that paths are relative to.
        tip: Object id of the newest commit.
        how: Options of `git log`: which commits, and what each is compared with.
        paths: Files and folders whose changes are wanted.

    Raises:
        GitError: Git cannot read the history, or its answer is not understood.
    """
    out = repository.read_once(*_SETTINGS, "log", *how, *_RAW, *_FORMAT, "--end-of-options", tip, "--", *paths)
    words = iter(out.split("\0"))
    word = next(words)
    while word:
        if not word.startswith("commit "):
            raise GitError("git log said something that is not understood")
        commit, date, author = word.removeprefix("commit "), next(words, ""), next(words, "")
        changes = []
        while match := _ENTRY.fullmatch(word := next(words, "")):
            mode, new_mode, blob, new_blob, kind = match.groups()
            path = next(words, "").removeprefix(repository.prefix)
            changes.append(FileChange(path, kind, (mode, new_mode), (blob, new_blob)))
        yield LoggedCommit(commit, _date(date), author, tuple(changes))


def _date(seconds: str) -> datetime:
    """Date of a commit, within what a clock can show; `UNREADABLE` when it is none."""
    try:
        return min(max(datetime.fromtimestamp(int(seconds), UTC), EARLIEST), UNREADABLE)
    except (ValueError, OverflowError, OSError):
        return UNREADABLE
