"""System packages that some tests need: absent, a test skips with its reason; under CI it fails."""

import os
import shutil
from pathlib import Path

import pytest


def need(program: str, *folders: str) -> str:
    """Path of a program; skip the test when it is absent, fail it under `CI=true`, which installs it.

    Args:
        program: Name on PATH.
        folders: Further folders to look in.
    """
    found = shutil.which(program) or next((str(Path(f) / program) for f in folders if (Path(f) / program).exists()), "")
    if not found:
        reason = f"`{program}` is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
