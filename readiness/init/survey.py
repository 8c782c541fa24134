"""Looks at a repository: which tools, settings and outputs of tools it holds."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from readiness.git import GitError, Repository
from readiness.init import npm, python_projects
from readiness.init.health_path import health_path as find_health_path
from readiness.init.npm import Package
from readiness.init.own_commands import own_command, prefix_of_python
from readiness.init.projects import Project, projects
from readiness.init.python_projects import ASIDE, TEST_PATH, Manifest
from readiness.init.release import find_release
from readiness.init.results import result_globs
from readiness.init.source_globs import measured_globs, source_globs
from readiness.init.tree import Tree
from readiness.init.variables import EnvFile, env_files
from readiness.outcome import Value

_PYTHON = r"(^|/)(pyproject\.toml|setup\.(py|cfg)|Pipfile|requirements[^/]*\.txt)$"
_SCRIPTS = 5
"""Files of Python from which on a project of another language is one of Python, too."""


class Survey(Value):
    """What a repository holds; paths are relative to its root."""

    project: str
    release: str = ""
    email: str = ""
    """Who would sign: git's `user.email`."""
    git: bool
    python: tuple[str, ...] = ()
    """Folders and files with Python code that is not a test."""
    tests: tuple[str, ...] = ()
    """Folders in which Python tests are run."""
    requirements: tuple[str, ...] = ()
    projects: tuple[Manifest, ...] = ()
    """pyproject files that name dependencies."""
    packages: tuple[Package, ...] = ()
    """package.json files."""
    further_packages: int = 0
    """How many more there are, which were not looked at."""
    alembic: tuple[str, ...] = ()
    django: tuple[str, ...] = ()
    """Django's manage.py files."""
    junit: tuple[str, ...] = ()
    """Results of tests, as globs where a runner names or numbers them."""
    coverage: tuple[str, ...] = ()
    measured: dict[str, tuple[str, ...]] = {}
    """By report of coverage: globs of the source files that it measures."""
    projects_of_stacks: tuple[Project, ...] = ()
    """Projects of every other language, by their manifests."""
    own_test: str = ""
    """The command at the root by which the project tests itself."""
    own_lint: str = ""
    python_prefix: str = ""
    """How a tool of the project's own environment is run: `uv run `."""
    source: tuple[str, ...] = ()
    """Globs of what a release is made of: folders of source, and files of the root."""
    deployment: tuple[str, ...] = ()
    """vercel, render, netlify and railway files."""
    env_files: tuple[EnvFile, ...] = ()
    policies: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    health_path: str = ""
    """Where the deployment file says that health is answered."""
    tests_by_django: bool = False
    """Whether Django's own runner runs the tests of Python, and pytest does not."""
    unreadable: tuple[str, ...] = ()
    """Manifests that cannot be read, each with its place and why."""
    cut: bool = False
    """Whether there were more files than were looked at."""


def survey(root: Path) -> Survey:
    """Look at a folder; reads only, runs nothing of it."""
    repository = Repository.find(root)
    tracked = frozenset(repository.tracked_files()) if repository else frozenset[str]()
    tree = Tree(root)
    manifests = [tree.toml("pyproject.toml")]
    packages = [tree.json("package.json")]
    others = tuple(projects(tree))
    elsewhere = bool(others or packages[0])
    own = [name for name in tree.names if not tracked or name in tracked]
    return Survey(
        project=_identifier(
            _first(manifests, "project", "name")
            or _first(manifests, "tool", "poetry", "name")
            or _first(packages, "name")
            or root.resolve().name
        ),
        release=find_release(tree),
        email=_email(repository),
        git=repository is not None,
        python=_python(own, beside=elsewhere and all(map(ASIDE.search, tree.named(_PYTHON)))),
        tests=python_projects.folders_of_tests(tree),
        requirements=python_projects.requirements(tree, beside=elsewhere),
        projects=tuple(python_projects.projects(tree)),
        packages=tuple(npm.packages(tree)),
        further_packages=max(0, len(npm.manifests(tree)) - npm.MOST),
        alembic=tree.named(r"(^|/)alembic\.ini$"),
        django=tree.containing(r"(^|/)manage\.py$", "(?i)django"),
        junit=_results(tree, tracked),
        coverage=(reports := _coverage(tree)),
        measured={report: found for report in reports if (found := measured_globs(tree, report, tracked))},
        projects_of_stacks=others,
        own_test=own_command(tree, "test"),
        own_lint=own_command(tree, "lint"),
        python_prefix=prefix_of_python(tree),
        source=source_globs(tracked),
        deployment=tree.named(r"(^|/)(vercel\.json|render\.ya?ml|netlify\.toml|railway\.(json|toml))$"),
        env_files=tuple(env_files(tree, tracked)),
        policies=tree.named(r"(?i)(^|/)[^/]*(privacy|terms|retention)[^/]*\.(md|rst|txt|html)$"),
        templates=tuple(sorted({n.split("/")[0] for n in tree.names if re.match(r"templates/.+", n)})),
        workflows=tree.named(r"^(\.github/workflows/.+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml)$"),
        health_path=find_health_path(tree),
        tests_by_django=python_projects.tested_by_django(tree),
        unreadable=tuple(tree.unreadable.values()),
        cut=tree.cut,
    )


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


def _python(names: Iterable[str], *, beside: bool) -> tuple[str, ...]:
    """The topmost folders and files that hold Python code, tests left out.

    Args:
        names: Files of the repository.
        beside: Whether it is of another language, and has no project of Python: then what builds its documentation is
            no product, and a script or two are none.
    """
    sources = [name for name in names if name.endswith(".py") and not TEST_PATH.search(name)]
    if beside:
        sources = [name for name in sources if not ASIDE.search(name)]
        if len(sources) < _SCRIPTS:
            return ()
    return tuple(sorted({PurePosixPath(name).parts[0] for name in sources}))


def _results(tree: Tree, tracked: frozenset[str]) -> tuple[str, ...]:
    """Results of tests, told by their content; what is committed among tests is their input."""
    marks = {
        r"\.xml$": r"\A(?![\s\S]*<(directory|phpunit)\b)[\s\S]*<(testsuites?|test-run|test-results|assemblies)[\s/>]",
        r"\.trx$": r"<TestRun\b",
        r"\.json$": r'\A\s*\{"(Time|ImportPath|protocolVersion)":"|"reportFormat"\s*:\s*"CTRF"',
        r"\.tap$": r"(?m)^(TAP version|1\.\.\d|(not )?ok\b)",
    }
    found = [name for pattern, text in marks.items() for name in tree.containing(pattern, text)]
    return result_globs([name for name in found if name not in tracked or not TEST_PATH.search(name)])


def _coverage(tree: Tree) -> tuple[str, ...]:
    """Reports of coverage, told by their content; of several from one folder the most detailed."""
    marks = {
        r"coverage[^/]*\.json$": '"meta"',
        r"\.(info|lcov)$": "(?m)^SF:",
        r"coverage-final\.json$": '"statementMap"',
        r"coverage-summary\.json$": '"total"',
        r"(coverage|cobertura|clover)[^/]*\.xml$": r"<(coverage|CoverageSession)\b",
        r"jacoco[^/]*\.xml$": r"<report\b",
        r"(^|/)[^/]*cover[^/]*\.(out|txt)$|\.coverprofile$": r"\Amode: (set|count|atomic)\b",
        r"(^|/)\.resultset\.json$": '"coverage"',
        r"(^|/)\.coverage$": "^SQLite format 3",
    }
    found: dict[PurePosixPath, str] = {}
    for pattern, text in marks.items():
        for name in tree.containing(pattern, text):
            found.setdefault(PurePosixPath(name).parent, name)
    return tuple(sorted(found.values()))
