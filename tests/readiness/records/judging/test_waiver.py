"""A waiver counts only by the policy's leave, for the item as it is, for a time, and by two people."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Checklist, Item, Policy, Section, WaiverPolicy
from readiness.outcome import SignoffState
from readiness.records.history.branch import BranchCommit
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.waiver import judge_waiver, judge_waivers, read_waivers
from readiness.records.storage.work_tree import Record
from readiness.report import WaiverFact
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    PARALEGAL,
    STRANGER,
    Then,
    arrived,
    evidence,
    holder,
    keep,
    key,
    revocation,
    roster,
    waiver,
)

ITEM = Item(id="coverage", title="Covered by tests", check="command", params={"run": "false"})
LEAVE = WaiverPolicy(
    longest={"blocker": timedelta(days=14), "warning": timedelta(days=90)}, by={"legal": ("cov*",), "qa": ("other",)}
)


class Office:
    """Waivers that are given, and the policy that they are judged by."""

    def __init__(self) -> None:
        self.checklist = Checklist(
            version=1,
            project="deedpro",
            release="3.0.0",
            environment="production",
            roles={"legal": (COUNSEL, PARALEGAL), "qa": (STRANGER,)},
            policy=Policy(waivers=LEAVE),
            sections=(Section(title="Code", items=(ITEM,)),),
        )
        self.records: list[Record] = []
        self.people: dict[str, tuple[str, ...]] = {}
        self.seen: dict[str, BranchCommit] = {}
        self.then = Then()

    def waive(self, person: str = COUNSEL, *, using: str = "", item: str = ITEM.id, **changes: Any) -> Record:
        said = {"reason": "The module is being replaced.", "compensating_control": "It is tested by hand."}
        record = waiver(person, by=using, item=ITEM.model_copy(update={"id": item}), **(said | changes))
        self.records.append(record)
        return record

    def revoke(self, target: Record, person: str = COUNSEL, *, position: int | None = None) -> None:
        """Revoke a waiver; the record came to the policy branch at a position."""
        record = revocation(target, person)
        self.records.append(record)
        if position is not None:
            self.seen[record.digest] = arrived(NOW - timedelta(minutes=30), position)

    def change(self, **changes: Any) -> None:
        self.checklist = self.checklist.model_copy(update=changes)

    def grant(self, by: dict[str, tuple[str, ...]], **roles: tuple[str, ...]) -> None:
        """Let other roles waive."""
        self.change(roles=roles, policy=Policy(waivers=WaiverPolicy(longest=LEAVE.longest, by=by)))

    def evidence(self, now: datetime = NOW) -> RecordEvidence:
        return evidence(
            *self.records, now=now, rules=self.checklist.policy, people=self.people, seen=self.seen, then=self.then
        )

    def facts(self, now: datetime = NOW) -> tuple[WaiverFact, ...]:
        return judge_waivers(self.checklist, self.evidence(now))

    def only(self, now: datetime = NOW) -> WaiverFact:
        (fact,) = self.facts(now)
        return fact


@pytest.fixture
def office() -> Office:
    return Office()


def stands(fact: WaiverFact) -> tuple[SignoffState, str]:
    assert fact.why
    assert fact.state is SignoffState.VALID or fact.remedy
    return fact.state, fact.code


def test_a_waiver_by_the_policys_leave_is_valid_and_says_all_of_it(office: Office) -> None:
    record = office.waive(signer={"principal": COUNSEL, "name": "Jo Counsel"})
    fact = office.only()
    assert stands(fact) == ("valid", "valid")
    assert (fact.item, fact.item_text, fact.record) == ("coverage", "Covered by tests", record.digest)
    assert (fact.principal, fact.name, fact.role, fact.key) == (
        COUNSEL,
        "Jo Counsel",
        "legal",
        key(COUNSEL).fingerprint,
    )
    assert (fact.requested_by, fact.meaning) == ("dev@example.com", "I accept the risk.")
    assert (fact.reason, fact.compensating_control) == ("The module is being replaced.", "It is tested by hand.")
    assert (fact.signed_at, fact.expires_at) == (NOW - timedelta(hours=1), NOW + timedelta(days=10))
    assert fact.why == f"{COUNSEL} waived it until 2026-12-03T12:00:00Z"


def test_without_a_record_there_is_no_waiver(office: Office) -> None:
    assert office.facts() == ()


def test_all_are_told_the_oldest_first(office: Office) -> None:
    times = [NOW - timedelta(hours=hours) for hours in (2, 5, 3)]
    for at in times:
        office.waive(signed_at=at)
    assert [fact.signed_at for fact in office.facts()] == sorted(times)


def test_without_a_policy_nobody_may_waive(office: Office) -> None:
    office.waive()
    office.change(policy=Policy())
    assert stands(office.only()) == ("unauthorised", "not-waivable")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "qa"}, "other-role"),
        ({"person": STRANGER}, "not-in-role"),
        ({"requested_by": COUNSEL}, "own-request"),
        ({"requested_by": "Counsel@Example.COM"}, "own-request"),
        ({"expires_at": NOW + timedelta(days=15)}, "too-long"),
    ],
)
def test_what_the_policy_does_not_allow_does_not_count(office: Office, changes: dict[str, Any], code: str) -> None:
    office.waive(**changes)
    assert stands(office.only()) == ("unauthorised", code)


def test_a_date_means_its_end_when_the_period_is_counted(office: Office) -> None:
    office.waive(expires_at="2026-12-07")  # the fourteenth day after the 23rd of November
    assert stands(office.only()) == ("valid", "valid")


def test_the_first_moment_after_that_day_is_too_late(office: Office) -> None:
    office.waive(expires_at="2026-12-08T00:00:00Z")
    fact = office.only()
    assert stands(fact) == ("unauthorised", "too-long")
    assert "2026-12-07T23:59:59Z" in fact.remedy


@pytest.mark.parametrize(("hours", "code"), [(12, "valid"), (12.01, "too-long")])
def test_a_period_of_hours_has_no_grace(office: Office, hours: float, code: str) -> None:
    longest = {"blocker": timedelta(hours=12)}
    office.change(policy=Policy(waivers=WaiverPolicy.model_validate({"longest": longest, "by": {"legal": ("*",)}})))
    office.waive(expires_at=NOW - timedelta(hours=1) + timedelta(hours=hours))
    assert office.only().code == code


@pytest.mark.parametrize("field", ["reason", "compensating_control", "meaning"])
def test_blank_words_say_nothing(office: Office, field: str) -> None:
    with pytest.raises(ValidationError, match="blank"):
        office.waive(**{field: "  "})


def test_an_item_of_a_severity_that_is_not_named_cannot_be_waived(office: Office) -> None:
    office.waive()
    office.change(policy=Policy(waivers=WaiverPolicy(longest={"warning": timedelta(days=90)}, by={"legal": ("*",)})))
    assert stands(office.only()) == ("unauthorised", "severity-not-waivable")


def test_the_longest_time_is_that_of_the_items_severity_now(office: Office) -> None:
    office.waive(expires_at=NOW + timedelta(days=80))
    assert office.only().code == "too-long"
    lowered = ITEM.model_copy(update={"severity": "warning"})
    office.change(sections=(Section(title="Code", items=(lowered,)),))
    assert office.only().code == "valid"


def test_one_person_under_two_names_does_not_approve_the_own_request(office: Office) -> None:
    office.waive(requested_by="c@home.example")
    office.people = {COUNSEL: ("c@home.example",)}
    assert stands(office.only()) == ("unauthorised", "own-request")


def test_it_lapses_at_its_end(office: Office) -> None:
    office.waive(signed_at=NOW - timedelta(days=2), expires_at=NOW)
    assert office.only(NOW - timedelta(seconds=1)).state == "valid"
    assert stands(office.only(NOW)) == ("expired", "expired")


def test_it_is_stale_when_the_item_changed_or_is_gone(office: Office) -> None:
    office.waive()
    changed = ITEM.model_copy(update={"params": {"run": "true"}})
    office.change(sections=(Section(title="Code", items=(changed,)),))
    assert stands(office.only()) == ("stale", "item-changed")
    assert "its parameters were" in office.only().why
    office.change(sections=(Section(title="Code", items=(ITEM.model_copy(update={"id": "other"}),)),))
    assert stands(office.only()) == ("stale", "item-gone")


def test_it_counts_where_only_another_name_of_the_same_check_is_written() -> None:
    for name, code in (("junit", "valid"), ("test-results", "valid"), ("coverage", "item-changed")):
        asked = ITEM.model_copy(update={"check": name, "params": {"paths": "junit.xml"}})
        waived = Office()
        waived.records.append(
            waiver(item=asked.model_copy(update={"check": "junit"}), reason="Soon.", compensating_control="By hand.")
        )
        waived.change(sections=(Section(title="Code", items=(asked,)),))
        assert waived.only().code == code


@pytest.mark.parametrize("field", ["project", "release", "environment"])
def test_one_for_another_project_release_or_environment_does_not_count_here(office: Office, field: str) -> None:
    office.waive(**{field: "other"})
    fact = office.only()
    assert stands(fact) == ("stale", "given-elsewhere")
    assert "other" in fact.why
    here = office.waive()
    assert [fact.record for fact in office.facts()] == [here.digest]


def test_of_those_given_elsewhere_only_one_that_is_in_force_there_is_told(office: Office) -> None:
    office.waive(release="2.0.0", signed_at=NOW - timedelta(days=5), expires_at=NOW - timedelta(days=1))
    office.waive(release="2.1.0", using=STRANGER)
    office.revoke(office.waive(release="2.2.0"))
    assert office.facts() == ()
    office.waive(release="2.3.0", signed_at=NOW - timedelta(hours=3))
    latest = office.waive(release="2.4.0", signed_at=NOW - timedelta(hours=2))
    assert [fact.record for fact in office.facts()] == [latest.digest]


@pytest.mark.parametrize("name", ["policy-weakening", "records-append-only"])
def test_what_guards_the_policy_can_not_be_waived(office: Office, name: str) -> None:
    office.waive(item=name)
    office.change(policy=Policy(waivers=WaiverPolicy(longest=LEAVE.longest, by={"legal": ("*",)})))
    assert stands(office.only()) == ("stale", "item-gone")


@pytest.mark.parametrize("by", [COUNSEL, PARALEGAL])
def test_its_signer_and_who_may_waive_can_revoke_it(office: Office, by: str) -> None:
    office.revoke(office.waive(), by)
    assert stands(office.only()) == ("revoked", "revoked")


def test_who_might_waive_the_item_then_took_it_back_for_ever(office: Office) -> None:
    office.then = Then(waive={4: (f"{STRANGER} coverage",)}, owners={4: (holder(STRANGER),)})
    office.revoke(office.waive(), STRANGER, position=4)
    assert stands(office.only()) == ("revoked", "revoked")


def test_who_might_waive_another_item_then_did_not(office: Office) -> None:
    office.then = Then(waive={4: (f"{STRANGER} other",)}, owners={4: (holder(STRANGER),)})
    office.revoke(office.waive(), STRANGER, position=4)
    assert stands(office.only()) == ("valid", "valid")


def test_two_names_of_a_member_take_it_back_alike(office: Office) -> None:
    office.people = {PARALEGAL: (STRANGER,)}
    office.revoke(office.waive(), STRANGER)
    assert stands(office.only()) == ("revoked", "revoked")


def test_of_an_item_that_is_gone_it_is_told_when_it_was_revoked_or_has_lapsed(office: Office) -> None:
    gone = office.waive()
    office.seen[gone.digest] = arrived(NOW)
    office.change(sections=(Section(title="Code", items=(ITEM.model_copy(update={"id": "other"}),)),))
    assert stands(office.only(NOW + timedelta(days=11))) == ("expired", "expired")
    office.revoke(gone, PARALEGAL)
    assert stands(office.only()) == ("revoked", "revoked")


def test_of_forged_ones_only_the_last_are_listed(office: Office) -> None:
    real = office.waive()
    for minute in range(25):
        office.waive(using=STRANGER, signed_at=NOW - timedelta(minutes=59 - minute))
    facts = office.facts()
    assert len(facts) == 21
    assert facts[0].record == real.digest
    assert {fact.code for fact in facts[1:]} == {"signer-mismatch"}
    assert min(fact.signed_at for fact in facts[1:]) == NOW - timedelta(minutes=54)


def test_nobody_else_can_revoke_it(office: Office) -> None:
    office.revoke(office.waive(), STRANGER)
    assert stands(office.only()) == ("valid", "valid")


def test_a_forged_one_does_not_count(office: Office) -> None:
    office.waive(using=STRANGER)
    assert stands(office.only()) == ("invalid", "signer-mismatch")


def test_one_from_before_the_policy_let_its_signer_waive_does_not_count(office: Office) -> None:
    office.waive(signed_at=NOW - timedelta(days=800), expires_at=NOW - timedelta(days=790))
    assert stands(office.only()) == ("stale", "late")


class TestReasons:
    """Each says what the policy has, so that the next step is clear."""

    def test_who_may_waive(self, office: Office) -> None:
        office.grant({"legal": ("*",), "qa": ("*",)}, legal=(COUNSEL,), qa=(STRANGER,))
        office.waive(role="ops")
        fact = office.only()
        assert fact.why == f"{COUNSEL} signed as ops, but only legal or qa may waive `coverage`"
        assert fact.remedy == "let legal or qa sign"

    def test_who_is_in_the_role(self, office: Office) -> None:
        office.waive(STRANGER)
        fact = office.only()
        assert fact.why == f"{STRANGER} is not in the role legal"
        assert "legal" in fact.remedy

    def test_how_long(self, office: Office) -> None:
        office.waive(expires_at=NOW + timedelta(days=15))
        assert "longer than the 2w for which the policy lets an item of severity blocker be waived" in office.only().why

    def test_which_severity(self, office: Office) -> None:
        office.waive()
        office.change(policy=Policy(waivers=WaiverPolicy(longest={"info": timedelta(days=1)}, by={"legal": ("*",)})))
        assert "an item of severity blocker" in office.only().why

    def test_who_asked(self, office: Office) -> None:
        office.waive(requested_by=COUNSEL)
        assert COUNSEL in office.only().why

    def test_that_the_words_changed(self, office: Office) -> None:
        office.waive(item_text="Covered", item_digest="sha256:" + "0" * 64)
        assert f"after {COUNSEL} signed: its words were, from `Covered`, changed" in office.only().why

    def test_when_it_lapsed(self, office: Office) -> None:
        office.waive(signed_at=NOW - timedelta(days=2), expires_at=NOW - timedelta(hours=1))
        assert office.only().why == f"the waiver of {COUNSEL} lapsed at 2026-11-23T11:00:00Z"

    def test_that_the_item_is_gone_and_how_to_revoke_it(self, office: Office) -> None:
        record = office.waive(item="gone")
        fact = office.only()
        assert "`gone`" in fact.why
        assert f"`readiness revoke {record.digest[:12]} " in fact.remedy

    def test_whom_the_policy_lets_waive_nothing(self, office: Office) -> None:
        office.grant({"legal": ("other",)}, legal=(COUNSEL,))
        office.waive()
        assert (office.only().code, "`coverage`" in office.only().why) == ("not-waivable", True)


class TestGone:
    """Of an item that the checklist has no more, or that cannot be waived."""

    def test_who_might_waive_it_takes_it_back(self, office: Office) -> None:
        office.grant({"legal": ("other",), "qa": ("gone",)}, legal=(COUNSEL,), qa=(STRANGER,))
        office.revoke(office.waive(item="gone"), STRANGER)
        assert stands(office.only()) == ("revoked", "revoked")

    def test_nobody_else_does(self, office: Office) -> None:
        office.revoke(office.waive(item="gone"), STRANGER)
        assert stands(office.only()) == ("stale", "item-gone")


class TestElsewhere:
    def test_only_an_item_that_has_none_here_is_told_of(self, office: Office) -> None:
        office.waive(item="gone", release="2.0.0")
        assert office.facts() == ()
        told = office.waive(release="2.0.0", signed_at=NOW - timedelta(minutes=30))
        assert [fact.record for fact in office.facts()] == [told.digest]

    def test_it_says_what_it_was_given_for(self, office: Office) -> None:
        office.waive(release="2.0.0")
        assert office.only().why == "it was given for deedpro, release 2.0.0, production"

    def test_a_forged_one_for_here_hides_nothing_and_is_told_alone(self, office: Office) -> None:
        office.waive(release="2.0.0")
        forged = office.waive(using=STRANGER)
        assert [fact.record for fact in office.facts()] == [forged.digest]

    def test_one_that_another_person_with_the_right_took_back_is_not_told(self, office: Office) -> None:
        office.revoke(office.waive(release="2.0.0", signed_at=NOW - timedelta(hours=2)), PARALEGAL)
        assert office.facts() == ()
        record = office.waive(release="2.0.0")
        office.revoke(record, STRANGER)
        assert [fact.record for fact in office.facts()] == [record.digest]

    def test_one_that_ends_now_is_not_told(self, office: Office) -> None:
        office.waive(release="2.0.0", expires_at=NOW)
        assert office.facts() == ()


def test_one_of_another_project_is_called_so_where_it_is_judged_by_itself(office: Office) -> None:
    record = office.waive(project="other")
    assert record.waiver is not None
    checked, standing = judge_waiver(record, record.waiver, office.checklist, office.evidence(), {})
    assert checked.principal == COUNSEL
    assert (standing.state, standing.code, standing.reason) == (
        "stale",
        "other-project",
        "it was given for the project other",
    )
    assert standing.remedy


class TestFolder:
    """Waivers as a run reads them."""

    def read(self, office: Office, root: Path, **how: str) -> tuple[list[str], tuple[str, ...]]:
        facts, why = read_waivers(root, office.checklist, NOW, **how)
        return [fact.code for fact in facts], why

    def test_where_no_record_is_there_is_no_waiver(self, office: Office, tmp_path: Path) -> None:
        assert self.read(office, tmp_path) == ([], ())

    def test_the_rules_and_the_people_of_the_checklist_are_kept_to(self, office: Office, tmp_path: Path) -> None:
        keep(tmp_path, office.waive(requested_by="c@home.example"))
        assert self.read(office, tmp_path) == (["valid"], ())
        office.change(people={COUNSEL: ("c@home.example",)})
        assert self.read(office, tmp_path) == (["own-request"], ())
        late = tmp_path / "late"
        keep(late, office.waive(signed_at=NOW + timedelta(hours=1)))
        assert self.read(office, late) == (["post-dated"], ())
        office.change(policy=Policy(waivers=LEAVE, ahead=timedelta(hours=2)))
        assert self.read(office, late) == (["valid"], ())

    def test_without_a_roster_none_counts_and_it_is_said_why(self, office: Office, tmp_path: Path) -> None:
        keep(tmp_path, office.waive(), who=roster(holder(COUNSEL)))
        (tmp_path / ".readiness/allowed_signers").unlink()
        facts, (why,) = self.read(office, tmp_path)
        assert facts == []
        assert why.startswith("no waiver counts: .readiness/allowed_signers does not exist")
        assert "; next: add a key: readiness signers add" in why

    def test_a_policy_that_cannot_be_read_leaves_none(self, office: Office, tmp_path: Path) -> None:
        keep(tmp_path, office.waive())
        facts, (why,) = self.read(office, tmp_path, policy="0" * 40)
        assert (facts, why) == (
            [],
            "no waiver counts: there is no git repository to read the policy from; next: run it in a clone",
        )
