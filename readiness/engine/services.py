"""The services of a checklist: started side by side, watched while items use them, stopped whatever happens."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from readiness.checklist import Service
from readiness.engine.bounds import line, tail
from readiness.engine.events import (
    Described,
    Event,
    Inbox,
    ServiceFailed,
    ServiceReady,
    ServicesSettled,
    ServiceStarting,
    ServiceStopped,
)
from readiness.engine.host import Host
from readiness.engine.service_process import ServiceError, ServiceProcess
from readiness.outcome import Evidence, Outcome, Status
from readiness.run_policy import RunPolicy

_GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""
_HASTE = 1.0
"""The same when the run is interrupted."""


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
            remedy="start the service by hand as `services` says, and fix what its log shows",
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

    def stop(self, grace: float) -> None:
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


class ServiceUse:
    """Asked by the scheduler before it evaluates an item. Without services, nothing waits and nothing fails.

    Args:
        services: Those of the checklist; None when it has none.
    """

    def __init__(self, services: Services | None) -> None:
        self.started = False
        """Whether somebody was asked to start them."""
        self._services = services
        self._uses: dict[str, bool] = {}
        """By check, as far as it is known."""
        self._settled = False
        self._failure: Outcome | None = None

    @classmethod
    def of_run(cls, policy: RunPolicy, host: Host, inbox: Inbox) -> "ServiceUse":
        """Make the services of a checklist ready to be started."""
        declared = policy.checklist.services
        if not declared:
            return cls(None)
        return cls(Services(declared, root=policy.root, environ=host.environ, mark=host.mark, tell=inbox.put))

    @property
    def declared(self) -> bool:
        """Whether the checklist has services."""
        return self._services is not None

    def learn(self, described: Described) -> None:
        """Note whether a check uses services."""
        self._uses[described.check] = described.uses_services

    def start(self) -> ServicesSettled:
        """Start them and wait until they are up, or will not be."""
        try:
            return ServicesSettled(self._services.start() if self._services is not None else None)
        except Exception as error:  # noqa: BLE001  a message has to come, or the run would wait for ever
            summary = line(f"its services cannot be started: the engine failed: {type(error).__name__}: {error}")
            return ServicesSettled(Outcome(status=Status.ERROR, summary=summary, remedy="report this"))

    def settle(self, settled: ServicesSettled) -> None:
        """Note that they are up, or will not be."""
        self._settled, self._failure = True, settled.failure

    def awaited_by(self, check: str) -> bool:
        """Whether an item of a check has to wait."""
        if self._services is None:
            return False
        uses = self._uses.get(check)
        return uses is None or (uses and not self._settled)

    def failure(self, check: str) -> Outcome | None:
        """The outcome of an item of a check when the services that it uses are not up."""
        return self._failure if self._uses.get(check) else None

    def failure_during(self, check: str) -> Outcome | None:
        """The outcome of an item that was just evaluated when a service ended meanwhile: its answer means nothing."""
        return self._services.check_alive() if self._services is not None and self._uses.get(check) else None

    def look_after(self) -> None:
        """Notice a service that ended."""
        if self._services is not None and self._settled and self._failure is None:
            self._failure = self._services.check_alive()

    @property
    def failures(self) -> list[str]:
        """Services that failed, each with the reason."""
        return self._services.failures if self._services is not None else []

    def stop(self, *, early: bool) -> None:
        """Stop them.

        Args:
            early: Whether the run was interrupted: they get less time then.
        """
        if self._services is not None:
            if not early:
                self._services.check_alive()
            self._services.stop(_HASTE if early else _GRACE)

    def close(self) -> None:
        """Give their logs back, after `stop`."""
        if self._services is not None:
            self._services.close()
