"""Runs the real command line, in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support.console import environment
from support.in_process import in_process

PROGRAM = [sys.executable, "-P", "-m", "readiness"]
FOREGROUND = [
    sys.executable,
    "-P",
    "-c",
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from readiness.cli import main; main()",
]
"""The program as a shell starts it in the foreground: a suite that runs in the background ignores SIGINT."""
_QUIETED = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "READINESS_DEBUG")


def variables(**more: str) -> dict[str, str]:
    """The environment of a plain user: none of the switches that change what is printed."""
    return {key: value for key, value in environment().items() if key not in _QUIETED} | more


def readiness(
    *args: str, cwd: Path, env: Mapping[str, str] | None = None, code: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `readiness` in this process, and hold its exit code against one when it is given.

    It finds what a process of its own would find: environment, folder, paths of imports, streams that are no terminal.
    Where streams, signals, start-up or the end of the process are the subject, use `readiness_process`.
    """
    return _held(in_process(args, cwd=cwd, env=variables(**(env or {}))), code)


def readiness_process(
    *args: str, cwd: Path, env: Mapping[str, str] | None = None, code: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `readiness` in a process of its own, and hold its exit code against one when it is given."""
    done = subprocess.run(
        [*PROGRAM, *args],
        cwd=cwd,
        env=variables(**(env or {})),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )
    return _held(done, code)


def _held(done: subprocess.CompletedProcess[str], code: int | None) -> subprocess.CompletedProcess[str]:
    assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
    if code is not None:
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def checklist(root: Path, *items: str, top: str = "") -> Path:
    """Write a checklist with these items in flow style; `$ok`, `$no` and `$odd` are commands that exit 0, 1 and 127."""
    words = {"$ok": "{run: 'true'}", "$no": "{run: 'false'}", "$odd": "{run: 'no-such-program-anywhere'}"}
    lines = ["version: 1", "project: example", top, "sections:", "  - title: All", "    items:"]
    for item in items:
        text = item
        for word, params in words.items():
            text = text.replace(word, params)
        lines.append(f"      - {{check: command, {text}}}")
    path = root / "readiness.yaml"
    path.write_text("\n".join(filter(None, lines)) + os.linesep, encoding="utf-8")
    return path
