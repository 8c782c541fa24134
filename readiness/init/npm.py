"""Reads package.json files: the scripts that can judge a release, and who runs the tests."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from readiness.init.projects import Audit
from readiness.init.python_projects import ASIDE
from readiness.init.stacks import SCAN, SCANNED
from readiness.init.tree import Tree
from readiness.outcome import Value

MOST = 100
"""Packages that are looked at; what is beyond is named."""
_MANAGERS = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "package-lock.json": "npm",
}
RUN = {"npm": "npm run", "pnpm": "pnpm run", "yarn": "yarn run", "bun": "bun run"}
"""By who installs: how a script is run."""
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


_COVERAGE = {
    "vitest": "vitest run --coverage --coverage.reporter=lcov",
    "jest": "jest --coverage --coverageReporters=lcov",
    "mocha": "c8 --reporter=lcov mocha",
}
_AUDITS = {
    "npm": Audit(run="npm audit --omit=dev --audit-level=high", answers="vulnerabilit(y|ies)"),
    "pnpm": Audit(run="pnpm audit --prod --audit-level high", answers="vulnerabilities found"),
    "yarn": Audit(run=SCAN % "yarn.lock", answers=SCANNED),
    "bun": Audit(run="bun audit", answers=r"No vulnerabilities found|\d vulnerabilities"),
}
"""By who installs, with what each prints whatever it found.

Sources: npm/npm-audit-report 8.0.0, lib/reporters/install.js; pnpm/pnpm 11, commands/src/audit/audit.ts in
deps/compliance; oven-sh/bun, src/cli/audit_command.zig. Nothing that Yarn 1 says by its exit code depends on the level.
"""
_BERRY = Audit(
    run="yarn npm audit --all --recursive --environment production --severity high",
    answers="No audit suggestions|Severity",
)
"""Source: yarnpkg/berry, packages/plugin-npm-cli/sources/commands/npm/audit.ts and npmAuditUtils.ts.

Without `--all` and `--recursive` it looks at what the root names itself alone."""


class Package(Value):
    """One package.json."""

    path: str
    manager: str = "npm"
    """Who installs it, told by the lock file that is nearest."""
    scripts: tuple[str, ...] = ()
    """Names of scripts that judge and, as far as their text says, change nothing."""
    audit: Audit | None = None
    """Fails where a dependency of what is shipped has a known vulnerability; None without dependencies of its own, and
    where the lock file of a workspace above has them."""
    coverage: str = ""
    """Command that runs the tests and writes `coverage/lcov.info`; empty where no runner is known."""
    report: str = ""
    """Command that runs the tests and writes a JUnit file; empty where no runner of tests is known."""


def manifests(tree: Tree) -> list[str]:
    """The package.json files of what is shipped, those nearest to the root first."""
    found = tree.named(r"(^|/)package\.json$")
    shipped = [path for path in found if not ASIDE.search(path)] or found
    return sorted(shipped, key=lambda path: (path.count("/"), path))


def packages(tree: Tree) -> Iterator[Package]:
    """Read the package.json files, those nearest to the root first."""
    documents = {path: tree.json(path) for path in manifests(tree)[:MOST]}
    everywhere = [_scripts(document) for document in documents.values()]
    writing = {name for scripts in everywhere for name, body in scripts.items() if _REWRITES.search(body)}
    seen: set[str] = set()
    for path, document in documents.items():
        scripts = _scripts(document)
        # What the root runs for all workspaces is not asked for again, and it writes if one of them does.
        kept = [name for name in scripts if _JUDGES.match(name) and name not in writing and name not in seen]
        if path == "package.json":
            seen.update(kept)
        declared, manager = _declared(document), _manager(tree, path)
        yield Package(
            path=path,
            manager=manager,
            scripts=tuple(kept),
            audit=_audit(tree, path, document, manager),
            coverage=next((command for name, command in _COVERAGE.items() if name in declared), ""),
            report=next((command for name, command in _RUNNERS.items() if name in declared), ""),
        )


def _scripts(document: Mapping[str, Any]) -> dict[str, str]:
    scripts = document.get("scripts")
    if not isinstance(scripts, dict):
        return {}
    return {name: body for name, body in scripts.items() if isinstance(body, str) and _EMPTY not in body}


def _declared(document: Mapping[str, Any]) -> set[str]:
    tables = (document.get("devDependencies"), document.get("dependencies"))
    return {name for table in tables if isinstance(table, dict) for name in table}


def _audit(tree: Tree, path: str, document: Mapping[str, Any], manager: str) -> Audit | None:
    folder = PurePosixPath(path).parent
    locked = any((tree.root / folder / name).is_file() for name in _MANAGERS)
    if not locked and (folder != PurePosixPath() or not _declared(document)):
        return None
    audit = _BERRY if manager == "yarn" and (tree.root / folder / ".yarnrc.yml").is_file() else _AUDITS[manager]
    return audit if locked else audit.model_copy(update={"missing": "package-lock.json"})


def _manager(tree: Tree, path: str) -> str:
    for folder in PurePosixPath(path).parents:
        for name, manager in _MANAGERS.items():
            if (tree.root / folder / name).is_file():
                return manager
    return "npm"
