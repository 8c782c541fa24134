"""When a record first was in a commit, on whatever line of the history: say, in a pull request before the merge."""

from datetime import datetime
from pathlib import Path

from readiness.git import GitError, Repository
from readiness.records.history.branch import read_line
from readiness.records.model.errors import RecordsError
from readiness.records.storage.work_tree import record_path

_ADDED = (
    "-c",
    "log.showRoot=true",
    "log",
    "--full-history",
    "--no-merges",
    "--diff-filter=A",
    "--no-renames",
    "--format=tformat:%H",
)


def first_commit(root: Path, tip: str, digest: str) -> datetime | None:
    """Since when a record and its signature are in some commit; None when that is not known.

    Such a commit counts as no older than those that it builds on; other than that, its date is what its author says.

    Args:
        root: Folder of the checklist.
        tip: Object id of the newest commit of the proposed change; empty for HEAD.
        digest: Of the record.
    """
    try:
        repository = Repository(root)
        newest = tip or repository.head
        if not newest:
            return None
        dates = [_first(repository, newest, record_path(digest, suffix)) for suffix in ("json", "sig")]
    except (GitError, RecordsError):
        return None
    known = [date for date in dates if date is not None]
    return max(known) if len(known) == len(dates) else None


def _first(repository: Repository, tip: str, path: str) -> datetime | None:
    commits = repository.read(*_ADDED, tip, "--", path).split()
    return min((read_line(repository, commit)[-1].at for commit in commits), default=None)
