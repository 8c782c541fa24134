"""What some tests need of the system.

When a program or package is absent, the test skips with its reason; under `CI=true`, which installs them, it fails.
Only what no package can bring (a kernel with Landlock, user namespaces, IPv6) skips there, too.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def need(program: str, *folders: str) -> str:
    """Path of a program; skip the test when it is absent, fail it under `CI=true`.

    Args:
        program: Name on PATH.
        folders: Further folders to look in.
    """
    found = shutil.which(program) or next((str(Path(f) / program) for f in folders if (Path(f) / program).exists()), "")
    if not found:
        absent(f"`{program}` is not installed")
    return found


def absent(reason: str) -> NoReturn:
    """Skip the test, or fail it under `CI=true`."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
