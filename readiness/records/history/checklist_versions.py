"""What each version of the checklist requires in an item."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness.checklist import Checklist, Item
from readiness.loading import ChecklistError, outline
from readiness.text import short

_LONGEST = 80


@dataclass(frozen=True)
class ItemVersion:
    """What one version asks."""

    item: Item | None = None
    """With parameters as they are written; None when the item is not in it."""
    members: frozenset[str] = frozenset()
    """Who holds the role that it names."""
    values: dict[str, Any] = field(default_factory=dict)
    """Values that references in its parameters may stand for."""
    problem: str = ""
    """Why the version cannot be read; empty when it can."""


def read_item_version(file_name: str, content: bytes, item_id: str) -> ItemVersion:
    """Read what a version of the checklist asks in an item.

    Args:
        file_name: Name of the checklist file.
        content: Its bytes; none when the file is not there.
        item_id: Id of the item.
    """
    if not content:
        return ItemVersion()
    try:
        return item_version(outline(Path(file_name), content=content, shown=file_name), item_id)
    except ChecklistError as error:
        return ItemVersion(problem=short(error.diagnostics[0].message))


def item_version(checklist: Checklist, item_id: str) -> ItemVersion:
    """What a checklist, as it is written, asks in an item."""
    found = next((item for item in checklist.items if item.id == item_id), None)
    if found is None:
        return ItemVersion()
    has_references = "${" in json.dumps(found.params, default=str)
    members = frozenset(checklist.roles.get(str(found.params.get("role", "")), ()))
    return ItemVersion(found, members, dict(checklist.environments) if has_references else {})


def differences(earlier: ItemVersion, later: ItemVersion) -> Iterator[tuple[str, str]]:
    """What changed between two versions: a word for it, and a sentence."""
    if later.problem:
        if later.problem != earlier.problem:
            yield "unreadable", f"the checklist cannot be used: {later.problem}"
        return
    old, new = earlier.item, later.item
    if new is None:
        if old is not None:
            yield "dropped", "the checklist does not require it any more"
    elif old is None:
        yield "asked", f"`{short(new.title)}`, answered by {short(new.check)}"
    else:
        yield from _changes_of_item(old, new)
        if earlier.values != later.values:
            yield "changed", "values of environments that its parameters refer to"
        if earlier.members != later.members and _parameter(old, "role") == _parameter(new, "role"):
            joined = [f"+ {short(principal)}" for principal in sorted(later.members - earlier.members)]
            left = [f"- {short(principal)}" for principal in sorted(earlier.members - later.members)]
            yield "changed", f"who holds the role {_parameter(new, 'role')}: {', '.join([*joined, *left])}"


def _changes_of_item(old: Item, new: Item) -> Iterator[tuple[str, str]]:
    if old.title != new.title:
        yield "changed", f"its words, from `{short(old.title)}` to `{short(new.title)}`"
    for field_name in ("check", "severity"):
        old_value, new_value = getattr(old, field_name), getattr(new, field_name)
        if old_value != new_value:
            yield "changed", f"its {field_name}, from {short(old_value)} to {short(new_value)}"
    for words in changed_parameters(old, new):
        yield "changed", words


def changed_parameters(old: Item, new: Item) -> Iterator[str]:
    """The parameters that differ between two versions of an item, with their values."""
    for parameter in dict.fromkeys((*old.params, *new.params)):
        old_value, new_value = _parameter(old, parameter), _parameter(new, parameter)
        if old_value != new_value:
            yield f"`{short(parameter)}`, from {old_value} to {new_value}"


def _parameter(item: Item, name: str) -> str:
    """The value of a parameter, as it is told."""
    if name not in item.params:
        return "nothing"
    value = item.params[name]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = short(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
