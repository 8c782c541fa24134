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
    wrong: str = ""
    """Why the version cannot be read; empty when it can."""


def read_item_version(name: str, content: bytes, item: str) -> ItemVersion:
    """Read what a version of the checklist asks in an item.

    Args:
        name: Name of the file.
        content: Its bytes; none when the file is not there.
        item: Id of the item.
    """
    if not content:
        return ItemVersion()
    try:
        return item_version(outline(Path(name), content=content, shown=name), item)
    except ChecklistError as error:
        return ItemVersion(wrong=short(error.diagnostics[0].message))


def item_version(checklist: Checklist, item: str) -> ItemVersion:
    """What a checklist, as it is written, asks in an item."""
    found = next((one for one in checklist.items if one.id == item), None)
    if found is None:
        return ItemVersion()
    refers = "${" in json.dumps(found.params, default=str)
    members = frozenset(checklist.roles.get(str(found.params.get("role", "")), ()))
    return ItemVersion(found, members, dict(checklist.environments) if refers else {})


def differences(before: ItemVersion, after: ItemVersion) -> Iterator[tuple[str, str]]:
    """What changed between two versions: a word for it, and a sentence."""
    if after.wrong:
        if after.wrong != before.wrong:
            yield "unreadable", f"the checklist cannot be used: {after.wrong}"
        return
    if after.item is None:
        if before.item is not None:
            yield "dropped", "the checklist does not require it any more"
        return
    if before.item is None:
        yield "asked", f"`{short(after.item.title)}`, answered by {short(after.item.check)}"
        return
    yield from _changes(before, after, before.item, after.item)


def _changes(before: ItemVersion, after: ItemVersion, old: Item, new: Item) -> Iterator[tuple[str, str]]:
    if old.title != new.title:
        yield "changed", f"its words, from `{short(old.title)}` to `{short(new.title)}`"
    for name in ("check", "severity"):
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            yield "changed", f"its {name}, from {short(one)} to {short(other)}"
    for name in dict.fromkeys((*old.params, *new.params)):
        one, other = _written(old, name), _written(new, name)
        if one != other:
            yield "changed", f"`{short(name)}`, from {one} to {other}"
    if before.values != after.values:
        yield "changed", "values of environments that its parameters refer to"
    if before.members != after.members and _written(old, "role") == _written(new, "role"):
        joined = [f"+ {short(name)}" for name in sorted(after.members - before.members)]
        left = [f"- {short(name)}" for name in sorted(before.members - after.members)]
        yield "changed", f"who holds the role {_written(new, 'role')}: {', '.join([*joined, *left])}"


def _written(item: Item, name: str) -> str:
    if name not in item.params:
        return "nothing"
    value = item.params[name]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = short(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
