"""Finds the projects of every language but Python and npm, and what their tools judge."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import PurePosixPath

from readiness.init.python_projects import ASIDE
from readiness.init.stacks import (
    BY_NAME,
    FLUTTER_COVERAGE,
    FLUTTER_TESTS,
    MINITEST,
    STACKS,
    TESTING_PLATFORM_COVERAGE,
    TESTING_PLATFORM_TESTS,
    Evidence,
    Stack,
)
from readiness.init.tree import Tree
from readiness.outcome import Value

MOST = 100
"""Projects that are looked at."""
_FIRST = (".sln", ".slnx", "main.tf")
_WRAPPERS = {"Maven": "mvnw", "Gradle": "gradlew"}
"""By stack: the script of its build tool that a project keeps."""
_WRAPPED = frozenset({"mvn", "./gradlew"})
_MODULES = frozenset({"Go"})
"""Each module is tested by itself, also one below another."""
_PLATFORMS = frozenset({"android", "ios", "linux", "macos", "windows"})
"""Folders that the tools of Flutter and React Native write beside their manifest."""


class Audit(Value):
    """A command that looks for known vulnerabilities, or for insecure configuration."""

    run: str
    answers: str = ""
    """Regular expression of what it prints whenever it did its work."""
    missing: str = ""
    """The lock file that it reads and that is not there."""


class Project(Value):
    """A project of a stack, at its outermost manifest."""

    path: str
    """Of the manifest."""
    stack: str
    wrapper: str = ""
    """The build tool's script beside it: `./mvnw`."""
    tests: Evidence | None = None
    """The results that its runner of tests writes."""
    coverage: Evidence | None = None
    audit: Audit | None = None
    beside: str = ""
    """Manifest of another build tool that builds the same."""

    @property
    def folder(self) -> str:
        """Where its commands run."""
        return PurePosixPath(self.path).parent.as_posix()

    @property
    def lint(self) -> str:
        """The command that lints it; empty where its stack has none."""
        return self.runs(BY_NAME[self.stack].lint)

    def runs(self, command: str) -> str:
        """A command of the stack, run by the project's own wrapper where it has one."""
        program, _, rest = command.partition(" ")
        return f"{self.wrapper} {rest}" if self.wrapper and program in _WRAPPED else command

    @property
    def said(self) -> str:
        """What the items that `init` writes judge of it, and what they do not."""
        name = f"{self.path} ({self.stack})"
        if self.beside:
            return f"{name}: builds the same as {self.beside}, whose items judge it"
        stack = BY_NAME[self.stack]
        aspects = {"tests": self.tests, "coverage": self.coverage, stack.judges: self.audit, "lint": self.lint}
        judged = [aspect for aspect, value in aspects.items() if value]
        wanted = ("tests", stack.judges) if stack.tested else (stack.judges,)
        unjudged = [aspect for aspect in wanted if not aspects[aspect]]
        if not judged:
            return f"{name}: no item judges it; add its own tests and audit as `check: command`"
        more = f"; nothing judges its {' and '.join(unjudged)}: add the project's own as `check: command`"
        return f"{name}: {', '.join(judged)}{more if unjudged else ''}"


def projects(tree: Tree) -> Iterator[Project]:
    """The projects of all stacks, by their outermost manifests; those of examples and tests only where all are."""
    return islice(_projects(tree), MOST)


def _projects(tree: Tree) -> Iterator[Project]:
    maven: dict[PurePosixPath, str] = {}
    for stack in STACKS:
        names = tree.named(stack.manifest)
        shipped = [name for name in names if not ASIDE.search(name)] or list(names)
        if stack.name == "Terraform":
            shipped = [name for name in shipped if not name.endswith("_override.tf")]
        for name in _outermost(shipped, stack):
            folder = PurePosixPath(name).parent
            if stack.name == "Maven":
                maven[folder] = name
            if stack.name == "Gradle" and folder in maven:
                yield Project(path=name, stack=stack.name, beside=maven[folder])
            elif not any((tree.root / folder / lock).is_file() for lock in stack.judged_by):
                yield _project(tree, name, stack)


def _project(tree: Tree, name: str, stack: Stack) -> Project:
    folder = PurePosixPath(name).parent
    script = _WRAPPERS.get(stack.name, "")
    there = bool(script) and (tree.root / folder / script).is_file()
    wrapper = f"./{script}" if there else "gradle" if stack.name == "Gradle" else ""
    tests, coverage = (None, None) if _of_platform(tree, folder) else _evidence(tree, name, stack)
    project = Project(
        path=name,
        stack=stack.name,
        wrapper=wrapper,
        tests=tests,
        coverage=None if ASIDE.search(name) else coverage,
    )
    if not stack.audit:
        return project
    missing = stack.lock if stack.lock and not (tree.root / folder / stack.lock).is_file() else ""
    audit = Audit(run=project.runs(stack.audit), answers=stack.answers, missing=missing)
    return project.model_copy(update={"audit": audit})


def _of_platform(tree: Tree, folder: PurePosixPath) -> bool:
    """Whether a folder belongs to an app of Flutter or React Native, whose own tools test it."""
    above = tree.root / folder.parent
    return folder.name in _PLATFORMS and any((above / name).is_file() for name in ("pubspec.yaml", "package.json"))


def _evidence(tree: Tree, name: str, stack: Stack) -> tuple[Evidence | None, Evidence | None]:
    """What writes the results of tests and the coverage of a project."""
    folder = PurePosixPath(name).parent
    if stack.name == "Ruby" and not (tree.root / folder / "spec").is_dir():
        return MINITEST, stack.coverage
    if stack.name == "Dart" and re.search(r"(?m)^[ \t]+sdk:\s*flutter\b", tree.text(name)):
        return FLUTTER_TESTS, FLUTTER_COVERAGE
    if stack.name == ".NET" and "Microsoft.Testing.Platform" in tree.text((folder / "global.json").as_posix()):
        return TESTING_PLATFORM_TESTS, TESTING_PLATFORM_COVERAGE
    return stack.tests, stack.coverage


def _outermost(names: Iterable[str], stack: Stack) -> Iterator[str]:
    """One manifest for each folder, and none below another's: workspaces, solutions, modules of one build."""
    kept: list[PurePosixPath] = []
    ordered = sorted(names, key=lambda name: (name.count("/"), not name.endswith(_FIRST), name))
    for name in ordered:
        folder = PurePosixPath(name).parent
        above = {folder} if stack.name in _MODULES else {folder, *folder.parents}
        if above.isdisjoint(kept):
            kept.append(folder)
            yield name
