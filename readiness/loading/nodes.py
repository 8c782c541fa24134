"""What a YAML file holds, each value with its place."""

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
