"""Reads a pyproject.toml with the lock file that belongs to it, and the packages installed in an environment."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from readiness.check import Context
from readiness.outcome import CheckError, Finding
from readiness_checks.dependencies import lock_files
from readiness_checks.dependencies.packages import (
    Collection,
    Package,
    digest,
    parsed_version,
    read_requirement,
    unpinned,
)
from readiness_checks.reading import toml_input

LIMIT = 64 * 2**20
"""Bytes of a project or lock file."""
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
    name, data = context.name(context.path(path)), context.read(path, limit=LIMIT)
    document = toml_input.parse(name, data)
    declared = list(_declared(document, data, name))
    lock = _lock_of(context, context.path(path))
    if lock is not None:
        title = _table(document, "project", name).get("name", "")
        locked = lock_files.read(context.name(lock), context.read(lock, limit=LIMIT), declared, name, title)
        return Collection(evidence=(digest(name, data),)) + locked
    if "project" not in document and not declared:
        raise CheckError(
            f"{name} has no [project] table and no lock file beside it", "commit a lock file, or name requirements"
        )
    if "dependencies" in _dynamic(document, name):
        raise CheckError(f"{name} computes its dependencies when it is built", "commit a lock file beside it")
    packages, problems = [], []
    for text in declared:
        found = read_requirement(text, name, _line(data, text))
        if isinstance(found, Package):
            packages.append(found)
        else:
            problems.append(found if isinstance(found, Finding) else unpinned(text, name, _line(data, text)))
    return Collection(tuple(packages), tuple(problems), (), (digest(name, data),), absent=not declared)


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


def _dynamic(document: dict[str, Any], name: str) -> list[Any]:
    """What a project computes when it is built."""
    dynamic = _table(document, "project", name).get("dynamic", [])
    if not isinstance(dynamic, list):
        raise CheckError(f"{name}: `dynamic` has to be a list", "correct the file")
    return dynamic


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
    for name in lock_files.LOCKS:
        if (project.parent / name).exists():
            return project.parent / name
    for folder in project.resolve().parent.parents:
        if not folder.is_relative_to(context.root.resolve()):
            break
        if (folder / "uv.lock").is_file():
            return context.root / (folder / "uv.lock").relative_to(context.root.resolve())
    return None


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
    for entry in listed:
        title, version = entry if isinstance(entry, list) and len(entry) == 2 else ("", "")  # noqa: PLR2004  a pair
        read = parsed_version(str(version))
        if not title:
            problems.append(unpinned("?", name, None, "is installed without a name"))
        elif read is None:
            problems.append(unpinned(str(title), name, None, f"is installed in the unreadable version `{version}`"))
        else:
            packages.append(Package(canonicalize_name(str(title)), read, name))
    return Collection(tuple(packages), tuple(problems), evidence=(digest(name, done.stdout),))
