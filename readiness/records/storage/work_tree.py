"""The folder of records: one file each, named by its own digest, never edited; nothing odd in it is ignored."""

import errno
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from readiness.atomic_write import TEMPORARY, atomic_write
from readiness.records.model import statement
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Revocation, Signoff, Statement, Supersession, Waiver, Withdrawal
from readiness.records.ssh import sshsig
from readiness.records.storage.reading import keep_bytes, read_file, refuse_links
from readiness.text import short

FOLDER = ".readiness/records"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REJECTIONS = 100
"""Rejections that a new record names: anybody can write files that look like one."""
_SHARD = re.compile(r"[0-9a-f]{2}")
_PATH = re.compile(rf"{re.escape(FOLDER)}/(?P<shard>[0-9a-f]{{2}})/(?P<digest>(?P=shard)[0-9a-f]{{62}})\.(json|sig)")
_CLUTTER = re.compile(r"\.DS_Store|\._.+|Thumbs\.db|desktop\.ini|.+~|#.+#|\..+\.sw[a-p]|.+\.orig", re.IGNORECASE)
"""Files that file managers, editors and merges leave anywhere."""
_NAME = re.compile(r"(?P<digest>[0-9a-f]{64})\.(?P<suffix>json|sig)")


@dataclass(frozen=True)
class Problem:
    """Something in the folder that is no sound record."""

    path: str
    """Relative to the folder of the checklist; may hold any character that a file name can."""
    code: str
    """Stable reason code."""
    reason: str
    remedy: str = "restore the folder from git, or remove the file if it was never committed"
    digest: str = ""
    """The digest that the file's name gives, where it gives one."""
    claims: str = ""
    """Id of the item that it says it is for, as far as it can be told."""

    @property
    def harmless(self) -> bool:
        """Whether it is only named: what other programs leave beside records takes nothing from them."""
        return self.code == "clutter"


@dataclass(frozen=True)
class Record:
    """A record and its signature, read but not yet verified."""

    digest: str
    """Digest of the bytes that are there, which is also the file's name."""
    data: bytes
    statement: Statement
    signature: bytes | None
    """Content of the `.sig` file; None when it is missing or unreadable."""

    @property
    def path(self) -> str:
        """Path of the statement, relative to the folder of the checklist."""
        return record_path(self.digest)

    @property
    def signoff(self) -> Signoff | None:
        """What it says, when it is a sign-off."""
        return self.statement.predicate if isinstance(self.statement.predicate, Signoff) else None

    @property
    def waiver(self) -> Waiver | None:
        """What it says, when it is a waiver."""
        return self.statement.predicate if isinstance(self.statement.predicate, Waiver) else None

    @property
    def withdrawal(self) -> Withdrawal | None:
        """What it says, when it takes another record back."""
        said = self.statement.predicate
        return said if isinstance(said, Revocation | Supersession) else None


@dataclass(frozen=True)
class Records:
    """All that the folder holds."""

    records: tuple[Record, ...] = ()
    """By time of signing, oldest first."""
    problems: tuple[Problem, ...] = ()
    """Files that are no records. A missing signature is found when its record is verified."""


def size_limit(path: str) -> int:
    """Bytes that a file of a record may have: the statement, or the signature beside it."""
    return statement.LIMIT if path.endswith(".json") else sshsig.LIMIT


def record_path(digest: str, suffix: str = "json") -> str:
    """Path of a record's file, relative to the folder of the checklist."""
    return f"{FOLDER}/{digest[:2]}/{digest}.{suffix}"


def record_name(path: str) -> str:
    """Digest that the path of a record or of its signature gives; empty when it is the path of neither."""
    match = _PATH.fullmatch(path)
    return match["digest"] if match is not None else ""


def statement_of(path: str) -> str:
    """Path of the statement that a record's file belongs to."""
    return path if path.endswith(".json") else path.removesuffix("sig") + "json"


def load_records(root: Path) -> Records:
    """Read every record below a folder; a folder that does not exist holds none.

    Raises:
        RecordsError: The folder of records is a link, not a folder, or cannot be read.
    """
    refuse_links(root, FOLDER)
    if not (root / FOLDER).exists():
        return Records()
    names, problems = _scan(root)
    records: list[Record] = []
    for digest, suffixes in names.items():
        if "json" not in suffixes:
            path = record_path(digest, "sig")
            problems.append(lonely(path))
            continue
        found = _read(root, digest, signed="sig" in suffixes)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            records.append(found)
    return in_order(records, problems)


def in_order(records: Iterable[Record], problems: Iterable[Problem]) -> Records:
    """Put records by time of signing, and problems by path, each once."""
    ordered = sorted(records, key=lambda record: (record.statement.predicate.signed_at, record.digest))
    single = {(problem.path, problem.code): problem for problem in problems}
    return Records(tuple(ordered), tuple(single[key] for key in sorted(single)))


def _read(root: Path, digest: str, *, signed: bool) -> Record | Problem:
    path = record_path(digest)
    try:
        data = _content(root, path)
    except RecordsError as error:
        return Problem(path, "unreadable", short(str(error)), digest=digest)
    try:
        signature = _content(root, record_path(digest, "sig")) if signed else None
    except RecordsError:
        signature = None
    return parse_record(digest, data, signature)


def parse_record(digest: str, data: bytes, signature: bytes | None) -> Record | Problem:
    """Make a record of the bytes that lie under its name.

    Args:
        digest: As the name gives it.
        data: The statement, as it is there.
        signature: Content of the `.sig` file; None when it is missing or unreadable.
    """
    path = record_path(digest)
    if hashlib.sha256(data).hexdigest() != digest:
        reason = "the file's name is not the digest of its content: it was edited or renamed"
        return Problem(path, "wrong-digest", reason, digest=digest, claims=statement.claimed_item(data))
    try:
        said = statement.parse(data)
    except ValueError as error:
        return Problem(path, "malformed", short(str(error)), digest=digest, claims=statement.claimed_item(data))
    return Record(digest, data, said, signature)


def _content(root: Path, path: str) -> bytes:
    # the folders on the way were seen to be no links by the scan
    data = read_file(root / Path(path).parent, Path(path).name, limit=size_limit(path))
    if data is None:
        raise RecordsError("it vanished while it was read")
    return data


def _scan(root: Path) -> tuple[dict[str, set[str]], list[Problem]]:
    """Sort what lies in the folder into records and the rest."""
    names: dict[str, set[str]] = {}
    problems: list[Problem] = []
    for shard in _entries(root / FOLDER):
        place = f"{FOLDER}/{shard.name}"
        if not shard.is_dir(follow_symlinks=False) or _SHARD.fullmatch(shard.name) is None:
            problems.append(_foreign(place, shard))
            continue
        for entry in _entries(Path(shard.path)):
            match = _NAME.fullmatch(entry.name)
            regular = entry.is_file(follow_symlinks=False)
            if match is None or not regular or not entry.name.startswith(shard.name):
                problems.append(_foreign(f"{place}/{entry.name}", entry))
            else:
                names.setdefault(match["digest"], set()).add(match["suffix"])
    return names, problems


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise RecordsError(
            f"{FOLDER} cannot be read: {error.strerror}", "make it a folder that readiness can read"
        ) from error


def _foreign(path: str, entry: os.DirEntry[str]) -> Problem:
    if entry.name.startswith(TEMPORARY):
        return Problem(path, "half-written", "left over from writing a record that never ended", "remove it")
    if entry.is_symlink():
        return Problem(path, "link", "a record is a file, not a link")
    return foreign_file(path) if entry.is_file(follow_symlinks=False) else foreign_file(f"{path}/")


def lonely(path: str) -> Problem:
    """A signature that has no record beside it."""
    remedy = "restore its record from git; where there never was one, remove it: alone it says nothing"
    return Problem(path, "signature-without-record", "the record of this signature is missing", remedy)


def foreign_file(path: str) -> Problem:
    """A file, or with a `/` at its end a folder, among the records that has not the name of one."""
    if _CLUTTER.fullmatch(path.rpartition("/")[2]):
        return Problem(
            path, "clutter", "another program left it here; it is ignored", "remove it, or let git ignore it"
        )
    reason = "this is no record: only <sha256>.json and <sha256>.sig belong here"
    return Problem(path.removesuffix("/"), "foreign-file", reason)


def newest_digests(records: Iterable[Record], count: int = 8, *, item: str = "") -> tuple[str, ...]:
    """Digests of the records that were signed last, for a new record to name.

    Args:
        records: All that the signer has.
        count: How many.
        item: Id of the item that is signed: its latest rejections are among them, whatever dates they bear.
    """
    ordered = sorted(records, key=lambda record: record.statement.predicate.signed_at)
    rejections = [
        record.digest
        for record in ordered
        if (said := record.signoff) is not None and said.decision == "reject" and said.item == item
    ]
    newest = (record.digest for record in ordered[-count:])
    return tuple(dict.fromkeys((*rejections[-_REJECTIONS:], *newest)))


def write_record(root: Path, said: Statement, signature: bytes) -> str:
    """Keep a signed record.

    The signature goes first: after a crash in between, a signature without its record is there and is reported.

    Returns:
        Digest of the record.

    Raises:
        RecordsError: It could not be written.
    """
    refuse_links(root, FOLDER)
    data = said.encode()
    digest = hashlib.sha256(data).hexdigest()
    try:
        refuse_links(root, record_path(digest))
        keep_bytes(root)
        atomic_write(root / record_path(digest, "sig"), signature)
        try:
            atomic_write(root / record_path(digest), data)
        except OSError:
            (root / record_path(digest, "sig")).unlink(missing_ok=True)
            raise
    except OSError as error:
        full = error.errno in _FULL
        remedy = "free some space, and sign again: nothing was kept" if full else "make the folder writable"
        raise RecordsError(f"the record cannot be written to {FOLDER}: {error.strerror}", remedy) from error
    return digest
