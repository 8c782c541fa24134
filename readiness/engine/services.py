"""Starts the processes that the probes need, notices when they die, and stops them whatever happens."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from readiness import processes
from readiness.checklist import Service
from readiness.engine.bounds import line, tail
from readiness.engine.events import Event, ServiceFailed, ServiceReady, ServiceStarting, ServiceStopped
from readiness.engine.log import Log
from readiness.engine.probe import UrlError, answers, occupied
from readiness.outcome import Evidence, Outcome, Status

_STEADY = 1.0
"""Seconds that a service without `ready` has to stay up."""
_STEP = 0.05
_GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""


class ServiceError(Exception):
    """A service is not there; the text says why."""


class ServiceProcess:
    """One service.

    Args:
        name: As the checklist calls it.
        service: How to start it.
        root: Root of what is judged.
        environ: Environment, without what the service adds.
        mark: Value of `processes.MARK` for it and all that it starts.
    """

    def __init__(self, name: str, service: Service, *, root: Path, environ: Mapping[str, str], mark: str) -> None:
        self.name = name
        self.log = Log()
        self._service, self._root, self._mark = service, root, mark
        self._environ = {**environ, **service.env, processes.MARK: mark}
        self._process: subprocess.Popen[bytes] | None = None

    def check_free(self) -> None:
        """Make sure that nothing answers yet: a stale server must not be judged in place of this one.

        Raises:
            ServiceError: Something does, or `ready` is no URL.
        """
        try:
            if self._service.ready and occupied(self._service.ready):
                raise ServiceError(f"something else already answers at {self._service.ready}")
        except UrlError as error:
            raise ServiceError(f"`ready`: {error}") from error

    def start(self) -> None:
        """Start the process.

        Raises:
            ServiceError: It cannot be started.
        """
        run, cwd = self._service.run, self._root / self._service.cwd
        if not cwd.is_dir():
            raise ServiceError(f"its folder `{self._service.cwd}` does not exist")
        try:
            self._process = subprocess.Popen(
                processes.shell_command(run) if isinstance(run, str) else list(run),
                cwd=cwd,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=self.log.fileno(),
                stderr=self.log.fileno(),
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            raise ServiceError(f"it cannot be started: {error}") from error

    def wait_ready(self, give_up: threading.Event) -> None:
        """Wait until it is ready.

        Raises:
            ServiceError: It ended, or did not become ready in time.
        """
        ready, timeout = self._service.ready, self._service.timeout
        begun = time.monotonic()
        while not give_up.wait(_STEP):
            answered = bool(ready) and answers(ready)
            self.check_alive()
            passed = time.monotonic() - begun
            if answered or (not ready and passed >= min(_STEADY, timeout)):
                return
            if passed >= timeout:
                raise ServiceError(f"{ready} did not answer below 500 within {timeout:g} s")
            self.log.trim()
        raise ServiceError("it was stopped before it was ready")

    def check_alive(self) -> None:
        """Make sure that it still runs.

        Raises:
            ServiceError: It ended.
        """
        code = None if self._process is None else self._process.poll()
        if code is not None:
            how = f"was ended by signal {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
            raise ServiceError(f"it {how}; a service has to stay in the foreground")

    def terminate(self) -> bool:
        """Ask it to end; tell whether it was ever started."""
        if self._process is None:
            return False
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGTERM)
        return True

    def kill(self, timeout: float) -> None:
        """Wait for its end, then end what is left of it by force."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=max(timeout, 0.0))
            if self._process.returncode is None:
                processes.kill_tree(self._process.pid)
                self._process.wait()
            processes.kill_marked(self._mark)


class Services:
    """All services of a checklist.

    Args:
        services: By name.
        root: Root of what is judged.
        environ: Environment, without what each service adds.
        mark: Value of `processes.MARK`; each service gets one derived from it.
        tell: Told of events, from several threads.
    """

    def __init__(
        self,
        services: Mapping[str, Service],
        *,
        root: Path,
        environ: Mapping[str, str],
        mark: str,
        tell: Callable[[Event], None],
    ) -> None:
        self._tell = tell
        self._give_up = threading.Event()
        self._lock = threading.Lock()
        self._stopped = False
        self._failed: dict[str, str] = {}
        self._processes = [
            ServiceProcess(name, service, root=root, environ=environ, mark=f"{mark}.service{number}")
            for number, (name, service) in enumerate(services.items())
        ]

    def start(self) -> Outcome | None:
        """Start all of them side by side and wait until they are ready; an outcome when they are not."""
        with ThreadPoolExecutor(len(self._processes)) as pool:
            list(pool.map(self._start, self._processes))
        return self._outcome("cannot be evaluated: service") if self._failed else None

    def _start(self, process: ServiceProcess) -> None:
        begun = time.monotonic()
        self._tell(ServiceStarting(name=process.name))
        try:
            process.check_free()
            with self._lock:
                if not self._stopped:
                    process.start()
            process.wait_ready(self._give_up)
            self._tell(ServiceReady(name=process.name, seconds=time.monotonic() - begun))
        except ServiceError as error:
            if not self._give_up.is_set():
                self._fail(process.name, str(error))
            self._give_up.set()

    def _fail(self, name: str, reason: str) -> None:
        self._failed[name] = reason
        self._tell(ServiceFailed(name=name, reason=line(reason)))

    def check_alive(self) -> Outcome | None:
        """Look whether all still run, and keep their logs short; an outcome when one does not."""
        for process in self._processes:
            process.log.trim()
            if process.name not in self._failed:
                try:
                    process.check_alive()
                except ServiceError as error:
                    self._fail(process.name, str(error))
        return self._outcome("cannot be trusted: during the run, service") if self._failed else None

    def _outcome(self, what: str) -> Outcome:
        reasons = [f"`{name}`: {reason}" for name, reason in sorted(self._failed.items())]
        return Outcome(
            status=Status.ERROR,
            summary=line(f"{what} {'; '.join(reasons)}"),
            remedy="start the service by hand as `services` says, and mend what its log shows",
            evidence=tuple(
                Evidence(name=f"log of service {process.name}", excerpt=tail(process.log.tail()))
                for process in self._processes
                if process.name in self._failed
            ),
        )

    @property
    def failures(self) -> list[str]:
        """Services that failed, each with the reason."""
        return [f"service `{name}`: {reason}" for name, reason in sorted(self._failed.items())]

    def stop(self, grace: float = _GRACE) -> None:
        """Stop all of them, with everything that they started.

        Args:
            grace: Seconds between asking and forcing.
        """
        with self._lock:
            self._stopped = True
        self._give_up.set()
        started = [process for process in self._processes if process.terminate()]
        deadline = time.monotonic() + grace
        for process in started:
            process.kill(deadline - time.monotonic())
            self._tell(ServiceStopped(name=process.name))

    def close(self) -> None:
        """Give the logs back, after `stop`."""
        for process in self._processes:
            process.log.close()
