"""Reads what a checklist asks in each of its environments; no check is asked, so no worker process is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.checklist import Checklist, Source
from readiness.loading.compose import compose
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Map, Span
from readiness.loading.outline import outline
from readiness.loading.references import References
from readiness.loading.structure import Shape


@dataclass(frozen=True)
class Resolved:
    """A checklist as it is written, and what its references stand for."""

    checklist: Checklist
    """As it is written."""
    params: Mapping[str, Mapping[str, Mapping[str, Any]]]
    """Parameters by environment and item; the environment's name is empty where there are none."""
    services: Mapping[str, Mapping[str, Any]]
    """Services by environment and name."""
    places: Mapping[tuple[str, ...], Source]
    """Where items (`items`, id) and top-level keys stand; those of `roles`, `people`, `environments` and `services`,
    too."""


def read_resolved(path: Path, *, content: bytes | None = None, shown: str = "") -> Resolved:
    """Read a checklist file.

    Args:
        path: The file.
        content: Its bytes, when they do not come from the file system.
        shown: What diagnostics call it; its path when not given.

    Raises:
        ChecklistError: With every mistake in it, those in parameters apart.
    """
    checklist = outline(path, content=content, shown=shown)
    file = ChecklistFile(path, content, shown)
    shape = Shape(file, compose(file))
    references = References(file, shape.root.get("environments"))
    names = list(references.environments) or [""]
    nodes = dict(zip((item.id for item in checklist.items), shape.items, strict=True))

    def resolve(holder: Map, key: str, environment: str) -> dict[str, Any]:
        node = holder.get(key)
        value = references.resolve(node, environment) if isinstance(node, Map) else {}
        return value if isinstance(value, dict) else {}

    return Resolved(
        checklist,
        {name: {item: resolve(node, "with", name) for item, node in nodes.items()} for name in names},
        {name: resolve(shape.root, "services", name) for name in names},
        _places(path.name, shape, nodes),
    )


def _places(name: str, shape: Shape, items: Mapping[str, Map]) -> dict[tuple[str, ...], Source]:
    places: dict[tuple[str, ...], Source] = {}

    def note(span: Span, *path: str) -> None:
        places[path] = Source(file=name, line=span.line + 1, column=span.column + 1)

    for item, node in items.items():
        note(node.span, "items", item)
    for key, entry in shape.root.entries.items():
        note(entry.span, key)
        if isinstance(entry.value, Map):
            for below, inner in entry.value.entries.items():
                note(inner.span, key, below)
    return places
