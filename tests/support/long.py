"""How much a test tries: a sample in `make test`, all of it in `make test-long`."""

import os

LONG = os.environ.get("READINESS_LONG") == "1"
"""Whether this is the long run; such tests bear the mark `long`."""


def often(sample: int, everything: int) -> int:
    """How many examples a test tries."""
    return everything if LONG else sample
