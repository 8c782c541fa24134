"""Reads whose keys sign evidence: those of the policy, so that a change cannot name its own."""

from datetime import datetime
from functools import partial

from readiness.attestation.producers import ProducerKeys
from readiness.provenance import producer
from readiness.records.judging.evidence import read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import Roster
from readiness.run_policy import RunPolicy


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
