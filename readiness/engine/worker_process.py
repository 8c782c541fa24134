"""One worker process: sends requests, limits time and size, and stops it with every process that it started."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from pydantic import JsonValue, ValidationError

from readiness import judged_tree, processes
from readiness.check import Facts
from readiness.engine import protocol
from readiness.engine.log import Log
from readiness.engine.protocol import DiedError, GarbageError, Reply, TimedOutError, Verb, WorkerError
from readiness.evidence.change import Comparing
from readiness.packed_lines import one_document
from readiness.report import Plugin, Report
from readiness.text import first_mistake
from readiness.untrusted import require_small

_TICK = 0.1
"""Seconds between two looks at whether the process is still there."""
_STARTUP = 60.0
"""Seconds for a worker to be ready."""
_PROGRAM = (sys.executable, "-P", "-u", "-X", "faulthandler", "-m", "readiness.engine.worker")


def for_python(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which a process of ours starts: its Python finds no module of what is judged.

    The worker gives its commands the PYTHONPATH that they had.
    """
    path = environ.get("PYTHONPATH")
    if not path:
        return dict(environ)
    kept = judged_tree.outside(path, judged_tree.tree())
    others = {name: value for name, value in environ.items() if name != "PYTHONPATH"}
    return {**others, judged_tree.ORIGINAL: path, **({"PYTHONPATH": kept} if kept else {})}


class WorkerProcess:
    """A worker process.

    Args:
        environ: Its environment.
        mark: Value of `processes.MARK` for it and all that it starts.
        learn: Called with the values of secrets as a check reads them.

    Raises:
        WorkerError: It did not start.
    """

    def __init__(self, environ: Mapping[str, str], mark: str, learn: Callable[..., None]) -> None:
        self.mark = mark
        self.imported: set[Plugin] = set()
        self.fit = True
        """Whether it can be asked again."""
        self._learn = learn
        self._ids = itertools.count(1)
        self._log = Log()
        self._socket, other = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [*_PROGRAM, str(other.fileno())],
                env={**for_python(environ), processes.MARK: mark},
                stdin=subprocess.DEVNULL,
                stdout=self._log.fileno(),
                stderr=self._log.fileno(),
                pass_fds=[other.fileno()],
                start_new_session=True,
            )
        except OSError as error:
            self._socket.close()
            self._log.close()
            raise WorkerError(f"a worker process cannot be started: {error}") from error
        finally:
            other.close()

    def wait_ready(self) -> None:
        """Wait until it listens.

        Raises:
            WorkerError: It did not come up.
        """
        try:
            self._receive(0, "ready", time.monotonic() + _STARTUP)
        except WorkerError as error:
            raise WorkerError(f"a worker process did not come up: it {error}", error.log) from error

    @property
    def alive(self) -> bool:
        """Whether it is there, silent and fit for a request."""
        return self.fit and self._process.poll() is None and self._silent()

    def _silent(self) -> bool:
        """Whether nothing is there to be read, not even the end."""
        try:
            self._socket.settimeout(0)
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def ask(
        self,
        verb: Verb,
        plugin: Plugin,
        *,
        timeout: float,
        params: Mapping[str, JsonValue] | None = None,
        facts: Facts | None = None,
        report: Report | None = None,
        comparing: Comparing | None = None,
    ) -> Reply:
        """Ask one thing and wait for the answer.

        Args:
            verb: What is asked.
            plugin: The check, or the reporter.
            timeout: Seconds.
            params: For `problems`.
            facts: For `evaluate`.
            report: For `render`.
            comparing: For `compare`.

        Raises:
            WorkerError: No answer came; the process is of no use any more.
        """
        deadline = time.monotonic() + timeout
        request = protocol.Request(
            id=next(self._ids),
            verb=verb,
            plugin=plugin,
            params=dict(params or {}),
            facts=facts,
            report=report,
            comparing=comparing,
        )
        self._log.clear()
        try:
            frame = protocol.pack(request)
        except ValueError as error:
            raise WorkerError(f"cannot be asked: {error}") from error
        self._send(frame, deadline)
        reply = self._receive(request.id, protocol.EXPECTED[verb], deadline)
        self.fit = not reply.retire
        if reply.spawned and sys.platform != "linux":  # Linux: the worker itself adopts and ends all of them
            processes.kill_marked(self.mark, spare={self._process.pid})
        return reply

    def _send(self, data: bytes, deadline: float) -> None:
        try:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            self._socket.sendall(data)
        except TimeoutError as error:
            raise self._failed(TimedOutError, "took no request") from error
        except OSError as error:
            raise self._ended() from error

    def _receive(self, identifier: int, kind: str, deadline: float) -> Reply:
        while True:
            body = self._frame(deadline)
            try:
                with one_document():
                    reply = protocol.unpack(Reply, require_small(body))
            except ValueError as error:
                why = first_mistake(error) if isinstance(error, ValidationError) else str(error)
                raise self._failed(GarbageError, f"answered with something that is no answer: {why}") from error
            if reply.kind == "secrets":
                self._learn(*reply.secrets)
            elif reply.kind == "refused" and reply.id == identifier and reply.refused:
                self.fit = False
                return reply
            elif reply.kind != kind or reply.id != identifier or not reply.complete:
                raise self._failed(GarbageError, f"gave the answer `{reply.kind}` to another question")
            else:
                return reply

    def _frame(self, deadline: float) -> bytes:
        try:
            size = protocol.length(self._exactly(protocol.LENGTH.size, deadline))
        except ValueError as error:
            raise self._failed(GarbageError, f"answered with something that is no answer: {error}") from error
        return self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise self._failed(TimedOutError, "took too long")
            try:
                self._socket.settimeout(min(left, _TICK))
                part = self._socket.recv(min(size - len(parts), 2**20))
            except TimeoutError:
                self._log.trim()
                if self._process.poll() is not None and self._silent():
                    raise self._ended() from None
                continue
            except OSError as error:
                raise self._ended() from error
            if not part:
                raise self._ended()
            parts += part
        return bytes(parts)

    def _ended(self) -> WorkerError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        code = self._process.returncode
        if code is None:
            return self._failed(DiedError, "hung up")
        if code < 0:
            why = " (Linux does that when the memory of the machine is used up)" if -code == signal.SIGKILL else ""
            return self._failed(DiedError, f"was ended by signal {_signal(-code)}{why}")
        return self._failed(DiedError, f"ended the process with exit code {code}")

    def _failed(self, kind: type[WorkerError], why: str) -> WorkerError:
        """Note the end of the log, end the process, and say why."""
        self.fit = False
        log = self._log.tail()
        self.kill()
        return kind(why, log)

    def dismiss(self) -> None:
        """Hang up: an idle worker ends itself."""
        self.fit = False
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def wait(self, timeout: float) -> bool:
        """Wait for the end of the process; tell whether it came."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=timeout)
        return self._process.returncode is not None

    def kill(self, *, sweep: bool = True) -> None:
        """End the process with everything that it started, at once.

        Args:
            sweep: Whether to look for what escaped from its process tree, too.
        """
        self.fit = False
        if self._process.poll() is None:
            processes.kill_tree(self._process.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if sweep:
            processes.kill_marked(self.mark)
        self.wait(1.0)

    def release(self) -> None:
        """Give back the descriptors of a process that has ended."""
        self._socket.close()
        self._log.close()


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
