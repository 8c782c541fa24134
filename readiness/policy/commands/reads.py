"""What a file of the repository runs, imports and reads, by the rules of its language."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from readiness.policy.commands.interpreters import javascript_imports, python_imports, quoted
from readiness.policy.commands.places import LINK, LONGEST, SUBMODULE, Place, Tree, below, join, named
from readiness.policy.commands.programs import is_script, shell_file
from readiness.policy.commands.words import UNKNOWN

_PYTHON = (".py", ".pyw")
_JAVASCRIPT = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
_ENDINGS = ("", ".rb", ".pl", ".pm", ".php")
"""What languages leave out where they load a file."""
_PROSE = (".md", ".rst", ".adoc", ".html", ".css", ".svg", ".png")
"""Files that programs write or look at, rather than judge by."""
_TESTS = frozenset({"test", "tests", "spec", "specs", "e2e", "__tests__"})
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
    if _of_tests(home):
        return Read(paths=place.paths)
    modules, texts = python_imports(code, home, place.paths)
    if "sys.path" in code:
        added = (join(folder, text) for text in texts for folder in (home, *place.folders) if len(text) < LONGEST)
        place = place.with_paths(*(folder for folder in dict.fromkeys(added) if tree.below(folder)))
        modules, texts = python_imports(code, home, place.paths)
    found = [path for path in modules if path in tree.modes and not tree.product(path, home)]
    # at the top, and in the project itself, modules of what is judged come and go
    own = not home or tree.product(f"{home}/", home)
    absent = frozenset(path for path in modules if not own and path not in tree.modes and _first(path, home))
    return Read((*found, *_named_in(tree, texts, place)), absent=absent, paths=place.paths)


def _of_tests(folder: str) -> bool:
    """Whether a folder holds tests: what they import is compared as tests are, and changes with every honest change."""
    return not _TESTS.isdisjoint(folder.split("/"))


def _first(path: str, home: str) -> bool:
    """Whether a module is found in a folder itself, as a file or a package."""
    return posixpath.dirname(path.removesuffix("/__init__.py")) == home


def find_module(tree: Tree, name: str, place: Place) -> tuple[list[str], str, set[str]]:
    """Files of a module that Python runs (`-m`), with the packages around it.

    Returns:
        The files; the folder in which it is found; and what would come first if it were added.
    """
    parts, absent = name.split("."), set[str]()
    sources = [join(folder, "src") for folder in place.folders]
    for root in dict.fromkeys((*place.folders, *place.paths, *sources)):
        names = [f"{join(root, *parts)}{ending}" for ending in (".py", "/__main__.py", "/__init__.py")]
        around = [join(root, *parts[:number], "__init__.py") for number in range(1, len(parts))]
        there = [path for path in names if path in tree.modes]
        if there:
            return [*there, *(path for path in around if path in tree.modes)], root, absent
        absent.update(names if root in place.folders and UNKNOWN not in name else ())
    return [], "", absent


def javascript_reads(tree: Tree, code: str, place: Place) -> Read:
    """What JavaScript loads by relative paths, and which scripts and data beside it its texts name."""
    home = place.home if place.home is not None else place.folders[0]
    if _of_tests(home):
        return Read(paths=place.paths)
    found = [path for path in javascript_imports(code, home) if path in tree.modes and not tree.product(path, home)]
    return Read((*found, *_named_in(tree, quoted(code), place)), paths=place.paths)


def beside(tree: Tree, words: Sequence[str], place: Place) -> list[str]:
    """Data beside a script of the shell that its commands look at; beside tests that is what they are about."""
    if not place.home or _of_tests(place.home):
        return []
    found = [path for word in words if not word.startswith("-") for path in named(tree, word, place)]
    return [path for path in found if below(path, place.home) and not path.endswith(_PROSE)]


def _named_in(tree: Tree, texts: Sequence[str], place: Place) -> tuple[str, ...]:
    """Files that texts of a program name: scripts, also among other words, and anything beside the program."""
    found: dict[str, None] = {}
    for text in texts:
        if not text or len(text) > LONGEST or any(char in text for char in "\n\0*?["):
            continue
        words = dict.fromkeys((text, *text.split()))
        beside = [join(place.home, text + ending) for ending in _ENDINGS] if place.home and text[0] != "/" else []
        data = (path for path in beside if path in tree.modes and not path.endswith(_PROSE))
        found |= dict.fromkeys(path for path in data if below(path, place.home or ""))
        found |= dict.fromkeys(path for word in words for path in named(tree, word, place) if _runs(tree, path, place))
    return tuple(found)


def _runs(tree: Tree, path: str, place: Place) -> bool:
    """Whether a file that a program names is run by it, as it seems."""
    mode = tree.modes[path]
    if mode == "100755" or shell_file(path) or mode in {LINK, SUBMODULE}:
        return True
    # of code that stands on a command line nothing else is known
    if place.home is None:
        return is_script(path, mode)
    return bool(place.home) and below(path, place.home) and not path.endswith(_PROSE)
