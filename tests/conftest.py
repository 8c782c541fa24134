"""What every test relies on."""

import signal
import sys
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

from support.warm_workers import end_warm_workers, warm_workers

# A job in the background of a shell inherits SIGINT as ignored, and so would every process that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more about the machine than about the code.
settings.register_profile("readiness", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("readiness")


def pytest_sessionfinish() -> None:
    """Leave nothing to the end of the process: pytest-xdist gives its own ten seconds for that, and no more."""
    end_warm_workers()
    if (measuring := sys.modules.get("coverage")) is not None and (current := measuring.Coverage.current()) is not None:
        current.save()


@pytest.fixture(autouse=True)
def _workers() -> Iterator[None]:
    """Hosts take over the workers of earlier ones; tests of the engine, which is about workers, override this."""
    with warm_workers():
        yield


class _Unwatched:
    """An installation that nobody looks at."""

    def __init__(self, _packages: object) -> None: ...

    def vouches(self, _path: str) -> bool:
        return True

    def changes(self) -> list[str]:
        return []


@pytest.fixture(autouse=True)
def _unguarded() -> Iterator[None]:
    """Runs in this process end none of its other children, and do not look at each file that the tests have loaded."""
    with (
        patch("readiness.isolation.guard.end_descendants", lambda _spare: True),
        patch("readiness.isolation.guard.Installation", _Unwatched),
    ):
        yield
