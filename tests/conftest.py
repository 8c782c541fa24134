"""What every test relies on."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from support.warm_workers import warm_workers

# A job in the background of a shell inherits SIGINT as ignored, and so would every process that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more about the machine than about the code.
settings.register_profile("readiness", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("readiness")


@pytest.fixture(autouse=True)
def _workers() -> Iterator[None]:
    """Hosts take over the workers of earlier ones; tests of the engine, which is about workers, override this."""
    with warm_workers():
        yield
