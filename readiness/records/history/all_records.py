"""Brings together the records of the policy branch, those of the proposed change, and those that history lost."""

import hashlib
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from readiness.git import Repository
from readiness.records.history.branch import Branch, Violation, read_branch
from readiness.records.history.violations import removed_in_commit, removed_in_work_tree
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, REVOKED_KEYS, ROSTER_LIMIT, once_revoked
from readiness.records.storage.commit import (
    Committed,
    blob_id,
    committed_files,
    load_committed,
    restore_records,
    without_leftovers,
)
from readiness.records.storage.reading import reading_history
from readiness.records.storage.work_tree import (
    FOLDER,
    Record,
    Records,
    in_order,
    load_records,
    record_name,
    record_path,
)

_SETTLED = 2.0
"""Seconds that a change must lie back: within the clock tick of a file system, two changes have one time."""


@dataclass(frozen=True)
class AllRecords:
    """All records, and what history says about them."""

    kept: Records
    branch: Branch = field(default_factory=Branch)
    """The history of the policy; without a commit where there is none."""
    anchor: str = ""
    """Object id of the commit that the proposed change builds on; empty where there is no history."""
    removed: tuple[Violation, ...] = ()
    """What the proposed change takes away."""
    revoked: Mapping[bytes, str] = field(default_factory=dict)
    """Fingerprint by blob, of the keys that `revoked_keys` ever named in the history of the policy."""


_last: dict[str, tuple[tuple[str, ...], AllRecords]] = {}
"""The last answer, by folder: a worker judges many items on one state of the repository."""


def read_all_records(repository: Repository, *, policy: str, content: str, names: Sequence[str]) -> AllRecords:
    """Gather the records of a repository.

    Args:
        repository: Seen from the folder of the checklist.
        policy: Object id of the commit of the policy; empty for HEAD.
        content: Object id of the commit that takes the place of the work tree; empty for the work tree.
        names: Names that the checklist file may have.

    Raises:
        RecordsError: The history is cut off or cannot be read, the policy and the proposed change share none, or the
            folder of records cannot be read.
    """
    root, head = repository.folder, content or repository.head
    base = policy or head
    if not base:
        return AllRecords(load_records(root))
    state = (base, head, content, *names, "-" if content else fingerprint(root))
    found = _last.get(str(root))
    if found is not None and found[0] == state:
        return found[1]
    branch = read_branch(repository, base, [ALLOWED_SIGNERS, REVOKED_KEYS, *names])
    read = _read(repository, branch, base, head, from_commit=bool(content))
    for_good = not any(commit.misdated for commit in branch.line)  # such a date changes with the clock
    if for_good and state[-1] and (content or fingerprint(root) == state[-1]):
        _last[str(root)] = (state, read)
    return read


def _read(repository: Repository, branch: Branch, base: str, head: str, *, from_commit: bool) -> AllRecords:
    anchor = _anchor(repository, base, head)
    there = load_committed(repository, head).kept if from_commit else load_records(repository.folder)
    kept = load_committed(repository, base, there.records)
    with reading_history():
        revoked = repository.blobs(branch.revoked, limit=ROSTER_LIMIT).values()
    return AllRecords(
        kept=unite(kept.kept, there, _lost(repository, branch, kept)),
        branch=branch,
        anchor=anchor,
        removed=tuple(_removed(repository, kept, anchor, head, None if from_commit else there)),
        revoked={key: fingerprint for data in revoked for key, fingerprint in once_revoked(data).items()},
    )


def _anchor(repository: Repository, base: str, head: str) -> str:
    """The commit that the proposed change builds on."""
    if not head:
        raise RecordsError("there is no commit to compare with the policy", "commit what is to be judged")
    with reading_history():
        found = base if base == head else repository.merge_base(base, head)
    if not found:
        raise RecordsError(
            f"commit {head[:10]} and the policy's commit {base[:10]} share no history",
            "check out the full history of both (`fetch-depth: 0`), and rebase onto the policy branch",
        )
    return found


def unite(base: Records, head: Records, lost: Iterable[Record]) -> Records:
    """Every record that the policy branch or the proposed change has; of each, the signature of the policy branch.

    A withdrawal or a rejection counts with any signature that it ever had, and when it was taken away: none of that
    may help what it stands against.
    """
    chosen = {record.digest: record for record in head.records}
    for record in base.records:
        other = chosen.get(record.digest)
        chosen[record.digest] = record if other is None or record.signature is not None else other
    more: dict[tuple[str, bytes | None], Record] = {}
    for record in (*head.records, *lost):
        first = chosen.get(record.digest)
        if _stands_against(record) and (first is None or first.signature != record.signature):
            more[record.digest, record.signature] = record
    return in_order([*chosen.values(), *more.values()], [*base.problems, *head.problems])


def _stands_against(record: Record) -> bool:
    return record.withdrawal is not None or (record.signoff is not None and record.signoff.decision == "reject")


def _lost(repository: Repository, branch: Branch, kept: Committed) -> list[Record]:
    touched = {record_name(path) for path, _blob in branch.lost}
    rest = [(path, blob) for path, blob in kept.files.items() if record_name(path) in touched]
    return restore_records(repository, [*branch.lost, *rest])


def _removed(repository: Repository, kept: Committed, anchor: str, head: str, there: Records | None) -> list[Violation]:
    with reading_history():
        found = kept.files if anchor == kept.commit else committed_files(repository, anchor)
        before = without_leftovers(found)  # what history lost of them is told by the branch
        after = found if head == anchor else committed_files(repository, head)
    removed = removed_in_commit(repository, before, after, anchor, head)
    if there is not None:
        named = {violation.path for violation in removed}
        same = {path for record in there.records for path in _same(record, before)}
        rest = {path: blob for path, blob in before.items() if path not in named and path not in same}
        removed += removed_in_work_tree(repository.folder, rest, anchor)
    return removed


def _same(record: Record, before: Mapping[str, str]) -> list[str]:
    """Paths of a record's files that are as a commit has them."""
    files = {record.path: record.data, record_path(record.digest, "sig"): record.signature}
    return [
        path
        for path, data in files.items()
        if data is not None and blob_id(data, before.get(path, "")) == before.get(path)
    ]


def fingerprint(root: Path) -> str:
    """Whether the folder of records is as it was: a digest of names, sizes, times and inode numbers below it.

    Returns:
        Empty when it changed just now, so that a change right after it could not be told, or when it cannot be read.
    """
    digest = hashlib.sha256()
    newest = 0.0
    folders = [root / FOLDER]
    try:
        parent = os.lstat((root / FOLDER).parent)
    except OSError:
        return ""
    digest.update(repr((parent.st_mode, parent.st_ino)).encode())
    while folders:
        folder = folders.pop()
        try:
            found = os.lstat(folder)
            names = sorted(os.scandir(folder), key=lambda entry: entry.name)
            for entry in names:
                state = entry.stat(follow_symlinks=False)
                facts = (entry.path, state.st_mode, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
                digest.update(repr(facts).encode())
                newest = max(newest, state.st_ctime, state.st_mtime)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
        except OSError:
            return ""
        digest.update(repr((str(folder), found.st_mode, found.st_ino, found.st_ctime_ns)).encode())
        newest = max(newest, found.st_ctime)
    return "" if time.time() - newest < _SETTLED else digest.hexdigest()
