"""Finds what a script imports or loads, by the rules of its language, without running it."""

import ast
import posixpath
import re
import warnings
from collections.abc import Iterator, Sequence

_QUOTED = re.compile(r"""['"]([^'"\n\0]{1,200})['"]""")
_JAVASCRIPT = re.compile(
    r"""(?:\brequire(?:\.resolve)?\s*\(|\bfrom\s*|\bimport\s*\(?|\bimport\.meta\.resolve\s*\()\s*['"`](\.{1,2}/[^'"`\n]+)['"`]"""
)
_ENDINGS = (
    "",
    ".js",
    ".cjs",
    ".mjs",
    ".ts",
    ".cts",
    ".mts",
    ".json",
    "/index.js",
    "/index.cjs",
    "/index.mjs",
    "/index.ts",
)


def python_imports(code: str, folder: str, roots: Sequence[str]) -> tuple[list[str], list[str]]:
    """Files that Python code of a folder imports, if they are there, and texts in it that may name files.

    The folder of the script comes first in `sys.path` (Python, "Initialization of the sys.path module search path").

    Args:
        code: The source.
        folder: Where the file is; relative imports start there.
        roots: Folders of `sys.path`.

    Returns:
        Candidates for modules, and texts. Code that cannot be parsed has no modules.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [], _QUOTED.findall(code)
    modules: list[str] = []
    texts: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                modules += [path for root in roots for path in module_files(root, alias.name)]
        elif isinstance(node, ast.ImportFrom):
            bases = [*roots]
            if node.level:
                base = folder
                for _ in range(node.level - 1):
                    base = posixpath.dirname(base)
                bases = [base]
            names = [".".join(filter(None, (node.module, alias.name))) for alias in node.names if alias.name != "*"]
            for name in filter(None, (node.module, *names)):
                modules += [path for base in bases for path in module_files(base, name)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
    return modules, texts


def module_files(folder: str, name: str) -> list[str]:
    """Where a module and the packages around it are, seen from a folder of `sys.path`."""
    found: list[str] = []
    parts = name.split(".")
    for number in range(1, len(parts) + 1):
        path = posixpath.normpath(posixpath.join(folder, *parts[:number]))
        found += [f"{path}.py", f"{path}/__init__.py"]
    return found


def javascript_imports(code: str, folder: str) -> Iterator[str]:
    """Files that JavaScript of a folder loads by relative paths (Node.js, "Modules: CommonJS modules")."""
    for name in _JAVASCRIPT.findall(code):
        yield from javascript_files(posixpath.normpath(posixpath.join(folder, name)))


def javascript_files(path: str) -> list[str]:
    """Files that a path without its ending may mean."""
    start, dot, ending = path.rpartition(".")
    compiled = {"js": "ts", "mjs": "mts", "cjs": "cts"}.get(ending)  # TypeScript names what it is compiled to
    return [*(path + more for more in _ENDINGS), *([f"{start}{dot}{compiled}"] if compiled else [])]


def quoted(code: str) -> list[str]:
    """Texts in quotes, in most languages."""
    return _QUOTED.findall(code)
