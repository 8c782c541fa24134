"""The messages to the scheduler, from its threads and from signal handlers."""

import queue
from dataclasses import dataclass

from readiness.checklist import Item
from readiness.engine.events import Event
from readiness.outcome import Outcome


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
