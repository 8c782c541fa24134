"""Reads a pyproject.toml, the lock file that belongs to it, and the packages installed in an environment."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from readiness.check import Context
from readiness.outcome import CheckError, Finding, Level
from readiness_checks.dependencies.packages import Collection, Package, digest, read_requirement, unpinned

LIMIT = 64 * 2**20
"""Bytes of a project or lock file."""
_LOCKS = {"uv.lock": "package", "poetry.lock": "package", "pdm.lock": "package", "pylock.toml": "packages"}
"""Lock files and the table that lists their packages (`pylock.toml`: PEP 751)."""
_LOCAL = ("editable", "virtual", "directory")
_LIST = """\
import importlib.metadata, json
print(json.dumps([[d.metadata["Name"], d.version] for d in importlib.metadata.distributions()]))
"""


def read_pyproject(context: Context, path: str) -> Collection:
    """Read the dependencies of a project: from its lock file where there is one, else from its own exact pins.

    Optional dependencies and dependency groups count too: what is not installed in production runs in its build.

    Raises:
        CheckError: A file is missing or is not TOML, or the project computes its dependencies when it is built.
    """
    document, project = _toml(context, context.path(path))
    name = context.name(context.path(path))
    declared = list(_declared(document, project, name))
    lock = _lock_of(context, context.path(path))
    if lock is not None:
        return Collection(evidence=(digest(name, project),)) + _read_lock(context, lock, declared, name)
    if "project" not in document and not declared:
        raise CheckError(
            f"{name} has no [project] table and no lock file beside it", "commit a lock file, or name requirements"
        )
    if "dependencies" in document.get("project", {}).get("dynamic", []):
        raise CheckError(f"{name} computes its dependencies when it is built", "commit a lock file beside it")
    packages, problems = [], []
    for text in declared:
        found = read_requirement(text, name, _line(project, text))
        if isinstance(found, Package):
            packages.append(found)
        else:
            problems.append(found if isinstance(found, Finding) else unpinned(text, name, _line(project, text)))
    return Collection(tuple(packages), tuple(problems), (), (digest(name, project),), absent=not declared)


def _toml(context: Context, path: Path) -> tuple[dict[str, Any], bytes]:
    data = context.read(path, limit=LIMIT)
    try:
        return tomllib.loads(data.decode("utf-8-sig")), data
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CheckError(f"{context.name(path)} is not TOML: {error}", "correct the file") from error


def _declared(document: dict[str, Any], data: bytes, name: str) -> Iterator[str]:
    """Yield every requirement that a project writes down, whatever installs it."""
    project = _table(document, "project", name)
    lists = [project.get("dependencies", [])]
    lists.extend(_table(project, "optional-dependencies", name).values())
    lists.extend(_table(document, "dependency-groups", name).values())
    for entries in lists:
        if not isinstance(entries, list):
            raise CheckError(f"{name}: dependencies have to be lists of requirements", "correct the file")
        for entry in entries:
            if isinstance(entry, str):
                yield entry
            elif not (isinstance(entry, dict) and set(entry) == {"include-group"}):
                line = _line(data, str(entry))
                raise CheckError(f"{name}:{line or 1}: `{str(entry)[:60]}` is not a requirement", "correct the file")


def _table(parent: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    table = parent.get(key, {})
    if not isinstance(table, dict):
        raise CheckError(f"{name}: `{key}` has to be a table", "correct the file")
    return table


def _line(data: bytes, text: str) -> int | None:
    """Line on which a requirement is written; None when it is spelt with escapes."""
    position = data.find(text.encode())
    return None if position < 0 else data.count(b"\n", 0, position) + 1


def _lock_of(context: Context, project: Path) -> Path | None:
    """Lock file beside a project, or the one of the uv workspace above it."""
    for name in _LOCKS:
        if (project.parent / name).exists():
            return project.parent / name
    for folder in project.resolve().parent.parents:
        if not folder.is_relative_to(context.root.resolve()):
            break
        if (folder / "uv.lock").is_file():
            return context.root / (folder / "uv.lock").relative_to(context.root.resolve())
    return None


def _read_lock(context: Context, path: Path, declared: list[str], project: str) -> Collection:
    document, data = _toml(context, path)
    name = context.name(path)
    entries = document.get(_LOCKS[path.name], [])
    if not isinstance(entries, list) or not all(
        isinstance(e, dict) and isinstance(e.get("name"), str) for e in entries
    ):
        raise CheckError(f"{name} is not a lock file: its packages have no names", "lock the project again")
    lines = _entry_lines(data, _LOCKS[path.name])
    packages, problems, local = [], [], []
    for index, entry in enumerate(entries):
        line = lines[index] if index < len(lines) else None
        if _is_local(entry):
            local.append(entry["name"])
            continue
        try:
            packages.append(Package(canonicalize_name(entry["name"]), Version(str(entry["version"])), name, line))
        except (KeyError, InvalidVersion):
            problems.append(unpinned(entry["name"], name, line))
    known: set[str] = {canonicalize_name(entry["name"]) for entry in entries}
    problems.extend(_missing(declared, known, project, name))
    notes = [
        Finding(
            message=f"{len(local)} packages of the lock file are folders and have no advisories: {', '.join(local)}",
            rule="local",
            level=Level.NOTE,
            path=name,
            remedy="review their code instead",
        )
    ]
    return Collection(
        tuple(packages), tuple(problems), tuple(notes if local else ()), (digest(name, data),), absent=not packages
    )


def _is_local(entry: dict[str, Any]) -> bool:
    source = entry.get("source")
    if isinstance(source, dict):
        return any(key in source for key in _LOCAL) or source.get("type") == "directory"
    return isinstance(entry.get("directory"), dict) or isinstance(entry.get("path"), str)


def _entry_lines(data: bytes, table: str) -> list[int]:
    """Line of each package's name, in order."""
    header = re.compile(rb"^\[\[" + table.encode() + rb"\]\]", re.MULTILINE)
    return [data.count(b"\n", 0, match.start()) + 2 for match in header.finditer(data)]


def _missing(declared: list[str], known: set[str], project: str, lock: str) -> Iterator[Finding]:
    """Find direct dependencies that the lock file has never heard of: it belongs to another state of the project."""
    for text in declared:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            yield unpinned(text, project, None, "is not a requirement")
            continue
        if canonicalize_name(requirement.name) not in known:
            yield Finding(
                message=f"`{requirement.name}` is declared in {project} but missing from {lock}",
                rule="stale-lock",
                path=project,
                remedy="lock the project again",
            )


def read_environment(context: Context, path: str) -> Collection:
    """List the packages that are installed in an environment, by asking its own interpreter.

    Raises:
        CheckError: There is no interpreter, or it does not answer.
    """
    folder = context.path(path)
    candidates = [folder / "bin" / "python", folder / "Scripts" / "python.exe"] if folder.is_dir() else [folder]
    interpreter = next((candidate for candidate in candidates if candidate.is_file()), None)
    name = context.name(folder)
    if interpreter is None:
        raise CheckError(f"{name} is neither a virtual environment nor a Python interpreter", "correct `environment`")
    done = context.run([str(interpreter.absolute()), "-I", "-c", _LIST])
    try:
        listed = json.loads(done.stdout) if done.exit_code == 0 and not done.timed_out else None
    except ValueError:
        listed = None
    if not isinstance(listed, list):
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise CheckError(f"{name} did not list its packages: {''.join(said) or 'no answer'}", "repair the environment")
    packages, problems = [], []
    for title, version in listed:
        try:
            packages.append(Package(canonicalize_name(str(title or "")), Version(str(version)), name))
        except InvalidVersion:
            problems.append(unpinned(str(title), name, None, f"is installed in the unreadable version `{version}`"))
    problems.extend(unpinned("?", name, None, "is installed without a name") for title, _ in listed if not title)
    return Collection(tuple(p for p in packages if p.name), tuple(problems), evidence=(digest(name, done.stdout),))
