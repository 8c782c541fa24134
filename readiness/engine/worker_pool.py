"""The worker processes of a host: started when they are needed, used again, ended with all that they started."""

import contextlib
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping

from readiness import processes
from readiness.engine import sentinel
from readiness.engine.interruption import undisturbed
from readiness.engine.protocol import WorkerError
from readiness.engine.worker_process import WorkerProcess, for_python

_GRACE = 1.0
"""Seconds for idle workers to end themselves."""
_IDLE = 16
"""How many idle workers are kept."""


class WorkerPool:
    """Worker processes, each for the plugins of one distribution.

    Args:
        environ: Environment of the workers.
        learn: Called with the values of secrets as a check reads them.
    """

    def __init__(self, environ: Mapping[str, str], learn: Callable[..., None]) -> None:
        self.mark = uuid.uuid4().hex
        """Every process of this pool carries it in its environment, see `readiness.processes.MARK`."""
        self.closed = False
        self._environ, self._learn = environ, learn
        self._lock = threading.Lock()
        self._started = 0
        self._sentinel: subprocess.Popen[bytes] | None = None
        self._workers: set[WorkerProcess] = set()
        self._idle: list[tuple[str, WorkerProcess]] = []

    @contextlib.contextmanager
    def worker(self, distribution: str) -> Iterator[WorkerProcess]:
        """Lend a worker for the plugins of a distribution; nobody else asks it meanwhile.

        Raises:
            WorkerError: None can be started, or the pool is closed.
        """
        worker = self._hire(distribution)
        try:
            yield worker
        finally:
            self._return(distribution, worker)

    def _hire(self, distribution: str) -> WorkerProcess:
        while (idle := self._take_idle(distribution)) is not None:
            if idle.alive:
                return idle
            self._discard(idle)
        with self._lock:
            if self.closed:
                raise WorkerError("was not evaluated: the run is over")
            self._sentinel = self._sentinel or _watch(self.mark, self._environ)
            self._started += 1
            worker = WorkerProcess(self._environ, f"{self.mark}.{self._started}", self._learn)
            self._workers.add(worker)
        try:
            worker.wait_ready()
        except BaseException:
            self._discard(worker)
            raise
        return worker

    def _take_idle(self, distribution: str) -> WorkerProcess | None:
        with self._lock:
            for index in reversed(range(len(self._idle))):
                if self._idle[index][0] == distribution:
                    return self._idle.pop(index)[1]
        return None

    def _return(self, distribution: str, worker: WorkerProcess) -> None:
        surplus = None
        with self._lock:
            if worker.alive and not self.closed:
                self._idle.append((distribution, worker))
                if len(self._idle) > _IDLE:
                    surplus = self._idle.pop(0)[1]
            else:
                surplus = worker
        if surplus is not None:
            self._discard(surplus)

    def _discard(self, worker: WorkerProcess) -> None:
        """End a worker that nobody asks any more."""
        worker.dismiss()
        if not worker.wait(_GRACE):
            worker.kill()
        worker.release()
        with self._lock:
            self._workers.discard(worker)

    def close(self) -> None:
        """End every worker, those that are at work included; nothing can be asked afterwards."""
        with undisturbed():
            with self._lock:
                self.closed = True
                workers, idle = list(self._workers), [worker for _, worker in self._idle]
                self._idle.clear()
            for worker in workers:
                worker.dismiss()
            deadline = time.monotonic() + _GRACE
            for worker in workers:
                if worker not in idle or not worker.wait(max(deadline - time.monotonic(), 0.0)):
                    worker.kill(sweep=False)
            if self._sentinel is not None:
                processes.kill_marked(self.mark)
                _dismiss(self._sentinel)
                self._sentinel = None
            for worker in idle:
                worker.release()
            with self._lock:
                self._workers.difference_update(idle)


def _watch(mark: str, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the process that cleans up when this one is killed."""
    command = [sys.executable, "-P", "-m", sentinel.__name__, mark]
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=for_python(environ), start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise WorkerError(f"cannot be evaluated: no process can be started: {error}") from error


def _dismiss(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        process.communicate(sentinel.GOODBYE, timeout=_GRACE)
    if process.poll() is None:
        process.kill()
        process.wait()
