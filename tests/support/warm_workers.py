"""Worker processes that outlive a host: a test waits neither for one to start nor for the checks to be imported."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from readiness.engine import worker_pool
from readiness.engine.worker_process import WorkerProcess
from readiness.report import Plugin

_MOST = 8
"""How many idle workers are kept, of all environments together."""
_OURS = "PYTEST_CURRENT_TEST"
"""A variable that no user has, and that is another one in each test."""
_GRACE = 1.0
_idle: list[tuple[Mapping[str, str], WorkerProcess]] = []


@contextmanager
def warm_workers() -> Iterator[None]:
    """Let every host that is made in this block take workers that an earlier one has left.

    A worker serves hosts of the very same environment. It keeps nothing of an item: what it reads of secrets it tells
    the host that asks, environment and folder are put back after each request. It ends by itself when this process
    does, so that such a host needs no sentinel.
    """
    with ExitStack() as stack:
        stack.enter_context(patch.object(worker_pool, "WorkerProcess", _lend))
        stack.enter_context(patch.object(worker_pool, "_watch", lambda *_: None))
        yield


def _lend(environ: Mapping[str, str], mark: str, learn: Callable[..., None]) -> "WorkerProcess | _Lent":
    """A worker as `Host` makes one; third parties' plugins, found by a path, get a process of their own."""
    if "PYTHONPATH" in environ:
        return WorkerProcess(environ, mark, learn)
    environ = {name: value for name, value in environ.items() if name not in {_OURS, "TMPDIR"}}
    for index in reversed(range(len(_idle))):
        if _idle[index][0] == environ:
            worker = _idle.pop(index)[1]
            if worker.alive:
                return _Lent(environ, worker, learn, ready=True)
            _end(worker)
    return _Lent(environ, WorkerProcess(environ, mark, learn), learn, ready=False)


class _Lent:
    """A worker as one host sees it: dismissed while it is idle and fit, it goes back to the others."""

    def __init__(
        self, environ: Mapping[str, str], worker: WorkerProcess, learn: Callable[..., None], *, ready: bool
    ) -> None:
        self._environ, self._worker, self._ready = environ, worker, ready
        self._kept = False
        worker._learn = learn

    @property
    def imported(self) -> set[Plugin]:
        return self._worker.imported

    @property
    def alive(self) -> bool:
        return self._worker.alive

    def wait_ready(self) -> None:
        if not self._ready:
            self._worker.wait_ready()

    def ask(self, *args: Any, **named: Any) -> Any:
        return self._worker.ask(*args, **named)

    def dismiss(self) -> None:
        self._kept = self._worker.alive
        if not self._kept:
            self._worker.dismiss()

    def wait(self, timeout: float) -> bool:
        return self._kept or self._worker.wait(timeout)

    def kill(self, *, sweep: bool = True) -> None:
        self._kept = False
        self._worker.kill(sweep=sweep)

    def release(self) -> None:
        if not self._kept:
            self._worker.release()
            return
        self._worker._learn = _nobody
        _idle.append((self._environ, self._worker))
        if len(_idle) > _MOST:
            _end(_idle.pop(0)[1])


def _nobody(*_values: str) -> None:
    """Nobody asks an idle worker, so it has nothing to tell."""


def _end(worker: WorkerProcess) -> None:
    worker.dismiss()
    if not worker.wait(_GRACE):
        worker.kill()
    worker.release()


def end_warm_workers() -> None:
    """End those that are idle, all at once, so that nobody waits for one after the other."""
    ending = [worker for _, worker in _idle]
    _idle.clear()
    for worker in ending:
        worker.dismiss()
    for worker in ending:
        if not worker.wait(_GRACE):
            worker.kill()
        worker.release()
