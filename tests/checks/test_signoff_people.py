"""A person counts once, whatever names and keys the person has, and only with the kind of key that is asked for."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from readiness.outcome import Outcome, Status
from readiness.records.ssh.public_key import SK_ED25519
from readiness.records.storage.work_tree import write_record
from readiness.testing import NOW
from support.authenticator import Device
from support.authored import first, outcome
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, key, roster_line

HOME = "jo@home.example"
PEOPLE = {COUNSEL: (HOME,)}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Counsel has two names, each with a key of its own, and the role lists both."""
    project = Project(tmp_path / "deedpro", covers=["templates/**"], members=(COUNSEL, HOME, PARALEGAL), quorum=2)
    project.enroll("".join(roster_line(person, key(person)) for person in (COUNSEL, HOME, PARALEGAL, STRANGER)))
    project.commit(date="2026-11-20T10:00:00Z")
    return project


def states(outcome: Outcome) -> list[str]:
    return [card.state.value for card in outcome.signoffs]


def test_two_names_of_one_person_are_one_for_a_quorum(project: Project) -> None:
    project.sign(COUNSEL)
    project.sign(HOME)
    assert outcome(project).status is Status.PASSED, "without `people` they are two"
    judged = outcome(project, PEOPLE)
    assert (judged.status, states(judged)) == (Status.PENDING, ["valid", "missing"])
    assert judged.signoffs[1].reason == "no sign-off by legal; it can come from paralegal@example.com"
    project.sign(PARALEGAL)
    assert outcome(project, PEOPLE).status is Status.PASSED


def test_two_keys_of_one_principal_are_one_person(tmp_path: Path) -> None:
    project = Project(tmp_path, quorum=2)
    project.enroll("".join(roster_line(COUNSEL, key(name)) for name in ("first", "second")))
    project.sign(using=key("first"))
    project.sign(using=key("second"), at=NOW - timedelta(hours=1))
    judged = outcome(project)
    assert (judged.status, states(judged)) == (Status.PENDING, ["valid", "missing"])


def test_a_quorum_that_takes_more_people_than_the_role_has_is_an_error(project: Project) -> None:
    project.params["quorum"] = 3
    judged = outcome(project, PEOPLE)
    assert judged.status is Status.ERROR
    assert "a quorum of 3 can never be reached: the role `legal` has 2 members" in judged.summary


def test_a_later_signature_under_another_name_is_the_persons_last_word(project: Project) -> None:
    project.params["quorum"] = 1
    project.sign(COUNSEL, decision="reject", reason="Clause 4 is void.", at=NOW - timedelta(days=2))
    project.sign(HOME)
    assert outcome(project).status is Status.FAILED, "without `people` the rejection is another person's"
    assert outcome(project, PEOPLE).status is Status.PASSED
    project.sign(COUNSEL, decision="reject", reason="Still void.", at=NOW)
    assert first(outcome(project, PEOPLE)) == ("failed", "rejected", "rejected")


@pytest.mark.parametrize(
    ("people", "status"), [({}, Status.PASSED), (PEOPLE, Status.FAILED)], ids=["a stranger", "a member"]
)
def test_a_member_can_reject_by_any_name(
    project: Project, people: Mapping[str, tuple[str, ...]], status: Status
) -> None:
    project.params["quorum"], project.roles["legal"] = 1, (COUNSEL, PARALEGAL)
    project.sign(PARALEGAL)
    project.sign(HOME, decision="reject", reason="Clause 4 is void.")
    assert outcome(project, people).status is status


def test_another_name_gives_nobody_the_right_to_approve(project: Project) -> None:
    project.params["quorum"], project.roles["legal"] = 1, (COUNSEL, PARALEGAL)
    project.sign(HOME)
    assert first(outcome(project, PEOPLE)) == ("failed", "unauthorised", "not-in-role")


def test_a_member_can_revoke_by_any_name(project: Project) -> None:
    project.params["quorum"], project.roles["legal"] = 1, (COUNSEL, PARALEGAL)
    project.revoke(project.sign(PARALEGAL), HOME)
    assert outcome(project).status is Status.PASSED
    assert first(outcome(project, PEOPLE)) == ("failed", "revoked", "revoked")


def test_a_name_of_two_people_is_an_error(project: Project) -> None:
    project.sign(COUNSEL)
    judged = outcome(project, {COUNSEL: (HOME,), PARALEGAL: (HOME.upper(),)})
    assert judged.status is Status.ERROR
    assert "`people` gives JO@HOME.EXAMPLE to both counsel@example.com and paralegal@example.com" in judged.summary


def test_one_person_may_sign_for_several_names_of_a_matrix(tmp_path: Path) -> None:
    project = Project(tmp_path, each=["escrow officer", "title agent"])
    for name in ("escrow officer", "title agent"):
        project.sign(each=name)
    assert outcome(project).status is Status.PASSED


def test_a_quorum_is_needed_for_each_name_of_a_matrix(tmp_path: Path) -> None:
    project = Project(tmp_path, each=["escrow officer", "title agent"], quorum=2)
    project.sign(each="escrow officer")
    project.sign(PARALEGAL, each="title agent")
    judged = outcome(project)
    assert (judged.status, states(judged)) == (Status.PENDING, ["valid", "missing", "valid", "missing"])
    project.sign(PARALEGAL, each="escrow officer")
    project.sign(each="title agent")
    assert outcome(project).status is Status.PASSED


def test_a_rejection_for_one_name_of_a_matrix_fails_the_item(tmp_path: Path) -> None:
    project = Project(tmp_path, each=["escrow officer", "title agent"])
    project.sign(each="escrow officer")
    project.sign(PARALEGAL, each="title agent")
    project.sign(each="title agent", decision="reject", reason="It does not print.")
    assert outcome(project).status is Status.FAILED


def test_an_approval_for_a_name_that_the_matrix_does_not_have_is_invalid_and_told(tmp_path: Path) -> None:
    project = Project(tmp_path, each=["escrow officer"])
    project.sign(each="escrow officer", alter={"each": "notary"})
    judged = outcome(project)
    assert judged.status is Status.PENDING
    assert [(card.code, card.subject) for card in judged.signoffs] == [
        ("missing", "escrow officer"),
        ("other-name", "notary"),
    ]


def test_a_rejection_for_no_name_of_the_matrix_is_not_hushed_up(tmp_path: Path) -> None:
    project = Project(tmp_path, each=["escrow officer"])
    project.sign(each="escrow officer")
    project.sign(each="escrow officer", decision="reject", reason="All of it is wrong.", alter={"each": ""})
    assert outcome(project).status is Status.FAILED


def test_who_left_the_role_neither_approves_nor_rejects_any_more(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.sign(decision="reject", reason="Clause 4 is void.")
    project.roles["legal"] = (PARALEGAL,)
    assert first(outcome(project)) == ("failed", "unauthorised", "not-in-role")
    project.sign(PARALEGAL)
    assert outcome(project).status is Status.PASSED


@pytest.mark.parametrize(("seconds", "status"), [(0, Status.PASSED), (1, Status.PENDING)])
def test_the_moment_of_expiry_is_the_last_at_which_it_holds(tmp_path: Path, seconds: int, status: Status) -> None:
    project = Project(tmp_path)
    project.sign(expires_at=NOW)
    assert project.outcome(NOW + timedelta(seconds=seconds)).status is status


@pytest.mark.parametrize(("own", "rule"), [(timedelta(hours=1), "30d"), (timedelta(days=30), "1h")])
def test_the_earlier_of_its_own_expiry_and_the_rule_counts(tmp_path: Path, own: timedelta, rule: str) -> None:
    project = Project(tmp_path, valid_for=rule)
    at = NOW - timedelta(hours=1)
    project.sign(at=at, alter={"expires_at": at + own})
    assert project.outcome(NOW).status is Status.PASSED
    judged = project.outcome(NOW + timedelta(seconds=1))
    assert first(judged) == ("pending", "expired", "expired")


def by_device(project: Project, flags: int) -> None:
    """Have counsel sign with a security key that sets these flags, and commit nothing."""
    statement = project.draft()
    device = Device(SK_ED25519, message=statement.encode())
    line = f'{COUNSEL} namespaces="signoff@readiness",valid-before="20350101Z" {device.line}\n'
    project.enroll(line + roster_line(PARALEGAL, key(PARALEGAL)))
    write_record(project.root, statement, device.sign(flags))


@pytest.mark.parametrize(
    ("flags", "seen"),
    [(0x01, ("failed", "unauthorised", "not-verified")), (0x05, ("passed", "valid", "valid"))],
    ids=["touched", "verified"],
)
def test_an_item_can_ask_for_a_device_that_verified_its_user(
    tmp_path: Path, flags: int, seen: tuple[str, str, str]
) -> None:
    project = Project(tmp_path, user_verification=True)
    by_device(project, flags)
    assert first(outcome(project)) == seen


def test_a_key_in_a_file_verifies_nobody(tmp_path: Path) -> None:
    project = Project(tmp_path, user_verification=True)
    project.sign()
    judged = outcome(project)
    assert first(judged) == ("failed", "unauthorised", "not-verified")
    assert "-O verify-required" in judged.remedy


def test_a_touch_is_enough_where_nothing_more_is_asked(tmp_path: Path) -> None:
    project = Project(tmp_path)
    by_device(project, 0x01)
    assert outcome(project).status is Status.PASSED


def test_a_rejection_counts_whatever_the_key(tmp_path: Path) -> None:
    project = Project(tmp_path, user_verification=True)
    project.sign(decision="reject", reason="Clause 4 is void.")
    assert first(outcome(project)) == ("failed", "rejected", "rejected")
