"""A real third-party distribution: built as a wheel and installed into a folder of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.session import once

SOURCE = Path(__file__).parents[1] / "readiness/engine/fixtures/thirdparty"


def install(factory: pytest.TempPathFactory) -> Path:
    """Build `acme-readiness` and install it, once in a session; the folder to put on `PYTHONPATH`."""
    return once(factory, "thirdparty", _install) / "site"


def _install(folder: Path) -> None:
    wheels, target = folder / "wheels", folder / "site"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    options = ["--no-deps", "--no-index", "--no-cache-dir"]
    build = ["wheel", "--no-build-isolation", "--wheel-dir", str(wheels), str(SOURCE)]
    subprocess.run([*pip, *build, *options], check=True, cwd=folder)
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([*pip, "install", "--target", str(target), str(wheel), *options], check=True, cwd=folder)
