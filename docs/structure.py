"""Reads the source tree: its packages and modules with their first lines, and which of them import which.

`docs/generate.py` writes the tables of `docs/architecture.md` from it, and the tests hold the dependency rule with it.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOMES = {"readiness": "readiness", "readiness_checks": "checks", "readiness_reports": "reports"}
"""Each import package, and the folder of the repository that holds it."""
ENTRIES = frozenset({"readiness", "readiness.__main__", "readiness.records"})
"""Modules that only open the door to others: they import whatever they offer, when it is first used."""


@dataclass(frozen=True)
class Module:
    """One module, or the `__init__` of one package."""

    name: str
    path: Path
    """Relative to the root of the repository."""

    @property
    def is_package(self) -> bool:
        """Whether this is a package."""
        return self.path.name == "__init__.py"

    @property
    def place(self) -> str:
        """The path of the module, or the folder of the package with a slash at its end."""
        return f"{self.path.parent.as_posix()}/" if self.is_package else self.path.as_posix()

    @property
    def first_line(self) -> str:
        """The first line of the docstring, without its full stop."""
        return (ast.get_docstring(syntax(self.path)) or "").partition("\n")[0].removesuffix(".")


@cache
def syntax(path: Path) -> ast.Module:
    """Parse one file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def modules() -> Mapping[str, Module]:
    """Every module of the three import packages, by name, in the order of their paths."""
    found: dict[str, Module] = {}
    for package, home in HOMES.items():
        base = ROOT if home == package else ROOT / home
        for path in sorted((base / package).rglob("*.py")):
            name = ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")
            found[name] = Module(name, path.relative_to(ROOT))
    return found


def room(name: str) -> str:
    """The room of a module in the dependency rule.

    A package of `readiness` is one room, and so is each package of `readiness.records`, the largest. A module at the
    top of `readiness` is a room of its own, since all packages share these. The other two packages are one room each.
    """
    parts = name.split(".")
    if parts[0] != "readiness":
        return parts[0]
    depth = 3 if parts[1:2] == ["records"] and len(parts) > 2 else 2  # noqa: PLR2004
    return ".".join(parts[:depth])


def imports() -> Iterator[tuple[str, str, str]]:
    """Each import of one of our modules: place, importing module, imported module; also those inside of functions."""
    known = modules()
    for module in known.values():
        for node in ast.walk(syntax(module.path)):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                inner = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [name if name in known else str(node.module) for name in inner]
            where = f"{module.path.as_posix()}:{getattr(node, 'lineno', 0)}"
            yield from ((where, module.name, name) for name in names if name in known)


def arrows() -> dict[str, set[str]]:
    """For each room the rooms that it imports from."""
    found: dict[str, set[str]] = {room(name): set() for name in modules() if name not in ENTRIES}
    for _where, importer, imported in imports():
        if importer not in ENTRIES and imported not in ENTRIES and room(importer) != room(imported):
            found[room(importer)].add(room(imported))
    return found


def levels(graph: Mapping[str, set[str]]) -> dict[str, int]:
    """The level of each room: 1 imports no other room, and every room stands above all that it imports.

    Raises:
        ValueError: Rooms import each other in a circle; the text names them.
    """
    found: dict[str, int] = {}

    def level(name: str, above: tuple[str, ...]) -> int:
        if name in above:
            raise ValueError(" imports ".join([*above[above.index(name) :], name]))
        if name not in found:
            found[name] = 1 + max((level(below, (*above, name)) for below in sorted(graph[name])), default=0)
        return found[name]

    for name in graph:
        level(name, ())
    return found
