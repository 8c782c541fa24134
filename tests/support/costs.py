"""What something costs in CPU seconds, for ratios within one run."""

import gc
from collections.abc import Callable
from time import process_time

ENOUGH = 0.1
"""Seconds of tries; what costs less is tried more often, for a disturbance weighs more there."""
FEWEST_TRIES, MOST_TRIES = 2, 20


def cpu_seconds(action: Callable[[], object]) -> float:
    """The least of several tries, without the collector of garbage, which comes when it likes and looks at all."""
    least, spent, tries = float("inf"), 0.0, 0
    while tries < FEWEST_TRIES or (spent < ENOUGH and tries < MOST_TRIES):
        took = _once(action)
        least, spent, tries = min(least, took), spent + took, tries + 1
    return least


def _once(action: Callable[[], object]) -> float:
    collects = gc.isenabled()
    gc.disable()
    try:
        begun = process_time()
        action()
        return process_time() - begun
    finally:
        if collects:
            gc.enable()


def costs_at_most(times: float, hostile: Callable[[], object], harmless: Callable[[], object]) -> bool:
    """Whether something costs so many times what something harmless costs, or less, in one of a few tries."""
    bound = times * cpu_seconds(harmless)
    return any(_once(hostile) < bound for _ in range(FEWEST_TRIES + 1))
