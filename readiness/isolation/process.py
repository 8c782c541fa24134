"""Closes a process to others: its memory, its secrets, and the processes that it leaves behind."""

import ctypes
import os
import sys
import time
from collections.abc import Collection

import psutil

from readiness import processes

PASSPHRASE = "READINESS_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable, not its value
"""Environment variable that holds the passphrase of the key that signs."""
SECRETS = (PASSPHRASE,)
"""Variables that are the judge's own: nothing that a run starts gets them."""
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE = 5.0
"""Seconds for what was left behind to be gone."""


def take_secret(name: str) -> str:
    """Value of an environment variable, which is nowhere in the environment afterwards; empty when it is not set.

    Not even in `/proc/PID/environ`: Linux shows the bytes there with which the process began, and removing a variable
    does not change them. So they are overwritten.
    """
    value = os.environ.get(name, "")
    if value and sys.platform != "win32":
        libc = ctypes.CDLL(None)
        libc.getenv.restype = ctypes.c_void_p
        address = libc.getenv(os.fsencode(name))
        if address:
            ctypes.memset(address, 0, len(os.fsencode(value)))
    os.environ.pop(name, None)
    return value


def close_memory() -> bool:
    """Forbid other processes of this user to trace this one, and to read its memory (Linux, prctl(2)).

    Returns:
        Whether the system does that.
    """
    return _prctl(_PR_SET_DUMPABLE, 0)


def adopt_orphans() -> bool:
    """Become the parent of descendants whose own parent ended, so that none escapes (Linux, prctl(2)).

    Returns:
        Whether the system does that.
    """
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> bool:
    if sys.platform != "linux":
        return False
    return int(ctypes.CDLL(None).prctl(option, value, 0, 0, 0)) == 0


def children() -> frozenset[int]:
    """Ids of the processes right below this one: a shell that became this one by `exec` may have started some."""
    return frozenset(child.pid for child in psutil.Process().children())


def has_children() -> bool:
    """Whether processes right below this one are still alive; the dead are buried. It costs one call of the kernel."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:  # waitid(2) is not there on macOS before Python 3.13
            pass
    except ChildProcessError:
        return False
    return True


def end_descendants(spare: Collection[int] = ()) -> bool:
    """Kill what was started and left below this process; tell whether nothing is left.

    Args:
        spare: Ids of children that were there before.
    """
    deadline = time.monotonic() + _PATIENCE
    while has_children() and (left := children() - set(spare)):
        for child in left:
            processes.kill_tree(child)
        if time.monotonic() > deadline:
            return False
    return True
