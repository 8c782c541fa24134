"""What a file of the repository runs, imports and reads, by the rules of its language."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from readiness.policy.commands.places import LONGEST, Place, Tree, below, join, named
from readiness.policy.commands.programs import is_script, shell_file
from readiness.policy.commands.sources import javascript_imports, python_imports, quoted

_PYTHON = (".py", ".pyw")
_JAVASCRIPT = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
_ENDINGS = ("", ".rb", ".pl", ".pm", ".php")
"""What languages leave out where they load a file."""
_SHEBANG = re.compile(r"#!.*\b(ba|da|k|z|a)?sh\b.*")


@dataclass(frozen=True)
class Read:
    """What was found in a file."""

    files: tuple[str, ...] = ()
    shell: str = ""
    """Commands for the shell."""
    absent: frozenset[str] = frozenset()
    """Modules that it would import if they were there."""
    paths: tuple[str, ...] = ()
    """Where modules are looked for from it on."""


def read_by(tree: Tree, path: str, place: Place) -> Read:
    """What a file reads.

    Args:
        tree: The commit.
        path: The file.
        place: From where it runs; its home is the folder of the file.
    """
    text, home = tree.read(path), posixpath.dirname(path)
    first = text.partition("\n")[0] if text.startswith("#!") else ""
    if path.endswith(_PYTHON) or "python" in first:
        # an imported module sees the folders of who imports it; a script has its own first
        return python_reads(tree, text, replace(place, paths=tuple(dict.fromkeys((*place.paths, home)))))
    if path.endswith(_JAVASCRIPT) or "node" in first:
        return javascript_reads(tree, text, place)
    if shell_file(path) or _SHEBANG.fullmatch(first):
        return Read(shell=text, paths=place.paths)
    if first or is_script(path, tree.modes[path]):
        return Read(_named_in(tree, quoted(text), place), paths=place.paths)
    return Read(paths=place.paths)


def python_reads(tree: Tree, code: str, place: Place) -> Read:
    """What Python code imports, and which scripts and data beside it its texts name."""
    home = place.home or ""
    modules, texts = python_imports(code, home, place.paths)
    found = [path for path in modules if path in tree.modes and _judges(tree, path, home)]
    # at the top, modules of what is judged come and go
    absent = frozenset(path for path in modules if home and path not in tree.modes and below(path, home))
    return Read((*found, *_named_in(tree, texts, place)), absent=absent, paths=place.paths)


def javascript_reads(tree: Tree, code: str, place: Place) -> Read:
    """What JavaScript loads by relative paths, and which scripts and data beside it its texts name."""
    home = place.home if place.home is not None else place.folders[0]
    found = [path for path in javascript_imports(code, home) if path in tree.modes and _judges(tree, path, home)]
    return Read((*found, *_named_in(tree, quoted(code), place)), paths=place.paths)


def _judges(tree: Tree, path: str, home: str) -> bool:
    """Whether what a script imports is a part of it, and not what it judges."""
    return (bool(home) and below(path, home)) or not tree.product(path)


def _named_in(tree: Tree, texts: Sequence[str], place: Place) -> tuple[str, ...]:
    """Files that texts of a program name: scripts, and data beside the program."""
    home = place.home or ""
    found: dict[str, None] = {}
    for text in texts:
        if not text or len(text) > LONGEST or any(char in text for char in "\n\0*?["):
            continue
        beside = [join(home, text + ending) for ending in _ENDINGS] if home and not text.startswith("/") else []
        found |= dict.fromkeys(path for path in beside if path in tree.modes and below(path, home))
        runs = [path for path in named(tree, text, place) if tree.modes[path] == "100755" or shell_file(path)]
        found |= dict.fromkeys(runs)
    return tuple(found)
