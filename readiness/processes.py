"""Runs a command to its end or its deadline, and ends it with every process that it started."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

MARK = "READINESS_PROCESS_MARK"
"""Environment variable by which processes that left their group and their parents are still found."""
_GRACE = 2.0


@dataclass(frozen=True)
class Completed:
    """A command that has ended."""

    args: tuple[str, ...]
    exit_code: int
    """As the shell counts: 128 + n when signal n ended it."""
    stdout: bytes
    stderr: bytes
    duration: float
    """Seconds."""
    timed_out: bool = False
    truncated: bool = False
    """Whether more was printed than was kept."""


def run(
    args: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float,
    merge: bool = False,
    limit: int = 64 * 2**20,
) -> Completed:
    """Run a command without a shell; never raises for its exit code.

    Output goes through files, so a daemon left behind that holds the output open cannot hang the caller.

    Args:
        args: Program and arguments.
        cwd: Folder to run in.
        env: The whole environment; None for the one of this process.
        timeout: Seconds until the whole process tree is killed.
        merge: Whether to send standard error to standard output, in order.
        limit: Bytes of output to keep of each stream; the end is kept.

    Raises:
        FileNotFoundError: The program or the folder does not exist.
        PermissionError: The program may not be executed.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            list(args),
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out if merge else err,
        )
        timed_out = False
        try:
            process.wait(timeout=max(timeout, 0.0))
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            if process.returncode is None:
                kill_tree(process.pid)
                process.wait()
        out_size, err_size = out.seek(0, 2), err.seek(0, 2)
        return Completed(
            args=tuple(args),
            exit_code=process.returncode if process.returncode >= 0 else 128 - process.returncode,
            stdout=_tail(out, out_size, limit),
            stderr=_tail(err, err_size, limit),
            duration=time.monotonic() - started,
            timed_out=timed_out,
            truncated=max(out_size, err_size) > limit,
        )


def _tail(stream: IO[bytes], size: int, limit: int) -> bytes:
    stream.seek(max(size - limit, 0))
    return stream.read(limit)


def kill_tree(pid: int) -> None:
    """Kill a process and all its descendants, the youngest last, so that none starts another meanwhile."""
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        with contextlib.suppress(psutil.Error):
            top.suspend()
        kill_all([top, *top.children(recursive=True)])


def kill_marked(mark: str, *, spare: Collection[int] = ()) -> int:
    """Kill every process that carries `MARK=mark` in its environment, wherever in the process tree it hides.

    Args:
        mark: The value that was given to the ancestor's environment.
        spare: Process ids to leave alone.

    Returns:
        How many there were.
    """
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid not in spare and process.environ().get(MARK) == mark:
                found.append(process)
    kill_all(found)
    return len(found)


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """Kill processes and wait, for a moment, until they are gone."""
    family = list(processes)
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(family, timeout=_GRACE)
