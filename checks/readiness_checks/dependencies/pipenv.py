"""Reads Pipfile.lock, and holds it against the Pipfile beside it."""

from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from readiness.outcome import CheckError, Finding, Level
from readiness_checks.dependencies.declared import Need, Project, stale, tool_needs
from readiness_checks.dependencies.packages import Collection, Package, digest, exact, unpinned
from readiness_checks.reading import json_input, toml_input

_SECTIONS = {"packages": "default", "dev-packages": "develop"}
"""Tables of a Pipfile, and the groups of the lock file; every other table is a group of its own name."""
_AGAIN = "run `pipenv lock`"
_SETTINGS = frozenset(("source", "requires", "scripts", "pipenv", "pipfile"))


def read(path: str, data: bytes, pipfile: tuple[str, bytes] | None) -> Collection:
    """Read the packages of a lock file of pipenv.

    Args:
        path: Its path, as a report shows it.
        data: Its bytes.
        pipfile: Path and bytes of the Pipfile beside it, where there is one.

    Raises:
        CheckError: It is not as pipenv writes it.
    """
    document = json_input.parse(path, data)
    groups = document if isinstance(document, dict) else {}
    if "default" not in groups or not all(isinstance(group, dict) for group in (groups.get("_meta"), *groups.values())):
        raise CheckError(
            f"{path} is not a lock file of pipenv: it has no `_meta`, no `default`, or a group that is no table",
            _AGAIN,
        )
    packages: list[Package] = []
    problems: list[Finding] = []
    local: list[str] = []
    locked: dict[str, list[Version] | None] = {}
    for name, entry in (
        (name, entry) for key, group in groups.items() if key != "_meta" for name, entry in group.items()
    ):
        version = _version(entry)
        if version is not None:
            packages.append(Package(canonicalize_name(name), version, path, _line(data, name)))
            versions = locked.setdefault(canonicalize_name(name), [])
            if versions is not None:
                versions.append(version)
            continue
        locked[canonicalize_name(name)] = None
        if isinstance(entry, dict) and isinstance(entry.get("path") or entry.get("file"), str):
            local.append(name)
        else:
            problems.append(unpinned(name, path, _line(data, name)))
    evidence = [digest(path, data)]
    if pipfile is not None:
        problems.extend(stale(_project(*pipfile), locked, (), path))
        evidence.insert(0, digest(*pipfile))
    notes = []
    if local:
        message = f"{len(local)} packages of the lock file are folders and have no advisories: {', '.join(local)}"
        notes.append(Finding(message=message, rule="local", level=Level.NOTE, path=path))
    return Collection(tuple(packages), tuple(problems), tuple(notes), tuple(evidence))


def _version(entry: Any) -> Version | None:
    text = entry.get("version") if isinstance(entry, dict) else None
    try:
        return exact(SpecifierSet(text)) if isinstance(text, str) else None
    except InvalidSpecifier:
        return None


def _project(path: str, data: bytes) -> Project:
    document = toml_input.parse(path, data)
    needs: list[Need] = []
    for key, table in document.items():
        if key not in _SETTINGS and isinstance(table, dict):
            needs.extend(tool_needs(table, _SECTIONS.get(key, key)))
    return Project(path, "", tuple(needs))


def _line(data: bytes, name: str) -> int | None:
    position = data.find(f'"{name}": {{'.encode())
    return None if position < 0 else data.count(b"\n", 0, position) + 1
