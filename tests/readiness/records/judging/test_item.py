"""The sign-offs of one item together: who speaks for whom, what is missing, and how the item stands."""

from typing import Any

import pytest

from readiness.outcome import Status
from readiness.records.judging.item import Judgement, judge
from readiness.records.judging.question import Question
from readiness.records.storage.work_tree import Problem, Record, Records
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
    key,
    question,
    revocation,
    roster,
    signoff,
    waiver,
)

NINE = tuple(f"person{number}@example.com" for number in range(9))


def judgement(*records: Record, asked: Question | None = None, **changes: Any) -> Judgement:
    return judge(asked or question(), evidence(*records, **changes))


def cards(found: Judgement) -> list[tuple[str, str]]:
    return [(card.code, card.principal) for card in found.cards]


def problem(claims: str, number: int = 0) -> Problem:
    return Problem(f"records/{number:02}.json", "malformed", "it is no JSON", "restore it", f"{number:064}", claims)


class TestStatus:
    def test_without_a_sign_off_the_item_waits(self) -> None:
        found = judgement()
        assert (found.status, found.examined, found.valid) == ("pending", 0, {"": 0})
        assert cards(found) == [("missing", "")]

    def test_a_valid_one_passes(self) -> None:
        found = judgement(signoff())
        assert (found.status, found.examined, found.valid) == ("passed", 1, {"": 1})
        assert cards(found) == [("valid", COUNSEL)]

    def test_a_quorum_takes_as_many_people(self) -> None:
        asked = question(quorum=2)
        found = judgement(signoff(), asked=asked)
        assert (found.status, found.valid) == ("pending", {"": 1})
        assert cards(found) == [("valid", COUNSEL), ("missing", "")]
        found = judgement(signoff(), signoff(PARALEGAL), asked=asked)
        assert (found.status, found.valid) == ("passed", {"": 2})

    def test_one_more_than_the_quorum_passes_too(self) -> None:
        assert judgement(signoff(), signoff(PARALEGAL)).status == "passed"

    def test_each_person_who_is_missing_has_a_card(self) -> None:
        found = judgement(asked=question(quorum=3, members=(COUNSEL, PARALEGAL, STRANGER)))
        assert cards(found) == [("missing", "")] * 3

    def test_a_rejection_fails_however_many_approve(self) -> None:
        found = judgement(signoff(), signoff(PARALEGAL, decision="reject"))
        assert (found.status, found.valid) == ("failed", {"": 1})
        assert sorted(cards(found)) == [("rejected", PARALEGAL), ("valid", COUNSEL)]

    @pytest.mark.parametrize(
        ("record", "status", "code"),
        [
            (signoff(signed_at=NOW - 5 * DAY, expires_at=NOW - DAY), "pending", "expired"),
            (signoff(item_digest="sha256:" + "0" * 64), "pending", "item-changed"),
            (signoff(role="qa"), "failed", "other-role"),
            (signoff(by=STRANGER), "failed", "signer-mismatch"),
            (signoff(STRANGER), "failed", "not-in-role"),
        ],
    )
    def test_what_does_not_count_waits_where_it_once_did_and_fails_where_it_never_might(
        self, record: Record, status: str, code: str
    ) -> None:
        found = judgement(record)
        assert (found.status, found.cards[0].code, found.valid) == (status, code, {"": 0})

    def test_a_revoked_one_fails(self) -> None:
        record = signoff()
        assert judgement(record, revocation(record)).status == "failed"

    def test_a_bad_one_beside_a_valid_one_takes_nothing_from_it(self) -> None:
        found = judgement(signoff(), signoff(PARALEGAL, role="qa"))
        assert found.status == "passed"
        assert sorted(cards(found)) == [("other-role", PARALEGAL), ("valid", COUNSEL)]

    def test_a_member_whose_own_does_not_count_is_not_missing_besides(self) -> None:
        found = judgement(signoff(role="qa"))
        assert cards(found) == [("other-role", COUNSEL)]
        found = judgement(signoff(role="qa"), asked=question(quorum=2))
        assert cards(found) == [("other-role", COUNSEL), ("missing", "")]

    def test_somebody_who_is_no_member_fills_no_gap(self) -> None:
        assert cards(judgement(signoff(STRANGER))) == [("not-in-role", STRANGER), ("missing", "")]
        assert cards(judgement(signoff(by=STRANGER))) == [("signer-mismatch", COUNSEL), ("missing", "")]

    def test_another_name_of_a_member_is_that_member(self) -> None:
        found = judgement(signoff(STRANGER), people={COUNSEL: (STRANGER,)})
        assert cards(found) == [("not-in-role", STRANGER)]

    def test_records_of_other_items_and_kinds_are_none_of_its_own(self) -> None:
        other = ITEM.model_copy(update={"id": "other"})
        found = judgement(signoff(item=other), waiver(), signoff())
        assert (found.examined, cards(found)) == (1, [("valid", COUNSEL)])


class TestPeople:
    def test_two_names_of_one_person_count_once(self) -> None:
        people = {COUNSEL: (PARALEGAL,)}
        asked = question(quorum=2, members=(COUNSEL, PARALEGAL, STRANGER))
        found = judgement(signoff(), signoff(PARALEGAL), asked=asked, people=people)
        assert (found.status, found.valid) == ("pending", {"": 1})

    def test_two_keys_of_one_person_count_once(self) -> None:
        who = roster(holder(COUNSEL), holder(COUNSEL, hardware()), holder(PARALEGAL))
        found = judgement(signoff(), signoff(flags=5), asked=question(quorum=2), who=who)
        assert (found.status, found.valid) == ("pending", {"": 1})

    @pytest.mark.parametrize("hours", [(3, 2), (2, 3), (2, 2)])
    def test_of_one_person_the_word_that_knew_the_other_counts_whatever_the_clocks_say(
        self, hours: tuple[int, int]
    ) -> None:
        then, later = (NOW - number * HOUR for number in hours)
        first = signoff(signed_at=then)
        second = signoff(decision="reject", signed_at=later, seen=(first.digest,))
        found = judgement(first, second)
        assert (found.status, [(card.code, card.past) for card in found.cards]) == (
            "failed", [("rejected", False), ("overtaken", True)]
        )  # fmt: skip
        first = signoff(decision="reject", reason="Clause 4.", signed_at=then)
        found = judgement(first, signoff(signed_at=later, seen=(first.digest,)))
        assert (found.status, [(card.code, card.past) for card in found.cards]) == (
            "passed", [("valid", False), ("signed-anew", True)]
        )  # fmt: skip
        assert "Clause 4." in found.cards[1].reason

    def test_where_nothing_tells_which_is_later_the_rejection_counts(self) -> None:
        rejection = signoff(decision="reject", signed_at=NOW - 2 * HOUR)
        found = judgement(rejection, signoff(signed_at=NOW - HOUR))
        assert found.status == "failed"
        assert "signed without that rejection at hand" in found.cards[1].reason

    def test_of_two_at_the_same_moment_the_rejection_counts(self) -> None:
        assert judgement(signoff(), signoff(decision="reject")).status == "failed"

    def test_one_in_force_goes_before_a_later_one_that_is_not(self) -> None:
        good, bad = signoff(signed_at=NOW - 2 * HOUR), signoff(role="qa", signed_at=NOW - HOUR)
        assert [card.record for card in judgement(good, bad).cards] == [good.digest]
        rejection = signoff(decision="reject", signed_at=NOW - 2 * HOUR)
        assert judgement(rejection, bad).status == "failed"

    def test_of_two_that_are_not_in_force_the_later_one_is_shown(self) -> None:
        first, second = signoff(role="qa", signed_at=NOW - 2 * HOUR), signoff(role="qa", signed_at=NOW - HOUR)
        assert [card.record for card in judgement(first, second).cards] == [second.digest]

    def test_a_name_that_no_key_proves_does_not_stand_in_the_way_of_the_person(self) -> None:
        forged = signoff(by=STRANGER, decision="reject", signed_at=NOW - SECOND)
        found = judgement(signoff(), forged)
        assert found.status == "passed"
        assert cards(found) == [("valid", COUNSEL), ("signer-mismatch", COUNSEL)]

    def test_of_forged_ones_only_the_last_are_shown(self) -> None:
        forged = [signoff(by=STRANGER, signed_at=NOW - (60 - number) * SECOND) for number in range(25)]
        found = judgement(signoff(), *forged)
        assert (found.status, found.examined, len(found.cards)) == ("passed", 26, 21)
        assert {card.record for card in found.cards[1:]} == {record.digest for record in forged[5:]}


class TestMatrix:
    ASKED = question(each=("agent", "officer"))

    def test_each_name_has_its_own_quorum(self) -> None:
        found = judgement(signoff(each="agent"), asked=self.ASKED)
        assert (found.status, found.valid) == ("pending", {"agent": 1, "officer": 0})
        assert [(card.subject, card.code) for card in found.cards] == [("agent", "valid"), ("officer", "missing")]
        assert "no sign-off by legal for officer" in found.cards[1].reason
        assert found.cards[1].remedy.startswith("run `readiness sign templates-reviewed --env production --each offi")
        both = judgement(signoff(each="agent"), signoff(each="officer"), asked=self.ASKED)
        assert (both.status, both.valid) == ("passed", {"agent": 1, "officer": 1})

    def test_a_name_with_a_space_is_quoted_in_the_command(self) -> None:
        found = judgement(asked=question(each=("title agent",)))
        assert "--each 'title agent'`" in found.cards[0].remedy

    def test_the_worst_name_decides(self) -> None:
        found = judgement(
            signoff(each="agent"), signoff(PARALEGAL, each="officer", decision="reject"), asked=self.ASKED
        )
        assert found.status == "failed"

    def test_an_approval_for_another_name_is_shown_and_fills_no_place(self) -> None:
        found = judgement(
            signoff(each="agent"), signoff(each="officer"), signoff(PARALEGAL, each="driver"), asked=self.ASKED
        )
        assert found.status == "passed"
        assert [(card.subject, card.code) for card in found.cards][2:] == [("driver", "other-name")]

    def test_a_rejection_for_another_name_fails(self) -> None:
        found = judgement(
            signoff(each="agent"), signoff(each="officer"), signoff(each="driver", decision="reject"), asked=self.ASKED
        )
        assert found.status == "failed"

    def test_nobody_hears_of_a_name_that_is_not_asked_where_it_has_no_bearing(self) -> None:
        bad = signoff(each="driver", role="qa")
        far = signoff(each="driver", decision="reject", release="2.0.0")
        found = judgement(signoff(each="agent"), signoff(each="officer"), bad, far, asked=self.ASKED)
        assert (found.status, len(found.cards), found.examined) == ("passed", 2, 4)

    def test_of_many_such_only_the_last_are_shown(self) -> None:
        strays = [signoff(each="driver", signed_at=NOW - (60 - number) * SECOND) for number in range(25)]
        found = judgement(*strays)
        assert [card.record for card in found.cards[1:]] == [record.digest for record in strays[5:]]


class TestElsewhere:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"project": "other"}, "other, release 3.0.0, production"),
            ({"release": "2.0.0"}, "deedpro, release 2.0.0, production"),
            ({"environment": "staging"}, "deedpro, release 3.0.0, staging"),
        ],
    )
    def test_one_for_another_release_does_not_count_and_is_mentioned(self, change: dict[str, Any], words: str) -> None:
        found = judgement(signoff(**change))
        assert (found.status, found.examined) == ("pending", 1)
        assert cards(found) == [("given-elsewhere", "")]
        assert found.cards[0].reason.endswith(f"; those given for {words} do not count here")
        assert found.cards[0].state == "missing"

    def test_of_many_the_first_two_are_named(self) -> None:
        def reason(*releases: str) -> str:
            return judgement(*(signoff(release=release) for release in releases)).cards[0].reason

        assert "given for deedpro, release 1, production and deedpro, release 2, production do not" in reason("2", "1")
        assert "release 1, production and deedpro, release 2, production and others do not" in reason("3", "2", "1")

    def test_only_those_of_the_same_name_are(self) -> None:
        asked = question(each=("agent", "officer"))
        found = judgement(signoff(each="agent", release="2.0.0"), asked=asked)
        assert [card.code for card in found.cards] == ["given-elsewhere", "missing"]

    def test_not_where_one_for_here_is_there(self) -> None:
        found = judgement(signoff(release="2.0.0"), signoff(), asked=question(quorum=2))
        assert [card.code for card in found.cards] == ["valid", "missing"]


class TestMissing:
    def test_it_says_who_may_sign(self) -> None:
        card, _ = judgement(asked=question(quorum=2)).cards
        assert card.reason == f"no sign-off by legal; it can come from {COUNSEL}, {PARALEGAL}"
        assert card.remedy == "run `readiness sign templates-reviewed --env production`, then commit the record"
        assert (card.role, card.quorum, card.state, card.subject) == ("legal", 2, "missing", "")

    def test_who_has_signed_already_is_not_asked_again(self) -> None:
        card = judgement(signoff(), asked=question(quorum=2)).cards[1]
        assert card.reason == f"no sign-off by legal; it can come from {PARALEGAL}"
        other = judgement(signoff(), asked=question(quorum=2), people={COUNSEL: ("c@home.example",)}).cards[1]
        assert other.reason == card.reason

    @pytest.mark.parametrize(("number", "more"), [(5, False), (6, True)])
    def test_of_many_five_are_named(self, number: int, *, more: bool) -> None:
        who = roster(*(holder(name) for name in NINE))
        (card,) = judgement(asked=question(members=NINE[:number]), who=who).cards
        assert NINE[4] in card.reason
        assert card.reason.endswith("and others" if more else NINE[4])

    def test_it_says_when_none_of_them_has_a_key(self) -> None:
        (card,) = judgement(who=roster(holder(STRANGER))).cards
        assert card.reason.endswith(", but no key of theirs is in .readiness/allowed_signers")
        (card,) = judgement(who=roster(holder(COUNSEL))).cards
        assert "no key" not in card.reason

    def test_it_names_the_files_that_wait(self) -> None:
        (card,) = judgement(asked=question(files={"a.html": "a", "b.html": "b"})).cards
        assert card.covers == ("a.html", "b.html")
        (card,) = judgement().cards
        assert card.covers == ()


class TestCards:
    def test_a_card_says_all_of_the_record(self) -> None:
        files = {"a.html": "a", "b.html": "b"}
        record = signoff(
            covers=files, expires_at=NOW + DAY, signer={"principal": COUNSEL, "name": "Jo Counsel"}, each="agent"
        )
        card = judgement(record, asked=question(files=files, each=("agent",), quorum=2)).cards[0]
        assert (card.role, card.quorum, card.state, card.code) == ("legal", 2, "valid", "valid")
        assert (card.subject, card.principal, card.name) == ("agent", COUNSEL, "Jo Counsel")
        assert (card.meaning, card.signed_at, card.expires_at) == ("I reviewed it.", NOW - HOUR, NOW + DAY)
        assert (card.key, card.record) == (key(COUNSEL).fingerprint, record.digest)
        assert card.covers == ("a.html", "b.html")
        assert card.digests == tuple(record.statement.subjects.values())
        assert card.reason.startswith(f"{COUNSEL} approved it")
        assert card.remedy == ""

    def test_one_of_the_item_alone_covers_no_file(self) -> None:
        (card,) = judgement(signoff()).cards
        assert (card.covers, card.digests) == ((), ())

    def test_it_says_what_to_do_next(self) -> None:
        assert "a member of legal" in judgement(signoff(role="qa")).cards[0].remedy


class TestDamaged:
    def test_a_damaged_record_of_the_item_fails_what_is_missing(self) -> None:
        found = judgement(asked=question(quorum=2), kept=Records((), (problem(ITEM.id),)))
        assert (found.status, found.examined) == ("failed", 1)
        card = found.cards[2]
        assert (card.state, card.code, card.record, card.remedy) == ("invalid", "malformed", f"{0:064}", "restore it")
        assert card.reason == "records/00.json: it is no JSON"
        assert (card.role, card.quorum) == ("legal", 2)

    def test_it_takes_nothing_from_what_is_complete(self) -> None:
        found = judgement(kept=Records((signoff(),), (problem(ITEM.id),)))
        assert (found.status, found.examined, len(found.cards)) == (Status.PASSED, 2, 2)

    def test_one_of_another_item_is_none_of_its_own(self) -> None:
        found = judgement(kept=Records((), (problem("other"), problem(""))))
        assert (found.status, found.examined, len(found.cards)) == ("pending", 0, 1)

    def test_of_many_only_the_first_are_shown(self) -> None:
        found = judgement(kept=Records((), tuple(problem(ITEM.id, number) for number in range(25))))
        assert (found.examined, len(found.cards)) == (25, 21)
        assert found.cards[1].record == f"{0:064}"


def test_of_a_signer_who_left_an_approval_stays_good_and_says_so() -> None:
    left = roster(holder(COUNSEL, before=NOW - HOUR))
    found = judge(question(), evidence(signoff(signed_at=NOW - 2 * HOUR), who=left))
    assert found.status == "passed"
    ended = (NOW - HOUR).date()
    assert found.cards[0].reason.endswith(f"; it was good then, and the last key of {COUNSEL} ended on {ended}")
    both = roster(holder(COUNSEL, before=NOW - HOUR), holder(COUNSEL, key("new")))
    assert "last key" not in judge(question(), evidence(signoff(signed_at=NOW - 2 * HOUR), who=both)).cards[0].reason
