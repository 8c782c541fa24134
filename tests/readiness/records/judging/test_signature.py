"""Whose key signed a record, whether that key may count, and who may take a record back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from readiness.checklist import Policy
from readiness.outcome import SignoffState
from readiness.records.judging.signature import (
    SignatureCheck,
    check_signature,
    read_revocations,
    revoker,
    taken_back,
)
from readiness.records.model.people import People
from readiness.records.storage.work_tree import Record
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    DAY,
    HOUR,
    PARALEGAL,
    SECOND,
    STRANGER,
    Then,
    arrived,
    evidence,
    hardware,
    holder,
    key,
    revocation,
    roster,
    signoff,
    supersession,
    waiver,
)

MEMBERS = frozenset({COUNSEL, PARALEGAL})


def stands(checked: SignatureCheck) -> tuple[SignoffState, str]:
    """State and code of one that cannot count; it says why, and what to do next."""
    assert checked.standing is not None
    assert checked.standing.reason
    assert checked.standing.remedy
    return checked.standing.state, checked.standing.code


class TestWhose:
    def test_the_owner_of_the_key_signed(self) -> None:
        checked = check_signature(signoff(), evidence())
        assert checked.standing is None
        assert (checked.principal, checked.fingerprint) == (COUNSEL, key(COUNSEL).fingerprint)
        assert (checked.genuine, checked.user_verified, checked.arrival) == (True, False, None)

    @pytest.mark.parametrize(("flags", "verified"), [(1, False), (5, True)])
    def test_a_security_key_tells_whether_it_checked_a_pin_or_a_finger(self, flags: int, *, verified: bool) -> None:
        who = roster(holder(COUNSEL, hardware()))
        checked = check_signature(signoff(flags=flags), evidence(who=who))
        assert (checked.standing, checked.user_verified) == (None, verified)

    def test_a_missing_signature_is_named_by_its_file(self) -> None:
        record = replace(signoff(), signature=None)
        checked = check_signature(record, evidence())
        assert stands(checked) == ("invalid", "signature-missing")
        assert checked.standing is not None
        assert f"{record.digest[:12]}….sig" in checked.standing.reason
        assert (checked.record, checked.genuine, checked.fingerprint) == (record, False, "")
        assert (checked.user_verified, checked.arrival) == (False, None)

    def test_a_signature_of_other_bytes_shows_nothing(self) -> None:
        record = replace(signoff(), signature=signoff(reason="Another").signature)
        checked = check_signature(record, evidence())
        assert stands(checked) == ("invalid", "bad-signature")
        assert (checked.record, checked.principal, checked.fingerprint) == (record, "", "")

    def test_a_key_that_is_nobodys_is_named(self) -> None:
        record = signoff(by="nobody@example.com")
        checked = check_signature(record, evidence())
        assert stands(checked) == ("unauthorised", "unknown-key")
        assert checked.standing is not None
        assert key("nobody@example.com").fingerprint in checked.standing.reason
        assert "trust no stranger" in checked.standing.remedy
        assert (checked.record, checked.principal) == (record, "")
        assert checked.fingerprint == key("nobody@example.com").fingerprint

    def test_a_compromised_key_voids_what_it_signed(self) -> None:
        checked = check_signature(signoff(), evidence(who=roster(revoked=(key(COUNSEL),))))
        assert stands(checked) == ("revoked", "key-revoked")
        assert checked.standing is not None
        assert key(COUNSEL).fingerprint in checked.standing.reason
        assert (checked.genuine, checked.fingerprint) == (False, key(COUNSEL).fingerprint)

    def test_a_compromised_key_that_is_in_no_roster_is_still_called_compromised(self) -> None:
        who = roster(holder(PARALEGAL), revoked=(key(COUNSEL),))
        assert stands(check_signature(signoff(), evidence(who=who))) == ("revoked", "key-revoked")

    def test_nobody_signs_in_the_name_of_another(self) -> None:
        record = signoff(COUNSEL, by=PARALEGAL)
        checked = check_signature(record, evidence())
        assert stands(checked) == ("invalid", "signer-mismatch")
        assert checked.standing is not None
        assert COUNSEL in checked.standing.reason
        assert f"the key is {PARALEGAL}'s" in checked.standing.reason
        assert (checked.record, checked.principal, checked.genuine) == (record, "", False)
        assert checked.fingerprint == key(PARALEGAL).fingerprint


class TestDates:
    """Without a history only the clock of the run, with one also the commit that brought the record."""

    @pytest.mark.parametrize(
        ("start", "end", "good"),
        [
            (NOW - HOUR, NOW, True),
            (NOW - HOUR + SECOND, NOW, False),
            (None, NOW - HOUR, True),
            (None, NOW - HOUR - SECOND, False),
        ],
    )
    def test_the_key_has_to_be_valid_when_it_signs(self, start: datetime | None, end: datetime, *, good: bool) -> None:
        who = roster(holder(COUNSEL, after=start, before=end))
        checked = check_signature(signoff(), evidence(who=who))
        assert checked.genuine, "the person made it all the same"
        if good:
            assert checked.standing is None
        else:
            assert stands(checked) == ("unauthorised", "key-not-valid-then")
            assert checked.standing is not None
            assert "2026-11-23T11:00:00Z" in checked.standing.reason

    @pytest.mark.parametrize(
        ("ahead", "good"), [(timedelta(minutes=5), True), (timedelta(minutes=5, seconds=1), False)]
    )
    def test_what_was_signed_in_the_future_does_not_count(self, ahead: timedelta, *, good: bool) -> None:
        checked = check_signature(signoff(signed_at=NOW + ahead), evidence())
        if good:
            assert checked.standing is None
        else:
            assert stands(checked) == ("invalid", "post-dated")
            assert checked.standing is not None
            assert "in the future, at 2026-11-23T12:05:01Z" in checked.standing.reason

    def test_the_policy_says_how_far_clocks_may_differ(self) -> None:
        record = signoff(signed_at=NOW + HOUR)
        assert check_signature(record, evidence(rules=Policy(ahead=HOUR))).standing is None
        assert stands(check_signature(record, evidence(rules=Policy(ahead=HOUR - SECOND)))) == ("invalid", "post-dated")

    @pytest.mark.parametrize(
        ("signed", "code"),
        [
            (timedelta(minutes=5), ""),
            (timedelta(minutes=5, seconds=1), "post-dated"),
            (-7 * DAY, ""),
        ],
    )
    def test_the_commit_that_brought_it_bears_the_date_out(self, signed: timedelta, code: str) -> None:
        came = NOW - 20 * DAY
        record = signoff(signed_at=came + signed)
        checked = check_signature(record, evidence(record, seen={record.digest: arrived(came)}))
        if code:
            assert stands(checked) == ("invalid", code)
            assert checked.standing is not None
            assert "brought it at 2026-11-03T12:00:00Z" in checked.standing.reason
            assert arrived(came).commit[:10] in checked.standing.reason
        else:
            assert checked.standing is None

    @pytest.mark.parametrize("signed", [-7 * DAY, -7 * DAY - SECOND])
    @pytest.mark.parametrize("held", [True, False])
    def test_what_comes_late_counts_where_key_and_role_were_held_all_the_time(
        self, signed: timedelta, *, held: bool
    ) -> None:
        came, late = NOW - 20 * DAY, signed < -7 * DAY
        record = signoff(signed_at=came + signed)
        then = Then(throughout=held)
        seen = {"another": arrived(NOW - 90 * DAY), record.digest: arrived(came, 1)}
        checked = check_signature(record, evidence(record, seen=seen, then=then))
        assert then.asked_between == ([(0, 1)] if late else [])
        if held or not late:
            assert checked.standing is None
        else:
            assert stands(checked) == ("stale", "late")
            assert checked.standing is not None
            assert "brought it at 2026-11-03T12:00:00Z, and the key or the role of" in checked.standing.reason

    def test_one_that_is_not_on_the_branch_yet_came_now(self) -> None:
        record = signoff(signed_at=NOW - 7 * DAY - SECOND)
        checked = check_signature(record, evidence(record, seen={}, then=Then(throughout=False)))
        assert stands(checked) == ("stale", "late")
        assert checked.standing is not None
        assert "not on the policy branch yet, at 2026-11-23T12:00:00Z, and the key" in checked.standing.reason

    def test_without_a_history_an_old_date_is_no_wrong_one(self) -> None:
        record = signoff(signed_at=NOW - 70 * DAY)
        assert check_signature(record, evidence(record)).standing is None

    def test_the_key_has_to_be_valid_when_the_record_comes_too(self) -> None:
        record = signoff(signed_at=NOW - 3 * DAY)
        who = roster(holder(COUNSEL, before=NOW - 2 * DAY))
        seen = {record.digest: arrived(NOW - 2 * DAY)}
        assert check_signature(record, evidence(record, who=who, seen=seen)).standing is None
        late = {record.digest: arrived(NOW - 2 * DAY + SECOND)}
        checked = check_signature(record, evidence(record, who=who, seen=late))
        assert stands(checked) == ("unauthorised", "key-not-valid-then")
        assert checked.standing is not None
        assert "not any more when commit" in checked.standing.reason
        assert check_signature(record, evidence(record, who=who)).standing is None, "without a history nobody can tell"

    @pytest.mark.parametrize("when", [NOW + DAY, NOW - 30 * DAY])
    def test_a_wrong_clock_takes_nothing_off_a_rejection(self, when: object) -> None:
        record = signoff(decision="reject", signed_at=when)
        checked = check_signature(record, evidence(record, seen={record.digest: arrived(NOW - 5 * DAY)}))
        assert (checked.standing, checked.genuine) == (None, True)

    def test_a_rejection_by_a_key_that_was_not_valid_does_not_count(self) -> None:
        record = signoff(decision="reject")
        who = roster(holder(COUNSEL, before=NOW - DAY))
        assert stands(check_signature(record, evidence(record, who=who))) == ("unauthorised", "key-not-valid-then")


class TestWithdrawals:
    """They are judged by the policy of the moment at which they came, and never expire."""

    def test_only_what_takes_something_back_has_an_arrival(self) -> None:
        target = signoff()
        taken = revocation(target)
        seen = {target.digest: arrived(NOW, 3), taken.digest: arrived(NOW, 4)}
        known = evidence(target, taken, seen=seen)
        assert check_signature(target, known).arrival is None
        arrival = check_signature(taken, known).arrival
        assert arrival is not None
        assert (arrival.position, arrival.earlier_policy) == (4, known.earlier_policy)
        assert check_signature(taken, evidence(target, taken, seen={})).arrival is None
        undated = replace(known, earlier_policy=None)
        assert check_signature(taken, undated).arrival is None

    def test_the_key_of_somebody_who_left_since_counts_as_it_did_then(self) -> None:
        taken = revocation(signoff(), PARALEGAL)
        who, then = roster(holder(COUNSEL)), Then(owners={4: (holder(PARALEGAL),)})
        seen = {taken.digest: arrived(NOW - DAY, 4)}
        assert check_signature(taken, evidence(taken, who=who, seen=seen, then=then)).principal == PARALEGAL
        assert not check_signature(taken, evidence(taken, who=who, seen=seen)).genuine
        assert not check_signature(taken, evidence(taken, who=who, then=then)).genuine
        other = {taken.digest: arrived(NOW - DAY, 5)}
        assert not check_signature(taken, evidence(taken, who=who, seen=other, then=then)).genuine

    def test_a_key_that_got_another_owner_does_not_bring_back_what_its_first_owner_withdrew(self) -> None:
        taken = revocation(signoff(), PARALEGAL)
        who, then = roster(holder(STRANGER, key(PARALEGAL))), Then(owners={4: (holder(PARALEGAL),)})
        known = evidence(taken, who=who, seen={taken.digest: arrived(NOW - DAY, 4)}, then=then)
        assert check_signature(taken, known).principal == PARALEGAL

    def test_a_key_that_was_enrolled_since_is_told_by_the_roster_of_now(self) -> None:
        taken = revocation(signoff(), PARALEGAL)
        known = evidence(taken, seen={taken.digest: arrived(NOW - DAY, 4)}, then=Then())
        assert check_signature(taken, known).principal == PARALEGAL

    def test_a_compromised_key_counts_until_it_was_revoked(self) -> None:
        taken = revocation(signoff(), PARALEGAL)
        who, then = roster(revoked=(key(PARALEGAL),)), Then(owners={4: (holder(PARALEGAL),)})
        seen = {taken.digest: arrived(NOW - DAY, 4)}
        assert check_signature(taken, evidence(taken, who=who, seen=seen, then=then)).principal == PARALEGAL
        assert stands(check_signature(taken, evidence(taken, who=who, seen=seen))) == ("revoked", "key-revoked")

    def test_genuine_ones_are_found_by_their_target(self) -> None:
        one, other = signoff(), signoff(PARALEGAL)
        first, second = revocation(one, PARALEGAL), supersession(one, other)
        forged = revocation(other, COUNSEL, by=STRANGER)
        found = read_revocations(evidence(one, other, forged, second, first))
        assert {target: {each.record.digest for each in some} for target, some in found.items()} == {
            one.digest: {first.digest, second.digest}
        }

    def test_a_wrong_clock_does_not_keep_a_sign_off_alive(self) -> None:
        target = signoff()
        late = revocation(target, signed_at=NOW + DAY)
        assert [each.record for each in read_revocations(evidence(target, late))[target.digest]] == [late]


def check(*records: Record, **changes: Any) -> SignatureCheck | None:
    """The revocation that holds for the first of some records; the others are the revocations."""
    known = evidence(*records, **changes)
    return revoker(check_signature(records[0], known), read_revocations(known), MEMBERS, known.people)


class TestRevoker:
    @pytest.mark.parametrize(("by", "may"), [(COUNSEL, True), (PARALEGAL, True), (STRANGER, False)])
    def test_its_signer_and_who_could_sign_it_take_it_back(self, by: str, *, may: bool) -> None:
        target = signoff()
        found = check(target, revocation(target, by))
        assert (found.principal if found else None) == (by if may else None)

    def test_who_signed_may_take_it_back_without_being_in_the_role(self) -> None:
        target = signoff(STRANGER)
        assert check(target, revocation(target, STRANGER)) is not None

    def test_by_any_of_their_names(self) -> None:
        target = signoff()
        taken = revocation(target, STRANGER)
        found = check(target, taken, people={PARALEGAL: (STRANGER,)})
        assert found is not None
        assert found.record == taken

    def test_a_revocation_of_another_record_is_none_of_this(self) -> None:
        assert check(signoff(), revocation(signoff(reason="Another"))) is None

    def test_who_held_the_role_when_the_revocation_came_took_it_back(self) -> None:
        target = signoff()
        taken = revocation(target, STRANGER)
        seen = {taken.digest: arrived(NOW - DAY, 4)}
        held = Then(roles={4: {"legal": (STRANGER,)}}, owners={4: (holder(STRANGER),)})
        assert check(target, taken, seen=seen, then=held) is not None
        elsewhere = Then(roles={4: {"qa": (STRANGER,)}, 5: {"legal": (STRANGER,)}}, owners={4: (holder(STRANGER),)})
        assert check(target, taken, seen=seen, then=elsewhere) is None

    def test_who_might_waive_the_item_then_takes_back_a_waiver_but_no_sign_off(self) -> None:
        then = Then(waive={4: (f"{STRANGER} templates-reviewed",)}, owners={4: (holder(STRANGER),)})
        make: Callable[[], Record]
        for make, may in ((waiver, True), (signoff, False)):
            target = make()
            taken = revocation(target, STRANGER)
            found = check(target, taken, seen={taken.digest: arrived(NOW - DAY, 4)}, then=then)
            assert (found is not None) is may

    def test_the_first_that_may_counts_and_not_the_first_of_all(self) -> None:
        target = signoff()
        by_stranger, by_paralegal = revocation(target, STRANGER), revocation(target, PARALEGAL, signed_at=NOW)
        found = check(target, by_stranger, by_paralegal)
        assert found is not None
        assert found.principal == PARALEGAL

    def test_what_takes_something_back_cannot_be_taken_back(self) -> None:
        target = signoff()
        taken = revocation(target)
        known = evidence(target, taken, revocation(taken))
        again = revoker(check_signature(taken, known), read_revocations(known), MEMBERS, People())
        assert again is None


def test_it_is_told_who_took_a_record_back_when_and_why() -> None:
    target, better = signoff(), signoff(reason="Better")
    known = evidence(target)
    standing = taken_back(check_signature(revocation(target, PARALEGAL), known), "sign again")
    assert (standing.state, standing.code, standing.remedy) == ("revoked", "revoked", "sign again")
    assert standing.reason == f"{PARALEGAL} revoked it on 2026-11-23: A clause is void."
    standing = taken_back(check_signature(supersession(target, better), known), "sign again")
    assert (standing.state, standing.code, standing.remedy) == ("revoked", "superseded", "sign again")
    assert f"{COUNSEL} put the record {better.digest[:12]} in its place on 2026-11-23" in standing.reason
