"""Names that every reader of a report knows: the checklist says them, so that a mask over them would hide nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from readiness.checklist import Checklist, Item
from readiness.redaction import looks_secret

_PATH = re.compile(r"[^\s:=/.]*+[/.][^\s:=]*+")
_LETTERS = re.compile(r"[A-Za-z]+")


def names_in_checklist(checklist: Checklist) -> Iterator[str]:
    """Names of the project, the release, environments, roles, sections and items, and words of the paths in items."""
    yield from (checklist.project, checklist.release, *checklist.environments, *checklist.roles)
    yield from (section.title for section in checklist.sections)
    for item in checklist.items:
        yield from names_in_item(item)


def names_in_item(item: Item) -> Iterator[str]:
    """What an item is called, and words of the paths in its parameters."""
    yield from (item.id, item.title, item.owner, item.check, *item.controls)
    for path in _paths(item.params):
        yield from _LETTERS.findall(path)


def _paths(value: Any) -> Iterator[str]:
    """Paths in parameters; what stands under the name of a secret is none."""
    if isinstance(value, str):
        if _PATH.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if not looks_secret(str(name)):
                yield from _paths(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _paths(inner)
