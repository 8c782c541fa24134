"""Runs a checklist: plans, evaluates in worker processes, judges and reports.

Names are imported when they are first used: a worker process needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from readiness.engine.events import (
        Event,
        ItemFinished,
        ItemStarted,
        RunFinished,
        RunStarted,
        ServiceFailed,
        ServiceReady,
        ServiceStarting,
        ServiceStopped,
    )
    from readiness.engine.host import Host
    from readiness.engine.plan import SelectionError
    from readiness.engine.runner import run

_HOMES = {
    "Event": "events",
    "Host": "host",
    "ItemFinished": "events",
    "ItemStarted": "events",
    "RunFinished": "events",
    "RunStarted": "events",
    "SelectionError": "plan",
    "ServiceFailed": "events",
    "ServiceReady": "events",
    "ServiceStarting": "events",
    "ServiceStopped": "events",
    "run": "runner",
}

__all__ = [
    "Event",
    "Host",
    "ItemFinished",
    "ItemStarted",
    "RunFinished",
    "RunStarted",
    "SelectionError",
    "ServiceFailed",
    "ServiceReady",
    "ServiceStarting",
    "ServiceStopped",
    "run",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home."""
    if name in _HOMES:
        return getattr(import_module(f"readiness.engine.{_HOMES[name]}"), name)
    raise AttributeError(f"module `readiness.engine` has no attribute `{name}`")
