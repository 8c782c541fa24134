"""Reads .env files: every assignment with its line, and everything that loaders read differently."""

import hashlib
import io
import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readiness.check import Context
from readiness.outcome import CheckError, Evidence, Finding, Level
from readiness_checks.env.references import Resolved, TooLongError, resolve

if TYPE_CHECKING:
    from dotenv.parser import Original

LIMIT = 2**20
"""Bytes; a larger file is no .env file."""
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_NOTHING = ("null", "(null)", "empty", "(empty)")
_TEMPLATE = re.compile(r"(^|[._-])(examples?|samples?|templates?|tpl|dist|defaults?)($|[._-])", re.IGNORECASE)


@dataclass(frozen=True)
class Variable:
    """One assignment."""

    name: str
    value: str
    """With `${…}` replaced."""
    path: str
    line: int
    written: str = ""
    """As the file has it, where a `$` in it may as well be a part of the value; else empty."""


@dataclass(frozen=True)
class DotenvFile:
    """A .env file."""

    path: str
    template: bool
    """Whether its name says that it is an example, such as `.env.example`."""
    variables: tuple[Variable, ...]
    findings: tuple[Finding, ...]
    evidence: Evidence

    def leaves_out(self, variable: Variable) -> bool:
        """Whether the file says of a variable that it has no value.

        Laravel reads `null`, `(null)`, `empty` and `(empty)` so, by its `env()`. A file with an `APP_KEY` is its own.
        """
        laravel = any(each.name == "APP_KEY" and each.value.startswith("base64:") for each in self.variables)
        return laravel and variable.name != "APP_KEY" and variable.value.lower() in _NOTHING


def read(context: Context, path: str, outer: Mapping[str, str]) -> DotenvFile:
    """Read a file.

    Args:
        context: Where.
        path: As the checklist gives it.
        outer: What `${…}` may refer to besides the file itself.

    Raises:
        CheckError: It is missing, or is not text in UTF-8.
    """
    from dotenv.parser import parse_stream

    data = context.read(path, limit=LIMIT)
    name = context.name(context.path(path))
    text = _decoded(name, data)
    findings, variables = list(_spelling(text, name)), list[Variable]()
    own: dict[str, str] = {}
    known, lines, room = ChainMap(own, dict(outer)), dict[str, int](), LIMIT
    for binding in parse_stream(io.StringIO(text, newline="")):
        line = _line(binding.original)
        if binding.error or (binding.key is not None and (binding.value is None or not _NAME.match(binding.key))):
            message = "is not an assignment `NAME=value`"
            findings.append(_finding("malformed", name, line, message, "correct the line; quote a value with spaces"))
        elif binding.key is not None and binding.value is not None:
            literal = re.search(r"=\s*'", binding.original.string) is not None
            try:
                resolved = Resolved(binding.value, ()) if literal else resolve(binding.value, known, longest=room)
            except TooLongError as error:
                message = f"{name}:{line} refers to other values, with which the file has more than {LIMIT} characters"
                raise CheckError(message, "write the value out, or take the reference away") from error
            value = own[binding.key] = resolved.value
            room -= len(value)
            findings.extend(_unresolved(binding.key, resolved, name, line))
            findings.extend(_twice(binding.key, lines.setdefault(binding.key, line), name, line))
            findings.extend(_quoting(binding.key, binding.original.string.lstrip(), name, line))
            written = binding.value if resolved.bare else ""
            variables.append(Variable(binding.key, value, name, line, written))
    return DotenvFile(
        path=name,
        template=_TEMPLATE.search(name.rsplit("/", 1)[-1]) is not None,
        variables=tuple(variables),
        findings=tuple(findings),
        evidence=Evidence(name=name, sha256=hashlib.sha256(data).hexdigest()),
    )


def _decoded(name: str, data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        where = data.count(b"\n", 0, error.start) + 1
        raise CheckError(f"{name}:{where} is not text in UTF-8", "save the file in UTF-8") from error
    if "\0" in text:
        raise CheckError(f"{name} is not text: it has NUL characters", "name a .env file")
    return text


def _line(original: "Original") -> int:
    """The line where an assignment begins, after the empty lines that belong to it."""
    blank = len(original.string) - len(original.string.lstrip())
    return original.line + len(re.findall(r"\r\n|\n|\r", original.string[:blank]))


def _finding(rule: str, path: str, line: int, message: str, remedy: str, level: Level = Level.ERROR) -> Finding:
    return Finding(message=message, rule=rule, level=level, path=path, line=line, remedy=remedy)


def _spelling(text: str, path: str) -> Iterator[Finding]:
    """Find what some loaders take for a part of a name or a value."""
    if text.startswith("\ufeff"):
        message = "begins with a byte order mark, which some loaders take for a part of the first name"
        yield _finding("byte-order-mark", path, 1, message, "save the file without it", Level.WARNING)
    if "\r" in text:
        message = "has Windows line ends, which some loaders leave at the end of every value"
        line = text[: text.index("\r")].count("\n") + 1
        yield _finding("line-ends", path, line, message, "save the file with LF line ends", Level.WARNING)


def _unresolved(name: str, resolved: Resolved, path: str, line: int) -> Iterator[Finding]:
    for other in resolved.missing:
        yield _finding("unresolved", path, line, f"{name} refers to {other}, which is not set", f"set {other}")
    if resolved.bare:
        message = f"{name} has a name behind `$` that is not set: shells and Docker Compose put nothing in its place"
        yield _finding("unresolved", path, line, message, "set that variable; a `$` of a value goes into single quotes")


def _twice(name: str, first: int, path: str, line: int) -> Iterator[Finding]:
    if first != line:
        message = f"{name} is set twice, first in line {first}: loaders differ in which one counts"
        yield _finding("duplicate", path, line, message, f"keep one of the two lines of {name}")


def _quoting(name: str, source: str, path: str, line: int) -> Iterator[Finding]:
    """Find spellings that a shell or `docker --env-file` reads in another way."""
    if re.match(r"(export\s+)?[^=\s]+(\s+=|=[^\S\r\n]+[^\s#])", source):
        message = f"{name} has spaces around `=`: a shell does not read this as an assignment"
        yield _finding("spaces", path, line, message, "write NAME=value without spaces", Level.WARNING)
    elif re.match(r"[^=]+=[^\s'\"#]+[^\S\r\n]+[^\s#]", source):
        message = f"{name} has spaces in a value without quotes: a shell cuts it there"
        yield _finding("unquoted", path, line, message, "put the value in quotes", Level.WARNING)
    if source.startswith("export "):
        message = f"{name} is written with `export`, which `docker --env-file` takes for a part of the name"
        yield _finding("export", path, line, message, "leave `export` out", Level.NOTE)
