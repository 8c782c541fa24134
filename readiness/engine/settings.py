"""How a run is carried out: nothing here decides what is judged, or by what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from readiness.engine.collected import Collected
from readiness.engine.events import Event
from readiness.engine.host import Host


@dataclass(frozen=True)
class RunSettings:
    """Date, speed and surroundings of a run."""

    now: datetime
    """The date of the run, with its time zone."""
    jobs: int
    """How many items are evaluated at once, at least 1."""
    tell: Callable[[Event], None]
    """Told of every event as it happens, in the calling thread."""
    host: Host
    """Where checks run."""

    collected: Collected | None = None
    """Outcomes of another job, for the items that run code of what is judged; None when all is evaluated here."""

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise ValueError("jobs must be at least 1")
        if self.now.tzinfo is None:
            raise ValueError("the clock must know its time zone")
