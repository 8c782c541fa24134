"""The processes that a worker process has started, however many generations ago."""

import os
import sys
import time

from readiness import processes

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE = 5.0
"""Seconds for the processes that an item left behind to be gone."""


def has_children() -> bool:
    """Whether processes started here are still alive; the dead are buried."""
    try:
        while os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG) is not None:
            pass
    except ChildProcessError:
        return False
    return True


def end_children() -> bool:
    """Kill what an item left behind; tell whether nothing is left.

    Asking the kernel for children costs nothing, so an item that starts no process pays nothing.
    """
    deadline = time.monotonic() + _PATIENCE
    while has_children():
        processes.kill_children(os.getpid())
        if time.monotonic() > deadline:
            return False
    return True


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ended, so that none escapes (Linux, prctl(2))."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
