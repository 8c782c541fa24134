"""The definitions in a source file, found line by line: a change holds languages that no parser here reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

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
