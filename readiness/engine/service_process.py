"""One service: starts it, polls whether it is ready, and stops it with every process that it started."""

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from readiness import processes
from readiness.checklist import Service
from readiness.engine.log import Log
from readiness.isolation import confinement

_STEADY = 1.0
"""Seconds that a service without `ready` has to stay up."""
_STEP = 0.05
_PROBE_TIMEOUT = 2.0
"""Seconds for one question to a service."""
_BELOW = 500
"""A status below this means ready: 401 and 404 are answers of the service, 502 and 503 of what stands before it."""


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
                confinement.command(processes.shell_command(run) if isinstance(run, str) else list(run), self._environ),
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


class UrlError(ValueError):
    """A URL that cannot be asked."""


def occupied(url: str) -> bool:
    """Whether something listens where a URL points to.

    Raises:
        UrlError: It is not an http or https URL with a host, or no name server can be asked for the host.
    """
    _, host, port = _split(url)
    try:
        with socket.create_connection((host, port), timeout=_PROBE_TIMEOUT):
            return True
    except UnicodeError as error:
        raise UrlError(f"`{url}` names no host that can be looked up: {error}") from error
    except OSError:
        return False


def answers(url: str) -> bool:
    """Whether a GET is answered with a status below 500; no proxy, no redirect followed, no certificate verified.

    Certificates are judged by the check `tls`; a service with a bad one must be up for that.

    Raises:
        UrlError: It is not an http or https URL with a host.
    """
    parts, host, port = _split(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, port, timeout=_PROBE_TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=_PROBE_TIMEOUT)
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return connection.getresponse().status < _BELOW
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


def _split(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UrlError(f"`{url}` is not a URL: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UrlError(f"`{url}` is not an http or https URL")
    return parts, parts.hostname, port or (443 if parts.scheme == "https" else 80)
