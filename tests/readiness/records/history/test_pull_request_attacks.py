"""What a pull request brings of its own: sign-offs, keys, rosters. It is judged by the policy branch."""

import pytest

from readiness.outcome import Status
from readiness.records.model.errors import RecordsError
from support.policy_branch import PolicyBranch, ago, state, still_revoked, verify
from support.signing import COUNSEL, key, public, roster_line

ITEM, INTACT, NEWCOMER = "templates-reviewed", "records-append-only", "newcomer@example.com"


def test_a_stale_branch_lacks_a_revocation(project: PolicyBranch) -> None:
    target = project.signed(20)
    project.branch("feature")
    project.write("README.md", "# new\n")
    project.save(10)
    project.switch("main")
    project.revoked(target, 5)
    project.switch("feature")
    assert state(project.judged()) == ("passed", "valid", "valid")
    still_revoked(project, "main")
    assert project.evidence("main").violations == ()
    assert verify(project.root, "--policy-ref", "main")[0] == 0


def test_a_pull_request_brings_a_signoff_of_its_own(project: PolicyBranch) -> None:
    project.branch("feature")
    project.sign(at=ago(3))
    project.save(2)
    assert state(project.judged("main")) == ("passed", "valid", "valid")
    assert dict(project.evidence("main").seen) == {}


def test_a_pull_request_enrolls_a_key_of_its_own(project: PolicyBranch) -> None:
    project.branch("feature")
    project.enroll(roster_line(COUNSEL, key(NEWCOMER)))
    project.sign(COUNSEL, using=key(NEWCOMER), at=ago(2))
    project.save(2)
    assert project.judged().status is Status.PASSED
    outcome = project.judged("main")
    assert state(outcome) == ("failed", "unauthorised", "unknown-key")
    exit_code, said = verify(project.root, "--policy-ref", "main")
    assert (exit_code, "(unknown-key)" in said) == (1, True)


def test_a_pull_request_has_no_roster_at_all(project: PolicyBranch) -> None:
    project.signed(10)
    project.branch("feature")
    (project.root / ".readiness/allowed_signers").unlink()
    project.save(3)
    assert state(project.judged("main")) == ("passed", "valid", "valid")
    with pytest.raises(RecordsError, match="does not exist"):
        project.evidence()


def test_a_pull_request_revokes_a_key_which_counts_at_once(project: PolicyBranch) -> None:
    project.signed(10)
    project.branch("feature")
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    project.save(3)
    assert state(project.judged("main")) == ("failed", "revoked", "key-revoked")


def test_a_pull_request_brings_back_a_compromised_key(project: PolicyBranch) -> None:
    project.signed(20)
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    project.save(10)
    project.branch("feature")
    (project.root / ".readiness/revoked_keys").unlink()
    project.save(3)
    assert state(project.judged("main")) == ("failed", "revoked", "key-revoked")
    exit_code, said = verify(project.root, "--policy-ref", "main")
    assert (exit_code, ".readiness/revoked_keys: removed-by-head" in said) == (1, True)


def test_a_compromised_key_stays_void_when_it_is_taken_out_of_the_list(project: PolicyBranch) -> None:
    project.signed(20)
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    project.save(10)
    (project.root / ".readiness/revoked_keys").unlink()
    project.save(3)
    assert state(project.judged()) == ("failed", "revoked", "key-revoked")
    exit_code, said = verify(project.root)
    assert (exit_code, ".readiness/revoked_keys: key-unrevoked" in said) == (1, True)
