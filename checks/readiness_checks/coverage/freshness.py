"""Decides whether a coverage report is newer than the source that it measures.

A date of a file alone decides nothing: a clone gives every file the date of the clone, and a commit comes after the
test run whose results it brings. So:

- A report that is committed, and unchanged since, has to have been committed together with the source as it is now:
  some commit that brought this very report holds the same content of every file that it measures.
- Any other report must not be older than the source: for each file it has to be as young as the file's date or, where
  the file is as committed, as the commit that brought it. Either proves that this content was there before.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from readiness import Commit, GitError, Repository
from readiness.check import Context
from readiness.outcome import CheckError, Finding
from readiness_checks.coverage.measured import File
from readiness_checks.reading.evidence_files import modified_at

_REMEDY = "run the tests of this very source again, and let them write their coverage"
_PRECISION = timedelta(seconds=1)
"""Some reports give their time in whole seconds."""
_SHOWN = 5
_COMMITS = 50
"""How many of the commits that touched a report are looked at."""


def produced_at(context: Context, report: Path, own_time: datetime | None, sources: Sequence[str]) -> datetime:
    """When a report was made, after making sure that it was made with this source.

    Args:
        context: The run.
        report: The report.
        own_time: The time that it gives itself.
        sources: The files that it measures, relative to the root.

    Raises:
        CheckError: It is older than the source, or git cannot tell.
    """
    try:
        repository = context.repository
        changed: Collection[str] = frozenset(repository.changed_files()) if repository and repository.head else ()
        if repository is not None and is_committed(context, report, changed):
            commit = _same_commit(context, repository, report, sources, changed)
            return own_time or commit.committed_at.astimezone(UTC)
        written = modified_at(report)
        made = min(own_time or written, written)  # a time without an offset may come from another time zone
        _require_younger(context, report, made, sources, changed)
    except GitError as error:
        raise CheckError(
            f"git cannot tell how old {context.name(report)} is: {error}", "check the repository with `git fsck`"
        ) from error
    return made


def is_committed(context: Context, report: Path, changed: Collection[str] | None = None) -> bool:
    """Whether a report is in git, unchanged."""
    repository, name = context.repository, _real_name(context, report)
    if repository is None or not repository.head or not name:
        return False
    known = repository.changed_files() if changed is None else changed
    return name not in known and any(entry.path == name for entry in repository.tree(paths=[name]))


def _real_name(context: Context, report: Path) -> str:
    """Path of a report, links followed, for git sees only the link; empty when it leads out of the repository."""
    real, root = report.resolve(), context.root.resolve()
    return real.relative_to(root).as_posix() if real.is_relative_to(root) else ""


def _same_commit(
    context: Context, repository: Repository, report: Path, sources: Sequence[str], changed: Collection[str]
) -> Commit:
    """The commit that brought this report together with this source."""
    name = _real_name(context, report)
    now = {entry.path: entry.blob for entry in repository.tree()}
    different = [source for source in sources if source in changed or source not in now]
    if different:
        raise _stale(context, report, different, "were changed after it and are not committed")
    # No merges: one that only joins a report with newer source did not bring it.
    wanted = ("--no-merges", "--full-history", "--format=%H", f"-{_COMMITS}", "HEAD", "--", name)
    fewest: list[str] = list(sources)
    for commit in repository.read("log", *wanted).split():
        if [entry.blob for entry in repository.tree(commit, [name])] != [now[name]]:
            continue
        then = {entry.path: entry.blob for entry in repository.tree(commit)}
        different = [source for source in sources if then.get(source) != now[source]]
        if not different:
            _require_history(repository, commit, name)
            return repository.commit(commit)
        fewest = min(fewest, different, key=len)
    raise _stale(context, report, fewest, "were changed by later commits than the one that brought it")


def _require_history(repository: Repository, commit: str, name: str) -> None:
    """Refuse an answer that rests on where a shallow clone was cut off: there every file seems to be new."""
    if repository.shallow and commit in repository.read("rev-list", "--max-parents=0", "HEAD").split():
        raise CheckError(
            f"this clone is shallow, so git cannot tell whether {name} is as young as the source that it measures",
            "fetch the whole history (`fetch-depth: 0`, `git fetch --unshallow`), or run the tests here",
        )


def _require_younger(
    context: Context, report: Path, made: datetime, sources: Sequence[str], changed: Collection[str]
) -> None:
    later = [source for source in sources if modified_at(context.root / source) > made + _PRECISION]
    repository = context.repository
    if later and repository is not None and repository.head:
        tracked = set(repository.tracked_files())
        clean = [source for source in later if source in tracked and source not in changed]
        newest = repository.commits(*clean, limit=1) if clean else []
        if newest and newest[0].committed_at <= made + _PRECISION:
            later = [source for source in later if source not in clean]
    if later:
        raise _stale(context, report, later, f"are younger than it ({made:%Y-%m-%d %H:%M:%S} UTC)")


def _stale(context: Context, report: Path, sources: Sequence[str], why: str) -> CheckError:
    name, count = context.name(report), len(sources)
    shown = ", ".join(sources[:_SHOWN]) + (", …" if count > _SHOWN else "")
    return CheckError(
        f"{name} is stale: {count} of the files that it measures {why} ({shown})",
        _REMEDY,
        findings=tuple(
            Finding(message=f"it is not as {name} measured it", rule="stale", path=source, remedy=_REMEDY)
            for source in sources[:_SHOWN]
        ),
    )


def require_lines(context: Context, report: Path, located: Sequence[tuple[str, File]]) -> None:
    """Refuse a report that mentions lines which its files do not have.

    Raises:
        CheckError: There is such a line.
    """
    for source, file in located:
        if not file.last_line:
            continue
        length = len(context.read(source).splitlines())
        if file.last_line > length + 1:  # instrumenters may count the empty line after the last
            raise _stale(context, report, [source], f"have no line {file.last_line} any more: there are {length} lines")
