r"""What a YAML file holds, each value with its place, and what a plain scalar means.

By the core schema of YAML 1.2 (§10.3.2) `on`, `yes`, `12:30` and `2026-11-23` are text, `012` is twelve, `0o14` and
`0xC` are twelve, too. Infinity and not-a-number, which JSON does not have, and numbers that cannot be kept exactly in
size are refused.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias


class Span(NamedTuple):
    """A place in the file, from 0."""

    line: int
    column: int
    length: int


Atom: TypeAlias = str | int | float | bool | None


# Dataclasses with slots, not models: a file has 200,000 of them, and they never leave this package.
@dataclass(slots=True)
class Scalar:
    """A text, number, truth value or nothing."""

    span: Span
    value: Atom
    text: str
    """As it was written, escapes resolved."""
    plain: bool = False
    """Whether it was written without quotes."""
    last_line: int = 0
    """Line on which it ends."""

    weight: int = 1
    height: int = 0


@dataclass(slots=True)
class Sequence:
    """A list."""

    span: Span
    entries: list["Node"] = field(default_factory=list)

    weight: int = 1
    height: int = 1


@dataclass(slots=True)
class Entry:
    """A key and its value."""

    span: Span
    """Of the key."""
    value: "Node"


@dataclass(slots=True)
class Map:
    """A map with unique keys, in the order of the file."""

    span: Span
    entries: dict[str, Entry] = field(default_factory=dict)

    weight: int = 1
    height: int = 1

    def get(self, key: str) -> "Node | None":
        """Value of a key."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value


Node: TypeAlias = Scalar | Sequence | Map


def data(node: Node) -> Any:
    """The plain value: dict, list, str, int, float, bool or None. Depth is bounded where nodes are made."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [data(entry) for entry in node.entries]
    return {key: data(entry.value) for key, entry in node.entries.items()}


def maps(node: Node | None) -> list[Map]:
    """The maps in a list; anything else has been or will be reported by the validation of its type."""
    entries = node.entries if isinstance(node, Sequence) else []
    return [entry for entry in entries if isinstance(entry, Map)]


def text(node: Node | None) -> str | None:
    """The value of a text; None for anything else."""
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BEYOND = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST = 100
"""Characters of a number; Python refuses to read integers of more than 4,300 digits."""

PREFIX = "tag:yaml.org,2002:"
_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
}


class ScalarError(ValueError):
    """A scalar that stands for no value that this file may hold; the text says why."""


def plain_value(text: str) -> Atom:
    """The value of a plain scalar without a tag.

    Raises:
        ScalarError: It is a number that is not finite or too long.
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text[0] not in "+-.0123456789":
        return text
    if _BEYOND.fullmatch(text):
        raise ScalarError("infinity and not-a-number are not allowed here")
    if not (_FLOAT.fullmatch(text) or _OCTAL.fullmatch(text) or _HEX.fullmatch(text)):
        return text
    if len(text) > _LONGEST:
        raise ScalarError(f"a number of more than {_LONGEST} characters")
    return _number(text)


def _number(text: str) -> int | float:
    if _INT.fullmatch(text):
        return int(text)
    if text[:2] in {"0o", "0x"}:
        return int(text[2:], 8 if text[1] == "o" else 16)
    number = float(text)
    if math.isinf(number):
        raise ScalarError("the number is too large")
    return number


def tagged_value(tag: str, text: str) -> Atom:
    """The value of a scalar with an explicit tag of the core schema.

    Raises:
        ScalarError: The tag is another one, or the text is none of its values.
    """
    name = tag.removeprefix(PREFIX)
    if tag == "!" or name == "str":
        return text
    if tag == name or name not in _TYPES:
        raise ScalarError("this tag is not known here: remove it")
    value = plain_value(text)
    if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and name != "bool"):
        raise ScalarError(f"this is no `!!{name}`")
    return float(value) if name == "float" and isinstance(value, int) else value
