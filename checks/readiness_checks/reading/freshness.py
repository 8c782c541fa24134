"""Decides whether evidence is newer than the source that it speaks of.

A date of a file alone decides nothing: a clone gives every file the date of the clone, and a commit comes after the
test run whose results it brings. So:

- Evidence that is committed, and unchanged since, has to have been committed together with the source as it is now:
  some commit that brought this very file holds the same content of every file that it speaks of. It must not be older,
  by its own word, than the source that this commit builds on, nor lie about for longer than a week before.
- Any other must not be older than the source: for each file it has to be as young as the file's date or, where the file
  is as committed, as the commit that brought it. Either proves that this content was there before.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from readiness import Commit, GitError, Repository
from readiness.check import Context
from readiness.outcome import CheckError, Finding
from readiness_checks.reading.changes import History
from readiness_checks.reading.evidence_files import modified_at
from readiness_checks.reading.source_files import SourceFiles

REMEDY = "produce it again with this very source"
_PRECISION = timedelta(seconds=1)
"""Some reports give their time in whole seconds."""
_ZONES = timedelta(hours=14)
"""A time without an offset may come from another time zone: none is further from UTC."""
_LONGEST = timedelta(days=7)
"""Between a test run and the commit that brings its results there may be a holiday."""
_SHOWN = 5
_COMMITS = 50
"""How many of the commits that touched a report are looked at."""


class Freshness:
    """Compares evidence with the source that it speaks of; what git says is asked once.

    Args:
        context: The run.
        sources: The files that it speaks of, relative to the root.
        remedy: What to do about stale evidence.
        whole: Where these are the whole source: tells it by the names of files, for what was taken away counts, too.
    """

    def __init__(
        self, context: Context, sources: Sequence[str], remedy: str = REMEDY, *, whole: SourceFiles | None = None
    ) -> None:
        self._context, self._sources, self._remedy, self._whole = context, sources, remedy, whole
        self._fresh: datetime | None = None
        """The earliest time that was found to be young enough."""

    def produced_at(self, report: Path, own_time: datetime | None) -> datetime:
        """When evidence was made, after making sure that it was made with this source.

        Args:
            report: The file.
            own_time: The time that it gives itself.

        Raises:
            CheckError: It is older than the source, or git cannot tell.
        """
        try:
            if self._repository is not None and self._is_committed(report):
                return self._produced_with(self._repository, report, own_time)
            written = modified_at(report)
            made = min(own_time or written, written)  # a time without an offset may come from another time zone
            if self._fresh is None or made < self._fresh:
                self._require_younger(report, made)
                self._fresh = made
        except GitError as error:
            raise CheckError(
                f"git cannot tell how old {self._context.name(report)} is: {error}",
                "check the repository with `git fsck`",
            ) from error
        return made

    @cached_property
    def _repository(self) -> Repository | None:
        """The repository, if it has a commit."""
        repository = self._context.repository
        return repository if repository is not None and repository.head else None

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Files that are not as they were committed."""
        return frozenset(self._repository.changed_files()) if self._repository is not None else frozenset()

    @cached_property
    def _tree(self) -> dict[str, str]:
        """Object id of each committed file, links and submodules included."""
        return {entry.path: entry.blob for entry in self._repository.tree()} if self._repository is not None else {}

    @cached_property
    def _history(self) -> History | None:
        return History(self._repository, self._context.now) if self._repository is not None else None

    @cached_property
    def _modified(self) -> dict[str, datetime]:
        return {source: modified_at(self._context.root / source) for source in self._sources}

    def _is_committed(self, report: Path) -> bool:
        name = self._real_name(report)
        return name in self._tree and name not in self._changed

    def _real_name(self, report: Path) -> str:
        """Path of a report, links followed, for git sees only the link; empty when it leads out of the repository."""
        real, root = report.resolve(), self._context.root.resolve()
        return real.relative_to(root).as_posix() if real.is_relative_to(root) else ""

    def _produced_with(self, repository: Repository, report: Path, own_time: datetime | None) -> datetime:
        """When committed evidence was made."""
        commit = self._same_commit(repository, report)
        committed = commit.committed_at.astimezone(UTC)
        if own_time is None:
            return committed
        authored = datetime.fromisoformat(repository.read("log", "-1", "--format=%aI", commit.id).strip())
        if authored - own_time > _LONGEST:
            said = (
                f"{own_time:%Y-%m-%d %H:%M} UTC, long before the commit that brought it ({authored:%Y-%m-%d %H:%M %z})"
            )
            raise CheckError(
                f"{self._context.name(report)} is stale: it says that it was produced at {said}", self._remedy
            )
        if self._history is not None:
            between = self._history.changed_after(own_time + _ZONES, tip=commit.id, whole=self._whole is not None)
            different = [source for source in self._sources if source in between]
            if different:
                raise self._stale(report, different, "were changed after it, before the commit that brought it")
        return min(own_time, committed)

    def _same_commit(self, repository: Repository, report: Path) -> Commit:
        """The commit that brought this report together with this source."""
        name = self._real_name(report)
        different = [source for source in self._sources if source in self._changed or source not in self._tree]
        if different:
            raise self._stale(report, different, "were changed after it and are not committed")
        # No merges: one that only joins a report with newer source did not bring it.
        wanted = ("--no-merges", "--full-history", "--format=%H", f"-{_COMMITS}", "HEAD", "--", name)
        fewest: list[str] = list(self._sources)
        for commit in repository.read("log", *wanted).split():
            if [entry.blob for entry in repository.tree(commit, [name])] != [self._tree[name]]:
                continue
            then = {entry.path: entry.blob for entry in repository.tree(commit)}
            different = [source for source in self._sources if then.get(source) != self._tree[source]]
            different += [name for name in then.keys() - self._tree.keys() if name in (self._whole or ())]
            if not different:
                self._require_history(repository, commit, name)
                return repository.commit(commit)
            fewest = min(fewest, different, key=len)
        raise self._stale(report, fewest, "were changed by later commits than the one that brought it")

    def _require_history(self, repository: Repository, commit: str, name: str) -> None:
        """Refuse an answer that rests on where a shallow clone was cut off: there every file seems to be new."""
        if repository.shallow and commit in repository.read("rev-list", "--max-parents=0", "HEAD").split():
            raise CheckError(
                f"this clone is shallow, so git cannot tell whether {name} is as young as the source that it measures",
                "fetch the whole history (`fetch-depth: 0`, `git fetch --unshallow`), or run the tests here",
            )

    def _require_younger(self, report: Path, made: datetime) -> None:
        limit = made + _PRECISION
        later = [source for source, at in self._modified.items() if at > limit]
        if later and self._repository is not None and self._history is not None:
            clean = {source for source in later if source in self._tree and source not in self._changed}
            proven = clean - self._history.changed_after(limit, whole=self._whole is not None) if clean else clean
            later = [source for source in later if source not in proven]
        if later:
            raise self._stale(report, later, f"are younger than it ({made:%Y-%m-%d %H:%M:%S} UTC)")

    def _stale(self, report: Path, sources: Sequence[str], why: str) -> CheckError:
        speaks_of = "of the source files" if self._whole is not None else "of the files that it measures"
        return stale(self._context, report, sources, f"{speaks_of} {why}", self._remedy)


def stale(context: Context, report: Path, sources: Sequence[str], why: str, remedy: str = REMEDY) -> CheckError:
    """The error for evidence that is about other source.

    Args:
        context: The run.
        report: The evidence.
        sources: Files that it does not fit any more.
        why: What is wrong with them, as the rest of a sentence.
        remedy: What to do.
    """
    name, number = context.name(report), len(sources)
    shown = ", ".join(sources[:_SHOWN]) + (", …" if number > _SHOWN else "")
    return CheckError(
        f"{name} is stale: {number} {why} ({shown})",
        remedy,
        findings=tuple(
            Finding(message=f"it is not as {name} measured it", rule="stale", path=source, remedy=remedy)
            for source in sources[:_SHOWN]
        ),
    )
