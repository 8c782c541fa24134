"""Runs a checklist from plan to report."""

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path

from readiness.checklist import Checklist
from readiness.engine import waiving
from readiness.engine.evaluation import Evaluation
from readiness.engine.events import Event, RunFinished, RunStarted
from readiness.engine.host import Host
from readiness.engine.interruption import on_interrupt
from readiness.engine.plan import select
from readiness.engine.subject import find_subject
from readiness.outcome import Outcome, Status
from readiness.plugins import conflicts
from readiness.report import PolicyFact, Report, Result, Selection, Subject, Tool, WaiverFact
from readiness.verdict import judge
from readiness.version import __version__

_DEFAULT_JOBS = 8
_MOST_JOBS = 64
"""Beyond this, processes only wait for each other."""


def run(  # noqa: PLR0913  each argument has a default that a caller overrides by name
    checklist: Checklist,
    *,
    root: Path | None = None,
    selection: Selection | None = None,
    jobs: int | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    listener: Callable[[Event], None] | None = None,
    host: Host | None = None,
    waivers: Sequence[WaiverFact] = (),
    subject: Subject | None = None,
    given: Sequence[Result] = (),
    policy: PolicyFact | None = None,
    notices: Sequence[str] = (),
) -> Report:
    """Evaluate a checklist and judge it.

    In the main thread, SIGINT, SIGTERM and SIGHUP end the run early: every process that it started is gone when this
    returns, what was known stays, and the report says `interrupted`.

    Args:
        checklist: As `readiness.load` gives it.
        root: Folder that its paths are relative to; where the checklist's file is, when it was loaded from one,
            otherwise the current folder.
        selection: Which items to evaluate; all when not given. What they need comes along.
        jobs: How many items are evaluated at once; at most 64; two more than there are processors, at most 8,
            when not given.
        clock: The only source of dates, for tests and for looking back; must know its time zone.
        listener: Told of every event as it happens, in the calling thread.
        host: Where checks run; one is made for this run when none is given. An interruption closes it.
        waivers: All waivers; those that are valid and have not lapsed by `clock` are applied.
        subject: What is judged; asked of git when not given.
        given: Results that are known before the run: judged and reported with the others, whatever is selected, and
            never waived.
        policy: Which policy judges, when that is not the one of what is judged.
        notices: What a reader has to know beside the results.

    Raises:
        SelectionError: The selection matches nothing, or names what does not exist.
        ValueError: `jobs` is less than 1, two items have the same id, or the clock knows no time zone.
    """
    began, now = time.monotonic(), clock()
    tell = listener or (lambda _event: None)
    asked = selection or Selection()
    jobs = min(_DEFAULT_JOBS, (cpu_count() or 1) + 2) if jobs is None else min(jobs, _MOST_JOBS)
    _check_arguments(checklist, jobs, now, given)
    selected = select(checklist, asked)
    folder = (root or Path(checklist.root or ".")).resolve()
    with ExitStack() as stack:
        evaluation = Evaluation(
            checklist,
            selected,
            root=folder,
            now=now,
            jobs=jobs,
            listener=tell,
            host=host or stack.enter_context(Host()),
            policy_commit=policy.commit if policy is not None else "",
        )
        stack.enter_context(on_interrupt(evaluation.interrupt))
        subject = subject or find_subject(checklist, folder, asked)
        tell(RunStarted(total=len(selected)))
        results = evaluation.run(subject)
        report = _report(
            checklist,
            subject,
            _in_order(checklist, results),
            given,
            waivers=waivers,
            policy=policy,
            notices=notices,
            now=now,
            began=began,
            evaluation=evaluation,
        )
        tell(RunFinished(report=report))
        return report


def _check_arguments(checklist: Checklist, jobs: int, now: datetime, given: Sequence[Result]) -> None:
    if jobs < 1:
        raise ValueError("jobs must be at least 1")
    if now.tzinfo is None:
        raise ValueError("the clock must know its time zone")
    identifiers = [item.id for item in (*checklist.items, *(result.item for result in given))]
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


def _report(  # noqa: PLR0913  what a report is put together from
    checklist: Checklist,
    subject: Subject,
    evaluated: Sequence[Result],
    given: Sequence[Result],
    *,
    waivers: Sequence[WaiverFact],
    policy: PolicyFact | None,
    notices: Sequence[str],
    now: datetime,
    began: float,
    evaluation: Evaluation,
) -> Report:
    """Put results, waivers and verdict together, in the order of the checklist, without any secret."""
    results = (*waiving.apply(evaluated, waivers, now), *given)
    report = Report(
        tool=Tool(version=__version__, python=platform.python_version()),
        subject=subject,
        started_at=now.astimezone(UTC),
        duration=time.monotonic() - began,
        interrupted=evaluation.interrupted,
        verdict=judge(results, interrupted=evaluation.interrupted),
        sections=tuple(dict.fromkeys(result.section for result in results)),
        results=results,
        waivers=waiving.ledger(waivers, results),
        policy=policy,
        notices=(*notices, *evaluation.notices, *_shadowed(checklist), *waiving.notices(results, waivers, now)),
    )
    return evaluation.redactor.model(report)


def _shadowed(checklist: Checklist) -> list[str]:
    used = {item.check for item in checklist.items}
    return [
        f"check `{plugin.name}` of {plugin.distribution} {plugin.version} is not used: another of this name goes first"
        for plugin in conflicts("readiness.checks")
        if plugin.name in used
    ]
