"""What a change of the allowed signers or of the revoked keys does to the policy, in both directions."""

from dataclasses import replace
from datetime import datetime

import pytest

from readiness.policy.keys import revoked_changes, signer_changes
from readiness.records.storage.allowed_signers import Holder, Roster
from readiness.report import PolicyChange
from readiness.testing import NOW
from support.record_values import COUNSEL, DAY, PARALEGAL, STRANGER, holder, key, roster

ONE = holder(COUNSEL, after=NOW - 9 * DAY, before=NOW + 90 * DAY)


def changed(before: Holder, after: Holder) -> list[PolicyChange]:
    return list(signer_changes(roster(before), roster(after)))


def codes(found: list[PolicyChange]) -> list[tuple[str, str]]:
    return [(change.kind, change.code) for change in found]


def test_the_same_signers_change_nothing() -> None:
    assert list(signer_changes(roster(), roster())) == []
    assert list(signer_changes(None, None)) == []
    assert changed(ONE, replace(ONE, line=7)) == []


def test_a_new_key_weakens_and_is_shown_with_its_line() -> None:
    new = replace(holder(STRANGER), line=7)
    (change,) = signer_changes(roster(ONE), roster(ONE, new))
    assert (change.kind, change.code, change.before) == ("weakens", "signer-added", "")
    assert STRANGER in change.text
    assert change.after == f"{STRANGER} {key(STRANGER).fingerprint} until 2029-08-19T12:00:00Z"
    assert change.source is not None
    assert (change.source.file, change.source.line, change.source.column) == (".readiness/allowed_signers", 7, 1)


def test_a_key_less_strengthens() -> None:
    (change,) = signer_changes(roster(ONE, holder(PARALEGAL)), roster(holder(PARALEGAL)))
    assert (change.kind, change.code, change.after, change.source) == ("strengthens", "signer-dropped", "", None)
    assert COUNSEL in change.text
    assert change.before == (
        f"{COUNSEL} {key(COUNSEL).fingerprint} from 2026-11-14T12:00:00Z until 2027-02-21T12:00:00Z"
    )


def test_a_first_roster_adds_all_and_none_at_all_drops_it() -> None:
    assert codes(list(signer_changes(None, roster(ONE)))) == [("weakens", "signer-added")]
    (change,) = signer_changes(replace(roster(ONE), sha256="ab"), None)
    assert (change.kind, change.code, change.before, change.after) == ("weakens", "roster-dropped", "ab", "")


def test_a_key_that_gets_another_owner_weakens() -> None:
    (change,) = changed(ONE, replace(ONE, principal=STRANGER))
    assert (change.kind, change.code) == ("weakens", "signer-changed")
    assert change.text == f"gives the key of {COUNSEL} to {STRANGER}"
    assert change.before.startswith(COUNSEL)
    assert change.after.startswith(STRANGER)


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        (ONE.valid_after, ONE.valid_before, []),
        (None, ONE.valid_before, [("weakens", "signer-extended")]),
        (NOW - 10 * DAY, ONE.valid_before, [("weakens", "signer-extended")]),
        (ONE.valid_after, NOW + 91 * DAY, [("weakens", "signer-extended")]),
        (NOW - 8 * DAY, ONE.valid_before, [("strengthens", "signer-limited")]),
        (ONE.valid_after, NOW + 89 * DAY, [("strengthens", "signer-limited")]),
        # earlier and for less long, or later and for longer: there is a day on which it may sign, and might not before
        (NOW - 10 * DAY, NOW + 89 * DAY, [("weakens", "signer-extended")]),
        (NOW - 8 * DAY, NOW + 91 * DAY, [("weakens", "signer-extended")]),
    ],
)
def test_a_key_that_may_sign_for_longer_weakens(
    after: datetime | None, before: datetime, found: list[tuple[str, str]]
) -> None:
    changes = changed(ONE, replace(ONE, valid_after=after, valid_before=before))
    assert codes(changes) == found
    assert all(COUNSEL in change.text and change.before and change.after for change in changes)


def test_a_key_without_a_first_day_that_gets_one_is_limited() -> None:
    assert codes(changed(replace(ONE, valid_after=None), ONE)) == [("strengthens", "signer-limited")]
    open_end = replace(ONE, valid_after=None)
    assert changed(open_end, open_end) == []


def test_another_owner_for_longer_is_told_as_both() -> None:
    found = changed(ONE, replace(ONE, principal=STRANGER, valid_before=NOW + 91 * DAY))
    assert codes(found) == [("weakens", "signer-changed"), ("weakens", "signer-extended")]


def test_a_revoked_key_that_is_no_more_weakens_and_one_more_strengthens() -> None:
    one, two, three = b"one", b"two", b"three"
    found = list(revoked_changes({one: "SHA256:1", two: "SHA256:2"}, {two: "SHA256:2", three: "SHA256:3"}))
    assert codes(found) == [("weakens", "key-unrevoked"), ("strengthens", "key-revoked")]
    assert (found[0].before, found[0].after, found[1].before, found[1].after) == ("SHA256:1", "", "", "SHA256:3")
    assert "SHA256:1" in found[0].text
    assert "SHA256:3" in found[1].text
    assert list(revoked_changes({one: "SHA256:1"}, {one: "SHA256:1"})) == []


def test_a_key_for_evidence_weakens_as_any_other_does() -> None:
    producer = replace(holder(STRANGER), produces=True)
    before, after = roster(ONE), Roster((ONE,), producers=(producer,))
    (change,) = signer_changes(before, after)
    assert (change.kind, change.code) == ("weakens", "signer-added")
    assert change.text == f"lets a new key sign evidence as {STRANGER}"
    assert "for evidence" in change.after
    assert codes(list(signer_changes(after, before))) == [("strengthens", "signer-dropped")]


def test_a_key_that_signs_something_else_weakens() -> None:
    for_records, for_evidence = roster(ONE), Roster((), producers=(replace(ONE, produces=True),))
    (to_evidence,), (to_records,) = (
        signer_changes(for_records, for_evidence),
        signer_changes(for_evidence, for_records),
    )
    assert [(c.kind, c.code) for c in (to_evidence, to_records)] == [("weakens", "signer-changed")] * 2
    assert to_evidence.text == f"lets the key of {COUNSEL} sign evidence, and no records"
    assert to_records.text == f"lets the key of {COUNSEL} sign records, and no evidence"
