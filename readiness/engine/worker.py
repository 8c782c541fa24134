"""The program of a worker process: imports plugins, evaluates items, answers through its own socket.

Started as `python -P -m readiness.engine.worker DESCRIPTOR`. Whatever a plugin does to this process harms only the item
that is evaluated: the engine sees the process end, or ends it.
"""

import contextlib
import os
import queue
import socket
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from readiness import judged_tree, memory_limit, processes
from readiness.check import Check, Context, Facts
from readiness.engine.bounds import bounded, line, tail
from readiness.engine.protocol import LENGTH, Reply, Request, length, pack, unpack
from readiness.evidence.change import Comparing, Stopped
from readiness.git_objects import keeping_answers
from readiness.git_program import GitError
from readiness.isolation import confinement
from readiness.isolation.process import adopt_orphans, close_memory, end_descendants, has_children
from readiness.known_names import names_in_item
from readiness.outcome import CheckError, Evidence, Outcome, Status
from readiness.plugins import PluginError, describe, load_check, load_reporter, parse, problems
from readiness.redaction import Redactor
from readiness.report import Plugin
from readiness.text import first_mistake, storable

_KINDS = {"render": "reporter"}


class Worker:
    """Answers requests one at a time.

    Args:
        connection: Socket to the engine.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._checks: dict[Plugin, type[Check]] = {}
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._current = 0
        self._spawned = False
        sys.addaudithook(self._audit)

    def serve(self) -> NoReturn:
        """Answer until the engine hangs up."""
        threading.Thread(target=self._listen, daemon=True).start()
        self._send(Reply(id=0, kind="ready"))
        environ, cwd = dict(os.environ), Path.cwd()
        while True:
            request = self._requests.get()
            self._current, self._spawned = request.id, False
            threads = threading.active_count()
            reply = self._answer(request)
            if os.getpid() != self._pid:
                os._exit(1)  # a check forked, and this is its copy of the worker
            if dict(os.environ) != environ:
                os.environ.clear()
                os.environ.update(environ)
            with contextlib.suppress(OSError):
                os.chdir(cwd)
            clean = end_descendants() and (request.verb == "import" or threading.active_count() <= threads)
            self._reply(
                reply.model_copy(update={"spawned": self._spawned, "retire": reply.retire or not clean}), request.plugin
            )

    def _audit(self, event: str, _arguments: Any) -> None:
        if event in {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec"}:
            self._spawned = True

    def _listen(self) -> None:
        """Read requests; when the engine is gone, take everything that was started along."""
        try:
            while True:
                size = length(self._receive(LENGTH.size))
                self._requests.put(unpack(Request, self._receive(size)))
        except (OSError, EOFError, ValueError):
            pass
        finally:
            if has_children():
                processes.kill_tree(self._pid)
            os._exit(0)

    def _receive(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self._connection.recv(min(size - len(parts), 2**20))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _send(self, reply: Reply) -> None:
        with self._lock:
            self._connection.sendall(pack(reply))

    def _reply(self, reply: Reply, plugin: Plugin) -> None:
        try:
            self._send(reply)
        except ValueError as error:
            if reply.kind == "compared":
                stopped = Stopped(f"found what cannot be sent: {error}")
                self._send(Reply(id=reply.id, kind="compared", stopped=stopped, retire=True))
                return
            if reply.kind != "evaluated":
                kind = "reporter" if reply.kind == "rendered" else "check"
                why = line(f"{_who(plugin, kind)} gave what cannot be sent: {error}")
                self._send(Reply(id=reply.id, kind="refused", refused=why, retire=True))
                return
            said = Outcome(status=Status.ERROR, summary=line(f"what the check answered cannot be sent: {error}"))
            self._send(Reply(id=reply.id, kind="evaluated", outcome=said, retire=True))

    def learn(self, secrets: tuple[str, ...]) -> None:
        """Tell the engine about secrets before a check gets them, so that not even a crash can print them."""
        if os.getpid() == self._pid:
            self._send(Reply(id=self._current, kind="secrets", secrets=secrets))

    def _answer(self, request: Request) -> Reply:
        try:
            return self._done(request)
        except PluginError as error:
            why = storable(str(error))
        except BaseException as error:  # noqa: BLE001  a plugin's class may do anything when it is looked at
            why = f"{_who(request.plugin, _KINDS.get(request.verb, 'check'))} {_crash(error)}"
        return Reply(id=request.id, kind="refused", refused=line(why), retire=True)

    def _done(self, request: Request) -> Reply:
        if request.verb == "render":
            return _rendered(request)
        if request.verb == "compare" and request.comparing is not None:
            return _compared(request.id, request.comparing)
        check = self._check(request.plugin)
        if request.verb == "describe":
            return Reply(id=request.id, kind="described", description=describe(check))
        if request.verb == "problems":
            return Reply(id=request.id, kind="problems", problems=tuple(problems(check, request.params)))
        if request.verb == "evaluate" and request.facts is not None:
            outcome, retire = self._evaluate(check, request)
            return Reply(id=request.id, kind="evaluated", outcome=outcome, retire=retire)
        return Reply(id=request.id, kind="imported")

    def _check(self, plugin: Plugin) -> type[Check]:
        if plugin not in self._checks:
            self._checks[plugin] = load_check(plugin)
        return self._checks[plugin]

    def _evaluate(self, check: type[Check], request: Request) -> tuple[Outcome, bool]:
        """Evaluate an item, and whether the worker is of no use afterwards; whatever goes wrong is an `error`."""
        retire = False
        facts: Facts = request.facts  # type: ignore[assignment]  # the caller has looked
        redactor = _Sharing(self)
        redactor.spare(facts.subject.project, facts.subject.release, *names_in_item(facts.item))
        try:
            with keeping_answers(), memory_limit.limited(facts.item.memory):
                answer: Any = parse(check, facts.item.params).run(Context(facts, redactor=redactor))
            if not isinstance(answer, Outcome):
                raise TypeError(f"it returned {type(answer).__name__} instead of an Outcome")  # noqa: TRY301  one place
            outcome = Outcome.model_validate(Outcome.model_dump(answer))
            if outcome.status is Status.SKIPPED:
                raise ValueError("it returned `skipped`, which only the engine may say")  # noqa: TRY301  one place
        except CheckError as error:
            outcome = error.outcome
        except MemoryError:
            what = f"{_who(request.plugin)} {memory_limit.exceeded(facts.item.memory)}"
            outcome, retire = Outcome(status=Status.ERROR, summary=line(what), remedy=memory_limit.REMEDY), True
        except BaseException as error:  # noqa: BLE001  KeyboardInterrupt and SystemExit of a check are crashes, too
            outcome = _crashed(request.plugin, error)
        try:
            return bounded(outcome), retire
        except BaseException as error:  # noqa: BLE001  an outcome that was made without validation can hold anything
            return _crashed(request.plugin, error), True


def _rendered(request: Request) -> Reply:
    """Have a reporter render."""
    text: Any = load_reporter(request.plugin)(request.report)  # type: ignore[arg-type]  # the engine sends one
    if not isinstance(text, str) or not text:
        gave = type(text).__name__ if text else "nothing"
        raise PluginError(f"{_who(request.plugin, 'reporter')} gave {gave}, not text")
    return Reply(id=request.id, kind="rendered", text=storable(text))


def _compared(identifier: int, asked: Comparing) -> Reply:
    """Compare the evidence of a change; the log names each file before it is read, for whoever has to end this."""
    from readiness.evidence import progress  # most workers compare nothing
    from readiness.evidence.reading import compare_commits

    now = ""

    def tell(path: str) -> None:
        nonlocal now
        now = path
        os.write(sys.stderr.fileno(), progress.written(path))

    retire = False
    try:
        with keeping_answers(standing=True), memory_limit.limited(asked.memory), progress.telling(tell):
            return Reply(id=identifier, kind="compared", evidence=compare_commits(asked))
    except GitError as error:
        if not memory_limit.was_exceeded(str(error).encode(errors="replace")):
            return Reply(id=identifier, kind="refused", refused=storable(str(error)) or "git failed")
        why, retire = memory_limit.exceeded(asked.memory), True  # git has the same limit as this process
    except MemoryError:
        why, retire = memory_limit.exceeded(asked.memory), True
    except Exception as error:  # noqa: BLE001  whatever a file makes of it, it is not compared
        why = f"{_crash(error)} ({_place(error)})"
    return Reply(id=identifier, kind="compared", stopped=Stopped(why, now), retire=retire)


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__, limit=-1)
    return f"{Path(last[0].filename).name}:{last[0].lineno}" if last else "nowhere"


class _Sharing(Redactor):
    """A redactor that tells the engine what it learns."""

    def __init__(self, worker: Worker) -> None:
        self._worker: Worker | None = None
        super().__init__(os.environ)  # the engine has the same environment, and knows these
        self._worker = worker

    def register(self, *values: str) -> None:
        before = self.values
        super().register(*values)
        fresh = tuple(sorted(self.values - before))
        if fresh and self._worker is not None:
            self._worker.learn(fresh)


def _who(plugin: Plugin, kind: str = "check") -> str:
    return f"{kind} `{plugin.name}` of {plugin.distribution} {plugin.version}"


def _crashed(plugin: Plugin, error: BaseException) -> Outcome:
    home = "readiness" if plugin.distribution == "readiness" else f"the authors of {plugin.distribution}"
    try:
        trace = "".join(["Traceback:\n", *traceback.format_tb(error.__traceback__, limit=-20), _crash(error)])
    except BaseException:  # noqa: BLE001  an exception may raise when it is printed
        trace = ""
    return Outcome(
        status=Status.ERROR,
        summary=line(f"{_who(plugin)} {_crash(error)}"),
        remedy=f"look at the evidence for the cause; if it is the check itself, tell {home}",
        evidence=(Evidence(name="traceback", excerpt=tail(trace, 4_000)),) if trace else (),
    )


def _crash(error: BaseException) -> str:
    try:
        text = f"{error.title}: {first_mistake(error)}" if isinstance(error, ValidationError) else str(error)
    except BaseException:  # noqa: BLE001  an exception may raise when it is printed
        text = "(its message cannot be printed)"
    return line(storable(f"crashed: {type(error).__name__}{': ' if text else ''}{text}"))


def main() -> NoReturn:
    """Serve the engine on the descriptor that it names."""
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)  # noqa: FBT003  the standard library's own signature
    close_memory()
    adopt_orphans()
    memory_limit.be_first_to_go()
    confinement.confine_as_told()
    original = os.environ.pop(judged_tree.ORIGINAL, None)
    if original is not None:
        os.environ["PYTHONPATH"] = original
    Worker(socket.socket(fileno=descriptor)).serve()


if __name__ == "__main__":
    main()
