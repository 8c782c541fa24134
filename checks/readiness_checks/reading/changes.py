"""Finds which files were changed by commits that are younger than a moment, whatever dates their committers chose."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from readiness import Repository

_LOG = ("log", "--no-renames", "--no-relative", "--name-only", "-z", "--format=tformat:%x01%H")
_ROOT = ("-c", "log.showRoot=true")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Logged:
    """One commit as it describes itself."""

    commit: str
    tree: str
    parents: tuple[str, ...]
    claimed: datetime | None
    """Its committer's date; None when it cannot be read."""


class History:
    """The commits of HEAD, each dated no earlier than those that it builds on.

    A committer chooses the date of a commit, but cannot let it reach back before its parents. A date in the future, or
    one that cannot be read, is none: such a commit was there at the latest when the next one was made, or else now. So
    a date never lets old evidence seem younger than the source.

    Args:
        repository: The repository.
        now: The date of the run.

    Raises:
        GitError: From each method, when git cannot answer.
    """

    def __init__(self, repository: Repository, now: datetime) -> None:
        self._repository, self._now = repository, now

    def changed_after(self, moment: datetime, *, tip: str = "HEAD", whole: bool = False) -> set[str]:
        """Files below the folder that commits which are younger than a moment changed.

        Args:
            moment: The moment.
            tip: Object id of a commit, to look at what it builds on; HEAD for the whole of it.
            whole: Whether a merge counts for what it brought to the branch, and not only for what it changed itself:
                its files together are none that anybody had before. One whose content is that of a parent brought
                nothing.
        """
        late = {commit for commit, at in self._dates.items() if at > moment}
        tips = ["HEAD"] if tip == "HEAD" else list(self._commits[tip].parents) if tip in self._commits else []
        if not late or not tips:
            return set()
        parents = {parent for commit in late for parent in self._commits[commit].parents}
        known = sorted(f"^{parent}" for parent in parents - late if parent in self._commits)
        merges = "--diff-merges=first-parent" if whole else "--diff-merges=combined"
        out = self._repository.read(*_ROOT, *_LOG, merges, *tips, *known, "--")
        return set(self._names(out, late))

    def _names(self, out: str, late: Collection[str]) -> Iterator[str]:
        prefix, wanted = self._repository.prefix, False
        for word in (each.lstrip("\n") for each in out.split("\0")):
            if word.startswith("\x01"):
                commit = word[1:].strip()
                wanted = commit in late and not self._repeats_a_parent(commit)
            elif word and wanted and word.startswith(prefix):
                yield word.removeprefix(prefix)

    def _repeats_a_parent(self, commit: str) -> bool:
        logged = self._commits[commit]
        known = (self._commits.get(parent) for parent in logged.parents)
        return any(parent.tree == logged.tree for parent in known if parent is not None)

    @cached_property
    def _commits(self) -> dict[str, _Logged]:
        """Every commit by its object id, those that others build on first."""
        out = self._repository.read("log", "--topo-order", "--format=tformat:%ct %H %T %P", "HEAD")
        found = {}
        for line in reversed(out.splitlines()):
            date, commit, tree, *parents = line.split(" ")
            found[commit] = _Logged(commit, tree, tuple(filter(None, parents)), _date(date))
        return found

    @cached_property
    def _dates(self) -> dict[str, datetime]:
        """Since when each commit is there."""
        believed: dict[str, datetime] = {}
        misdated: set[str] = set()
        for commit, logged in self._commits.items():
            claimed = logged.claimed
            if claimed is None or claimed > self._now:
                misdated.add(commit)
                claimed = _EARLIEST
            believed[commit] = max([claimed, *(believed[p] for p in logged.parents if p in believed)])
        dates: dict[str, datetime] = {}
        following: dict[str, datetime] = {}
        for commit, logged in reversed(self._commits.items()):
            dates[commit] = following.get(commit, self._now) if commit in misdated else believed[commit]
            for parent in logged.parents:
                following[parent] = min(following.get(parent, self._now), dates[commit])
        return dates


def _date(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
