"""Looks at a repository: which tools, settings and outputs of tools it holds."""

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from readiness.git import GitError, Repository
from readiness.outcome import Value

_SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".idea", ".vscode", ".readiness", "vendor", "third_party"),
        *(".tox", ".nox", ".venv", "venv", "env", "__pycache__", "site-packages", "dist", "build"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", "node_modules", ".next", ".vercel"),
    }
)
_MOST_FILES = 100_000
_MOST_BYTES = 2**20
_TEST_PATH = re.compile(r"(^|/)(tests?|testing|conftest\.py|test_[^/]*|[^/]*_test\.py)(/|$)")


class EnvFile(Value):
    """A file of environment variables."""

    path: str
    names: tuple[str, ...]
    tracked: bool
    template: bool
    """Whether its name says that it is an example."""


class Survey(Value):
    """What a repository holds; paths are relative to its root."""

    project: str
    release: str = ""
    email: str = ""
    """Who would sign: git's `user.email`."""
    git: bool
    python: tuple[str, ...] = ()
    """Folders and files with Python code that is not a test."""
    tests: bool = False
    requirements: tuple[str, ...] = ()
    pyprojects: tuple[str, ...] = ()
    """pyproject files that name dependencies."""
    packages: tuple[str, ...] = ()
    """package.json files."""
    alembic: tuple[str, ...] = ()
    junit: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    deployment: tuple[str, ...] = ()
    """vercel, render, netlify and railway files."""
    env_files: tuple[EnvFile, ...] = ()
    policies: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    health_path: str = ""
    """Where the deployment file says that health is answered."""
    cut: bool = False
    """Whether there were more files than were looked at."""


def survey(root: Path) -> Survey:
    """Look at a folder; reads only, runs nothing of it."""
    repository = Repository.find(root)
    tracked = frozenset(repository.tracked_files()) if repository else frozenset[str]()
    files = []
    for path in _walk(root):
        files.append(path)
        if len(files) >= _MOST_FILES:
            break
    names = sorted(files)
    manifests = [_toml(root / name) for name in names if name == "pyproject.toml"]
    npm = [_json(root / name) for name in names if name == "package.json"]
    return Survey(
        project=_identifier(_first(manifests, "project", "name") or _first(npm, "name") or root.resolve().name),
        release=_first(manifests, "project", "version") or _first(npm, "version"),
        email=_email(repository),
        git=repository is not None,
        python=_python(name for name in names if not tracked or name in tracked),
        tests=any(_TEST_PATH.search(name) and name.endswith(".py") for name in names),
        requirements=_named(names, r"(^|/)requirements[^/]*\.(txt|lock)$"),
        pyprojects=tuple(n for n in _named(names, r"(^|/)pyproject\.toml$") if _depends(root / n)),
        packages=_named(names, r"(^|/)package\.json$"),
        alembic=_named(names, r"(^|/)alembic\.ini$"),
        junit=_containing(root, names, r"\.xml$", "<testsuite"),
        coverage=_coverage(root, names),
        deployment=_named(names, r"(^|/)(vercel\.json|render\.ya?ml|netlify\.toml|railway\.(json|toml))$"),
        env_files=tuple(_env_files(root, names, tracked)),
        policies=_named(names, r"(?i)(^|/)[^/]*(privacy|terms|retention)[^/]*\.(md|rst|txt|html)$"),
        templates=tuple(sorted({n.split("/")[0] for n in names if re.match(r"templates/.+", n)})),
        workflows=_named(names, r"^(\.github/workflows/.+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml)$"),
        health_path=_health_path(root, names),
        cut=len(files) >= _MOST_FILES,
    )


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        base = Path(folder).relative_to(root)
        yield from ((base / name).as_posix() for name in files)


def _named(names: Iterable[str], pattern: str) -> tuple[str, ...]:
    search: Callable[[str], Any] = re.compile(pattern).search
    return tuple(name for name in names if search(name))


def _containing(root: Path, names: Iterable[str], pattern: str, text: str) -> tuple[str, ...]:
    return tuple(name for name in _named(names, pattern) if text in _head(root / name))


def _head(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(4096).decode("utf-8", "replace")
    except OSError:
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig", "replace") if path.stat().st_size <= _MOST_BYTES else ""
    except OSError:
        return ""


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError:
        return {}


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(_read(path))
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _first(documents: Iterable[dict[str, Any]], *keys: str) -> str:
    for document in documents:
        node: Any = document
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, str):
            return node
    return ""


def _identifier(text: str) -> str:
    """Make an id of any text."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:100] or "project"


def _email(repository: Repository | None) -> str:
    try:
        return repository.read("config", "--get", "user.email").strip() if repository else ""
    except GitError:
        return ""


def _python(names: Iterable[str]) -> tuple[str, ...]:
    """The topmost folders and files that hold Python code, tests left out."""
    found = set()
    for name in names:
        if name.endswith(".py") and not _TEST_PATH.search(name):
            parts = PurePosixPath(name).parts
            found.add(parts[0])
    return tuple(sorted(found))


def _depends(path: Path) -> bool:
    project = _toml(path).get("project", {})
    return isinstance(project, dict) and bool(project.get("dependencies"))


def _coverage(root: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Coverage outputs, told by their content; of several from one folder the most detailed."""
    marks = {
        r"\.info$": "SF:",
        r"coverage[^/]*\.json$": '"meta"',
        r"coverage-final\.json$": '"statementMap"',
        r"(coverage|cobertura)[^/]*\.xml$": "<coverage",
        r"(^|/)\.coverage$": "SQLite format 3",
    }
    found: dict[PurePosixPath, str] = {}
    for pattern, text in marks.items():
        for name in _containing(root, names, pattern, text):
            found.setdefault(PurePosixPath(name).parent, name)
    return tuple(sorted(found.values()))


def _env_files(root: Path, names: Iterable[str], tracked: frozenset[str]) -> Iterator[EnvFile]:
    from dotenv.parser import parse_stream

    for name in _named(names, r"(^|/)\.env(\.[A-Za-z0-9_.-]+)?$"):
        with (root / name).open(encoding="utf-8-sig", errors="replace") as stream:
            keys = dict.fromkeys(binding.key for binding in parse_stream(stream) if binding.key and not binding.error)
        template = re.search(r"\.(example|sample|template|dist)$", name) is not None
        yield EnvFile(path=name, names=tuple(keys), tracked=name in tracked, template=template)


def _health_path(root: Path, names: Iterable[str]) -> str:
    for name in _named(names, r"(^|/)(render\.ya?ml|railway\.(json|toml))$"):
        match = re.search(r"health[cC]heckPath\W{1,4}(/[\w./-]*)", _read(root / name))
        if match:
            return match.group(1)
    return ""
