"""Puts together what a run is judged by: the checklist, what is known before it begins, and whose policy it is."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from readiness.checklist import Checklist
from readiness.loading import find, load
from readiness.plugins import PluginHost
from readiness.policy.approval import rule
from readiness.policy.base import find_base
from readiness.policy.proposal import read_proposal
from readiness.records.judging.append_only import intact
from readiness.records.judging.waiver import read_waivers
from readiness.report import PolicyFact, Result, WaiverFact


@dataclass(frozen=True)
class RunPolicy:
    """What a run is judged by."""

    root: Path
    """Folder of the checklist in the work tree, which is judged."""
    checklist: Checklist
    given: tuple[Result, ...] = ()
    """Items that are known before the run: those about the policy and the records themselves."""
    waivers: tuple[WaiverFact, ...] = ()
    policy: PolicyFact | None = None
    """Which policy judges; None when it is that of the work tree."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class PolicyRequest:
    """What was asked for."""

    file: Path | None = None
    """The checklist file; looked for when not given."""
    ref: str | None = None
    """Where the policy is read from; the work tree when not given."""
    environment: str = ""
    release: str = ""


def read_run_policy(asked: PolicyRequest, *, host: PluginHost, now: datetime) -> RunPolicy:
    """Find out by what to judge.

    Args:
        asked: What was asked for.
        host: Answers about checks.
        now: The date of the run.

    Raises:
        ChecklistError: The checklist that judges cannot be used.
        RecordsError: The policy cannot be read from the ref.
    """
    if asked.ref is None:
        place = (asked.file or find(Path.cwd())).absolute()
        checklist = load(place, environment=asked.environment, release=asked.release, host=host)
        return _with_records(RunPolicy(place.parent, checklist), now)
    base = find_base(asked.ref, start=Path.cwd(), file=asked.file)
    checklist = load(
        base.place,
        environment=asked.environment,
        release=asked.release,
        host=host,
        content=base.content,
        shown=base.shown,
    )
    proposal = read_proposal(base, host)
    ruling = rule(proposal, checklist, now)
    return _with_records(
        RunPolicy(base.root, checklist, (ruling.result,), policy=ruling.fact, notices=proposal.notices), now
    )


def _with_records(found: RunPolicy, now: datetime) -> RunPolicy:
    """Add what the records say."""
    checklist, commit = found.checklist, found.policy.commit if found.policy is not None else ""
    kept = intact(found.root, now, checklist, policy=commit, file=checklist.source)
    waivers, notices = read_waivers(found.root, checklist, now, policy=commit, file=checklist.source)
    return RunPolicy(
        found.root,
        checklist,
        (*found.given, *([kept] if kept is not None else [])),
        waivers,
        found.policy,
        (*found.notices, *notices),
    )
