"""Runs a checklist, from the plan to the report."""

import platform
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from typing import Any

from readiness.checklist import Checklist
from readiness.engine import waiving
from readiness.engine.collected import Collected
from readiness.engine.events import Event, Inbox, RunFinished, RunStarted
from readiness.engine.host import Host
from readiness.engine.interruption import on_interrupt
from readiness.engine.plan import select
from readiness.engine.scheduler import Scheduler
from readiness.engine.settings import RunSettings
from readiness.known_names import names_in_checklist
from readiness.outcome import Outcome, Status
from readiness.plugins import conflicts
from readiness.report import Report, Result, Selection, Subject, Tool
from readiness.run_policy import RunPolicy
from readiness.verdict import judge
from readiness.version import __version__

_DEFAULT_JOBS = 8
_MOST_JOBS = 64
"""Beyond this, processes only wait for each other."""


@dataclass(frozen=True)
class _Evaluated:
    """What a run found out."""

    subject: Subject
    results: tuple[Result, ...]
    """One for each item, in the order of the checklist."""
    notices: tuple[str, ...]
    interrupted: bool


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _tell_nobody(_event: Event) -> None:
    """Listen to nothing."""


def run(
    policy: RunPolicy | Checklist,
    *,
    selection: Selection | None = None,
    jobs: int | None = None,
    clock: Callable[[], datetime] = _utc_now,
    listener: Callable[[Event], None] | None = None,
    host: Host | None = None,
    collected: Collected | None = None,
) -> Report:
    """Evaluate a checklist and judge it.

    In the main thread, SIGINT, SIGTERM and SIGHUP end the run early: every process that it started is gone when this
    returns, what was known stays, and the report says `interrupted`.

    Args:
        policy: What to judge by; a checklist, as `readiness.load` gives it, judges alone and in its own folder.
        selection: Which items to evaluate; all when not given. What they need comes along.
        jobs: How many items are evaluated at once; at most 64; two more than there are processors, at most 8,
            when not given.
        clock: The only source of dates, for tests and for looking back; must know its time zone.
        listener: Told of every event as it happens, in the calling thread.
        host: Where checks run; one is made for this run when none is given. An interruption closes it.
        collected: Outcomes of another job: then this run starts no command of the checklist, and no service.

    Raises:
        SelectionError: The selection matches nothing, or names what does not exist.
        ValueError: `jobs` is less than 1, two items have the same id, or the clock knows no time zone.
    """
    judging = policy if isinstance(policy, RunPolicy) else RunPolicy.of_checklist(policy)
    at_once = min(_DEFAULT_JOBS, (cpu_count() or 1) + 2) if jobs is None else min(jobs, _MOST_JOBS)
    with ExitStack() as stack:
        settings = RunSettings(
            clock(), at_once, listener or _tell_nobody, host or stack.enter_context(Host()), collected
        )
        return _run(judging, selection or Selection(), settings)


def _run(policy: RunPolicy, selection: Selection, settings: RunSettings) -> Report:
    began = time.monotonic()
    policy = replace(policy, root=policy.root.resolve())
    _refuse_equal_ids(policy)
    selected = select(policy.checklist, selection)
    inbox = Inbox()
    settings.host.redactor.spare(*names_in_checklist(policy.checklist))
    with on_interrupt(inbox.interrupt):
        subject = find_subject(policy.checklist, policy.root, selection)
        settings.tell(RunStarted(total=len(selected)))
        scheduler = Scheduler(policy, selected, subject, settings, inbox)
        results = _in_order(policy.checklist, scheduler.run())
        if settings.collected is not None:
            results = settings.collected.marked(results)
        evaluated = _Evaluated(subject, results, scheduler.notices, inbox.interrupted)
        report = _report(policy, settings, evaluated, began)
        settings.tell(RunFinished(report=report))
        return report


def _refuse_equal_ids(policy: RunPolicy) -> None:
    identifiers = [item.id for item in (*policy.checklist.items, *(result.item for result in policy.given))]
    if len(identifiers) != len(set(identifiers)):
        raise ValueError("two items of the checklist have the same id")


def _in_order(checklist: Checklist, evaluated: Mapping[str, Result]) -> tuple[Result, ...]:
    """One result for each item, in the order of the checklist."""
    return tuple(
        evaluated[item.id]
        if item.id in evaluated
        else Result(
            item=item,
            section=section.title,
            selected=False,
            outcome=Outcome(status=Status.SKIPPED, summary="not selected"),
        )
        for section in checklist.sections
        for item in section.items
    )


def _report(policy: RunPolicy, settings: RunSettings, evaluated: _Evaluated, began: float) -> Report:
    """Put results, waivers and verdict together, in the order of the checklist, without any secret."""
    now = settings.now
    again = policy.after_run(evaluated.results) if policy.after_run is not None else None
    given = [one if again is None or one.item.id != again.result.item.id else again.result for one in policy.given]
    results = (*waiving.apply(evaluated.results, policy.waivers, now), *given)
    report = Report(
        tool=Tool(version=__version__, python=platform.python_version()),
        subject=evaluated.subject,
        started_at=now.astimezone(UTC),
        duration=time.monotonic() - began,
        interrupted=evaluated.interrupted,
        confinement="" if settings.collected is not None else "repository" if settings.host.confined else "none",
        verdict=judge(results, interrupted=evaluated.interrupted),
        sections=tuple(dict.fromkeys(result.section for result in results)),
        results=results,
        waivers=waiving.mark_used(policy.waivers, results),
        policy=policy.fact,
        notices=(
            *policy.notices,
            *(again.notices if again is not None else ()),
            *evaluated.notices,
            *_shadowed(policy.checklist),
            *([] if settings.collected is None else settings.collected.notices()),
            *waiving.notices(results, policy.waivers, now),
        ),
    )
    return settings.host.redactor.model(report)


def _shadowed(checklist: Checklist) -> list[str]:
    used = {item.check for item in checklist.items}
    return [
        f"check `{plugin.name}` of {plugin.distribution} {plugin.version} is not used: another of this name goes first"
        for plugin in conflicts("readiness.checks")
        if plugin.name in used
    ]


def find_subject(checklist: Checklist, root: Path, selection: Selection) -> Subject:
    """Describe what is judged.

    Args:
        checklist: The checklist, resolved for an environment.
        root: Root of what is judged.
        selection: Which items were asked for.
    """
    return Subject(
        project=checklist.project,
        release=checklist.release,
        environment=checklist.environment,
        checklist=checklist.source,
        checklist_sha256=checklist.sha256,
        selection=selection,
        **_from_git(root),
    )


def _from_git(root: Path) -> dict[str, Any]:
    from readiness.git import GitError, Repository

    repository = Repository.find(root)
    if repository is None:
        return {}
    facts: dict[str, Any] = {"branch": repository.branch, "commit": repository.head}
    try:
        if repository.head:
            facts["committed_at"] = repository.commit().committed_at
        changed = len(repository.changed_files())
        facts |= {"changed": changed, "dirty": changed > 0}
    except (GitError, ValueError):
        facts["dirty"] = None
    return {name: _sayable(value) for name, value in facts.items()}


def _sayable(value: Any) -> Any:
    """Write bytes of a branch's name that are not UTF-8 as escapes."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
