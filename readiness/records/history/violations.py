"""Finds the records that a proposed change deletes or edits; it may only add."""

from collections.abc import Mapping
from pathlib import Path

from readiness.git import Commit, GitError, Repository
from readiness.records.history.branch import Violation
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import REVOKED_KEYS, ROSTER_LIMIT, once_revoked
from readiness.records.storage.commit import blob_id
from readiness.records.storage.reading import read_committed, read_file
from readiness.records.storage.work_tree import record_name, size_limit
from readiness.text import short

_EXPLAINED = 20


def removed_in_commit(
    repository: Repository, before: Mapping[str, str], after: Mapping[str, str], base: str, head: str
) -> list[Violation]:
    """Record files that a commit had and a later one lacks, or has with other content.

    Args:
        repository: Seen from the folder of the checklist.
        before: Object id by path, in the earlier commit.
        after: The same, in the later one.
        base: Object id of the earlier commit.
        head: Object id of the later one.
    """
    found: list[Violation] = []
    for path in sorted(path for path, blob in before.items() if after.get(path) != blob):
        by = _culprit(repository, path, base, head) if len(found) < _EXPLAINED else None
        found.append(_violation(path, base, gone=path not in after, by=by, where=f"in commit {head[:10]}"))
    return found


def removed_in_work_tree(root: Path, before: Mapping[str, str], base: str) -> list[Violation]:
    """Record files that a commit has, and the work tree lacks or has with other content.

    Args:
        root: Folder of the checklist.
        before: Object id by path, in the commit.
        base: Object id of the commit.
    """
    found = []
    for path, blob in sorted(before.items()):
        try:
            data = read_file(root, path, limit=size_limit(path))
        except RecordsError:
            data = b""
        if data is None or blob_id(data, blob) != blob:
            found.append(_violation(path, base, gone=data is None, by=None, where="in the work tree"))
    return found


def removed_keys(repository: Repository, base: str, kept: frozenset[bytes]) -> list[Violation]:
    """Keys that a commit has in `revoked_keys`, and the proposed change takes out of it.

    Args:
        repository: Seen from the folder of the checklist.
        base: Object id of the commit.
        kept: Blobs of the keys that the change still names.

    Raises:
        RecordsError: Git cannot give the file.
    """
    before = once_revoked(read_committed(repository, base, REVOKED_KEYS, ROSTER_LIMIT) or b"")
    gone = [fingerprint for key, fingerprint in before.items() if key not in kept]
    return [unrevoked_key(fingerprint, "removed-by-head") for fingerprint in sorted(gone)]


def unrevoked_key(fingerprint: str, code: str) -> Violation:
    """A key that is not in `revoked_keys` any more; it stays void all the same."""
    return Violation(
        path=REVOKED_KEYS,
        code=code,
        reason=f"the key {fingerprint} was taken out of it; what a compromised key signed stays void",
        remedy="put the key back: revoking is final",
    )


def _culprit(repository: Repository, path: str, base: str, head: str) -> Commit | None:
    try:
        return next(iter(repository.commits(path, since=base, until=head, limit=1)), None)
    except GitError:
        return None


def _violation(path: str, base: str, *, gone: bool, by: Commit | None, where: str) -> Violation:
    if by is not None:
        where = f"in commit {by.id[:10]} by {short(by.author)} on {by.committed_at.date()}"
    what = "removes it" if gone else "changes it"
    return Violation(
        path=path,
        code="removed-by-head" if gone else "changed-by-head",
        reason=f"the proposed change {what}, {where}: records are only ever added",
        remedy=f"restore it: `git checkout {base[:10]} -- {path}`; to take a record back, run `readiness revoke`",
        digest=record_name(path),
        commit=by.id if by is not None else "",
        author=by.author if by is not None else "",
        at=by.committed_at if by is not None else None,
    )
