"""What interpreters are told to run, and what those scripts import or load, by the rules of each language."""

import ast
import posixpath
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_SHELL_CODE = re.compile(r"-[A-Za-z]*c[A-Za-z]*")
_PYTHON_CODE = re.compile(r"-[A-Za-z]*[cm]")
_PRELOADS = frozenset({"-r", "--require", "--import", "--loader", "--experimental-loader"})


@dataclass(frozen=True)
class Invocation:
    """One run of an interpreter."""

    script: tuple[str, ...] = ()
    """Names that its script may have, the first as it is written."""
    code: str = ""
    module: str = ""
    more: tuple[str, ...] = ()
    """Files that it reads besides."""
    rest: tuple[str, ...] = ()
    """Arguments of what it runs."""


def shell(words: Sequence[str]) -> Invocation:
    """What a shell is told (POSIX, `sh`; options of bash)."""
    left, more = [*words], list[str]()
    while left and left[0][:1] in {"-", "+"} and left[0] not in {"-", "--"}:
        option = left.pop(0)
        if option in {"--rcfile", "--init-file"} and left:
            more.append(left.pop(0))
        elif _SHELL_CODE.fullmatch(option):
            code = next((word for word in left if not word.startswith("-")), "")
            return Invocation(code=code, more=tuple(more), rest=tuple(left))
        elif option[-1:] in {"o", "O"} and left:
            left.pop(0)
    return _script(left, lambda _: (), more)


def python(words: Sequence[str]) -> Invocation:
    """What Python is told ("Command line and environment")."""
    left = [*words]
    while left and left[0].startswith("-") and left[0] not in {"-", "--"}:
        option = left.pop(0)
        if _PYTHON_CODE.fullmatch(option) and left:
            word = left.pop(0)
            if option.endswith("m"):
                return Invocation(module=word, rest=tuple(left))
            return Invocation(code=word, rest=tuple(left))
        if match := re.fullmatch(r"-m(\w[\w.]*)", option):
            return Invocation(module=match[1], rest=tuple(left))
        if option in {"-W", "-X", "-Q"} and left:
            left.pop(0)
    return _script(left, lambda word: (f"{word.rstrip('/')}/__main__.py",))


def node(words: Sequence[str]) -> Invocation:
    """What Node.js and its kind are told ("Command-line API"); its own runner of tests judges what it is given."""
    left, more = [*words], list[str]()
    if "--test" in left:
        return Invocation()
    while left and left[0].startswith("-"):
        option, _, value = left.pop(0).partition("=")
        if option in _PRELOADS:
            more += javascript_files(value or (left.pop(0) if left else ""))
        elif option in {"-e", "--eval", "-p", "--print", "-pe"} and left:
            return Invocation(code=left.pop(0), more=tuple(more), rest=tuple(left))
    if left[:1] == ["run"]:  # of deno and bun
        left = [word for word in left[1:] if not word.startswith("-")]
    return _script(left, lambda word: tuple(javascript_files(word)), more)


def _script(left: Sequence[str], others: Callable[[str], Sequence[str]], more: Sequence[str] = ()) -> Invocation:
    words = [word for word in left if word not in {"-", "--"}]
    names = (words[0], *others(words[0])) if words else ()
    return Invocation(script=names, more=tuple(more), rest=tuple(words[1:]))


_QUOTED = re.compile(r"""['"]([^'"\n\0]{1,200})['"]""")
_JAVASCRIPT = re.compile(
    r"""(?:\brequire(?:\.resolve)?\s*+\(|\bfrom|\bimport\s*+\(?+|\bimport\.meta\.resolve\s*+\()\s*+['"`](\.{1,2}/[^'"`\n]+)['"`]"""
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
