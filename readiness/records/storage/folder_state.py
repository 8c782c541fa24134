"""Detects cheaply whether the folder of records changed since it was read."""

import hashlib
import os
import time
from pathlib import Path

from readiness.records.storage.work_tree import FOLDER

_SETTLED = 2.0
"""Seconds that a change must lie back: within the clock tick of a file system, two changes have one time."""


def fingerprint(root: Path) -> str:
    """Digest of names, sizes, times and inode numbers below the folder of records.

    Returns:
        Empty when it changed just now, so that a change right after it could not be told, or when it cannot be read.
    """
    digest = hashlib.sha256()
    newest = 0.0
    folders = [root / FOLDER]
    try:
        parent = os.lstat((root / FOLDER).parent)
    except OSError:
        return ""
    digest.update(repr((parent.st_mode, parent.st_ino)).encode())
    while folders:
        folder = folders.pop()
        try:
            found = os.lstat(folder)
            names = sorted(os.scandir(folder), key=lambda entry: entry.name)
            for entry in names:
                state = entry.stat(follow_symlinks=False)
                facts = (entry.path, state.st_mode, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
                digest.update(repr(facts).encode())
                newest = max(newest, state.st_ctime, state.st_mtime)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
        except OSError:
            return ""
        digest.update(repr((str(folder), found.st_mode, found.st_ino, found.st_ctime_ns)).encode())
        newest = max(newest, found.st_ctime)
    return "" if time.time() - newest < _SETTLED else digest.hexdigest()
