"""Every state of a sign-off, with its reason code and the status of the item."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.outcome import Status
from readiness.testing import NOW
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, git, key, public, roster_line, states


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro", covers=["templates/**"])


def test_a_valid_signoff_passes_and_says_who_signed_what(project: Project) -> None:
    digest = project.sign()
    outcome = project.outcome()
    assert outcome.status is Status.PASSED
    assert outcome.summary == "1 of 1 needed sign-off by legal valid: counsel@example.com"
    assert (outcome.examined, outcome.unit) == (1, "records")
    assert [(m.value, m.operator, m.threshold) for m in outcome.measurements] == [(1, ">=", 1)]
    (card,) = outcome.signoffs
    assert (card.state, card.code, card.principal, card.record) == ("valid", "valid", COUNSEL, digest)
    assert card.key == public(key(COUNSEL)).fingerprint
    assert card.covers == ("templates/grant_deed.html", "templates/tax_deed.html")
    assert {evidence.name: evidence.sha256 for evidence in outcome.evidence}[
        f".readiness/records/{digest[:2]}/{digest}.json"
    ] == digest


def test_without_a_record_it_is_missing_and_pending(project: Project) -> None:
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert states(outcome) == [("missing", "missing")]
    assert outcome.examined == 0
    assert "counsel@example.com, paralegal@example.com" in outcome.signoffs[0].reason
    assert outcome.remedy == "run `readiness sign templates-reviewed --env production`, then commit the record"
    assert all(finding.place and finding.remedy for finding in outcome.findings)


def test_a_changed_file_makes_it_stale_and_names_file_author_commit_and_date(project: Project) -> None:
    project.sign()
    project.write("templates/grant_deed.html", "<p>grant!</p>\n")
    commit = project.commit(author="mallory@example.com")
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert states(outcome) == [("stale", "subject-changed")]
    assert outcome.signoffs[0].reason == (
        f"`templates/grant_deed.html` changed in {commit[:10]} by mallory@example.com on 2026-11-23, "
        "after counsel@example.com signed"
    )


def test_a_commit_that_git_no_longer_knows_does_not_hide_who_changed_it(project: Project) -> None:
    project.sign(alter={"commit": "f" * 40})
    project.write("templates/grant_deed.html", "x")
    commit = project.commit(author="mallory@example.com", date="2026-11-23T10:00:00Z")
    expected = (
        f"`templates/grant_deed.html` changed in {commit[:10]} by mallory@example.com on 2026-11-23, after counsel"
    )
    assert expected in project.outcome().summary


def test_an_older_commit_is_not_blamed_when_git_no_longer_knows_where_it_was_signed(project: Project) -> None:
    project.sign(alter={"commit": "f" * 40})
    project.write("templates/grant_deed.html", "x")
    git(project.root, "commit", "-q", "-m", "Change", "templates", date="2026-11-20T10:00:00Z")
    assert "this is not what counsel@example.com signed" in project.outcome().summary


def test_nobody_is_blamed_for_a_change_that_was_made_before_it_was_signed(project: Project) -> None:
    git(project.root, "checkout", "-q", "-b", "review")
    project.write("templates/grant_deed.html", "reviewed elsewhere")
    project.commit()
    project.sign()
    git(project.root, "checkout", "-q", "-f", "main")
    outcome = project.outcome()
    assert states(outcome) == [("stale", "subject-changed")]
    expected = "this is not what counsel@example.com signed: `templates/grant_deed.html` changed"
    assert outcome.signoffs[0].reason == expected


def test_many_changes_are_counted(project: Project) -> None:
    project.sign()
    for number in range(5):
        project.write(f"templates/new{number}.html", "x")
    project.commit()
    assert "`templates/new2.html` was added" in project.outcome().summary
    assert "2 more files changed" in project.outcome().summary


def test_an_added_a_removed_and_a_renamed_file_each_make_it_stale(project: Project) -> None:
    project.sign()
    project.write("templates/new.html", "new")
    project.commit()
    assert "`templates/new.html` was added" in project.outcome().signoffs[0].reason
    git(project.root, "rm", "-q", "templates/new.html")
    git(project.root, "mv", "templates/tax_deed.html", "templates/other.html")
    project.commit()
    reason = project.outcome().signoffs[0].reason
    assert "`templates/other.html` was added" in reason
    assert "`templates/tax_deed.html` was removed" in reason
    assert states(project.outcome()) == [("stale", "subject-changed")]


def test_an_unrelated_commit_does_not_void_a_review(project: Project) -> None:
    project.sign()
    project.write("README.md", "changed\n")
    project.commit()
    assert project.outcome().status is Status.PASSED


def test_going_back_to_the_signed_content_makes_it_valid_again(project: Project) -> None:
    project.sign()
    project.write("templates/grant_deed.html", "other")
    project.commit()
    project.write("templates/grant_deed.html", "<p>grant</p>\n")
    project.commit()
    assert project.outcome().status is Status.PASSED


def test_changed_words_of_the_item_make_it_stale(project: Project) -> None:
    project.sign()
    project.title = "Document templates looked at"
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert states(outcome) == [("stale", "item-changed")]
    assert "from `Document templates reviewed by legal counsel`" in outcome.signoffs[0].reason


def test_a_changed_parameter_of_the_item_makes_it_stale(project: Project) -> None:
    project.sign()
    project.params["quorum"] = 2
    assert ("stale", "item-changed") in states(project.outcome())


def test_it_expires_by_the_policy(tmp_path: Path) -> None:
    project = Project(tmp_path, valid_for="30d")
    project.sign(at=NOW - timedelta(days=29))
    project.commit(date=(NOW - timedelta(days=29)).isoformat())
    assert project.outcome().status is Status.PASSED
    outcome = project.outcome(NOW + timedelta(days=2))
    assert outcome.status is Status.PENDING
    assert states(outcome) == [("expired", "expired")]


def test_a_record_cannot_outlive_the_policy_by_its_own_expiry(tmp_path: Path) -> None:
    project = Project(tmp_path, valid_for="30d")
    project.sign(at=NOW - timedelta(days=40), alter={"expires_at": NOW + timedelta(days=400)})
    project.commit(date=(NOW - timedelta(days=40)).isoformat())
    assert states(project.outcome()) == [("expired", "expired")]


def test_it_expires_by_its_own_expiry_when_that_is_earlier(tmp_path: Path) -> None:
    project = Project(tmp_path, valid_for="30d")
    project.sign(expires_at=NOW + timedelta(days=1))
    assert project.outcome().status is Status.PASSED
    assert project.outcome(NOW + timedelta(days=1)).status is Status.PASSED
    assert states(project.outcome(NOW + timedelta(days=1, seconds=1))) == [("expired", "expired")]


def test_a_standing_rejection_fails_the_item_even_when_another_approves(project: Project) -> None:
    project.sign(PARALEGAL)
    project.sign(decision="reject", reason="Clause 4 is void.")
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert ("rejected", "rejected") in states(outcome)
    assert "Clause 4 is void." in outcome.summary


def test_who_rejected_can_approve_later(project: Project) -> None:
    project.sign(decision="reject", reason="Clause 4 is void.", at=NOW - timedelta(days=3))
    project.sign(at=NOW - timedelta(days=2))
    assert project.outcome().status is Status.PASSED


def test_an_approval_before_a_rejection_does_not_count(project: Project) -> None:
    project.sign(at=NOW - timedelta(days=3))
    project.sign(decision="reject", reason="I was wrong.", at=NOW - timedelta(days=2))
    assert project.outcome().status is Status.FAILED


def test_a_later_record_for_other_content_does_not_displace_one_that_is_in_force(project: Project) -> None:
    other = {"item_digest": "sha256:" + "0" * 64}
    project.sign(at=NOW - timedelta(days=3))
    project.sign(at=NOW - timedelta(days=2), alter=other)
    assert project.outcome().status is Status.PASSED
    project.sign(decision="reject", reason="No.", at=NOW - timedelta(days=2))
    project.sign(at=NOW - timedelta(days=1), alter=other)
    assert project.outcome().status is Status.FAILED


def test_a_rejection_wins_over_an_approval_of_the_same_second(project: Project) -> None:
    project.sign()
    project.sign(decision="reject", reason="No.")
    assert project.outcome().status is Status.FAILED


def test_a_rejection_does_not_lapse_by_the_policy(tmp_path: Path) -> None:
    project = Project(tmp_path, valid_for="30d")
    project.sign(decision="reject", reason="No.", at=NOW - timedelta(days=60))
    project.sign(PARALEGAL)
    assert project.outcome().status is Status.FAILED


def test_a_revocation_by_the_signer_counts(project: Project) -> None:
    project.revoke(project.sign())
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert states(outcome) == [("revoked", "revoked")]
    assert "A clause is void since the new law." in outcome.signoffs[0].reason


def test_a_revocation_by_another_member_of_the_role_counts(project: Project) -> None:
    project.revoke(project.sign(), PARALEGAL)
    assert states(project.outcome()) == [("revoked", "revoked")]


def test_a_revocation_by_anybody_else_does_not_count(project: Project) -> None:
    project.revoke(project.sign(), STRANGER)
    assert project.outcome().status is Status.PASSED


def test_a_post_dated_revocation_counts_all_the_same(project: Project) -> None:
    project.revoke(project.sign(), at=NOW + timedelta(days=300))
    assert states(project.outcome()) == [("revoked", "revoked")]


def test_a_forged_revocation_does_not_count(project: Project) -> None:
    project.revoke(project.sign(), COUNSEL, using=key(STRANGER))
    assert project.outcome().status is Status.PASSED


def test_after_a_revocation_one_can_sign_again(project: Project) -> None:
    project.revoke(project.sign(at=NOW - timedelta(days=2)))
    project.sign(at=NOW - timedelta(days=1))
    assert project.outcome().status is Status.PASSED


def test_who_is_not_in_the_role_is_unauthorised(project: Project) -> None:
    project.sign(STRANGER)
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert states(outcome) == [("unauthorised", "not-in-role"), ("missing", "missing")]


def test_a_signature_in_another_role_does_not_count(project: Project) -> None:
    project.sign(alter={"role": "qa"})
    assert states(project.outcome())[0] == ("unauthorised", "other-role")


def test_a_key_that_is_nobodys_is_unauthorised(project: Project) -> None:
    project.sign(using=key("nobody"))
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert states(outcome)[0] == ("unauthorised", "unknown-key")
    assert public(key("nobody")).fingerprint in outcome.signoffs[0].reason


@pytest.mark.parametrize("window", [{"before": "20261101Z"}, {"after": "20261123Z"}])
def test_a_key_that_was_not_valid_at_the_time_of_signing_is_unauthorised(
    project: Project, window: dict[str, str]
) -> None:
    project.sign()
    project.enroll(roster_line(COUNSEL, key(COUNSEL), **window))
    assert states(project.outcome())[0] == ("unauthorised", "key-not-valid-then")


def test_a_signoff_outlives_the_key_that_was_valid_when_it_signed(project: Project) -> None:
    project.sign(at=datetime(2026, 10, 31, tzinfo=UTC))
    project.commit(date="2026-10-31T01:00:00Z")
    project.enroll(roster_line(COUNSEL, key(COUNSEL), before="20261101Z"))
    assert project.outcome().status is Status.PASSED


def test_a_compromised_key_voids_everything_it_signed(project: Project) -> None:
    project.sign()
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert states(outcome)[0] == ("revoked", "key-revoked")


def test_a_compromised_key_cannot_revoke_either(project: Project) -> None:
    project.enroll("".join(roster_line(p, key(p)) for p in (COUNSEL, PARALEGAL)))
    project.revoke(project.sign(), PARALEGAL)
    project.write(".readiness/revoked_keys", public(key(PARALEGAL)).line + "\n")
    assert project.outcome().status is Status.PASSED


def test_a_post_dated_signoff_is_invalid(project: Project) -> None:
    project.sign(at=NOW + timedelta(minutes=6))
    assert states(project.outcome())[0] == ("invalid", "post-dated")


def test_a_clock_that_is_five_minutes_ahead_is_forgiven(project: Project) -> None:
    project.sign(at=NOW + timedelta(minutes=5))
    assert project.outcome().status is Status.PASSED


def test_a_quorum_counts_people(tmp_path: Path) -> None:
    project = Project(tmp_path, quorum=2)
    project.enroll(
        roster_line(COUNSEL, key(COUNSEL))
        + roster_line(COUNSEL, key("counsel-second"))
        + roster_line(PARALEGAL, key(PARALEGAL))
    )
    project.sign()
    project.sign(using=key("counsel-second"))
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert states(outcome) == [("valid", "valid"), ("missing", "missing")]
    assert "1 of 2 needed sign-offs by legal valid" in outcome.summary
    project.sign(PARALEGAL)
    assert project.outcome().status is Status.PASSED


def test_each_name_of_a_matrix_needs_its_own_signoff(tmp_path: Path) -> None:
    project = Project(tmp_path, each=["escrow officer", "title agent"])
    project.sign(each="escrow officer")
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert [(card.subject, card.state) for card in outcome.signoffs] == [
        ("escrow officer", "valid"),
        ("title agent", "missing"),
    ]
    assert "--each 'title agent'" in outcome.remedy
    project.sign(each="title agent")
    assert project.outcome().status is Status.PASSED
