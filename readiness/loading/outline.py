"""Reads a checklist as it is written: no check is asked, no reference replaced, so no worker process is needed."""

from pathlib import Path
from typing import Any

from readiness.checklist import Checklist, Item
from readiness.loading import rules
from readiness.loading.compose import compose
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import data
from readiness.loading.structure import Shape


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
    rules.check(file, shape.root, nodes)
    file.check()
    if found is None:
        raise file.fail(None, "the checklist cannot be used")
    written = iter([data(node) if (node := item.get("with")) is not None else {} for item in nodes])

    def finish(item: Item) -> Item:
        params: Any = next(written)
        return item.model_copy(update={"params": params or {}})

    sections = tuple(s.model_copy(update={"items": tuple(map(finish, s.items))}) for s in found.sections)
    return found.model_copy(update={"sections": sections, "sha256": file.sha256})
