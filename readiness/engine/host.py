"""Describes checks and evaluates items in worker processes, so that no plugin runs in this process."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, NoReturn, Self

from pydantic import JsonValue

from readiness import memory_limit
from readiness.check import Facts
from readiness.engine.bounds import bounded, line, tail
from readiness.engine.protocol import DiedError, Reply, TimedOutError, WorkerError
from readiness.engine.worker_pool import WorkerPool
from readiness.engine.worker_process import WorkerProcess
from readiness.evidence.change import Comparing, Stopped, WeakenedEvidence
from readiness.evidence.progress import last_written
from readiness.git_program import GitError
from readiness.isolation import confinement
from readiness.outcome import Evidence, Outcome, Status
from readiness.plugins import BUILT_IN, Description, PluginError, Problem
from readiness.redaction import Redactor
from readiness.report import Plugin, Report

IMPORT_TIMEOUT = 60.0
"""Seconds to import a plugin, or to answer about it; not charged to the items that it answers."""

_COMPARES = Plugin(name="evidence", entry_point="readiness.evidence", distribution=BUILT_IN, version="")
"""Stands for this program itself, whose own worker compares."""


class Host:
    """Worker processes, started when they are needed and reused; a context manager that leaves none behind.

    A worker serves the plugins of one distribution only, so that a plugin that patches the world on import harms none
    but its own. May be used from several threads.

    Args:
        environ: Environment of the workers; that of this process when not given.
        redactor: Learns the secrets that checks read; a new one when not given.
        import_timeout: Seconds for the import of a plugin.
        confine_to: The only folders to which workers and services may write; all when empty.
    """

    def __init__(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        redactor: Redactor | None = None,
        import_timeout: float = IMPORT_TIMEOUT,
        confine_to: Sequence[str] = (),
    ) -> None:
        self.environ: Mapping[str, str] = dict(os.environ if environ is None else environ)
        self.redactor = Redactor(self.environ) if redactor is None else redactor
        self.confined = bool(confine_to)
        """Whether commands and services can write only to some folders."""
        if confine_to:
            self.environ = confinement.told(self.environ, confine_to)
        self._import_timeout = import_timeout
        self._pool = WorkerPool(self.environ, self.redactor.register)
        self._descriptions: dict[Plugin, Description] = {}
        self._refused: dict[Plugin, PluginError] = {}

    @property
    def mark(self) -> str:
        """Every process of this host carries it in its environment, see `readiness.processes.MARK`."""
        return self._pool.mark

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def describe(self, plugin: Plugin) -> Description:
        """Describe a check.

        Raises:
            PluginError: It cannot be imported, is no check, crashes or hangs when it is looked at.
        """
        if plugin not in self._descriptions:
            reply = self._question(plugin, lambda worker: worker.ask("describe", plugin, timeout=self._import_timeout))
            if reply.description is None:
                raise PluginError(f"{_who(plugin)} gave no description")
            self._descriptions[plugin] = reply.description
        return self._descriptions[plugin]

    def problems(self, plugin: Plugin, params: Mapping[str, Any]) -> Sequence[Problem]:
        """Validate parameters.

        Raises:
            PluginError: It cannot be imported, is no check, crashes or hangs when it is looked at.
        """
        values: dict[str, JsonValue] = dict(params)
        reply = self._question(
            plugin, lambda worker: worker.ask("problems", plugin, params=values, timeout=self._import_timeout)
        )
        return reply.problems

    def render(self, plugin: Plugin, report: Report) -> str:
        """Have a reporter render a report.

        Raises:
            PluginError: It cannot be imported, crashes, hangs, or gives something that is no text.
        """
        kind = f"reporter `{plugin.name}` of {plugin.distribution} {plugin.version}"
        try:
            with self._pool.worker(plugin.distribution) as worker:
                reply = worker.ask("render", plugin, report=report, timeout=self._import_timeout)
        except WorkerError as error:
            raise PluginError(line(f"{kind} {error}")) from error
        if reply.kind == "refused":
            raise PluginError(reply.refused)
        return reply.text

    def compare(self, asked: Comparing) -> WeakenedEvidence | Stopped:
        """Compare the evidence of a change.

        Args:
            asked: Which, and what that may take.

        Raises:
            GitError: Git cannot tell what the change is.
        """
        try:
            with self._pool.worker(BUILT_IN) as worker:
                reply = worker.ask("compare", _COMPARES, comparing=asked, timeout=asked.timeout)
        except TimedOutError as error:
            return Stopped(f"took longer than {asked.timeout:g} s and was stopped", last_written(error.log))
        except WorkerError as error:
            crashed = isinstance(error, DiedError)
            if crashed and memory_limit.was_exceeded(error.log.encode()):
                return Stopped(memory_limit.exceeded(asked.memory), last_written(error.log))
            return Stopped(f"{'crashed: it ' if crashed else ''}{error}", last_written(error.log))
        found = reply.evidence or reply.stopped
        if found is None:
            raise GitError(reply.refused)
        return found

    def _question(self, plugin: Plugin, ask: Callable[[WorkerProcess], Reply]) -> Reply:
        try:
            return self._with_worker(plugin, ask)
        except WorkerError as error:
            raise PluginError(self.redactor.text(line(f"{_who(plugin)} {error} when it was looked at"))) from error

    def evaluate(self, plugin: Plugin, facts: Facts) -> tuple[Outcome, float]:
        """Evaluate an item.

        Args:
            plugin: The check.
            facts: The run and the item.

        Returns:
            The outcome, not yet redacted, and the seconds that the check took, its import not counted. Whatever goes
            wrong is an outcome, too: `error`.
        """
        begun = time.monotonic()

        def ask(worker: WorkerProcess) -> Reply:
            nonlocal begun
            begun = time.monotonic()
            return worker.ask("evaluate", plugin, facts=facts, timeout=facts.item.timeout)

        try:
            outcome = self._with_worker(plugin, ask).outcome or _error(f"{_who(plugin)} gave no answer", "")
        except PluginError as error:
            outcome = _error(str(error), f"fix or uninstall {plugin.distribution}, or correct `check`")
        except TimedOutError as error:
            outcome = _error(
                f"{_who(plugin)} timed out after {facts.item.timeout:g} s and was stopped with all it had started",
                "raise `timeout` of the item, or make what it waits for faster",
                error.log,
            )
        except WorkerError as error:
            if isinstance(error, DiedError) and memory_limit.was_exceeded(error.log.encode()):
                what, remedy = memory_limit.exceeded(facts.item.memory), memory_limit.REMEDY
            else:
                what = f"{'crashed: it ' if isinstance(error, DiedError) else ''}{error}"
                remedy = f"tell {_home(plugin)}; the evidence holds what it printed last"
            outcome = _error(f"{_who(plugin)} {what}", remedy, error.log)
        return bounded(outcome), time.monotonic() - begun

    def _with_worker(self, plugin: Plugin, ask: Callable[[WorkerProcess], Reply]) -> Reply:
        """Ask a worker that has imported the plugin."""
        if plugin in self._refused:
            raise self._refused[plugin]
        with self._pool.worker(plugin.distribution) as worker:
            if plugin not in worker.imported:
                self._import(plugin, worker)
            reply = ask(worker)
            if reply.kind == "refused":
                raise PluginError(reply.refused)
            return reply

    def _import(self, plugin: Plugin, worker: WorkerProcess) -> None:
        try:
            reply = worker.ask("import", plugin, timeout=self._import_timeout)
        except TimedOutError as error:
            self._refuse(plugin, f"was not imported within {self._import_timeout:g} s", error)
        except WorkerError as error:
            self._refuse(plugin, f"cannot be imported: it {error}", error)
        if reply.kind == "refused":
            self._refuse(plugin, "", PluginError(reply.refused))
        worker.imported.add(plugin)

    def _refuse(self, plugin: Plugin, why: str, cause: Exception) -> NoReturn:
        """Remember that a plugin cannot be used, so that its items do not each wait for it."""
        error = PluginError(self.redactor.text(line(f"{_who(plugin)} {why}" if why else str(cause))))
        if not self._pool.closed:
            self._refused[plugin] = error
        raise error from cause

    def close(self) -> None:
        """End every worker, those that are at work included; nothing can be asked afterwards."""
        self._pool.close()


def _error(summary: str, remedy: str, log: str = "") -> Outcome:
    return Outcome(
        status=Status.ERROR,
        summary=line(summary),
        remedy=remedy,
        evidence=(Evidence(name="what it printed", excerpt=tail(log)),) if log else (),
    )


def _who(plugin: Plugin) -> str:
    return f"check `{plugin.name}` of {plugin.distribution} {plugin.version}".rstrip()


def _home(plugin: Plugin) -> str:
    return "readiness" if plugin.distribution == "readiness" else f"the authors of {plugin.distribution}"
