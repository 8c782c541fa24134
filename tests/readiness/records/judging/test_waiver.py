"""A waiver counts only by the policy's leave, for the item as it is, for a time, and by two people."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from readiness.checklist import Checklist, Item, Policy, Section, WaiverPolicy
from readiness.outcome import SignoffState
from readiness.records.judging.evidence import RecordEvidence, read_evidence
from readiness.records.judging.waiver import judge_waivers
from readiness.records.model.people import People
from readiness.records.model.statement import Signer, Statement, Waiver, item_subject
from readiness.report import WaiverFact
from readiness.testing import NOW
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, key

ITEM = Item(id="coverage", title="Covered by tests", check="command", params={"run": "false"})
LEAVE = WaiverPolicy(
    longest={"blocker": timedelta(days=14), "warning": timedelta(days=90)}, by={"legal": ("cov*",), "qa": ("other",)}
)


class Office:
    """A repository in which waivers are given and judged."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        self.checklist = Checklist(
            version=1,
            project="deedpro",
            release="3.0.0",
            environment="production",
            roles={"legal": (COUNSEL, PARALEGAL), "qa": (STRANGER,)},
            policy=Policy(waivers=LEAVE),
            sections=(Section(title="Code", items=(ITEM,)),),
        )

    def waive(self, person: str = COUNSEL, *, using: str = "", **changes: Any) -> str:
        fields = {
            "project": "deedpro",
            "release": "3.0.0",
            "environment": "production",
            "item": ITEM.id,
            "item_text": ITEM.title,
            "item_digest": ITEM.digest,
            "role": "legal",
            "requested_by": "dev@example.com",
            "reason": "The module is being replaced.",
            "compensating_control": "It is tested by hand.",
            "meaning": "I accept the risk.",
            "signer": Signer(principal=person),
            "signed_at": NOW - timedelta(hours=1),
            "expires_at": NOW + timedelta(days=10),
            "nonce": "0" * 32,
        } | changes
        said = Waiver.model_validate(fields)
        statement = Statement(subject=(item_subject(said.item, said.item_digest),), predicate=said)
        return self.project.keep(statement, key(using or person))

    def change(self, **changes: Any) -> None:
        self.checklist = self.checklist.model_copy(update=changes)

    def evidence(self, now: datetime = NOW) -> RecordEvidence:
        return read_evidence(self.project.root, now, rules=self.checklist.policy)

    def facts(self, now: datetime = NOW) -> tuple[WaiverFact, ...]:
        return judge_waivers(self.checklist, self.evidence(now))

    def only(self, now: datetime = NOW) -> WaiverFact:
        (fact,) = self.facts(now)
        return fact

    def grant(self, by: dict[str, tuple[str, ...]], **roles: tuple[str, ...]) -> None:
        """Let other roles waive, and commit that."""
        self.change(roles=roles, policy=Policy(waivers=WaiverPolicy(longest=LEAVE.longest, by=by)))
        written = {
            "version": 1,
            "project": "deedpro",
            "roles": {role: list(names) for role, names in roles.items()},
            "policy": self.checklist.policy.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
        }
        self.project.write("readiness.yaml", yaml.safe_dump(written))
        self.project.commit()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "deedpro")


def stands(fact: WaiverFact) -> tuple[SignoffState, str]:
    assert fact.why
    assert fact.state is SignoffState.VALID or fact.remedy
    return fact.state, fact.code


def test_a_waiver_by_the_policys_leave_is_valid_and_says_all_of_it(office: Office) -> None:
    digest = office.waive()
    fact = office.only()
    assert stands(fact) == ("valid", "valid")
    assert (fact.item, fact.record, fact.principal, fact.requested_by) == (
        "coverage",
        digest,
        COUNSEL,
        "dev@example.com",
    )
    assert (fact.reason, fact.compensating_control) == ("The module is being replaced.", "It is tested by hand.")
    assert fact.expires_at == NOW + timedelta(days=10)


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
    evidence = replace(office.evidence(), people=People({COUNSEL: ("c@home.example",)}))
    (fact,) = judge_waivers(office.checklist, evidence)
    assert stands(fact) == ("unauthorised", "own-request")


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


@pytest.mark.parametrize("field", ["project", "release", "environment"])
def test_one_for_another_project_release_or_environment_does_not_count_here(office: Office, field: str) -> None:
    office.waive(**{field: "other"})
    fact = office.only()
    assert stands(fact) == ("stale", "given-elsewhere")
    assert "other" in fact.why
    here = office.waive()
    assert [fact.record for fact in office.facts()] == [here]


def test_of_those_given_elsewhere_only_one_that_is_in_force_there_is_told(office: Office) -> None:
    office.waive(release="2.0.0", signed_at=NOW - timedelta(days=5), expires_at=NOW - timedelta(days=1))
    office.waive(release="2.1.0", using=STRANGER)
    office.project.revoke(office.waive(release="2.2.0"))
    assert office.facts() == ()
    office.waive(release="2.3.0", signed_at=NOW - timedelta(hours=3))
    latest = office.waive(release="2.4.0", signed_at=NOW - timedelta(hours=2))
    assert [fact.record for fact in office.facts()] == [latest]


@pytest.mark.parametrize("name", ["policy-weakening", "records-append-only"])
def test_what_guards_the_policy_can_not_be_waived(office: Office, name: str) -> None:
    office.waive(item=name)
    office.change(policy=Policy(waivers=WaiverPolicy(longest=LEAVE.longest, by={"legal": ("*",)})))
    assert stands(office.only()) == ("stale", "item-gone")


@pytest.mark.parametrize("by", [COUNSEL, PARALEGAL])
def test_its_signer_and_who_may_waive_can_revoke_it(office: Office, by: str) -> None:
    office.project.revoke(office.waive(), by)
    assert stands(office.only()) == ("revoked", "revoked")


def test_who_leaves_does_not_bring_back_a_waiver_that_another_role_revoked(office: Office) -> None:
    office.grant({"legal": ("*",), "qa": ("cov*",)}, legal=(COUNSEL,), qa=(STRANGER,))
    office.project.revoke(office.waive(), STRANGER)
    assert stands(office.only()) == ("revoked", "revoked")
    office.project.commit("Revoke")
    office.grant({"legal": ("*",)}, legal=(COUNSEL,))
    assert stands(office.only()) == ("revoked", "revoked")


def test_a_role_that_never_might_waive_the_item_can_not_revoke_it(office: Office) -> None:
    office.grant({"legal": ("*",), "qa": ("other",)}, legal=(COUNSEL,), qa=(STRANGER,))
    office.project.revoke(office.waive(), STRANGER)
    office.project.commit("Revoke")
    assert stands(office.only()) == ("valid", "valid")


def test_of_an_item_that_is_gone_it_is_told_when_it_was_revoked_or_has_lapsed(office: Office) -> None:
    gone = office.waive()
    office.project.commit("Waive")
    office.change(sections=(Section(title="Code", items=(ITEM.model_copy(update={"id": "other"}),)),))
    assert stands(office.only(NOW + timedelta(days=11))) == ("expired", "expired")
    office.project.revoke(gone, PARALEGAL)
    assert stands(office.only()) == ("revoked", "revoked")


def test_of_forged_ones_only_the_last_are_listed(office: Office) -> None:
    real = office.waive()
    for minute in range(25):
        office.waive(using=STRANGER, signed_at=NOW - timedelta(minutes=59 - minute))
    facts = office.facts()
    assert len(facts) == 21
    assert facts[0].record == real
    assert {fact.code for fact in facts[1:]} == {"signer-mismatch"}
    assert min(fact.signed_at for fact in facts[1:]) == NOW - timedelta(minutes=54)


def test_nobody_else_can_revoke_it(office: Office) -> None:
    office.project.revoke(office.waive(), STRANGER)
    assert stands(office.only()) == ("valid", "valid")


def test_a_forged_one_does_not_count(office: Office) -> None:
    office.waive(using=STRANGER)
    assert stands(office.only()) == ("invalid", "signer-mismatch")


def test_a_backdated_one_does_not_count(office: Office) -> None:
    office.waive(signed_at=NOW - timedelta(days=8), expires_at=NOW + timedelta(days=5))
    assert stands(office.only()) == ("invalid", "backdated")
