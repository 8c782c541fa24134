"""The events of a run, for a display of its progress, and the messages by which its threads and signals cause them."""

import queue
from dataclasses import dataclass

from readiness.checklist import Item
from readiness.outcome import Outcome, Value
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


@dataclass(frozen=True)
class Described:
    """It is known whether a check uses services."""

    check: str
    uses_services: bool


@dataclass(frozen=True)
class ServicesSettled:
    """The services are up, or will not be: then the items that use them have this outcome."""

    failure: Outcome | None


@dataclass(frozen=True)
class Answered:
    """An item was evaluated."""

    item: Item
    outcome: Outcome
    duration: float
    """Seconds."""


class Interrupted:
    """A signal requested the end of the run."""


Message = Event | Described | ServicesSettled | Answered | Interrupted


class Inbox:
    """Messages in the order in which they came."""

    def __init__(self) -> None:
        self.interrupted = False
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def put(self, message: Message) -> None:
        """Add a message; may be called from any thread, and between any two instructions of one."""
        self._messages.put(message)

    def interrupt(self) -> None:
        """Ask for an early end; may be called from a signal handler."""
        self.interrupted = True
        self._messages.put(Interrupted())

    def get(self, timeout: float | None = None) -> Message | None:
        """Wait for the next message.

        Args:
            timeout: Seconds; forever when not given.

        Returns:
            The message; None when the time is over.
        """
        try:
            return self._messages.get(timeout=timeout)
        except queue.Empty:
            return None

    def get_now(self) -> Message | None:
        """The next message, if there is one already."""
        try:
            return self._messages.get_nowait()
        except queue.Empty:
            return None
