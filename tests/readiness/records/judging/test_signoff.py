"""One sign-off: authorised, in force, bound to what is there now, and given for what the item asks."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness.checklist import Item
from readiness.git import Commit
from readiness.outcome import SignoffState
from readiness.records.history.changes import NoHistory
from readiness.records.judging.question import Question
from readiness.records.judging.signature import Standing, read_revocations
from readiness.records.judging.signoff import Context, Judged, judge_record
from readiness.records.storage.work_tree import Record
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    DAY,
    HOUR,
    ITEM,
    PARALEGAL,
    SECOND,
    STRANGER,
    evidence,
    hardware,
    holder,
    question,
    revocation,
    roster,
    signoff,
    waiver,
)

FILES = {"templates/deed.html": "deed", "templates/tax.html": "tax"}


def judged(record: Record, asked: Question | None = None, *others: Record, **changes: Any) -> Judged:
    known = evidence(record, *others, **changes)
    found = judge_record(asked or question(), record, known, read_revocations(known))
    assert (found.record, found.said) == (record, record.signoff)
    assert found.checked.record == record
    assert found.standing.reason
    assert found.standing.remedy or found.standing.state is SignoffState.VALID
    return found


def stands(*args: Any, **changes: Any) -> tuple[SignoffState, str]:
    found = judged(*args, **changes).standing
    return found.state, found.code


def test_an_approval_in_order_is_valid_and_says_who_gave_it_when() -> None:
    found = judged(signoff())
    assert (found.standing.state, found.standing.code, found.expires_at) == ("valid", "valid", None)
    assert found.standing.reason == f"{COUNSEL} approved it on 2026-11-23"
    assert found.checked.principal == COUNSEL


def test_what_is_no_sign_off_cannot_be_judged() -> None:
    known = evidence()
    with pytest.raises(ValueError, match="only a sign-off"):
        judge_record(question(), waiver(), known, {})


def test_a_signature_that_cannot_count_goes_before_all_else() -> None:
    assert stands(signoff(STRANGER, by=PARALEGAL)) == ("invalid", "signer-mismatch")


class TestRole:
    def test_it_is_given_in_the_role_that_the_item_asks_for(self) -> None:
        found = judged(signoff(role="qa"))
        assert (found.standing.state, found.standing.code) == ("unauthorised", "other-role")
        assert f"{COUNSEL} signed as qa, but the item asks for legal" in found.standing.reason
        assert "a member of legal" in found.standing.remedy

    def test_by_somebody_who_holds_it(self) -> None:
        found = judged(signoff(STRANGER))
        assert (found.standing.state, found.standing.code) == ("unauthorised", "not-in-role")
        assert f"{STRANGER} is not in the role legal" in found.standing.reason
        assert "a member of legal" in found.standing.remedy

    def test_to_reject_any_name_of_a_member_will_do_and_to_approve_only_the_listed_one(self) -> None:
        people = {COUNSEL: (STRANGER,)}
        assert stands(signoff(STRANGER, decision="reject"), people=people) == ("rejected", "rejected")
        assert stands(signoff(STRANGER), people=people) == ("unauthorised", "not-in-role")
        assert stands(signoff(STRANGER, decision="reject")) == ("unauthorised", "not-in-role")


class TestRevoked:
    def test_what_was_taken_back_does_not_count(self) -> None:
        record = signoff()
        found = judged(record, None, revocation(record, PARALEGAL))
        assert (found.standing.state, found.standing.code) == ("revoked", "revoked")
        assert PARALEGAL in found.standing.reason
        assert "`readiness sign templates-reviewed --env production`" in found.standing.remedy

    def test_nobody_else_takes_it_back(self) -> None:
        record = signoff()
        assert stands(record, None, revocation(record, STRANGER)) == ("valid", "valid")

    def test_that_it_was_taken_back_is_told_before_that_the_item_changed(self) -> None:
        record = signoff(item_digest="sha256:" + "0" * 64)
        assert stands(record, None, revocation(record)) == ("revoked", "revoked")


class Told(NoHistory):
    """Knows who changed one file, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, datetime]] = []

    def last(self, path: str, commit: str, moment: datetime) -> Commit | None:
        self.asked.append((path, commit, moment))
        return Commit("ab" * 20, "dev@example.com", NOW - HOUR, "Change") if path == "templates/deed.html" else None


class TestBound:
    def test_to_the_parameters_of_the_item(self) -> None:
        changed = Item.model_validate({**ITEM.model_dump(), "params": {"role": "legal", "quorum": 2}})
        found = judged(signoff(), question(item=changed))
        assert (found.standing.state, found.standing.code) == ("stale", "item-changed")
        assert f"after {COUNSEL} signed: its parameters were changed" in found.standing.reason
        assert "`readiness sign templates-reviewed --env production`" in found.standing.remedy

    def test_to_its_words(self) -> None:
        found = judged(signoff(), question(item=ITEM.model_copy(update={"title": "Templates seen by counsel"})))
        assert (found.standing.state, found.standing.code) == ("stale", "item-changed")
        assert "its words were, from `Templates reviewed by counsel`, changed" in found.standing.reason

    def test_to_what_it_covers(self) -> None:
        record = signoff(covers=FILES)
        assert stands(record, question(files=FILES)) == ("valid", "valid")
        for files in (
            FILES | {"templates/deed.html": "changed"},
            FILES | {"templates/new.html": "new"},
            {"templates/deed.html": "deed"},
        ):
            found = judged(record, question(files=files))
            assert (found.standing.state, found.standing.code) == ("stale", "subject-changed")
            assert f"this is not what {COUNSEL} signed" in found.standing.reason
            assert "`readiness sign templates-reviewed --env production`" in found.standing.remedy

    def test_it_is_told_who_changed_it_since_the_commit_at_which_it_was_signed(self) -> None:
        record = signoff(covers=FILES, commit="cd" * 20)
        asked = question(files=FILES | {"templates/deed.html": "changed"})
        known, history = evidence(record), Told()
        standing = judge_record(asked, record, known, {}, Context(history)).standing
        assert standing.reason == (
            f"`templates/deed.html` changed in ababababab by dev@example.com on 2026-11-23, after {COUNSEL} signed"
        )
        assert history.asked == [("templates/deed.html", "cd" * 20, NOW - HOUR)]


class TestTime:
    @pytest.mark.parametrize(("end", "code"), [(NOW, "valid"), (NOW - SECOND, "expired")])
    def test_it_holds_until_its_own_end(self, end: datetime, code: str) -> None:
        record = signoff(signed_at=NOW - 5 * DAY, expires_at=end)
        assert stands(record) == (code, code)
        assert judged(record).expires_at == end

    @pytest.mark.parametrize(("length", "code"), [(HOUR, "valid"), (HOUR - SECOND, "expired")])
    def test_and_no_longer_than_the_policy_lets_it(self, length: timedelta, code: str) -> None:
        found = judged(signoff(expires_at=NOW + DAY), question(valid_for=length))
        assert found.standing.code == code
        assert found.expires_at == NOW - HOUR + length

    def test_the_earlier_of_both_counts_and_is_told(self) -> None:
        found = judged(signoff(signed_at=NOW - 5 * DAY, expires_at=NOW - DAY), question(valid_for="30d"))
        assert (found.standing.state, found.standing.code) == ("expired", "expired")
        assert f"{COUNSEL} expired at 2026-11-22T12:00:00Z" in found.standing.reason

    def test_a_rejection_does_not_lapse_by_the_policy(self) -> None:
        found = judged(signoff(decision="reject", signed_at=NOW - 5 * DAY), question(valid_for="1d"))
        assert (found.standing.state, found.expires_at) == ("rejected", None)

    def test_a_length_beyond_the_calendar_is_a_hundred_years(self) -> None:
        asked = question()
        policy = asked.policy.model_copy(update={"valid_for": timedelta.max})
        found = judged(signoff(), asked.model_copy(update={"policy": policy}))
        assert found.expires_at == NOW - HOUR + timedelta(days=36_500)


class TestApproval:
    def test_it_is_given_for_a_name_that_the_item_asks_for(self) -> None:
        asked = question(each=("agent", "officer"))
        assert stands(signoff(each="agent"), asked) == ("valid", "valid")
        found = judged(signoff(each="driver"), asked)
        assert (found.standing.state, found.standing.code) == ("invalid", "other-name")
        assert "for `driver`, but the item is asked for each of: agent, officer" in found.standing.reason
        assert "`readiness sign templates-reviewed --env production`" in found.standing.remedy
        assert stands(signoff(), asked) == ("invalid", "other-name")

    def test_an_item_without_names_says_that_it_has_none(self) -> None:
        found = judged(signoff(each="driver"))
        assert (found.standing.state, found.standing.code) == ("invalid", "other-name")
        assert "for `driver`, but the item is asked for no name" in found.standing.reason

    def test_a_rejection_for_whatever_name_stands(self) -> None:
        assert stands(signoff(decision="reject", each="driver")) == ("rejected", "rejected")

    @pytest.mark.parametrize(("flags", "state"), [(None, "unauthorised"), (1, "unauthorised"), (5, "valid")])
    def test_a_person_is_verified_where_the_item_asks_for_it(self, flags: int | None, state: str) -> None:
        who = roster(holder(COUNSEL), holder(COUNSEL, hardware()))
        found = judged(signoff(flags=flags), question(user_verification=True), who=who).standing
        assert (found.state, found.code) == (state, "valid" if state == "valid" else "not-verified")
        if state != "valid":
            assert "verify-required" in found.remedy
        assert stands(signoff(flags=flags), who=who) == ("valid", "valid")

    def test_a_rejection_needs_no_verification(self) -> None:
        assert stands(signoff(decision="reject"), question(user_verification=True)) == ("rejected", "rejected")

    def test_separation_of_duties_is_asked_last(self, tmp_path: Path) -> None:
        class Apart:
            asked: tuple[str, str, datetime] | None = None

            def standing(self, principal: str, each: str, at: datetime) -> Standing:
                self.asked = (principal, each, at)
                return Standing(SignoffState.UNAUTHORISED, "own-change", "changed it", "let another sign")

        apart, record = Apart(), signoff(each="agent")
        known = replace(evidence(record), root=tmp_path)
        found = judge_record(question(each=("agent",)), record, known, {}, Context(separation=apart))  # type: ignore[arg-type]
        assert found.standing.code == "own-change"
        assert apart.asked == (COUNSEL, "agent", NOW - HOUR)
        rejection = signoff(decision="reject")
        found = judge_record(question(), rejection, known, {}, Context(separation=apart))  # type: ignore[arg-type]
        assert found.standing.code == "rejected"


def test_a_rejection_says_why_and_how_it_is_settled() -> None:
    found = judged(signoff(decision="reject", reason="Clause 4 is void.")).standing
    assert (found.state, found.code) == ("rejected", "rejected")
    assert found.reason == f"{COUNSEL} rejected it: Clause 4 is void."
    assert COUNSEL in found.remedy
    assert "no reason given" in judged(signoff(decision="reject")).standing.reason
