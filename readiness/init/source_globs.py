"""Globs of the source of a repository: what a coverage report measures, and what a release is made of."""

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from readiness.init.python_projects import TEST_PATH
from readiness.init.tree import Tree

_SOURCE = frozenset((
    *(".c", ".cc", ".cjs", ".clj", ".cpp", ".cs", ".cxx", ".dart", ".erl", ".ex", ".exs", ".fs", ".go", ".groovy"),
    *(".h", ".hpp", ".hs", ".java", ".jl", ".js", ".jsx", ".kt", ".kts", ".lua", ".m", ".mjs", ".ml", ".php", ".pl"),
    *(".py", ".r", ".rb", ".rs", ".scala", ".sh", ".sol", ".sql", ".svelte", ".swift", ".ts", ".tsx", ".vb", ".vue"),
    ".zig", ".tf", ".hcl", ".tpl",
))  # fmt: skip
_MANIFESTS = re.compile(
    r"pyproject\.toml|requirements[\w.-]*\.txt|uv\.lock|poetry\.lock|Pipfile(\.lock)?|setup\.(py|cfg)|package(-lock)?\.json"
    r"|pnpm-lock\.yaml|yarn\.lock|Cargo\.(toml|lock)|go\.(mod|sum)|pom\.xml|(build|settings)\.gradle(\.kts)?"
    r"|composer\.(json|lock)|Gemfile(\.lock)?|mix\.(exs|lock)|Dockerfile|Makefile|CMakeLists\.txt|[^/]+\.csproj",
)
_TESTS = re.compile(
    r"(^|/)(tests?|__tests__|specs?|e2e)/|(^|/)(test|spec)_[^/]*$|[._-](test|spec)s?\.[^/]+$|Tests?\.[a-z]+$"
)
_PATH = re.compile(r"(?<![\w.@+/-])[\w.@+/-]+\.\w+")
_LARGEST = 16 * 2**20


def source_globs(tracked: Collection[str]) -> tuple[str, ...]:
    """Top folders that hold source, and the source files and manifests of the root; tests and hidden files left out."""
    shipped = [name for name in tracked if _is_source(name) and not name.startswith(".")]
    folders = {f"{PurePosixPath(name).parts[0]}/**" for name in shipped if "/" in name}
    own = {name for name in shipped if "/" not in name} | {name for name in tracked if _MANIFESTS.fullmatch(name)}
    return tuple(sorted(filter(_is_plain, folders))) + tuple(sorted(filter(_is_plain, own)))


def measured_globs(tree: Tree, report: str, tracked: Collection[str]) -> tuple[str, ...]:
    """Globs of the files that a report of coverage names: of each top folder and ending, and single files of the root.

    Args:
        tree: The files.
        report: The report.
        tracked: Files in git.
    """
    text = tree.text(report, _LARGEST).replace("\\\\", "/").replace("\\", "/")
    told = frozenset(_PATH.findall(text))
    split = [path.split("/") for path in told]
    ends = frozenset("/".join(parts[start:]) for parts in split for start in range(len(parts)))
    named = [name for name in tracked if _is_source(name) and (name in ends or not told.isdisjoint(_ends(name)))]
    below = {f"{PurePosixPath(name).parts[0]}/**/*{PurePosixPath(name).suffix}" for name in named if "/" in name}
    return tuple(sorted(filter(_is_plain, (*below, *(name for name in named if "/" not in name)))))


def _ends(name: str) -> Iterator[str]:
    """The ends of a path that are more than the name of the file."""
    parts = PurePosixPath(name).parts
    return ("/".join(parts[start:]) for start in range(len(parts) - 1))


def _is_source(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _SOURCE and not TEST_PATH.search(name) and not _TESTS.search(name)


def _is_plain(glob: str) -> bool:
    """Whether a glob means what it says: no characters of patterns in the names of files."""
    return not re.search(r"[\[\]?{}\\$]", glob)
