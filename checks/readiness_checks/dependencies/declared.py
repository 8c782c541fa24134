"""What a project declares that it needs: in pyproject.toml (PEP 621, 735, uv, pdm), for poetry or in a Pipfile."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from readiness.outcome import CheckError, Finding
from readiness_checks.dependencies.packages import parsed, parsed_version

_AGAIN = "lock the project again"
_SHOWN = 80


@dataclass(frozen=True)
class Need:
    """One requirement."""

    name: str
    """Normalised as PEP 503 says."""
    allowed: SpecifierSet
    text: str
    """As it is written."""
    group: str = ""
    """The extra or group that it is of; empty for what everybody gets who installs the project."""
    conditional: bool = False
    """Whether a marker decides if it is installed: a lock file may leave out what never is."""


def needs(texts: Iterable[tuple[str, str]]) -> Iterator[Need]:
    """Requirements of PEP 508, each with its group; what is none is left out.

    Args:
        texts: Group and requirement.
    """
    for group, text in texts:
        found = parsed(text)
        if found is not None:
            allowed = SpecifierSet() if found.url else found.specifier
            yield Need(canonicalize_name(found.name), allowed, text, group, found.marker is not None)


def needs_of(folder: Path) -> list[Need]:
    """What a project declares that everybody gets who installs it; nothing where it has no readable pyproject.toml."""
    try:
        document = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    project = document.get("project")
    listed = project.get("dependencies") if isinstance(project, dict) else None
    return list(needs(("", text) for text in listed if isinstance(text, str))) if isinstance(listed, list) else []


def poetry_needs(document: Mapping[str, Any]) -> Iterator[Need]:
    """What `[tool.poetry]` declares; the version of Python itself is left out."""
    poetry = _table(_table(document, "tool"), "poetry")
    tables = [("", _table(poetry, "dependencies")), ("dev", _table(poetry, "dev-dependencies"))]
    tables += [(name, _table(group, "dependencies")) for name, group in _table(poetry, "group").items()]
    for group, table in tables:
        yield from tool_needs(table, group)


def tool_needs(table: Mapping[str, Any], group: str) -> Iterator[Need]:
    """Requirements as poetry and pipenv write them: a name, and a constraint, a table or a list of these."""
    for name, given in table.items():
        for each in given if isinstance(given, list) else [given]:
            if canonicalize_name(name) == "python":
                continue
            constraint = each.get("version", "*") if isinstance(each, dict) else each
            conditional = isinstance(given, list) or (isinstance(each, dict) and bool(each.keys() & _CONDITIONS))
            allowed = _constraint(constraint) if isinstance(constraint, str) else SpecifierSet()
            yield Need(canonicalize_name(name), allowed, f"{name} = {constraint}"[:_SHOWN], group, conditional)


_CONDITIONS = {"markers", "python", "platform", "optional", "sys_platform", "platform_system", "python_version"}


def _table(parent: Any, key: str) -> dict[str, Any]:
    table = parent.get(key) if isinstance(parent, dict) else None
    return table if isinstance(table, dict) else {}


def _constraint(text: str) -> SpecifierSet:
    """A constraint in poetry's words (poetry: Dependency specification); one that is none allows anything."""
    if "||" in text or "|" in text:
        return SpecifierSet()
    parts = [
        part
        for part in re.split(r"[,\s]+(?![\d.])", re.sub(r"(?<![<>=!~^])([<>=!~^]+)\s+", r"\1", text.strip()))
        if part
    ]
    try:
        return SpecifierSet(",".join(filter(None, map(_clause, parts))))
    except InvalidSpecifier:
        return SpecifierSet()


def _clause(text: str) -> str:
    if text == "*":
        return ""
    if text[0] in "^~" and not text.startswith("~="):
        version = parsed_version(text[1:])
        return f">={version},<{_next(version, caret=text[0] == '^')}" if version is not None else ""
    return text if text[0] in "<>=!~" else f"=={text}"


def _next(version: Version, *, caret: bool) -> str:
    """The first version that is not allowed any more: `^1.2` ends at 2, `^0.2.3` at 0.3, `~1.2.3` at 1.3, `~1` at 2."""
    release = list(version.release)
    if caret:
        place = next((place for place, number in enumerate(release) if number), len(release) - 1)
    else:
        place = min(1, len(release) - 1)
    return ".".join(map(str, [*release[:place], release[place] + 1]))


@dataclass(frozen=True)
class Project:
    """What a lock file is held against."""

    file: str
    """Path of the project's file, as a report shows it."""
    title: object
    """Its name, as it says itself."""
    needs: tuple[Need, ...]
    overridden: frozenset[str] = frozenset()
    """Packages whose declared versions the project overrides in the settings of its tool."""


def stale(
    project: Project, locked: Mapping[str, Sequence[Version] | None], heard: Collection[str], lock: str
) -> Iterator[Finding]:
    """What a project declares and its lock file does not hold, or holds in no version that is allowed.

    Where a marker decides which of several requirements of one package is installed, one of them has to be met.

    Args:
        project: What the project asks for.
        locked: The versions of each package; None where none is to be compared (folders, repositories).
        heard: Further names that the lock file knows of: it leaves out what no platform installs.
        lock: Path of the lock file.
    """
    by_name: dict[str, list[Need]] = {}
    own = canonicalize_name(project.title) if isinstance(project.title, str) else ""
    for need in project.needs:
        if need.name == own:
            continue  # a group that takes in an extra of the project itself
        by_name.setdefault(need.name, []).append(need)
    for name, asked in by_name.items():
        versions = locked.get(name)
        if name not in locked and name not in heard:
            message = f"`{name[:_SHOWN]}` is declared in {project.file} but missing from {lock}"
            yield Finding(message=message, rule="stale-lock", path=project.file, remedy=_AGAIN)
        elif versions is not None and name not in project.overridden:
            unmet = [need for need in asked if not any(need.allowed.contains(v, prereleases=True) for v in versions)]
            worst = next(
                (need for need in unmet if not need.conditional), unmet[0] if len(unmet) == len(asked) else None
            )
            if worst is not None:
                shown = ", ".join(map(str, sorted(versions)))
                message = f"`{worst.text[:_SHOWN]}` is declared in {project.file}, but {lock} has {name} {shown}"
                yield Finding(message=message, rule="stale-lock", path=project.file, remedy=_AGAIN)


def overridden(document: Mapping[str, Any]) -> frozenset[str]:
    """Names that uv (`override-dependencies`) or pdm (`resolution.overrides`) resolve otherwise than declared."""
    tool = _table(document, "tool")
    listed = _table(tool, "uv").get("override-dependencies")
    found = (parsed(text) for text in listed if isinstance(text, str)) if isinstance(listed, list) else ()
    resolution = _table(_table(tool, "pdm"), "resolution")
    names = [each.name for each in found if each is not None]
    return frozenset(map(canonicalize_name, [*names, *_table(resolution, "overrides")]))


def as_table(parent: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    """A table of a project's file; empty where there is none.

    Raises:
        CheckError: It is no table.
    """
    table = parent.get(key, {})
    if not isinstance(table, dict):
        raise CheckError(f"{name}: `{key}` has to be a table", "correct the file")
    return table
