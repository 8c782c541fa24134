"""Finds the Python files of a repository: those that git tracks or would add; without git, all of them."""

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from readiness.check import Context
from readiness.outcome import CheckError

_ENDINGS = frozenset((".py", ".pyw"))
_SHEBANG = re.compile(rb"^#![^\n]*\bpython")
_NOT_SOURCE = frozenset((".git", "node_modules", ".venv", "venv", ".tox", ".nox", ".eggs", "__pycache__"))
"""Folders that are left out where no git says what belongs to the repository."""


def python_files(context: Context, paths: Sequence[str], exclude: Sequence[str] = ()) -> list[str]:
    """Python files below paths, relative to the root, sorted; also scripts that only their first line gives away.

    Args:
        context: The run.
        paths: Files, folders or globs.
        exclude: Globs of files to leave out.

    Raises:
        CheckError: A path does not exist, leads out of the repository, or has no Python file; `.` may have none.
    """
    everything = [name for name in _source_files(context) if _is_python(context.root / name)]
    found: set[str] = set()
    for path in paths:
        below = _below(context, path, everything)
        if not below and _is_root(context, path):
            continue
        if not below:
            raise CheckError(f"`{path}` holds no Python file", "name a folder or file with Python in it")
        kept = {name for name in below if not any(_matches(name, pattern) for pattern in exclude)}
        if not kept:
            raise CheckError(f"every Python file of `{path}` is excluded", "exclude less")
        found |= kept
    return sorted(found)


def _source_files(context: Context) -> Iterable[str]:
    repository = context.repository
    if repository is None:
        return _walk(context.root)
    names = {*repository.tracked_files(), *repository.changed_files()}
    return (name for name in names if not name.startswith("../") and (context.root / name).is_file())


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _NOT_SOURCE]
        yield from ((Path(folder) / name).relative_to(root).as_posix() for name in files)


def _is_python(path: Path) -> bool:
    if path.suffix:
        return path.suffix.lower() in _ENDINGS
    try:
        with path.open("rb") as stream:
            return _SHEBANG.match(stream.read(200)) is not None
    except OSError:
        return False


def _is_root(context: Context, path: str) -> bool:
    return (context.root / path).resolve() == context.root.resolve()


def _below(context: Context, path: str, names: Sequence[str]) -> set[str]:
    """Which of the files a path means."""
    root = context.root.resolve()
    target = (context.root / path).resolve()
    if not target.is_relative_to(root):
        raise CheckError(f"`{path}` leads out of the repository", "name a path inside the repository")
    if target.is_dir():
        prefix = target.relative_to(root).as_posix() + "/"
        return {name for name in names if prefix == "./" or name.startswith(prefix)}
    if target.is_file():
        return {target.relative_to(root).as_posix()}  # named on purpose: whatever it is called
    try:
        wanted = {context.name(match) for match in context.glob([path])}
    except (ValueError, NotImplementedError) as error:
        raise CheckError(f"`{path}` is no path or glob: {error}", "correct it") from error
    if not wanted:
        raise CheckError(f"`{path}` does not exist", "correct the path")
    return wanted & set(names)


def _matches(name: str, pattern: str) -> bool:
    """Whether a glob, or the folder that it names, holds a file."""
    plain = pattern.rstrip("/")
    return fnmatch.fnmatchcase(name, plain) or fnmatch.fnmatchcase(name, plain + "/*")
