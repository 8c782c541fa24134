"""Finds Python projects: where their tests run, and which files pin their packages."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from readiness.init.tree import Tree
from readiness.outcome import Value

TEST_PATH = re.compile(r"(^|/)(tests?|testing|conftest\.py|test_[^/]*|[^/]*_test\.py)(/|$)")
ASIDE = re.compile(
    r"(^|/)(docs?|testing|fixtures|hack|([\w.]+[_-])?(examples?|demos?|samples?|tests?|benchmarks?))/", re.IGNORECASE
)
_NOT_SHIPPED = re.compile(r"(^|[/_.-])(dev|develop|development|tests?|testing|lint|docs?|ci|local)[^/]*\.(txt|lock)$")
_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "manage.py", "requirements.txt")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
_OTHER_LOCKS = r"Pipfile\.lock|conda-lock\.ya?ml|pixi\.lock"
_INCLUDE = re.compile(r"^[ \t]*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)", re.MULTILINE)


class Manifest(Value):
    """A file that names packages."""

    path: str
    lock: str = ""
    """The lock file of a pyproject.toml; empty where there is none."""
    local: str = ""
    """Virtual environment beside it."""


def folders_of_tests(tree: Tree) -> tuple[str, ...]:
    """Folders in which the tests are run: the nearest above them with a project file, else the root."""
    found = set()
    for name in tree.names:
        if name.endswith(".py") and TEST_PATH.search(name) and re.match(r"test_|.*_test\.py$", name.split("/")[-1]):
            inside = name[: TEST_PATH.search(name).start()]  # type: ignore[union-attr]  # just matched
            found.add(_project(tree, inside))
    if not found and any(name.endswith(".py") and TEST_PATH.search(name) for name in tree.names):
        found.add(".")
    return tuple(sorted(found))


def tested_by_django(tree: Tree) -> bool:
    """Whether Django's own runner runs the tests: a manage.py of Django, and no trace of pytest."""
    if not tree.containing(r"^manage\.py$", "(?i)django"):
        return False
    names = r"^(conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|Pipfile|requirements[^/]*\.txt)$"
    names += r"|^requirements/|(^|/)conftest\.py$"
    return not any(name.endswith("conftest.py") or "pytest" in tree.text(name) for name in tree.named(names))


def _project(tree: Tree, folder: str) -> str:
    for parent in (PurePosixPath(folder), *PurePosixPath(folder).parents):
        if any((tree.root / parent / file).is_file() for file in _PROJECT_FILES):
            return parent.as_posix()
    return "."


def requirements(tree: Tree, *, beside: bool = False) -> tuple[str, ...]:
    """Requirements files, without those that another one includes or that are not for what is shipped.

    Args:
        tree: The files.
        beside: Whether the repository is of another language: then those of its documentation are none of it.
    """
    names = tree.named(
        r"(^|/)(requirements[^/]*\.(txt|lock)|requirements/[^/]+\.txt|Pipfile\.lock|conda-lock\.ya?ml|pixi\.lock)$"
    )
    included = set()
    for name in names:
        for target in _INCLUDE.findall(tree.text(name)):
            joined = PurePosixPath(name).parent / target
            if not joined.is_absolute() and (tree.root / joined).is_file():
                included.add((tree.root / joined).resolve())
    outermost = [name for name in names if (tree.root / name).resolve() not in included] or list(names)
    shipped = [name for name in outermost if not ASIDE.search(name) and not _NOT_SHIPPED.search(name)]
    return tuple(shipped or ([] if beside else outermost))


def projects(tree: Tree) -> Iterator[Manifest]:
    """The pyproject.toml files that name packages; of several with one lock file the first."""
    seen = set()
    names = tree.named(r"(^|/)pyproject\.toml$")
    main = [name for name in names if not ASIDE.search(name)]
    for name in main or names:
        document = tree.toml(name)
        lock = _lock(tree, name)
        if not _declares(document) or (lock and lock in seen):
            continue
        seen.add(lock)
        folder = PurePosixPath(name).parent
        local = folder / ".venv"
        has_local = (tree.root / local / "pyvenv.cfg").is_file()
        yield Manifest(path=name, lock=lock, local=local.as_posix() if has_local else "")


def _lock(tree: Tree, path: str) -> str:
    """The lock file beside it; uv's may stand above, in the root of a workspace."""
    beside, *above = PurePosixPath(path).parents
    for name in _LOCKS:
        if (tree.root / beside / name).is_file():
            return (beside / name).as_posix()
    return next(((folder / "uv.lock").as_posix() for folder in above if (tree.root / folder / "uv.lock").is_file()), "")


def _declares(document: dict[str, Any]) -> bool:
    project, tool = document.get("project"), document.get("tool")
    if isinstance(project, dict) and project.get("dependencies"):
        return True
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    declared = poetry.get("dependencies") if isinstance(poetry, dict) else None
    return isinstance(declared, dict) and bool(declared.keys() - {"python"})
