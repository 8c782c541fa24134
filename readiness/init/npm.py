"""Reads package.json files: the scripts that can judge a release, and who runs the tests."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from readiness.init.tree import Tree
from readiness.outcome import Value

_MOST = 8
"""Packages that are looked at."""
_MANAGERS = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "package-lock.json": "npm",
}
_JUDGES = re.compile(r"^(test|lint|build|typecheck|type-check|check-types|tsc|check|[a-z-]+:check|check:[a-z-]+)$")
_REWRITES = re.compile(r"--(fix|write|watch|ui)\b|(^|\s)-w(\s|$)")
_EMPTY = "no test specified"
"""What `npm init` writes for a package without tests."""
_RUNNERS = {
    "vitest": "vitest run --reporter=junit --outputFile=junit.xml",
    "jest": "jest --reporters=jest-junit",
    "@playwright/test": "PLAYWRIGHT_JUNIT_OUTPUT_NAME=junit.xml playwright test --reporter=junit",
    "cypress": "cypress run --reporter junit --reporter-options mochaFile=junit.xml",
    "mocha": "mocha --reporter xunit --reporter-options output=junit.xml",
}


class Package(Value):
    """One package.json."""

    path: str
    manager: str = "npm"
    """Who installs it, told by the lock file that is nearest."""
    scripts: tuple[str, ...] = ()
    """Names of scripts that judge and, as far as their text says, change nothing."""
    report: str = ""
    """Command that runs the tests and writes a JUnit file; empty where no runner of tests is known."""


def packages(tree: Tree) -> Iterator[Package]:
    """Read the package.json files, those nearest to the root first."""
    paths = sorted(tree.named(r"(^|/)package\.json$"), key=lambda path: (path.count("/"), path))[:_MOST]
    documents = {path: tree.json(path) for path in paths}
    everywhere = [_scripts(document) for document in documents.values()]
    writing = {name for scripts in everywhere for name, body in scripts.items() if _REWRITES.search(body)}
    seen: set[str] = set()
    for path, document in documents.items():
        scripts = _scripts(document)
        # What the root runs for all workspaces is not asked for again, and it writes if one of them does.
        kept = [name for name in scripts if _JUDGES.match(name) and name not in writing and name not in seen]
        if path == "package.json":
            seen.update(kept)
        yield Package(path=path, manager=_manager(tree, path), scripts=tuple(kept), report=_report(document))


def _scripts(document: Mapping[str, Any]) -> dict[str, str]:
    scripts = document.get("scripts")
    if not isinstance(scripts, dict):
        return {}
    return {name: body for name, body in scripts.items() if isinstance(body, str) and _EMPTY not in body}


def _report(document: Mapping[str, Any]) -> str:
    tables = (document.get("devDependencies"), document.get("dependencies"))
    declared = {name for table in tables if isinstance(table, dict) for name in table}
    return next((command for name, command in _RUNNERS.items() if name in declared), "")


def _manager(tree: Tree, path: str) -> str:
    for folder in PurePosixPath(path).parents:
        for name, manager in _MANAGERS.items():
            if (tree.root / folder / name).is_file():
                return manager
    return "npm"
