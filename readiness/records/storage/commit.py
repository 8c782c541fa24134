"""Records as commits hold them: those of one, and those that a later one took away."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from readiness.git import Repository, TreeEntry
from readiness.records.storage.reading import KINDS, REGULAR, reading_history
from readiness.records.storage.work_tree import (
    FOLDER,
    Problem,
    Record,
    Records,
    foreign_file,
    in_order,
    lonely,
    parse_record,
    record_name,
    record_path,
    size_limit,
    statement_of,
)

_SHA256_LENGTH = 64
_LIMIT = size_limit(record_path("0" * 64))
"""Bytes that a statement may have; a signature has fewer."""


@dataclass(frozen=True)
class Committed:
    """What the folder of records is in a commit."""

    commit: str
    kept: Records
    files: Mapping[str, str]
    """Object id by path, of each file that has the name of a record or of a signature."""


def load_committed(repository: Repository, commit: str, known: Iterable[Record] = ()) -> Committed:
    """Read every record of a commit.

    Args:
        repository: Seen from the folder of the checklist.
        commit: Object id.
        known: Records that were read already; those that are the same are not read again.

    Raises:
        RecordsError: Git cannot give them.
    """
    with reading_history():
        entries = repository.tree(commit, [FOLDER])
        files = {entry.path: entry.blob for entry in entries if _odd(entry) is None}
        problems = [problem for entry in entries if (problem := _odd(entry)) is not None]
        problems += [lonely(path) for path in files if statement_of(path) not in files]
        have = {record.digest: record for record in known}
        digests = [record_name(path) for path in files if path.endswith(".json")]
        same = [have[digest] for digest in digests if digest in have and unchanged(have[digest], files)]
        taken = {record.digest for record in same}
        found = _read(repository, [digest for digest in digests if digest not in taken], files)
    records = [*same, *(entry for entry in found if isinstance(entry, Record))]
    return Committed(commit, in_order(records, [*problems, *(e for e in found if isinstance(e, Problem))]), files)


def committed_files(repository: Repository, commit: str) -> dict[str, str]:
    """Object id by path, of each file of a commit that has the name of a record or of a signature.

    Raises:
        GitError: There is no such commit.
    """
    return {entry.path: entry.blob for entry in repository.tree(commit, [FOLDER]) if _odd(entry) is None}


def without_leftovers(files: Mapping[str, str]) -> dict[str, str]:
    """Leave out signatures that have no record beside them: whoever takes one away takes no record away."""
    return {path: blob for path, blob in files.items() if statement_of(path) in files}


def restore_records(repository: Repository, files: Iterable[tuple[str, str]]) -> list[Record]:
    """Read records of earlier commits, one for each signature that was beside a statement.

    What is no sound record is left out: it never counted.

    Args:
        repository: Seen from the folder of the checklist.
        files: Path and object id of statements and signatures.

    Raises:
        RecordsError: Git cannot give them.
    """
    versions: dict[str, list[str]] = {}
    for path, blob in files:
        versions.setdefault(path, []).append(blob)
    with reading_history():
        content = repository.blobs([blob for blobs in versions.values() for blob in blobs], limit=_LIMIT)
    records = []
    for path, blobs in versions.items():
        digest = record_name(path)
        if not path.endswith(".json"):
            continue
        data = next((d for b in blobs if (d := content.get(b)) and hashlib.sha256(d).hexdigest() == digest), b"")
        beside = record_path(digest, "sig")
        for signature in versions.get(beside, []):
            found = parse_record(digest, data, content.get(signature, b"")[: size_limit(beside)])
            records += [found] if isinstance(found, Record) else []
    return records


def unchanged(record: Record, files: Mapping[str, str]) -> bool:
    """Whether a record and its signature are the ones that a commit has."""
    blob = files.get(record.path, "")
    signature = files.get(record_path(record.digest, "sig"))
    if record.signature is None:
        return blob_id(record.data, blob) == blob and signature is None
    return blob_id(record.data, blob) == blob and blob_id(record.signature, blob) == signature


def blob_id(data: bytes, like: str) -> str:
    """Object id that git gives to bytes.

    Args:
        data: The content.
        like: An object id of the same repository: its length tells the kind of digest.
    """
    kind = hashlib.sha256 if len(like) == _SHA256_LENGTH else hashlib.sha1
    return kind(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _read(repository: Repository, digests: Sequence[str], files: Mapping[str, str]) -> list[Record | Problem]:
    paths = [path for digest in digests for path in (record_path(digest), record_path(digest, "sig")) if path in files]
    content = repository.blobs([files[path] for path in paths], limit=_LIMIT)
    found: list[Record | Problem] = []
    for digest in digests:
        data = content.get(files[record_path(digest)])
        beside = record_path(digest, "sig")
        signature = content.get(files.get(beside, ""))
        if data is None:
            reason = f"it is larger than {_LIMIT} bytes"
            found.append(Problem(record_path(digest), "unreadable", reason, digest=digest))
        else:
            fits = signature is not None and len(signature) <= size_limit(beside)
            found.append(parse_record(digest, data, signature if fits else None))
    return found


def _odd(entry: TreeEntry) -> Problem | None:
    """Why a file is neither a record nor a signature."""
    if entry.mode not in REGULAR:
        kind = KINDS.get(entry.mode, f"of mode {entry.mode}")
        return Problem(entry.path, "link", f"a record is a file; in the commit it is {kind}")
    if not record_name(entry.path):
        return foreign_file(entry.path)
    return None
