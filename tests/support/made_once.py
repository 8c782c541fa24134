"""Repositories that many tests begin with: made once in a test session, and copied for each test."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from support.signing import session_folder


class HasRoot(Protocol):
    """What a test knows of its repository."""

    root: Path


Made = TypeVar("Made", bound=HasRoot)


def copied(make: Callable[[Path], Made], root: Path) -> Made:
    """What a function makes of a folder, as if it had been made in this one.

    Args:
        make: Makes the repository in the folder that it is given; the same each time. A function or class of a module.
        root: Where the test wants it.
    """
    first: Made = _made(make)
    own = deepcopy(first)
    shutil.copytree(first.root, root, symlinks=True)
    for name, value in vars(first).items():
        if isinstance(value, Path) and value.is_relative_to(first.root):
            setattr(own, name, root / value.relative_to(first.root))
    return own


@cache
def _made(make: Callable[[Path], Made]) -> Made:
    return make(session_folder() / f"{make.__module__}.{make.__qualname__}" / "deedpro")
