"""Decides when each selected item is evaluated: as soon as what it needs has passed and its services are up."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from readiness import ratchet
from readiness.checklist import SIGNOFF, Item
from readiness.engine.bounds import line
from readiness.engine.evaluation import Evaluator, interrupted, never_ready, not_installed
from readiness.engine.events import (
    Answered,
    Described,
    Event,
    Inbox,
    Interrupted,
    ItemFinished,
    Message,
    ServicesSettled,
)
from readiness.engine.plan import Order, signed_alone
from readiness.engine.services import ServiceUse
from readiness.engine.settings import RunSettings
from readiness.git_objects import let_no_git_stay
from readiness.outcome import Outcome, Status
from readiness.plugins import installed
from readiness.report import Plugin, Result, Subject
from readiness.run_policy import RunPolicy

_TICK = 0.2
"""Seconds between two looks at the services."""


class Scheduler:
    """One run. The calling thread decides everything; other threads wait for workers and services, and send messages.

    Args:
        policy: What the items come from.
        selected: Ids of the items to evaluate.
        subject: What is judged.
        settings: How the run is carried out.
        inbox: Where messages arrive; an interruption ends the run early.
    """

    def __init__(
        self, policy: RunPolicy, selected: Iterable[str], subject: Subject, settings: RunSettings, inbox: Inbox
    ) -> None:
        checklist, chosen = policy.checklist, set(selected)
        self._settings, self._inbox = settings, inbox
        self._items = {item.id: item for item in checklist.items if item.id in chosen}
        self._sections = {item.id: section.title for section in checklist.sections for item in section.items}
        self._base = policy.base
        self._plugins = installed("readiness.checks")
        self._order = Order(self._items.values())
        self._evaluator = Evaluator(policy, subject, settings, inbox)
        without = settings.collected is not None  # services are code of what is judged
        self._services = ServiceUse(None) if without else ServiceUse.of_run(policy, settings.host, inbox)
        self._results: dict[str, Result] = {}
        self._waiting: list[Item] = []
        """Items whose needs passed and that wait for services, or for the sign-offs that are judged first."""
        self._early: frozenset[str] = frozenset()
        """Ids of those sign-offs, until they are judged."""
        self._running = 0
        """Messages of threads that are still to come."""
        self._workers = ThreadPoolExecutor(settings.jobs, thread_name_prefix="readiness")
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="readiness-services")

    def run(self) -> dict[str, Result]:
        """Evaluate all items; one result for each, by id."""
        let_no_git_stay()
        with ExitStack() as stack:
            for pool in (self._workers, self._starter):
                stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            stack.callback(self._stop)
            self._loop()
        self._services.close()
        self._pass_on_events()
        for item in self._items.values():
            if item.id not in self._results:
                self._record(item, interrupted())
        return self._results

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader has to know beside the results, after the run."""
        return tuple(map(line, self._services.failures))

    def _submit(self, pool: ThreadPoolExecutor, work: Callable[[], Message]) -> None:
        """Do something in a thread; its answer comes as a message, whatever happens."""
        self._running += 1
        pool.submit(lambda: self._inbox.put(work()))

    def _stop(self) -> None:
        """End what still runs: everything, when the run ends early."""
        self._services.stop(early=self._inbox.interrupted)
        if len(self._results) < len(self._items):  # after the services: it leaves them no time to end by themselves
            self._settings.host.close()

    def _signed_first(self) -> None:
        """Judge sign-offs that wait for nothing else before any command or service can touch the folder of git."""
        self._early = signed_alone(self._items.values())
        if self._early:
            self._describe({SIGNOFF})
        for item in self._order.first():
            self._dispatch(item)
        while self._early - self._results.keys() and self._running and not self._inbox.interrupted:
            message = self._inbox.get(None)
            if message is not None:
                self._handle(message)
        described, self._early = {SIGNOFF} if self._early else set(), frozenset()
        self._describe({item.check for item in self._items.values()} - described)
        self._retry_waiting()

    def _describe(self, checks: set[str]) -> None:
        """Ask checks whether they use services, where there are any."""
        for name in sorted(checks & self._plugins.keys()) if self._services.declared else ():
            self._submit(self._workers, partial(self._evaluator.describe, self._plugins[name]))

    def _loop(self) -> None:
        self._signed_first()
        while self._running and not self._inbox.interrupted:
            # Services are looked after now and then; without any, there is nothing to do but wait.
            message = self._inbox.get(_TICK if self._services.started else None)
            if message is not None:
                self._handle(message)
            self._services.look_after()
        while self._inbox.interrupted and (message := self._inbox.get_now()) is not None:
            self._handle(message)  # what was already answered counts
        if not self._inbox.interrupted:
            for item in self._order.stuck():
                if item.id not in self._results:
                    self._finish(item, never_ready(item, self._items))

    def _handle(self, message: Message) -> None:
        if isinstance(message, Interrupted):
            return
        if isinstance(message, Answered):
            self._running -= 1
            outcome = self._services.failure_during(message.item.check) or message.outcome
            self._finish(message.item, outcome, self._plugins[message.item.check], message.duration)
        elif isinstance(message, Described):
            self._running -= 1
            self._services.learn(message)
            if message.uses_services and not self._services.started and not self._inbox.interrupted:
                self._services.started = True
                self._submit(self._starter, self._services.start)
            self._retry_waiting()
        elif isinstance(message, ServicesSettled):
            self._running -= 1
            self._services.settle(message)
            self._retry_waiting()
        else:
            self._tell(message)

    def _tell(self, event: Event) -> None:
        self._settings.tell(self._settings.host.redactor.model(event))

    def _pass_on_events(self) -> None:
        """Tell what services did while they were stopped."""
        while (message := self._inbox.get_now()) is not None:
            if not isinstance(message, Answered | Described | ServicesSettled | Interrupted):
                self._tell(message)

    def _retry_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            if not self._inbox.interrupted:
                self._dispatch(item)

    def _dispatch(self, item: Item) -> None:
        """Evaluate an item whose needs have passed, now or when its services are settled."""
        plugin = self._plugins.get(item.check)
        if self._early and item.id not in self._early:
            self._waiting.append(item)
        elif plugin is None:
            self._finish(item, not_installed(item.check, self._plugins))
        elif self._services.awaited_by(item.check):
            self._waiting.append(item)
        elif (failure := self._services.failure(item.check)) is not None:
            self._finish(item, failure, plugin)
        elif not self._inbox.interrupted:
            self._submit(self._workers, partial(self._evaluator.evaluate, item, plugin))

    def _finish(self, item: Item, outcome: Outcome, plugin: Plugin | None = None, duration: float = 0.0) -> None:
        """Note a result, and go on with what waited for it."""
        outcome = self._record(item, outcome, plugin, duration)
        if outcome.status is Status.PASSED:
            for below in self._order.passed(item.id):
                self._dispatch(below)
        else:
            for below, reason in self._order.not_passed(item.id, outcome.status):
                self._record(below, Outcome(status=Status.SKIPPED, summary=reason))

    def _record(self, item: Item, outcome: Outcome, plugin: Plugin | None = None, duration: float = 0.0) -> Outcome:
        """Note a result; the outcome, compared with that of the base where the item asks for it."""
        judged = ratchet.judge(item, outcome, self._base)
        result = Result(
            item=item,
            section=self._sections[item.id],
            outcome=judged,
            duration=duration,
            plugin=plugin,
            absolute=None if judged is outcome else outcome,
        )
        clean = self._results[item.id] = self._settings.host.redactor.model(result)
        self._settings.tell(ItemFinished(result=clean))
        return judged
