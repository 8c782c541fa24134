"""Finds the Python files of a repository: those that git tracks or would add; without git, all of them."""

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from readiness.check import Context
from readiness.outcome import CheckError

_ENDINGS = frozenset((".py", ".pyw", ".ipynb"))
_SHEBANG = re.compile(rb"#![^\n]*\b(?:python|pypy|uv +run|pipx +run)[\d. \w/-]*")
_INLINE_METADATA = re.compile(rb"^# /// script\s*$", re.MULTILINE)
"""How a script begins that says which packages it needs (PEP 723)."""
_TEMPLATES = frozenset((".in", ".j2", ".jinja", ".jinja2", ".mako", ".template", ".tmpl", ".tpl", ".erb"))
"""What becomes Python only when it is filled in."""
_NOT_SOURCE = frozenset((".git", "node_modules", ".venv", "venv", ".tox", ".nox", ".eggs", "__pycache__"))
"""Folders that are left out where no git says what belongs to the repository."""


def python_files(context: Context, paths: Sequence[str], exclude: Sequence[str] = ()) -> list[str]:
    """Python files and notebooks below paths, relative to the root, sorted; also scripts that their first line tells.

    Args:
        context: The run.
        paths: Files, folders or globs.
        exclude: Globs of files to leave out.

    Raises:
        CheckError: A path does not exist, leads out of the repository, or has no Python file; `.` may have none.
    """
    names = [*_source_files(context), *_in_submodules(context, paths)]
    everything = [name for name in names if _is_python(context.root / name)]
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


def submodules(context: Context) -> list[str]:
    """Folders that hold other repositories (git submodules), relative to the root, sorted."""
    if context.repository is None:
        return []
    entries = context.repository.read("ls-files", "-z", "--stage").split("\0")
    return sorted(entry.partition("\t")[2] for entry in entries if entry.startswith("160000 "))


def _in_submodules(context: Context, paths: Sequence[str]) -> Iterator[str]:
    """Files of the submodules that a path names, or names a part of."""
    for folder in submodules(context):
        if any((path.rstrip("/") + "/").startswith(folder + "/") for path in paths):
            yield from (f"{folder}/{name}" for name in _walk(context.root / folder))


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _NOT_SOURCE]
        yield from ((Path(folder) / name).relative_to(root).as_posix() for name in files)


def _is_python(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in _ENDINGS:
        return True
    if suffix in _TEMPLATES or (suffix and not os.access(path, os.X_OK)):
        return False
    try:
        with path.open("rb") as stream:
            start = stream.read(2_000)
    except OSError:
        return False
    return _SHEBANG.match(start) is not None or (not suffix and _INLINE_METADATA.search(start) is not None)


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
