"""Evaluates the selected items, each as soon as what it needs has passed and its services are up."""

import contextlib
import difflib
import queue
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from readiness.check import Facts
from readiness.checklist import Checklist, Item
from readiness.engine.bounds import line
from readiness.engine.events import Event, ItemFinished, ItemStarted
from readiness.engine.host import Host
from readiness.engine.plan import Order
from readiness.engine.services import Services
from readiness.outcome import Outcome, Status
from readiness.plugins import PluginError, installed
from readiness.redaction import Redactor
from readiness.report import Plugin, Result, Subject

INTERRUPTED = "interrupted before it was evaluated"
_TICK = 0.2
"""Seconds between two looks at the services."""
_HASTE = 1.0
"""Seconds that services get to end when the run is interrupted."""


@dataclass(frozen=True)
class _Described:
    """It is known whether a check uses services."""

    check: str
    uses_services: bool


@dataclass(frozen=True)
class _Settled:
    """The services are up, or will not be: then their items have this outcome."""

    failure: Outcome | None


@dataclass(frozen=True)
class _Answered:
    """An item was evaluated."""

    item: Item
    outcome: Outcome
    duration: float


class _Interrupt:
    """A signal asked for the end."""


_Message = Event | _Described | _Settled | _Answered | _Interrupt


class Evaluation:
    """One run. The calling thread decides everything; other threads wait for workers and services, and send messages.

    Args:
        checklist: What the items come from.
        selected: Ids of the items to evaluate.
        root: Root of what is judged.
        now: The date of the run.
        jobs: How many items are evaluated at once.
        listener: Told of events, in the calling thread.
        host: Where checks run.
        policy_commit: Where the checklist was read from; empty for the work tree.
    """

    def __init__(
        self,
        checklist: Checklist,
        selected: Iterable[str],
        *,
        root: Path,
        now: datetime,
        jobs: int,
        listener: Callable[[Event], None],
        host: Host,
        policy_commit: str = "",
    ) -> None:
        self.interrupted = False
        self.notices: list[str] = []
        self.redactor: Redactor = host.redactor
        self._root, self._now = root, now
        self._checklist, self._policy_commit = checklist, policy_commit
        self._jobs, self._listener, self._host = jobs, listener, host
        chosen = set(selected)
        self._items = {item.id: item for item in checklist.items if item.id in chosen}
        self._sections = {item.id: section.title for section in checklist.sections for item in section.items}
        self._plugins = installed("readiness.checks")
        self._order = Order(self._items.values())
        self._messages: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._results: dict[str, Result] = {}
        self._running = 0
        """Messages of threads that are still to come."""
        self._parked: list[Item] = []
        """Items whose needs passed and that wait for services."""
        self._uses_services: dict[str, bool] = {}
        """By check; without services in the checklist nobody asks."""
        self._settled: _Settled | None = None
        self._services = (
            Services(checklist.services, root=root, environ=host.environ, mark=host.mark, tell=self._messages.put)
            if checklist.services
            else None
        )
        self._services_started = False

    def interrupt(self) -> None:
        """End the run early; may be called from a signal handler."""
        self.interrupted = True
        self._messages.put(_Interrupt())

    def run(self, subject: Subject) -> dict[str, Result]:
        """Evaluate all items; one result for each, by id."""
        with ExitStack() as stack:
            pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="readiness")
            stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            starter = ThreadPoolExecutor(1, thread_name_prefix="readiness-services")
            stack.callback(starter.shutdown, wait=True, cancel_futures=True)
            stack.callback(self._stop)
            self._work = partial(self._submit, pool)
            self._start = partial(self._submit, starter)
            self._loop(subject)
        if self._services is not None:
            self.notices += map(line, self._services.failures)
            self._services.close()
        self._pass_on_events()
        for item in self._items.values():
            if item.id not in self._results:
                self._record(item, _error(INTERRUPTED, "run it again"))
        return self._results

    def _submit(self, pool: ThreadPoolExecutor, work: Callable[[], _Message]) -> None:
        """Do something in a thread; its answer comes as a message, whatever happens."""
        self._running += 1
        pool.submit(lambda: self._messages.put(work()))

    def _stop(self) -> None:
        """End what still runs: everything, when the run ends early."""
        if self._services is not None:
            if not self.interrupted:
                self._services.check_alive()
            self._services.stop(*([_HASTE] if self.interrupted else []))
        if len(self._results) < len(self._items):  # after the services: it leaves them no time to end by themselves
            self._host.close()

    def _loop(self, subject: Subject) -> None:
        self._subject = subject
        if self._services is not None:
            for name in sorted({item.check for item in self._items.values()} & self._plugins.keys()):
                self._work(partial(self._describe, self._plugins[name]))
        for item in self._order.first():
            self._dispatch(item)
        while self._running and not self.interrupted:
            # Services are looked after now and then; without any, there is nothing to do but wait.
            with contextlib.suppress(queue.Empty):
                self._handle(self._messages.get(timeout=_TICK if self._services_started else None))
            self._look_after_services()
        with contextlib.suppress(queue.Empty):
            while self.interrupted:  # what was already answered counts
                self._handle(self._messages.get_nowait())
        if not self.interrupted:
            for item in self._order.stuck():
                if item.id not in self._results:
                    self._finish(item, _stuck(item, self._items))

    def _handle(self, message: _Message) -> None:
        if isinstance(message, _Interrupt):
            return
        if isinstance(message, _Answered):
            self._running -= 1
            outcome = message.outcome
            if self._uses_services.get(message.item.check) and self._services is not None:
                outcome = self._services.check_alive() or outcome
            self._finish(message.item, outcome, self._plugins[message.item.check], message.duration)
        elif isinstance(message, _Described):
            self._running -= 1
            self._uses_services[message.check] = message.uses_services
            if message.uses_services:
                self._start_services()
            self._unpark()
        elif isinstance(message, _Settled):
            self._running -= 1
            self._settled = message
            self._unpark()
        else:
            self._tell(message)

    def _tell(self, event: Event) -> None:
        self._listener(self.redactor.model(event))

    def _pass_on_events(self) -> None:
        """Tell what services did while they were stopped."""
        with contextlib.suppress(queue.Empty):
            while True:
                message = self._messages.get_nowait()
                if not isinstance(message, _Answered | _Described | _Settled | _Interrupt):
                    self._tell(message)

    def _start_services(self) -> None:
        services = self._services
        if services is not None and not self._services_started and not self.interrupted:
            self._services_started = True
            self._start(lambda: _Settled(services.start()))

    def _look_after_services(self) -> None:
        if self._services is not None and self._settled is not None and self._settled.failure is None:
            failure = self._services.check_alive()
            if failure is not None:
                self._settled = _Settled(failure)

    def _unpark(self) -> None:
        parked, self._parked = self._parked, []
        for item in parked:
            if not self.interrupted:
                self._dispatch(item)

    def _dispatch(self, item: Item) -> None:
        """Evaluate an item whose needs have passed, now or when its services are settled."""
        plugin = self._plugins.get(item.check)
        if plugin is None:
            self._finish(item, _not_installed(item.check, self._plugins))
            return
        uses = self._uses_services.get(item.check) if self._services is not None else False
        if uses is None or (uses and self._settled is None):
            self._parked.append(item)
        elif uses and self._settled is not None and self._settled.failure is not None:
            self._finish(item, self._settled.failure, plugin)
        elif not self.interrupted:
            self._work(partial(self._evaluate, item, plugin))

    def _describe(self, plugin: Plugin) -> _Message:
        try:
            return _Described(plugin.name, self._host.describe(plugin).uses_services)
        except PluginError:
            return _Described(plugin.name, uses_services=False)  # its items will say why it cannot be used
        except Exception:  # noqa: BLE001  a message has to come, or the run would wait for ever
            return _Described(plugin.name, uses_services=True)

    def _evaluate(self, item: Item, plugin: Plugin) -> _Message:
        try:
            self._messages.put(ItemStarted(item=item))
            outcome, duration = self._host.evaluate(plugin, self._facts(item))
        except Exception as error:  # noqa: BLE001  a message has to come, or the run would wait for ever
            outcome, duration = _error(f"the engine failed: {type(error).__name__}: {error}", "report this"), 0.0
        return _Answered(item, outcome, duration)

    def _facts(self, item: Item) -> Facts:
        return Facts(
            root=self._root,
            now=self._now,
            subject=self._subject,
            item=item,
            roles=self._checklist.roles,
            people=self._checklist.people,
            policy=self._checklist.policy,
            policy_commit=self._policy_commit,
        )

    def _finish(self, item: Item, outcome: Outcome, plugin: Plugin | None = None, duration: float = 0.0) -> None:
        """Note a result, and go on with what waited for it."""
        self._record(item, outcome, plugin, duration)
        if outcome.status is Status.PASSED:
            for below in self._order.passed(item.id):
                self._dispatch(below)
        else:
            for below, reason in self._order.not_passed(item.id, outcome.status):
                self._record(below, Outcome(status=Status.SKIPPED, summary=reason))

    def _record(self, item: Item, outcome: Outcome, plugin: Plugin | None = None, duration: float = 0.0) -> None:
        result = Result(item=item, section=self._sections[item.id], outcome=outcome, duration=duration, plugin=plugin)
        clean = self._results[item.id] = self.redactor.model(result)
        self._listener(ItemFinished(result=clean))


def _error(summary: str, remedy: str) -> Outcome:
    return Outcome(status=Status.ERROR, summary=line(summary), remedy=remedy)


def _not_installed(check: str, plugins: Mapping[str, Plugin]) -> Outcome:
    near = difflib.get_close_matches(check, plugins, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "`readiness list checks` shows what is installed"
    return _error(f"check `{check}` is not installed", f"install the distribution that brings it; {hint}")


def _stuck(item: Item, items: Mapping[str, Item]) -> Outcome:
    absent = [need for need in item.needs if need not in items]
    if absent:
        return _error(f"it needs `{absent[0]}`, which is not in the checklist", "correct `needs`")
    return _error("what it needs goes round in a circle, or needs what does not exist", "correct `needs`")
