"""The policy branch: its commits with their dates, which of them brought each record, and what was done to records.

There is one reader of the first-parent line, so that every command dates a commit, and a record, alike.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypedDict

from readiness.git import GitError, Repository
from readiness.records.history.log import EARLIEST, UNREADABLE, FileChange, LoggedCommit, read_log
from readiness.records.storage.allowed_signers import REVOKED_KEYS
from readiness.records.storage.reading import REGULAR, reading_history, refuse_shallow
from readiness.records.storage.work_tree import FOLDER, Problem, record_name, statement_of
from readiness.text import short

_LINE = ("--first-parent", "--sparse", "--diff-merges=first-parent")
_EVERYTHING = ("--full-history", "--diff-merges=separate", "--diff-filter=MDT")
_WORDS = {
    "record-deleted": "it was deleted",
    "record-edited": "it was edited",
    "record-retyped": "it was turned into something that is no file",
    "record-brought-back": "it was deleted earlier, and brought back",
}
_REMEDY = "find out why with `git show {commit}`, and restore what was there: `git checkout {commit}~ -- {path}`"


@dataclass(frozen=True)
class BranchCommit:
    """One commit of the first-parent line."""

    commit: str
    """Object id."""
    at: datetime
    """Since when it counts as there; never earlier than the commit before it."""
    author: str
    """E-mail address of its author: for a merge, of who merged."""
    position: int
    """How many commits of the line came before it."""
    claimed: datetime
    """Its own date, by its committer; `UNREADABLE` when it has none."""

    @property
    def misdated(self) -> bool:
        """Whether its own date cannot be true, by the clock of the run: it lies in the future, or cannot be read."""
        return self.claimed > self.at

    @property
    def unreadable(self) -> bool:
        """Whether it has no date that can be read."""
        return self.claimed == UNREADABLE

    @property
    def date_in_words(self) -> str:
        """How its own date reads, as the rest of a sentence about a misdated commit."""
        return "has a date that cannot be read" if self.unreadable else "is dated in the future"


@dataclass(frozen=True)
class Violation(Problem):
    """Something that was done to a record, or to the list of revoked keys, that only ever may grow."""

    commit: str = ""
    """Object id of the commit that did it; empty when it is not committed."""
    author: str = ""
    """E-mail address of its author."""
    at: datetime | None = None
    """Date of the commit."""

    @property
    def historic(self) -> bool:
        """Whether a commit of the policy branch did it to a record, so that it can not be undone any more."""
        return self.code in _WORDS


class _Followed(TypedDict):
    """What the first-parent line says about records: fields of `Branch`."""

    seen: dict[str, BranchCommit]
    first: dict[str, BranchCommit]
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Branch:
    """The history of a commit, back to the first."""

    line: tuple[BranchCommit, ...] = ()
    """The first-parent line, oldest first."""
    seen: Mapping[str, BranchCommit] = field(default_factory=dict)
    """By digest of the record: the commit that first brought it, with its signature."""
    first: Mapping[str, BranchCommit] = field(default_factory=dict)
    """By path of a record's file, also of one that is gone: the first commit that had it, with whatever content."""
    violations: tuple[Violation, ...] = ()
    """Along the first-parent line, oldest first."""
    lost: tuple[tuple[str, str], ...] = ()
    """Path and object id of each record file that any commit of the whole history had and a later one took away or
    changed; along whatever branch, merges included."""
    revoked: tuple[str, ...] = ()
    """Object ids of earlier versions of `revoked_keys`."""
    versions: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    """By path of a watched file, each version along the first-parent line, oldest first: the position of its commit and
    the object id; an empty one where it was removed."""


def read_branch(
    repository: Repository, tip: str, watched: Sequence[str] = (), *, clock: datetime | None = None
) -> Branch:
    """Read the history of a commit.

    Two walks: the first-parent line, which is what the branch itself went through, each merge compared with what the
    branch was before; and the whole history, each commit compared with each parent, for what any of them took away.

    Args:
        repository: Seen from the folder of the checklist.
        tip: Object id of the newest commit.
        watched: Paths of other files whose versions are wanted.
        clock: The date of the run, never a date that is asked about; now when not given.

    Raises:
        RecordsError: The history is cut off, or cannot be read.
    """
    refuse_shallow(repository)
    with reading_history():
        logged = _first_parents(repository, tip, [FOLDER, *watched])
        whole = read_log(repository, tip, _EVERYTHING, [FOLDER, REVOKED_KEYS])
        taken = [change for commit in whole for change in commit.changes]
    line = _dated(logged, clock)
    return Branch(
        line=line,
        **_follow(logged, line),
        lost=tuple({(c.path, c.blobs[0]): None for c in taken if _digest(c) and c.modes[0] in REGULAR}),
        revoked=tuple({c.blobs[0]: None for c in taken if c.path == REVOKED_KEYS and c.modes[0] in REGULAR}),
        versions=_versions(logged, watched),
    )


def read_line(repository: Repository, tip: str, *, clock: datetime | None = None) -> tuple[BranchCommit, ...]:
    """Read the commits of a first-parent line alone, oldest first, dated as `read_branch` dates them.

    Args:
        repository: The repository.
        tip: Object id of the newest commit.
        clock: The date of the run; now when not given.

    Raises:
        RecordsError: The history is cut off, or cannot be read.
    """
    refuse_shallow(repository)
    with reading_history():
        return _dated(_first_parents(repository, tip, [FOLDER]), clock)


def _first_parents(repository: Repository, tip: str, paths: Sequence[str]) -> list[LoggedCommit]:
    """The commits of a first-parent line, oldest first.

    Raises:
        GitError: Git cannot read them, or names none: a commit is at least its own history.
    """
    logged = list(read_log(repository, tip, _LINE, paths))[::-1]
    if not logged:
        raise GitError(f"git log named no commit, not even {short(tip)}")
    return logged


def _dated(logged: Sequence[LoggedCommit], clock: datetime | None) -> tuple[BranchCommit, ...]:
    """Date the commits of a line, oldest first (docs/decisions/0018).

    A commit counts as no older than the one that it builds on, so that no date reaches back in time. A date that lies
    in the future, or cannot be read, is proof of a wrong clock. Such a commit was there at the latest when the next one
    was made, or else now; those after it are not held to its date.
    """
    clock = clock or datetime.now(UTC)
    latest = EARLIEST
    believed: list[datetime | None] = []
    for one in logged:
        latest = max(latest, one.at) if one.at <= clock else latest
        believed.append(latest if one.at <= clock else None)
    line: list[BranchCommit] = []
    following = clock
    for position, (one, at) in reversed(list(enumerate(zip(logged, believed, strict=True)))):
        following = at or following
        line.append(BranchCommit(one.commit, following, one.author, position, one.at))
    return tuple(reversed(line))


def _follow(logged: Sequence[LoggedCommit], line: Sequence[BranchCommit]) -> "_Followed":
    """Follow the files of records along the line: which commit brought each, and what was done to it."""
    first: dict[str, BranchCommit] = {}
    brought: dict[tuple[str, str], BranchCommit] = {}
    present: dict[str, str] = {}
    violations: list[Violation] = []
    for commit, changes in zip(line, (one.changes for one in logged), strict=True):
        for change in filter(_digest, changes):
            code = _wrong(change, present)
            if code and not _leftover(change, first):
                violations.append(_violation(code, commit, change))
            if change.modes[1] in REGULAR:
                present[change.path] = change.blobs[1]
                first.setdefault(change.path, commit)
                brought.setdefault((change.path, change.blobs[1]), commit)
    seen = _complete({path: brought[path, blob] for path, blob in present.items()})
    return {"seen": seen, "first": first, "violations": tuple(violations)}


def _leftover(change: FileChange, first: Mapping[str, BranchCommit]) -> bool:
    """Whether a commit takes away a signature that never had a record: what a crash between the two files left."""
    return change.kind == "D" and change.path.endswith(".sig") and statement_of(change.path) not in first


def _complete(files: Mapping[str, BranchCommit]) -> dict[str, BranchCommit]:
    """When each record was there with its signature: one that is added or changed later does not count from before."""
    seen: dict[str, BranchCommit] = {}
    for path, came in files.items():
        signed = files.get(path.removesuffix("json") + "sig") if path.endswith(".json") else None
        if signed is not None:
            seen[record_name(path)] = max(came, signed, key=lambda each: each.position)
    return seen


def _versions(logged: Sequence[LoggedCommit], watched: Sequence[str]) -> dict[str, tuple[tuple[int, str], ...]]:
    found: dict[str, list[tuple[int, str]]] = {path: [] for path in watched}
    for position, one in enumerate(logged):
        for change in one.changes:
            if change.path in found:
                found[change.path].append((position, change.blobs[1] if change.modes[1] in REGULAR else ""))
    return {path: tuple(versions) for path, versions in found.items()}


def _wrong(change: FileChange, known: Container[str]) -> str:
    """What is wrong with a change of a record; empty when nothing is."""
    if change.kind == "A":
        return "record-brought-back" if change.path in known else ""
    if change.kind == "D":
        return "record-deleted"
    if change.modes[1] not in REGULAR:
        return "record-retyped"
    return "record-edited" if change.blobs[0] != change.blobs[1] else ""


def _violation(code: str, commit: BranchCommit, change: FileChange) -> Violation:
    when = "" if commit.misdated else f" on {commit.at.date()}"
    return Violation(
        path=change.path,
        code=code,
        reason=f"{_WORDS[code]} in commit {commit.commit[:10]} by {short(commit.author)}{when}",
        remedy=_REMEDY.format(commit=commit.commit[:10], path=change.path),
        digest=_digest(change),
        commit=commit.commit,
        author=commit.author,
        at=commit.at,
    )


def _digest(change: FileChange) -> str:
    """Digest that the name gives; empty for what is no record."""
    return record_name(change.path)
