"""Runs the program at a pseudo-terminal, as a person does who answers its question."""

import os
import select
import subprocess
from pathlib import Path
from pty import openpty

from support.program import PROGRAM, variables

_PATIENCE = 60.0
"""Seconds without a word from the program."""


def answered(*args: str, cwd: Path, question: str, answer: str) -> tuple[int, str]:
    """Exit code, and all that was drawn; `answer` is typed as soon as the question stands there."""
    ours, theirs = openpty()
    process = subprocess.Popen(
        [*PROGRAM, *args],
        cwd=cwd,
        env=variables(TERM="xterm", COLUMNS="200", LINES="50"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    drawn, typed = b"", False
    try:
        while select.select([ours], [], [], _PATIENCE)[0]:
            part = _read(ours)
            if not part:
                break
            drawn += part
            if not typed and question.encode() in drawn:
                os.write(ours, answer.encode())
                typed = True
        code = process.wait(timeout=_PATIENCE)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    text = drawn.decode("utf-8", "replace")
    assert typed, text
    return code, text


def _read(terminal: int) -> bytes:
    """What was drawn since; nothing once the program has left the terminal."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
