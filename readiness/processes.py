"""Runs a command until its end or its deadline, and stops every process that it started."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from readiness import judged_tree, memory_limit

MARK = "READINESS_PROCESS_MARK"
"""Environment variable by which processes that left their group and their parents are still found."""
_GRACE = 2.0
"""Seconds for killed processes to be gone."""
_ROUNDS = 20
"""How often to look again for processes that were started while others were killed."""


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
    limit_memory: bool = False,
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
        limit_memory: Whether it may take no more memory than this process.

    Raises:
        FileNotFoundError: The program or the folder does not exist.
        PermissionError: The program may not be executed.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with contextlib.nullcontext() if limit_memory else memory_limit.lifted():
            process = subprocess.Popen(
                list(args),
                cwd=cwd,
                env=None if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out if merge else err,
            )
        timed_out = _timed_out(process, timeout)
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


def _timed_out(process: "subprocess.Popen[bytes]", timeout: float) -> bool:
    """Wait for a process, and whether it had to be killed at its deadline; it has ended when this returns."""
    try:
        process.wait(timeout=max(timeout, 0.0))
    except subprocess.TimeoutExpired:
        return True
    finally:
        if process.returncode is None:
            kill_tree(process.pid)
            process.wait()
    return False


def _tail(stream: IO[bytes], size: int, limit: int) -> bytes:
    stream.seek(max(size - limit, 0))
    return stream.read(limit)


def shell_command(text: str) -> list[str]:
    """Arguments that run a command line in a shell, in which a failure anywhere fails the whole.

    Bash where there is one, without a person's start-up files and with `-e` and `pipefail`: otherwise `false | tee`
    would count as success. Elsewhere `sh -e`. Neither is a program of the tree that is judged, wherever PATH leads.
    """
    if bash := judged_tree.program("bash"):
        return [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    return [judged_tree.program("sh") or "/bin/sh", "-e", "-c", text]


def kill_tree(pid: int) -> None:
    """Kill a process and all its descendants; it is stopped first, so that it starts no other meanwhile."""
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        if pid != os.getpid():
            with contextlib.suppress(psutil.Error):
                top.suspend()
        kill_children(pid)
        kill_all([top])


def kill_children(pid: int) -> None:
    """Kill all descendants of a process, and those that they start meanwhile."""
    for _ in range(_ROUNDS):
        with contextlib.suppress(psutil.NoSuchProcess):
            family = [process for process in psutil.Process(pid).children(recursive=True) if _alive(process)]
            if family:
                for process in family:
                    with contextlib.suppress(psutil.Error):
                        process.suspend()
                kill_all(family)
                continue
        return


def kill_marked(mark: str, *, spare: Collection[int] = ()) -> int:
    """Kill every process that carries `MARK=mark` in its environment, wherever in the process tree it hides.

    Args:
        mark: The value that was given to the ancestor's environment; `mark.anything` counts, too.
        spare: Process ids to leave alone.

    Returns:
        How many there were.
    """
    killed = 0
    for _ in range(_ROUNDS):
        found = [process for process in marked(mark) if process.pid not in spare]
        if not found:
            break
        killed += len(found)
        kill_all(found)
    return killed


def marked(mark: str) -> list[psutil.Process]:
    """Living processes that carry `MARK=mark`, or `mark.anything`, in their environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            value = process.environ().get(MARK, "")
            if (value == mark or value.startswith(mark + ".")) and _alive(process):
                found.append(process)
    return found


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """Kill processes and wait, for a moment, until they are gone.

    They are not buried here: whoever started one still has to learn how it ended.
    """
    family = list(processes)
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.kill()
    deadline = time.monotonic() + _GRACE
    while any(map(_alive, family)) and time.monotonic() < deadline:
        time.sleep(0.005)


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() not in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except psutil.Error:
        return False
