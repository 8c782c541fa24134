"""Reads a local database of advisories: an archive of osv.dev, a folder of OSV records, a PYSEC tree."""

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from readiness.check import Context
from readiness.outcome import CheckError
from readiness_checks.dependencies.advisories import Advisory, parse
from readiness_checks.reading import json_input, yaml_input

RECORD_LIMIT = 8 * 2**20
"""Bytes of one record, unpacked."""
TOTAL_LIMIT = 4 * 2**30
"""Bytes of all records, unpacked."""
COUNT_LIMIT = 1_000_000
_SUFFIXES = (".json", ".yaml", ".yml")
"""Values of one record in YAML, those of aliases each time that they are used."""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError, struct.error, OverflowError
)  # fmt: skip
"""What the standard library raises at a damaged archive: names that are no UTF-8, versions and methods from the future
(`NotImplementedError`, a `RuntimeError`), offsets before its beginning, members with a password."""
_AHEAD = timedelta(days=1)
_REMEDY = "download the database again (osv.dev: PyPI/all.zip), or correct `database`"


@dataclass(frozen=True)
class Database:
    """What a database says about the packages that were asked for."""

    name: str
    sha256: str
    entries: int
    newest: datetime
    """Time at which its newest entry was changed: the database is at least as fresh."""
    known: frozenset[str]
    """Of the packages that were asked for, those it has at least one advisory for, withdrawn ones aside."""
    advisories: dict[str, list[Advisory]]
    """By the normalised name of the package."""


def read(context: Context, path: str, names: Collection[str]) -> Database:
    """Read a whole database and keep what concerns some packages.

    Raises:
        CheckError: It is missing, empty, damaged or too large; one entry that cannot be read is enough.
    """
    place = context.path(path)
    title = context.name(place)
    wanted, found, entries = frozenset(names), defaultdict[str, list[Advisory]](list), 0
    newest: datetime | None = None
    digest = hashlib.sha256()
    try:
        for entry, data in _records(place, title):
            advisory = _parse(entry, data, title)
            entries += 1
            digest.update(f"{entry}\0{hashlib.sha256(data).hexdigest()}\n".encode())
            if advisory.modified and advisory.modified <= context.now + _AHEAD:
                newest = max(newest or advisory.modified, advisory.modified)
            for name in wanted & {name for name, _ in advisory.packages}:
                found[name].append(advisory)
    except OSError as error:
        raise CheckError(f"the database {title} cannot be read: {error.strerror or error}", _REMEDY) from error
    if not entries:
        raise CheckError(f"the database {title} has no advisories", _REMEDY)
    if newest is None:
        raise CheckError(f"no entry of the database {title} says when it was changed", _REMEDY)
    sha256 = _file_digest(place) if place.is_file() else digest.hexdigest()
    return Database(title, sha256, entries, newest, frozenset(found), dict(found))


def _file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _records(place: Path, title: str) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        return _from_folder(place)
    if not place.exists():
        raise CheckError(f"the database {title} does not exist", _REMEDY)
    return _from_archive(place, title)


def _from_archive(place: Path, title: str) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(place)
    except _DAMAGED as error:
        raise CheckError(f"the database {title} is not a zip archive, or is cut off", _REMEDY) from error
    with archive:
        members = [info for info in archive.infolist() if info.filename.endswith(_SUFFIXES)]
        if len(members) > COUNT_LIMIT or sum(info.file_size for info in members) > TOTAL_LIMIT:
            raise CheckError(f"the database {title} unpacks to more than a database of advisories has", _REMEDY)
        for info in members:
            if info.file_size > RECORD_LIMIT:
                raise _corrupt(title, info.filename, f"it is larger than {RECORD_LIMIT} bytes")
            try:
                yield info.filename, archive.read(info)
            except _DAMAGED as error:
                raise _corrupt(title, info.filename, str(error)) from error


def _from_folder(place: Path) -> Iterator[tuple[str, bytes]]:
    """Every record below a folder, in a stable order; what begins with a dot is not part of a database."""
    for path in sorted(place.rglob("*")):
        relative = path.relative_to(place)
        if path.suffix not in _SUFFIXES or any(part.startswith(".") for part in relative.parts) or path.is_dir():
            continue
        if path.stat().st_size > RECORD_LIMIT:
            raise _corrupt(place.name, relative.as_posix(), f"it is larger than {RECORD_LIMIT} bytes")
        yield relative.as_posix(), path.read_bytes()


def _parse(entry: str, data: bytes, title: str) -> Advisory:
    import yaml

    try:
        return parse(json_input.read(data) if entry.endswith(".json") else _load_yaml(data))
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise _corrupt(title, entry, " ".join(str(error).split())[:200]) from error


def _load_yaml(data: bytes) -> Any:
    """Read a record; one that lacks what each has at its end is cut off."""
    record = yaml_input.read(data)
    if isinstance(record, dict) and not ("modified" in record and record.keys() & {"affected", "withdrawn"}):
        raise ValueError("it has no `modified`, or nothing that is `affected`: it is cut off")
    return record


def _corrupt(title: str, entry: str, why: str) -> CheckError:
    return CheckError(f"entry {entry} of the database {title} cannot be read: {why}", _REMEDY)
