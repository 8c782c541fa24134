"""What a source file defines, and where a test has its names from: modules that it imports, folders that it is of."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from readiness.evidence.weakened_tests.outline import vocabulary

_TYPES = "int|uint|long|ulong|short|byte|char|float|double|decimal|bool|string"
"""What stands before the name of a constant in C#."""
_DEFINITION = re.compile(
    r"^\s*(?:[\w@#\[\]<>.,?&*:()'\"=]+\s+)*?"
    r"(?P<word>def|class|func|function\*?|fn|struct|enum|trait|interface|type|fun|object|record|module|"
    rf"macro_rules!|const(?!\s+(?:{_TYPES})\s)|static(?=\s+(?:mut\s+)?\w+\s*:)|let|var|val|mod|union)\s+(?:\([^)]*\)\s*)?(?:self\.)?(\w+)"
    r"|^\s*(?:exports|module\.exports|[\w.]+\.prototype|\w+)\.(\w+)\s*=\s*(?:async\s*)?(?:function|\()"
    r"|^\s*(\w+)\s*[:=]\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*=>)"
    r"|^\s*(?:(?:public|private|protected|internal|static|final|abstract|override|virtual|async|export|readonly)\s+)+"
    r"[\w<>\[\],.?\s]*?\b(\w+)\s*(?:\(|=|\{|;|$)"
    r"|^\s*(?:async\s+)?(\w+)\s*\([^)]*\)\s*\{\s*$"
    r"|^\s*(?P<value>[A-Z][A-Z0-9_]{2,}|[A-Z]\w+)\s*[=,({]"
)
_VALUES = frozenset({"const", "static", "let", "var", "val"})
_CALLABLE = re.compile(r"=>|\bfunction\b|\blambda\b|\|\w*\||=\s*(?:async\s*)?\(|[\w\]>]\s*\(")
_BODY = 120
_SHORT = 3
_LONG = 400
_FAMILIES = {
    ".ts": "js", ".tsx": "js", ".jsx": "js", ".mjs": "js", ".cjs": "js", ".mts": "js", ".cts": "js", ".vue": "js",
    ".svelte": "js", ".js": "js", ".kt": "jvm", ".kts": "jvm", ".java": "jvm", ".scala": "jvm", ".groovy": "jvm",
    ".py": "py", ".pyi": "py", ".pyw": "py", ".pyx": "py", ".rb": "rb", ".rake": "rb", ".erb": "rb",
}  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """One function, class or value."""

    name: str
    line: int
    """From 0."""
    body: tuple[str, ...]
    is_value: bool
    """A constant or a variable: tests use it, and are seldom about it."""


def definitions(lines: list[str]) -> Iterator[Definition]:
    """The definitions of a file with names long enough to mean something, in its order."""
    for at, line in enumerate(lines):
        if len(line) > _LONG or not (found := _DEFINITION.match(line)):
            continue
        name = next((group for group in found.groups()[1:] if group), "")
        if len(name) >= _SHORT:
            yield Definition(name, at, tuple(_body(lines, at)), _is_value(found, line))


def family(path: str) -> str:
    """Languages that call each other: a test is about code of its own."""
    suffix = PurePosixPath(path).suffix.lower()
    return _FAMILIES.get(suffix, suffix)


def plain(line: str) -> str:
    """A line without its spaces: indented anew, it is the same."""
    return re.sub(r"\s+", "", line)


def _is_value(found: "re.Match[str]", line: str) -> bool:
    if found["word"]:
        return found["word"] in _VALUES and not _CALLABLE.search(line.partition("=")[2])
    if found["value"]:
        return found["value"].isupper() or not _CALLABLE.search(line)
    return re.search(r"\w\s*(?:;|=\s*[\"'\d\[{-])", line) is not None and "(" not in line.partition("=")[0]


def _body(lines: list[str], at: int) -> Iterator[str]:
    indent = len(lines[at]) - len(lines[at].lstrip())
    for line in lines[at + 1 : at + _BODY]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        yield line


_LAYOUT = vocabulary("src lib main java kotlin php test tests spec specs __tests__ unit integration e2e app packages")
"""Folders by which sources and their tests are apart."""
GENERIC = vocabulary("index utils util main mod helpers helper common base core types lib app __init__ init")
"""Names of files, of which a project has many: one that is gone says nothing of a test elsewhere."""
_INDEX = vocabulary("index __init__ mod")
"""Names of files that stand for their folder."""
_LONGEST = 100_000
_MOST = 200
"""Imports of one file whose uses are looked for."""
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^)]{0,4000}\)|[^\n]{0,400})", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+)", re.MULTILINE)
_USE = re.compile(r"^[ \t]*(?:pub )?use[ \t]+([\w:\\]+)", re.MULTILINE)
_REQUIRE = re.compile(
    r"(?:\bfrom|\bimport|\brequire|\brequire_relative|\bimport\(|\brequire\(|mock\()[ \t]*[\"']([^\"'\n]{1,200})[\"']"
)
_NAMED = re.compile(
    r"\b(?:import|const|let|var)\b[ \t]*([^;=\"']{1,2000}?)(?:\bfrom|=[ \t]*require\()[ \t]*[\"']([^\"'\n]{1,200})"
)
_OWN = re.compile(r"\.|@/|~/|src/")
"""How JavaScript names a file of its own project: another name is that of a package."""

Module = tuple[str, ...]
"""The parts of a module's name, or of a file's path, in lower case."""


def imports(text: str, path: str) -> Mapping[str, frozenset[Module]]:
    """The modules that a test file has its names from: by the names, and by the last parts of the modules."""
    found: dict[str, set[Module]] = defaultdict(set)
    for name, module in _imported(text[:_LONGEST], path):
        if module:
            found[name.lower()].add(module)
            found[module[-1]].add(module)
    return {name: frozenset(modules) for name, modules in found.items()}


def may_hold(file: str, modules: frozenset[Module]) -> bool:
    """Whether a name that comes from one of these modules may come from a file."""
    path = module_of(str(PurePosixPath(file).with_suffix("")).split("/"))
    if _is_python(file):
        return any(_match(path, one) or _is_inside(one, path[:-1]) for one in modules)
    return not path[1:] or any(
        _match(path, one) or _match(path, one[:-1]) or _match(path[:-1], one[:-1]) for one in modules
    )


def is_tested_by(file: str, test: str) -> bool:
    """Whether a file of sources stands in the folders that a test is of."""
    own, folders = _folders(test), _folders(file)
    is_generic = PurePosixPath(file).stem.lower() in GENERIC
    return own == folders or (not is_generic and _is_part(*sorted((own, folders), key=len)))


def module_of(parts: list[str]) -> Module:
    """The parts that tell a module from others."""
    lowered = [part.lower() for part in parts if part not in {"", ".", "..", "@", "~", "crate", "super", "self"}]
    return tuple(part for part in lowered if part not in _LAYOUT and part not in _INDEX)


def _imported(text: str, path: str) -> Iterator[tuple[str, Module]]:
    """Each name with the module that it is imported from."""
    for dotted, names in _FROM.findall(text) if _is_python(path) else ():
        module = module_of(dotted.split("."))
        for name in re.findall(r"\w+", names):
            yield name, module
            yield name, (*module, name.lower())
    for dotted in dict.fromkeys(_IMPORT.findall(text)[:_MOST]):
        module = module_of(dotted.split("."))
        yield dotted.rpartition(".")[2], module
        for name in re.findall(rf"\b{re.escape(dotted)}\.(\w+)", text):
            yield name, module
            yield name, (*module, name.lower())
    for used in (used for used in _USE.findall(text) if not used.startswith(("super", "self"))):
        yield re.split(r"[:\\]+", used)[-1], module_of(re.split(r"[:\\]+", used))
    yield from _by_path(text, path)


def _by_path(text: str, path: str) -> Iterator[tuple[str, Module]]:
    """The same for languages that import files."""
    for required in _REQUIRE.findall(text):
        if path.endswith(".rb") or _OWN.match(required):
            yield PurePosixPath(required).stem, _required(required, path)
    for names, required in _NAMED.findall(text):
        if _OWN.match(required):
            for name in re.findall(r"\w+", names):
                yield name, _required(required, path)


def _required(required: str, path: str) -> Module:
    """The module of a path, which may go from the folder of the file."""
    parts = [*PurePosixPath(path).parts[:-1]] if required.startswith(".") else []
    for part in required.split("/"):
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    parts[-1:] = [re.sub(r"\.(?:[cm]?[jt]sx?|vue|svelte|rb|php)$", "", part) for part in parts[-1:]]
    return module_of(parts)


def _is_python(path: str) -> bool:
    return path.endswith((".py", ".pyi"))


def _match(one: Module, other: Module) -> bool:
    """Whether one is the end of the other: what stands before may be a root folder, or be left out."""
    short, long = sorted((one, other), key=len)
    return bool(short) and long[-len(short) :] == short


def _is_inside(package: Module, folders: Module) -> bool:
    """Whether a package stands among the folders of a file: it may give the names of what it holds as its own."""
    return any(folders[at : at + len(package)] == package for at in range(len(folders)))


def _folders(path: str) -> Module:
    """The folders of a file of sources, or of those that a test is about."""
    parts = (re.sub(r"\W(?:\w+\W)?tests?$", "", part) for part in PurePosixPath(path.lower()).parts[:-1])
    return tuple(part for part in parts if part not in _LAYOUT)


def _is_part(short: Iterable[str], long: Iterable[str]) -> bool:
    """Whether folders come among others, in their order."""
    rest = iter(long)
    return all(part in rest for part in short)
