"""Reads what a checklist says about people and about its own rules, whatever else is in it, for any environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from readiness.checklist import Policy
from readiness.loading.compose import compose
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Map, Node, Sequence, data

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Declared:
    """What holds in every environment."""

    roles: Names = field(default_factory=dict)
    """Who holds which role."""
    people: Names = field(default_factory=dict)
    """Other names of a person."""
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
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise file.fail(policy.span if policy else None, f"`policy` is wrong at {place}: {first['msg']}") from None
    return Declared(_names(root.get("roles")), _names(root.get("people")), rules)


def _names(node: Node | None) -> Names:
    """Lists of names by name; what is none is left out."""
    if not isinstance(node, Map):
        return {}
    return {
        name: tuple(str(data(member)) for member in entry.value.entries)
        for name, entry in node.entries.items()
        if isinstance(entry.value, Sequence)
    }
