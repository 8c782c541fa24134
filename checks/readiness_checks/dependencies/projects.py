"""Reads a pyproject.toml with the lock file that belongs to it, and the packages installed in an environment."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from readiness.check import Context
from readiness.outcome import CheckError, Evidence, Finding
from readiness_checks.dependencies import lock_files, named_files
from readiness_checks.dependencies.declared import Project, as_table, needs, overridden, poetry_needs
from readiness_checks.dependencies.packages import (
    Collection,
    Package,
    digest,
    parsed,
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
    named_files.require_python(context, context.path(path))
    name, data = context.name(context.path(path)), context.read(path, limit=LIMIT)
    document = toml_input.parse(name, data)
    declared = list(_declared(document, data, name))
    project = Project(
        name,
        as_table(document, "project", name).get("name", ""),
        (*needs(declared), *poetry_needs(document)),
        overridden(document),
    )
    locks = _locks_of(context, path)
    if locks:
        held = [lock_files.read(context.name(lock), context.read(lock, limit=LIMIT), project) for lock in locks]
        return _locked(held, digest(name, data), [text for _, text in declared], project)
    if "project" not in document and not declared:
        raise CheckError(
            f"{name} has no [project] table and no lock file beside it", "commit a lock file, or name requirements"
        )
    if "dependencies" in _dynamic(document, name):
        raise CheckError(f"{name} computes its dependencies when it is built", "commit a lock file beside it")
    packages, problems = [], []
    for _, text in declared:
        found = read_requirement(text, name, _line(data, text))
        if isinstance(found, Package):
            packages.append(found)
        else:
            problems.append(found if isinstance(found, Finding) else unpinned(text, name, _line(data, text)))
    return Collection(tuple(packages), tuple(problems), (), (digest(name, data),), absent=not declared)


def _locked(held: list[Collection], evidence: Evidence, declared: list[str], project: Project) -> Collection:
    """What all lock files of a project say; it needs nothing only where it declares nothing and they hold nothing."""
    unread = tuple(unpinned(text, project.file, None, "is not a requirement") for text in declared if not parsed(text))
    absent = not (project.needs or declared) and all(each.absent and not each.problems for each in held)
    whole = sum(held, Collection(evidence=(evidence,)))
    return replace(whole, problems=(*unread, *whole.problems), absent=absent)


def _declared(document: dict[str, Any], data: bytes, name: str) -> Iterator[tuple[str, str]]:
    """Yield every requirement that a project writes down, whatever installs it, with its extra or group."""
    project = as_table(document, "project", name)
    lists = [("", project.get("dependencies", []))]
    lists.extend(as_table(project, "optional-dependencies", name).items())
    lists.extend(as_table(document, "dependency-groups", name).items())
    tool = as_table(document, "tool", name)
    lists.append(("dev", as_table(tool, "uv", name).get("dev-dependencies", [])))
    lists.extend(as_table(as_table(tool, "pdm", name), "dev-dependencies", name).items())
    for group, entries in lists:
        if not isinstance(entries, list):
            raise CheckError(f"{name}: dependencies have to be lists of requirements", "correct the file")
        for entry in entries:
            if isinstance(entry, str) and not entry.startswith("-e "):
                yield group, entry
            elif not isinstance(entry, str) and not (isinstance(entry, dict) and set(entry) == {"include-group"}):
                line = _line(data, str(entry))
                raise CheckError(f"{name}:{line or 1}: `{str(entry)[:60]}` is not a requirement", "correct the file")


def _dynamic(document: dict[str, Any], name: str) -> list[Any]:
    """What a project computes when it is built."""
    dynamic = as_table(document, "project", name).get("dynamic", [])
    if not isinstance(dynamic, list):
        raise CheckError(f"{name}: `dynamic` has to be a list", "correct the file")
    return dynamic


def _line(data: bytes, text: str) -> int | None:
    """Line on which a requirement is written; None when it is spelt with escapes."""
    position = data.find(text.encode())
    return None if position < 0 else data.count(b"\n", 0, position) + 1


def _locks_of(context: Context, path: str) -> list[Path]:
    """Every lock file beside a project, or the one of the uv workspace above it."""
    project = context.path(path)
    beside = sorted(file for file in project.parent.iterdir() if lock_files.is_lock(file.name))
    if beside:
        return beside
    for folder in project.resolve().parent.parents:
        if not folder.is_relative_to(context.root.resolve()):
            break
        if (folder / "uv.lock").is_file():
            return [context.root / (folder / "uv.lock").relative_to(context.root.resolve())]
    return []


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
