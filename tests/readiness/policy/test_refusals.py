"""A "no" that stands on the policy branch: what a change may not do to its signer without the owners."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from readiness.checklist import Checklist
from readiness.policy import refusals as refusals_module
from readiness.policy.refusals import Refusal, lifted_by_revoked, lifted_by_roles, lifted_by_signers
from readiness.policy.refusals import refusals as found_refusals
from readiness.records.model.statement import Signoff
from readiness.records.storage.allowed_signers import Roster
from readiness.records.storage.work_tree import Record
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    DAY,
    PARALEGAL,
    STRANGER,
    holder,
    key,
    revocation,
    roster,
    signoff,
    supersession,
)

REJECTS = signoff(decision="reject", reason="A clause is void.", signed_at=NOW - DAY)
APPROVES, ANEW = signoff(PARALEGAL), signoff(seen=(REJECTS.digest,))
OWNER = "owner@example.com"
EVERYBODY = (COUNSEL, PARALEGAL, STRANGER, OWNER)
OTHERS = (holder(PARALEGAL), holder(STRANGER))


def checklist(*members: str, people: dict[str, list[str]] | None = None) -> Checklist:
    sections = [{"title": "All", "items": [{"id": "tests", "title": "T", "check": "junit"}]}]
    roles = {"legal": list(members), "owners": [OWNER]}
    return Checklist.model_validate(
        {
            "version": 1,
            "project": "deedpro",
            "policy": {"owners": "owners"},
            "roles": roles,
            "people": people or {},
            "sections": sections,
        }
    )


def refusals(records: Sequence[Record], who: Roster | None = None) -> tuple[Refusal, ...]:
    return found_refusals(records, who or roster(*map(holder, EVERYBODY)), checklist(COUNSEL, PARALEGAL))


@pytest.mark.parametrize(
    ("records", "people"),
    [
        ([APPROVES], []),
        ([REJECTS], [COUNSEL]),
        ([REJECTS, APPROVES], [COUNSEL]),
        ([REJECTS, ANEW], []),  # the same person changed their mind
        ([REJECTS, signoff()], [COUNSEL]),  # without the rejection at hand
        ([REJECTS, signoff(release="2.0.0")], [COUNSEL]),
        ([REJECTS, revocation(REJECTS, PARALEGAL)], [COUNSEL, PARALEGAL]),
        ([REJECTS, revocation(REJECTS, OWNER)], [OWNER]),
        ([REJECTS, APPROVES, supersession(REJECTS, APPROVES)], [COUNSEL]),
    ],
)
def test_a_rejection_stands_until_its_signer_approves_or_somebody_takes_it_back(
    records: list[Record], people: list[str]
) -> None:
    assert [one.principal for one in refusals(records)] == people


FORGED = (b"garbage", None, REJECTS.signature)


@pytest.mark.parametrize("signature", FORGED, ids=["garbage", "none", "of another record"])
@pytest.mark.parametrize("record", [ANEW, revocation(REJECTS)], ids=["approval", "withdrawal"])
def test_a_forged_record_takes_no_rejection_away(record: Record, signature: bytes | None) -> None:
    rejects = Refusal(COUNSEL, "legal", key(COUNSEL).blob, withdraws=False)
    assert rejects not in refusals([REJECTS, record])
    assert rejects in refusals([REJECTS, replace(record, signature=signature)])


def test_a_forged_rejection_does_not_hide_the_key_of_the_true_one() -> None:
    forged = replace(signoff(decision="reject", reason="Again."), signature=b"garbage")
    assert key(COUNSEL).blob in {one.key for one in refusals([REJECTS, forged])}


@pytest.mark.parametrize("record", [signoff(by=PARALEGAL), revocation(REJECTS, by=STRANGER)])
def test_a_record_by_the_key_of_another_takes_no_rejection_away(record: Record) -> None:
    assert not all(one.withdraws for one in refusals([REJECTS, record]))


def test_who_is_not_in_the_role_takes_no_rejection_of_another_back() -> None:
    assert COUNSEL in {one.principal for one in refusals([REJECTS, revocation(REJECTS, STRANGER)])}


@pytest.mark.parametrize(
    "who", [roster(*OTHERS), roster(holder(COUNSEL, before=NOW - DAY)), roster(revoked=(key(COUNSEL),))]
)
def test_an_approval_by_a_key_that_was_not_valid_frees_nobody(who: Roster) -> None:
    assert [one.principal for one in refusals([REJECTS, ANEW], who)] == [COUNSEL]


def test_an_approval_that_was_taken_back_frees_nobody() -> None:
    approves = ANEW
    assert not all(one.withdraws for one in refusals([REJECTS, approves, revocation(approves)]))


def test_the_role_of_who_rejected_is_for_the_owners_to_take() -> None:
    refused = refusals([REJECTS, APPROVES])
    (change,) = lifted_by_roles(checklist(COUNSEL, PARALEGAL), checklist(PARALEGAL), refused)
    assert (change.kind, change.code) == ("weakens", "refusal-lifted")
    assert COUNSEL in change.text
    assert list(lifted_by_roles(checklist(COUNSEL, PARALEGAL), checklist(COUNSEL), refused)) == []
    assert list(lifted_by_roles(checklist(COUNSEL), checklist("jo@example.com", COUNSEL), refused)) == []


def test_who_rejected_under_another_name_is_the_same_person() -> None:
    people = {"jo@example.com": [COUNSEL]}
    before, after = checklist("jo@example.com", PARALEGAL, people=people), checklist(PARALEGAL, people=people)
    assert len(list(lifted_by_roles(before, after, refusals([REJECTS])))) == 1


def test_the_key_of_who_rejected_is_for_the_owners_to_take() -> None:
    refused = refusals([REJECTS])
    for after in (roster(*OTHERS), roster(holder(COUNSEL, before=NOW), *OTHERS), None):
        (change,) = lifted_by_signers(roster(), after, refused)
        assert (change.kind, change.code) == ("weakens", "refusal-lifted")
    assert list(lifted_by_signers(roster(), roster(holder(COUNSEL), OTHERS[0]), refused)) == []
    assert list(lifted_by_signers(roster(), roster(*OTHERS), refusals([APPROVES]))) == []


@pytest.mark.parametrize(("record", "number"), [(REJECTS, 1), (revocation(APPROVES), 1), (signoff(), 0)])
def test_to_revoke_the_key_of_who_rejected_or_revoked_is_for_the_owners(record: Record, number: int) -> None:
    revoked = {key(COUNSEL).blob: key(COUNSEL).fingerprint}
    assert len(list(lifted_by_revoked({}, revoked, refusals([record])))) == number
    assert list(lifted_by_revoked(revoked, revoked, refusals([record]))) == []


def test_a_revocation_stays_in_force_when_its_signer_leaves() -> None:
    refused = refusals([revocation(APPROVES)])
    assert list(lifted_by_roles(checklist(COUNSEL, PARALEGAL), checklist(PARALEGAL), refused)) == []
    assert list(lifted_by_signers(roster(), roster(*OTHERS), refused)) == []


def test_each_rejection_is_held_against_few_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three thousand records took six seconds when each rejection was held against all."""
    asked: list[Signoff] = []
    ask = refusals_module._asked

    def counting(said: Signoff) -> tuple[str, ...]:
        asked.append(said)
        return ask(said)

    monkeypatch.setattr(refusals_module, "_asked", counting)
    rejects = [signoff(decision="reject", reason="No.", signed_at=NOW - DAY, release=f"{n}.0") for n in range(30)]
    approves = [signoff(release=f"{n}.0", seen=(rejects[n].digest,)) for n in range(29)]
    assert len(refusals([*rejects, *approves])) == 1
    assert len(asked) < 100
