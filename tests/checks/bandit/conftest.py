"""Most tests run bandit in a fork of this process, which has it imported: starting Python costs more than the scan."""

import importlib
import os
import runpy
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

import pytest

from readiness import processes

_COMMAND = [sys.executable, "-E", "-P", "-m", "bandit"]
"""What the check runs."""


@pytest.fixture(autouse=True)
def _imported(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fork instead of starting bandit, but for tests with the mark `own_process`."""
    if request.node.get_closest_marker("own_process"):
        yield
        return
    with warnings.catch_warnings(action="ignore"):
        importlib.import_module("bandit.cli.main")

    started = processes.run

    def run(args: Sequence[str], **how: Any) -> processes.Completed:
        if list(args[: len(_COMMAND)]) == _COMMAND:
            return _forked(args, how["cwd"], how["env"])
        return started(args, **how)

    with patch.object(processes, "run", run):
        yield


def _forked(args: Sequence[str], cwd: Path, env: Mapping[str, str]) -> processes.Completed:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            code = 70  # what is left of a fork must not run on as the tests
            with suppress(BaseException):
                code = _scan(args, cwd, env, out, err)
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return processes.Completed(tuple(args), code, out.read(), err.read(), duration=0.0)


def _scan(args: Sequence[str], cwd: Path, env: Mapping[str, str], out: IO[bytes], err: IO[bytes]) -> int:
    """Run bandit as `python -m bandit` does; its exit code."""
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    warnings.simplefilter("ignore")
    sys.argv = list(args[len(_COMMAND) - 1 :])
    try:
        runpy.run_module("bandit", run_name="__main__", alter_sys=True)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
