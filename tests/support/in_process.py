"""Runs the command line in the process of the tests, as if it were in one of its own."""

import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from unittest.mock import patch

import pytest

from readiness.cli import main

NAME = "python -m readiness"
"""What a process of its own calls itself."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATHS = tuple(sys.path)
_HARMLESS = frozenset(("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONHASHSEED"))
"""Variables of the interpreter that change nothing here, or that are obeyed here, too."""


def in_process(args: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run the command line with an environment and in a folder; exit code and both streams.

    Raises:
        ValueError: The environment says what the interpreter reads when it starts.
    """
    if late := [name for name in env if name.startswith("PYTHON") and name not in _HARMLESS and _new(name, env)]:
        raise ValueError(f"{late[0]} is read when a process starts: run `readiness_process`")
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with ExitStack() as stack:
        stack.enter_context(_environment(env))
        stack.enter_context(_folder(cwd))
        stack.enter_context(same_signals())
        stack.enter_context(patch.object(sys, "path", [*filter(None, env.get("PYTHONPATH", "").split(":")), *_PATHS]))
        stack.enter_context(patch.object(sys, "stdin", stack.enter_context(Path(os.devnull).open(encoding="utf-8"))))
        stack.enter_context(patch.object(sys, "stdout", out))
        err = stack.enter_context(_standard_error())
        code = _run(args)
        out.flush()
        said = [_written(out.buffer), _written(err)]
    return subprocess.CompletedProcess([NAME, *args], code, *said)


def _new(name: str, env: Mapping[str, str]) -> bool:
    return env[name] != os.environ.get(name)


def _run(args: Sequence[str]) -> int:
    """Run to the exit that every command ends with."""
    with pytest.raises(SystemExit) as left:
        main(list(args), prog_name=NAME)
    assert isinstance(left.value.code, int), f"it left with {left.value.code!r}"
    return left.value.code


def _written(stream: IO[bytes]) -> str:
    """What was written, read as `subprocess` reads text."""
    stream.seek(0)
    return io.TextIOWrapper(io.BytesIO(stream.read()), encoding="utf-8", errors="replace").read()


@contextmanager
def _environment(env: Mapping[str, str]) -> Iterator[None]:
    """Have these variables and no others, and what was derived from the others forgotten."""
    with patch.dict(os.environ, env, clear=True):
        _forget()
        yield
    _forget()


def _forget() -> None:
    tempfile.tempdir = None
    time.tzset()


@contextmanager
def _folder(cwd: Path) -> Iterator[None]:
    before = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.chdir(cwd)
        yield
    finally:
        os.fchdir(before)
        os.close(before)


@contextmanager
def same_signals() -> Iterator[None]:
    """Put the handlers back: a command that was interrupted ignores what comes later, as its process would end."""
    before = [(number, signal.getsignal(number)) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextmanager
def _standard_error() -> Iterator[IO[bytes]]:
    """Catch standard error and what programs that inherit its descriptor write there, in order."""
    sys.stderr.flush()
    before = os.dup(2)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        raw = os.fdopen(2, "wb", buffering=0, closefd=False)
        try:
            with patch.object(
                sys, "stderr", io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)
            ):
                yield caught
        finally:
            os.dup2(before, 2)
            os.close(before)
