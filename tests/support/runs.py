"""Checklists, plugins and runs made by hand, for tests of the engine."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from readiness import processes
from readiness.check import Facts
from readiness.checklist import Checklist, Item, Section
from readiness.engine import Host
from readiness.memory_limit import DEFAULT
from readiness.outcome import Outcome
from readiness.plugins import installed
from readiness.report import Plugin, Subject

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def item(identifier: str, check: str = "acme-good", *, needs: tuple[str, ...] = (), **fields: Any) -> Item:
    """Make an item; `params` are those of the check."""
    return Item(id=identifier, title=f"Title of {identifier}", check=check, needs=needs, **fields)


def checklist(*items: Item, **fields: Any) -> Checklist:
    """Make a checklist of one section."""
    return Checklist(version=1, project="example", sections=(Section(title="All", items=items),), **fields)


def plugin(name: str) -> Plugin:
    """Find an installed check."""
    return installed("readiness.checks")[name]


def evaluate(
    host: Host, name: str, *, root: Path = Path("/"), timeout: float = 20.0, memory: int = DEFAULT, **params: Any
) -> Outcome:
    """Evaluate one item in a worker."""
    facts = Facts(
        root=root,
        now=NOW,
        subject=Subject(project="example"),
        item=item("example", name, params=params, timeout=timeout, memory=memory),
    )
    return host.evaluate(plugin(name), facts)[0]


def survivors(mark: str, patience: float = 5.0) -> list[str]:
    """Processes of a run that are still there after a while."""
    deadline = time.monotonic() + patience
    while (found := processes.marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [str(process) for process in found]
