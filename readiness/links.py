"""The links that a path leads over, one after the other, those that other links lead over among them."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

MOST = 40
"""Links on one way, as many as Linux follows (path_resolution(7))."""


def on_the_way(way: Path) -> Iterator[Path]:
    """Links that a path leads over, in their order, each by the path at which it lies.

    Args:
        way: An absolute path, links not followed.

    Raises:
        OSError: It leads over more links than any system follows.
    """
    here, rest, followed = Path(way.anchor), list(reversed(way.parts[1:])), 0
    while rest:
        part = rest.pop()
        step = here.parent if part == ".." else here / part
        if part == ".." or not step.is_symlink():
            here = step
            continue
        followed += 1
        if followed > MOST:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(way))
        yield step
        target = step.readlink()
        here = Path(target.anchor) if target.is_absolute() else here
        rest += reversed(target.parts[1:] if target.is_absolute() else target.parts)
