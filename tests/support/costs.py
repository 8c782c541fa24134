"""What something costs in CPU seconds, for ratios within one run."""

import gc
from collections.abc import Callable
from time import process_time

ENOUGH = 0.3
"""Seconds of tries; what costs less is tried more often, for a disturbance weighs more there."""
FEWEST_TRIES, MOST_TRIES = 2, 20


def cpu_seconds(action: Callable[[], object]) -> float:
    """The least of several tries, without the collector of garbage, which comes when it likes and looks at all."""
    least, spent, tries = float("inf"), 0.0, 0
    collects = gc.isenabled()
    gc.disable()
    try:
        while tries < FEWEST_TRIES or (spent < ENOUGH and tries < MOST_TRIES):
            begun = process_time()
            action()
            took = process_time() - begun
            least, spent, tries = min(least, took), spent + took, tries + 1
    finally:
        if collects:
            gc.enable()
    return least
