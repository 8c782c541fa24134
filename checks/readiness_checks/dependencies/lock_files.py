"""Reads the lock files of uv, poetry and pdm and those of PEP 751, and tells the ones that are cut off.

A lock file may end between two entries and still be TOML. What each format lets one tell about that is told: a table
that the tool writes last (poetry, pdm's pylock.toml), a dependency or a member of the workspace that has no entry (uv,
pdm, PEP 751), a last entry that does not say where its package comes from.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

from readiness.outcome import CheckError, Finding, Level
from readiness_checks.dependencies.declared import Project, stale
from readiness_checks.dependencies.packages import Collection, Package, digest, parsed, parsed_version, unpinned
from readiness_checks.reading import toml_input

LOCKS = {"uv.lock": "package", "poetry.lock": "package", "pdm.lock": "package", "pylock.toml": "packages"}
"""Lock files and the table that lists their packages (`pylock.toml`: PEP 751)."""
_PYLOCK = re.compile(r"pylock\.[^.]+\.toml")
_LOCAL = ("editable", "virtual", "directory")
_FETCHED = frozenset(("sdist", "wheels", "archive", "vcs"))
"""Origins that exclude that an entry is a folder (PEP 751); uv writes them for no folder, either."""
_ORIGINS = {
    "uv.lock": frozenset(("sdist", "wheels")),
    "pdm.lock": frozenset(("files", "git", "url", "path", "hg", "svn", "bzr")),
    "pylock.toml": frozenset(("sdist", "wheels", "archive", "vcs", "directory")),
}
"""What an entry has behind everything else: the places that its package comes from."""
_DEPENDENCIES = ("dependencies", "optional-dependencies", "dev-dependencies")
_AGAIN = "lock the project again"


def is_lock(name: str) -> bool:
    """Whether a file of this name is a lock file that is read here; `pylock.dev.toml` is one, too (PEP 751)."""
    return name in LOCKS or _PYLOCK.fullmatch(name) is not None


def read(path: str, data: bytes, project: Project | None) -> Collection:
    """Read the packages of a lock file.

    Args:
        path: Its path, as a report shows it; its name tells the format.
        data: Its bytes.
        project: What it has to satisfy, where that is known.

    Raises:
        CheckError: It is not TOML, or no lock file.
    """
    file = PurePosixPath(path).name
    format_ = file if file in LOCKS else "pylock.toml"
    document = toml_input.parse(path, data)
    entries = document.get(LOCKS[format_], [])
    if not isinstance(entries, list) or not all(
        isinstance(e, dict) and isinstance(e.get("name"), str) for e in entries
    ):
        raise CheckError(f"{path} is not a lock file: its packages have no names", _AGAIN)
    lines = _entry_lines(data, LOCKS[format_])
    packages, problems, local = [], [], []
    locked: dict[str, list[Version] | None] = {}
    for index, entry in enumerate(entries):
        line, name = lines[index] if index < len(lines) else None, canonicalize_name(entry["name"])
        if _is_local(entry):
            local.append(entry["name"])
            locked[name] = None
            continue
        version = parsed_version(str(entry.get("version", "")))
        if version is None:
            problems.append(unpinned(entry["name"], path, line))
            locked[name] = None
        else:
            packages.append(Package(name, version, path, line))
            versions = locked.setdefault(name, [])
            if _is_elsewhere(entry):
                locked[name] = None
            elif versions is not None:
                versions.append(version)
    if project is not None:
        problems.extend(stale(_asked(format_, document, project), locked, set(_heard(document, entries)), path))
    title = project.title if project is not None else ""
    problems.extend(_cut_off(format_, document, entries, set(locked), title, path))
    notes = (_local(local, path),) if local else ()
    return Collection(tuple(packages), tuple(problems), notes, (digest(path, data),), absent=not packages)


def _asked(format_: str, document: dict[str, Any], project: Project) -> Project:
    """What of the project's needs this lock file is about: pdm and PEP 751 may lock some of the groups alone."""
    if format_ == "pdm.lock":
        groups = _mapping(document.get("metadata")).get("groups")
        if isinstance(groups, list):
            kept = [need for need in project.needs if (need.group or "default") in groups]
            return replace(project, needs=tuple(kept))
    if format_ == "pylock.toml":
        lists = [document.get("extras"), document.get("dependency-groups")]
        groups = {group for each in lists if isinstance(each, list) for group in each}
        kept = [need for need in project.needs if need.group in groups or not (need.group or need.conditional)]
        return replace(project, needs=tuple(kept))
    return project


def _heard(document: dict[str, Any], entries: list[dict[str, Any]]) -> Iterator[str]:
    """Names that a lock file knows of without an entry: no platform installs them (uv: `requires-dist`)."""
    for entry in entries:
        metadata = _mapping(entry.get("metadata"))
        for listed in (metadata.get("requires-dist"), *_mapping(metadata.get("requires-dev")).values()):
            for need in listed if isinstance(listed, list) else ():
                if isinstance(need, dict) and isinstance(need.get("name"), str):
                    yield canonicalize_name(need["name"])
    manifest = _mapping(document.get("manifest"))
    for listed in (manifest.get("requirements"), *_mapping(manifest.get("dependency-groups")).values()):
        for need in listed if isinstance(listed, list) else ():
            if isinstance(need, dict) and isinstance(need.get("name"), str):
                yield canonicalize_name(need["name"])


def _is_elsewhere(entry: dict[str, Any]) -> bool:
    """Whether it comes from a repository or an address: its version is not chosen by what is declared."""
    source = _mapping(entry.get("source"))
    return bool({"git", "url", "path", "vcs", "archive"} & {*entry, *source}) or source.get("type") in {
        "git",
        "url",
        "file",
    }


def _local(names: list[str], lock: str) -> Finding:
    return Finding(
        message=f"{len(names)} packages of the lock file are folders and have no advisories: {', '.join(names)}",
        rule="local",
        level=Level.NOTE,
        path=lock,
        remedy="review their code instead",
    )


def _is_local(entry: dict[str, Any]) -> bool:
    """Whether it is a folder; one that also names what a registry has is judged as a package of it."""
    source = entry.get("source")
    if entry.keys() & _FETCHED or "registry" in _mapping(source):
        return False
    if isinstance(source, dict):
        return any(key in source for key in _LOCAL) or source.get("type") == "directory"
    return isinstance(entry.get("directory"), dict) or isinstance(entry.get("path"), str)


def _entry_lines(data: bytes, table: str) -> list[int]:
    """Line of each package's name, in order."""
    header = re.compile(rb"^\[\[" + table.encode() + rb"\]\]")
    return [number + 1 for number, line in enumerate(data.split(b"\n"), 1) if header.match(line)]


def _cut_off(
    format_: str, document: dict[str, Any], entries: list[dict[str, Any]], known: set[str], title: object, lock: str
) -> Iterator[Finding]:
    """Say by what a lock file shows that its end is missing."""
    for why in _signs(format_, document, entries, known, title):
        yield Finding(message=f"{lock} is cut off: {why}", rule="cut-off", path=lock, remedy=_AGAIN)
        return


def _signs(
    format_: str, document: dict[str, Any], entries: list[dict[str, Any]], known: set[str], own: object
) -> Iterator[str]:
    if format_ == "poetry.lock":
        if not isinstance(document.get("metadata"), dict) or "content-hash" not in document["metadata"]:
            yield "it has no `content-hash`, which poetry writes at its end"
        return
    last = entries[-1] if entries and "files" not in _mapping(document.get("metadata")) else {}
    if last and not last.keys() & _ORIGINS[format_] and not _has_own_source(last):
        yield f"its last entry, `{last['name'][:80]}`, does not say where the package comes from"
    for title, name in _referred(entries):
        if canonicalize_name(name) not in known:
            yield f"`{title[:80]}` needs `{name[:80]}`, which has no entry"
    if document.get("created-by") == "pdm" and "pdm" not in _mapping(document.get("tool")):
        yield "it has no `[tool.pdm]`, which pdm writes at its end"
    members = _mapping(document.get("manifest")).get("members")
    for member in [own, *(members if isinstance(members, list) else ())] if format_ == "uv.lock" else ():
        if isinstance(member, str) and member and canonicalize_name(member) not in known:
            yield f"`{member[:80]}` is a part of the project, and has no entry"


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _has_own_source(entry: dict[str, Any]) -> bool:
    """Whether it is a folder, a repository or an archive by its address: such entries of uv's need no more."""
    return _is_local(entry) or bool(_mapping(entry.get("source")).keys() & {"git", "url", "path"})


def _referred(entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each entry and the name of a package that it needs; pdm may have left out those under conditions."""
    for entry in entries:
        for given in filter(None, map(entry.get, _DEPENDENCIES)):
            groups = list(given.values()) if isinstance(given, dict) else [given]
            for found in chain.from_iterable(group for group in groups if isinstance(group, list)):
                requirement = parsed(found) if isinstance(found, str) else None
                if isinstance(found, dict) and isinstance(found.get("name"), str):
                    yield entry["name"], found["name"]
                elif requirement is not None and requirement.marker is None:
                    yield entry["name"], requirement.name
