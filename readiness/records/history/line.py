"""The first-parent line of a branch: what its tip was, one commit after the other, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from readiness.git import GitError, Repository
from readiness.records.history.branch import refuse_shallow
from readiness.records.storage.commit import unreadable

_NEVER = datetime.max.replace(tzinfo=UTC)
_FIELDS = 3


@dataclass(frozen=True)
class BranchCommit:
    """One commit of the line."""

    commit: str
    """Object id."""
    at: datetime
    """Date of the commit by its committer, but never earlier than that of a commit before it."""
    author: str
    """E-mail address of its author: for a merge, of who merged."""


def read_line(repository: Repository, tip: str) -> tuple[BranchCommit, ...]:
    """The commits of a first-parent line, oldest first.

    Args:
        repository: The repository.
        tip: Object id of its newest commit.

    Raises:
        RecordsError: The history is cut off, or cannot be read.
    """
    refuse_shallow(repository)
    try:
        # `--encoding=none`: text that is recoded could bring a NUL, and thereby whole made-up commits
        out = repository.read(
            "log", "--first-parent", "--encoding=none", "-z", "--format=tformat:%H%x00%ct%x00%ae", tip, "--"
        )
    except GitError as error:
        raise unreadable(error) from error
    words = out.split("\0")[:-1]
    rows = [words[start : start + _FIELDS] for start in range(0, len(words), _FIELDS)]
    latest = datetime.min.replace(tzinfo=UTC)
    stations = []
    for commit, seconds, author in reversed(rows):
        moment = _moment(seconds)
        at = max(latest, moment)
        latest = latest if moment == _NEVER else at
        stations.append(BranchCommit(commit, at, author))
    return tuple(stations)


def touching(repository: Repository, tip: str, paths: Sequence[str]) -> frozenset[str]:
    """Object ids of the commits of a first-parent line that changed any of these files or folders.

    Args:
        repository: Seen from the folder that the paths are relative to.
        tip: Object id of the newest commit.
        paths: Literal paths; `.` is the folder itself.

    Raises:
        RecordsError: The history cannot be read.
    """
    try:
        return (
            frozenset(repository.read("rev-list", "--first-parent", tip, "--", *paths).split())
            if paths
            else frozenset()
        )
    except GitError as error:
        raise unreadable(error) from error


def _moment(seconds: str) -> datetime:
    """A date; one that cannot be read is later than all, so that nothing counts as having been there in time."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return _NEVER
