"""A policy that was valid only in between judges nothing, and a change of policy inside of what is judged is seen.

Two holes of another tool (CVE-2026-128036 and CVE-2026-128035 of gittuf), tried on this one.
"""

from pathlib import Path

import pytest

from support.proposals import ATTACKER, CHECKLIST, COUNSEL, JUNIT, OWNER, Proposed
from support.signing import git

SIGNED = (
    CHECKLIST
    + """\
      - {id: terms, title: Terms reviewed, check: signoff, with: {role: legal, covers: [terms.md], valid_for: 90d}}
"""
)
SKIPPED = JUNIT.replace('name="one"/>', 'name="one"><skipped/></testcase>')


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    project = Proposed(tmp_path / "project", SIGNED)
    project.on_main()
    project.write("terms.md", "Terms\n")
    project.commit("Terms", days=9)
    git(project.root, "checkout", "-q", "-B", "change")
    return project


def seize(project: Proposed) -> None:
    """Let the attacker hold every role, and keep that as the ref `own`."""
    project.edit("legal: [counsel@example.com]", f"legal: [counsel@example.com, {ATTACKER}]")
    project.edit("owners: [owner@example.com]", f"owners: [owner@example.com, {ATTACKER}]")
    project.enroll(OWNER, COUNSEL, ATTACKER)
    git(project.root, "branch", "-q", "-f", "own", project.commit("Seize"))


def give_back(project: Proposed) -> None:
    """Bring the policy back to what it was, byte for byte."""
    for path in ("readiness.yaml", ".readiness/allowed_signers"):
        git(project.root, "checkout", "-q", "main", "--", path)
    project.commit("Give back")


def test_a_signature_of_who_was_allowed_only_in_between_counts_for_nothing(project: Proposed) -> None:
    seize(project)
    assert project.sign(ATTACKER, "--policy-ref", "own", "--env", "production", item="terms")[0] == 0
    project.commit("Sign")
    give_back(project)
    answer = project.check()
    assert answer.policy["changes"] == []
    assert answer.code != 0
    assert {card["state"] for card in answer.results["terms"]["signoffs"]} == {"unauthorised", "missing"}


def test_nobody_takes_a_rejection_back_by_a_role_held_only_in_between(project: Proposed) -> None:
    said = ("--env", "production", "--decision", "reject", "--reason", "No.")
    assert project.sign(COUNSEL, *said, item="terms")[0] == 0
    project.commit("Reject")
    seize(project)
    again = ("--env", "production", "--policy-ref", "own")
    assert project.sign(ATTACKER, *again, item="terms")[0] == 0
    project.commit("Approve")
    give_back(project)
    answer = project.check()
    assert answer.code == 1
    assert "rejected" in {card["state"] for card in answer.results["terms"]["signoffs"]}


def test_owners_of_in_between_cannot_approve_what_comes_after(project: Proposed) -> None:
    seize(project)
    project.edit("production: {limit: 3}", "production: {limit: 30}")
    project.commit("Weaken")
    assert project.sign(ATTACKER, "--policy-ref", "own")[0] == 0
    project.commit("Approve")
    give_back(project)
    project.edit("production: {limit: 3}", "production: {limit: 30}")
    project.commit("Weaken")
    answer = project.check()
    assert (answer.code, answer.policy["approved"]) == (1, False)
    assert "valid" not in {card["state"] for card in answer.weakening["signoffs"]}


def test_a_policy_that_the_branch_had_for_a_while_does_not_judge(project: Proposed) -> None:
    """The change left while the policy was weak, and keeps it; the tip of the branch is strict again."""
    project.on_main()
    project.edit("production: {limit: 3}", "production: {limit: 30}")
    project.commit("Weaken", days=8)
    git(project.root, "checkout", "-q", "-B", "change")
    project.write("junit.xml", SKIPPED)
    project.commit("Skip")
    project.on_main()
    project.edit("production: {limit: 30}", "production: {limit: 0}")
    project.commit("Strict again", days=7)
    project.on_change()
    answer = project.check()
    assert answer.results["tests"]["status"] == "failed", "by the limit of the tip, and not of where it left"
    assert answer.code == 1


@pytest.mark.parametrize("script", [False, True])
def test_a_merge_that_keeps_the_older_policy_is_a_change_of_it(project: Proposed, *, script: bool) -> None:
    """The newer policy lies inside of the history that is judged, and the merge drops what it says."""
    project.on_main()
    if script:
        project.write("build.sh", "#!/bin/sh\nexit 1\n")
    else:
        project.edit("production: {limit: 3}", "production: {limit: 0}")
    project.commit("Tighten", days=8)
    project.on_change()
    project.write("code.py", "pass\n")
    project.commit("Code")
    git(project.root, "merge", "-q", "--no-ff", "-s", "ours", "-m", "Merge main", "main")
    answer = project.check()
    assert answer.codes == {"trusted-file-changed" if script else "limit-raised"}
    assert answer.code == 1


def test_a_weakening_that_came_and_went_leaves_nothing_behind(project: Proposed) -> None:
    """Only what would be merged counts: no false alarm for a change that thought better of it."""
    project.edit("production: {limit: 3}", "production: {limit: 30}")
    project.commit("Weaken")
    give_back(project)
    answer = project.check()
    assert answer.policy["changes"] == []
    assert answer.weakening["status"] == "passed"
