"""Reads the policy of a run: the checklist, the signers, whose keys sign evidence, and what the records say before."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from readiness.attestation.trust import ProducerKeys
from readiness.checklist import Checklist
from readiness.evidence.change import EvidenceHost
from readiness.loading import ChecklistError, find, load
from readiness.plugins import PluginHost
from readiness.policy.approval import rule
from readiness.policy.base import PolicyBase, SavedReport, accept_base_report, find_base
from readiness.policy.proposal import read_proposal
from readiness.provenance import producer
from readiness.records.judging.append_only import append_only_result
from readiness.records.judging.evidence import read_evidence
from readiness.records.judging.waiver import read_waivers
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import Roster
from readiness.run_policy import RunPolicy
from readiness.text import short

_NOT_COMPARED = (
    "policy and evidence were not compared with those of another branch, so a change can weaken both: see --policy-ref"
)


@dataclass(frozen=True)
class PolicyRequest:
    """Which policy was asked for."""

    file: Path | None = None
    """The checklist file; looked for when not given."""
    ref: str | None = None
    """Where the policy is read from; the work tree when not given."""
    environment: str = ""
    release: str = ""
    base_report: SavedReport | None = None
    """A report of the base, for items with `no_worse_than`."""


class RunHost(PluginHost, EvidenceHost, Protocol):
    """Answers about checks, and compares the evidence."""


def read_run_policy(asked: PolicyRequest, *, host: RunHost, now: datetime) -> RunPolicy:
    """Read the policy that a run judges by.

    Args:
        asked: What was asked for.
        host: Answers about checks, and compares the evidence.
        now: The date of the run.

    Raises:
        ChecklistError: The checklist that judges cannot be used.
        RecordsError: The policy cannot be read from the ref.
    """
    if asked.ref is None:
        if asked.base_report is not None:
            raise RecordsError("a report of the base needs the base", "name it, too: --policy-ref origin/main")
        place = (asked.file or find(Path.cwd())).absolute()
        checklist = load(place, environment=asked.environment, release=asked.release, host=host)
        return _with_records(RunPolicy(checklist, place.parent, notices=(_NOT_COMPARED,)), now)
    # a run that compares nothing does without
    from readiness.policy.evidence import compare_evidence, judge_evidence, judging_after_run

    base = find_base(asked.ref, start=Path.cwd(), file=asked.file)
    checklist = _load_base(base, asked, host)
    proposal = read_proposal(base, host, release=asked.release)
    ruling = rule(proposal, checklist, now)
    comparison = compare_evidence(base, host)
    before = None if asked.base_report is None else accept_base_report(asked.base_report, base, checklist)
    judging = RunPolicy(
        checklist,
        base.root,
        (ruling.result, judge_evidence(comparison, checklist, now)),
        fact=ruling.fact,
        after_run=None if before is None else judging_after_run(comparison, checklist, now, before),
        base=before,
        notices=proposal.notices,
    )
    return _with_records(judging, now)


def _load_base(base: PolicyBase, asked: PolicyRequest, host: PluginHost) -> Checklist:
    """The checklist of the policy branch.

    Raises:
        ChecklistError: It cannot be used: the change that is judged cannot mend it.
    """
    try:
        return load(
            base.place,
            environment=asked.environment,
            release=asked.release,
            host=host,
            content=base.content,
            shown=base.shown,
        )
    except ChecklistError as error:
        remedy = f"this is the checklist of {short(base.ref)}, which judges every change: correct it there first, in a "
        remedy += "change that does nothing else and is merged without --policy-ref"
        raise ChecklistError(error.diagnostics, remedy) from error


def _with_records(policy: RunPolicy, now: datetime) -> RunPolicy:
    """Add what the records say."""
    checklist, root = policy.checklist, policy.root
    kept = append_only_result(root, now, checklist, policy=policy.commit, file=checklist.source)
    waivers, notices = read_waivers(root, checklist, now, policy=policy.commit, file=checklist.source)
    given = (*policy.given, *([kept] if kept is not None else []))
    judging = replace(policy, given=given, waivers=waivers, notices=(*policy.notices, *notices))
    return replace(judging, producers=producers(judging, now))


def producers(policy: RunPolicy, now: datetime) -> producer.Producers:
    """What holds the items of a run to their producers.

    Args:
        policy: The checklist, and where it was read from.
        now: The date of the run.
    """
    checklist = policy.checklist
    if not any(item.producer for item in checklist.items):
        return producer.nobody
    try:
        roster = read_evidence(policy.root, now, policy=policy.commit, file=checklist.source).roster
        keys = ProducerKeys(roster, checklist.roles, now)
    except RecordsError as error:
        keys = ProducerKeys(Roster(()), checklist.roles, now, (error.summary, error.remedy))
    return partial(producer.judged, verify=keys.verify)
