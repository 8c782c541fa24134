"""What the history of a branch says about records: which commit brought each one, and what was done to them since."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from readiness.git import GitError, Repository
from readiness.records.model.errors import RecordsError
from readiness.records.model.words import short
from readiness.records.storage.allowed_signers import REVOKED_KEYS
from readiness.records.storage.commit import REGULAR, unreadable
from readiness.records.storage.work_tree import FOLDER, Problem, record_name

_RAW = ("--no-renames", "--raw", "-z", "--no-abbrev", "--no-relative", "--ignore-submodules=none")
# `--encoding=none`: a commit does not choose in which encoding its fields are read
_FORMAT = ("--encoding=none", "--format=tformat:commit %H%x00%ct%x00%ae")
_SETTINGS = ("-c", "log.showRoot=true", "-c", "log.follow=false")
_ENTRY = re.compile(r"\n?:(\d{6}) (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([AMDT])")
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_WORDS = {
    "record-deleted": "it was deleted",
    "record-edited": "it was edited",
    "record-retyped": "it was turned into something that is no file",
    "record-brought-back": "it was deleted earlier, and brought back",
}
_REMEDY = "find out why with `git show {commit}`, and restore what was there: `git checkout {commit}~ -- {path}`"


@dataclass(frozen=True)
class Seen:
    """The commit that first brought a record to the policy branch."""

    commit: str
    """Object id."""
    at: datetime
    """Date of the commit by its committer, but never earlier than that of a commit before it."""
    position: int = 0
    """How many commits of the first-parent line came before it."""


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


@dataclass(frozen=True)
class Change:
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
class Step:
    """One commit, and what it did."""

    commit: str
    at: datetime
    author: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Journal:
    """The history of a commit, back to the first."""

    tip: str
    """Object id of the commit."""
    commits: int = 0
    """How many commits of its first-parent line were examined."""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """By digest of the record."""
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


def read_journal(repository: Repository, commit: str, watched: Sequence[str] = ()) -> Journal:
    """Walk the history of a commit.

    Two walks: the first-parent line, which is what the branch itself went through, each merge compared with what the
    branch was before; and the whole history, each commit compared with each parent, for what any of them took away.

    Args:
        repository: Seen from the folder of the checklist.
        commit: Object id of the tip.
        watched: Paths of other files whose versions are wanted.

    Raises:
        RecordsError: The history is cut off, or cannot be read.
    """
    refuse_shallow(repository)
    line = ["--first-parent", "--sparse", "--diff-merges=first-parent"]
    everything = ["--full-history", "--diff-merges=separate", "--diff-filter=MDT"]
    try:
        steps = list(walk(repository, commit, line, [FOLDER, *watched]))
        whole = walk(repository, commit, everything, [FOLDER, REVOKED_KEYS])
        taken = [change for step in whole for change in step.changes]
    except GitError as error:
        raise unreadable(error) from error
    seen, violations = _tell(steps)
    return Journal(
        tip=commit,
        commits=len(steps),
        seen=seen,
        violations=tuple(violations),
        lost=tuple({(c.path, c.blobs[0]): None for c in taken if _digest(c) and c.modes[0] in REGULAR}),
        revoked=tuple({c.blobs[0]: None for c in taken if c.path == REVOKED_KEYS and c.modes[0] in REGULAR}),
        versions=_versions(steps, watched),
    )


def refuse_shallow(repository: Repository) -> None:
    """Insist that the whole history is there.

    Raises:
        RecordsError: It is cut off: what is missing could hold a revocation, or its deletion.
    """
    if repository.shallow:
        raise RecordsError(
            "the history of the records is cut off: this is a shallow clone",
            "run `git fetch --unshallow`; in CI, check out with full history (`fetch-depth: 0`)",
        )


def walk(repository: Repository, commit: str, how: Sequence[str], paths: Sequence[str]) -> Iterator[Step]:
    """Commits, newest first, with their changes.

    Args:
        repository: Seen from the folder that paths are told from.
        commit: Object id of the newest.
        how: Options of `git log`: which commits, and what each is compared with.
        paths: Files and folders whose changes are wanted.

    Raises:
        GitError: Git cannot tell, or said something that is not understood.
    """
    out = repository.read(*_SETTINGS, "log", *how, *_RAW, *_FORMAT, "--end-of-options", commit, "--", *paths)
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
            changes.append(Change(path, kind, (mode, new_mode), (blob, new_blob)))
        yield Step(commit, _moment(date), author, tuple(changes))


def _moment(seconds: str) -> datetime:
    """A date; one that cannot be read is later than all, so that nothing counts as having come in time."""
    try:
        return min(max(datetime.fromtimestamp(int(seconds), UTC), _FIRST), _NEVER)
    except (ValueError, OverflowError, OSError):
        return _NEVER


def _tell(steps: list[Step]) -> tuple[dict[str, Seen], list[Violation]]:
    """What the first-parent line says, from its steps, newest first."""
    first: dict[tuple[str, str], Seen] = {}
    present: dict[str, str] = {}
    violations: list[Violation] = []
    latest, clock = _FIRST, datetime.now(UTC)
    for position, step in enumerate(reversed(steps)):
        # a commit cannot be older than the one that it builds on, whatever it says
        at = max(latest, step.at)
        # one from the future had a wrong clock: what comes after it shall not suffer for that
        latest = latest if step.at > clock else at
        for change in filter(_digest, step.changes):
            code = _verdict(change, present)
            if code:
                violations.append(_violation(code, step, change))
            if change.modes[1] in REGULAR:
                present[change.path] = change.blobs[1]
                first.setdefault((change.path, change.blobs[1]), Seen(step.commit, at, position))
    return _complete({path: first[path, blob] for path, blob in present.items()}), violations


def _complete(files: Mapping[str, Seen]) -> dict[str, Seen]:
    """When each record was there with its signature: one that is added or changed later does not count from before."""
    seen: dict[str, Seen] = {}
    for path, came in files.items():
        signed = files.get(path.removesuffix("json") + "sig") if path.endswith(".json") else None
        if signed is not None:
            seen[record_name(path)] = max(came, signed, key=lambda each: each.position)
    return seen


def _versions(steps: Sequence[Step], watched: Sequence[str]) -> dict[str, tuple[tuple[int, str], ...]]:
    found: dict[str, list[tuple[int, str]]] = {path: [] for path in watched}
    for position, step in enumerate(reversed(steps)):
        for change in step.changes:
            if change.path in found:
                found[change.path].append((position, change.blobs[1] if change.modes[1] in REGULAR else ""))
    return {path: tuple(versions) for path, versions in found.items()}


def _verdict(change: Change, known: Container[str]) -> str:
    """What is wrong with a change of a record; empty when nothing is."""
    if change.kind == "A":
        return "record-brought-back" if change.path in known else ""
    if change.kind == "D":
        return "record-deleted"
    if change.modes[1] not in REGULAR:
        return "record-retyped"
    return "record-edited" if change.blobs[0] != change.blobs[1] else ""


def _violation(code: str, step: Step, change: Change) -> Violation:
    when = "" if step.at == _NEVER else f" on {step.at.date()}"
    return Violation(
        path=change.path,
        code=code,
        reason=f"{_WORDS[code]} in commit {step.commit[:10]} by {short(step.author)}{when}",
        remedy=_REMEDY.format(commit=step.commit[:10], path=change.path),
        digest=_digest(change),
        commit=step.commit,
        author=step.author,
        at=None if step.at == _NEVER else step.at,
    )


def _digest(change: Change) -> str:
    """Digest that the name gives; empty for what is no record."""
    return record_name(change.path)
