"""Reads a checklist without asking its checks, so that no worker process is needed: as written, or resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from readiness.checklist import Checklist, Item, Person, Policy, Source
from readiness.loading.compose import compose
from readiness.loading.consistency import check_people_and_policy
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Map, Node, Sequence, Span, data
from readiness.loading.references import References
from readiness.loading.structure import Shape
from readiness.text import first_mistake

Names = Mapping[str, tuple[str, ...]]


def outline(path: str | Path, *, content: bytes | None = None, shown: str = "") -> Checklist:
    """Read a checklist file; parameters stay as they are written, services are left out.

    Args:
        path: The file.
        content: Its bytes, when they do not come from the file system.
        shown: What diagnostics call it; its path when not given.

    Raises:
        ChecklistError: With every mistake in it, those in parameters apart.
    """
    file = ChecklistFile(Path(path), content, shown)
    shape = Shape(file, compose(file))
    found = shape.outline()
    nodes = list(shape.items)
    check_people_and_policy(file, shape.root, nodes)
    file.check()
    if found is None:
        raise file.fail(None, "the checklist cannot be used")
    written = iter([data(node) if (node := item.get("with")) is not None else {} for item in nodes])

    def finish(item: Item) -> Item:
        params: Any = next(written)
        return item.model_copy(update={"params": params or {}})

    sections = tuple(s.model_copy(update={"items": tuple(map(finish, s.items))}) for s in found.sections)
    return found.model_copy(update={"sections": sections, "sha256": file.sha256})


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


@dataclass(frozen=True)
class Declared:
    """What holds in every environment."""

    roles: Names = field(default_factory=dict)
    """Who holds which role."""
    people: Mapping[str, tuple[str, ...] | Person] = field(default_factory=dict)
    """What is printed of a person, and other names of the person."""
    rules: Policy = field(default_factory=Policy)


def read_declared(path: Path, content: bytes | None = None) -> Declared:
    """Read them; the rest of the file may be wrong.

    Args:
        path: The checklist file.
        content: Its bytes, when they do not come from the file system.

    Raises:
        ChecklistError: It is no YAML, or its `policy` is wrong.
    """
    file = ChecklistFile(path, content, path.name if content is not None else "")
    root = compose(file)
    if not isinstance(root, Map):
        return Declared()
    policy = root.entries.get("policy")
    try:
        rules = Policy() if policy is None else Policy.model_validate(data(policy.value))
    except ValidationError as error:
        raise file.fail(policy.span if policy else None, f"`policy` is wrong: {first_mistake(error)}") from None
    return Declared(_names(root.get("roles")), {**_names(root.get("people")), **_persons(root.get("people"))}, rules)


def _persons(node: Node | None) -> dict[str, Person]:
    """People of whom something is printed; one that is written wrongly keeps its other names."""
    found = {}
    for principal, entry in node.entries.items() if isinstance(node, Map) else ():
        if isinstance(entry.value, Map):
            value = data(entry.value)
            try:
                found[principal] = Person.model_validate(value)
            except ValidationError:
                found[principal] = Person(name=principal, also=_names(entry.value).get("also", ()))
    return found


def _names(node: Node | None) -> Names:
    """Lists of names by name; what is none is left out."""
    if not isinstance(node, Map):
        return {}
    return {
        name: tuple(str(data(member)) for member in entry.value.entries)
        for name, entry in node.entries.items()
        if isinstance(entry.value, Sequence)
    }
