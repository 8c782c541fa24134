"""Runs the commands of a Markdown page, as a reader would: one shell, in order, stopping at the first that fails."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    """Fenced blocks of a page in one language."""
    return [body for name, body in _BLOCK.findall(page.read_text(encoding="utf-8")) if name == language]


def environment(**more: str) -> dict[str, str]:
    """The environment of a user whose virtual environment is active."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTEST_", "COV_"))}
    variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
    return {**variables, **more}


def follow(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script of a page in bash, and show what it printed when it fails."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    return done
