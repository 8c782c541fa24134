"""The events of a run, for a display of its progress."""

from readiness.checklist import Item
from readiness.outcome import Value
from readiness.report import Report, Result


class RunStarted(Value):
    """The plan is made; so many items are selected."""

    total: int


class ServiceStarting(Value):
    """A service is being started."""

    name: str


class ServiceReady(Value):
    """A service is ready."""

    name: str
    seconds: float


class ServiceFailed(Value):
    """A service did not become ready, or ended while it was needed."""

    name: str
    reason: str


class ServiceStopped(Value):
    """A service was stopped."""

    name: str


class ItemStarted(Value):
    """An item is being evaluated."""

    item: Item


class ItemFinished(Value):
    """A selected item has its result; it was evaluated, skipped or interrupted."""

    result: Result


class RunFinished(Value):
    """The report is made."""

    report: Report


Event = (
    RunStarted
    | ServiceStarting
    | ServiceReady
    | ServiceFailed
    | ServiceStopped
    | ItemStarted
    | ItemFinished
    | RunFinished
)
