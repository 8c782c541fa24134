"""What a pull request can try against the policy: each attack in a real repository, with the real program."""

import shutil
from pathlib import Path

import pytest

from support.proposals import ATTACKER, CHECKLIST, COUNSEL, OWNER, Proposed
from support.signing import git, key, roster_line
from support.verdict_keys import public

SIGNED = (
    CHECKLIST
    + """\
      - {id: terms, title: Terms reviewed, check: signoff, with: {role: legal, covers: [terms.md], valid_for: 90d}}
"""
)


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    return Proposed(tmp_path / "project")


def test_a_change_that_leaves_the_policy_alone_is_judged_by_it(project: Proposed) -> None:
    project.write("code.py", "print()\n")
    project.commit()
    answer = project.check()
    assert answer.code == 0, answer.errors
    assert answer.weakening["status"] == "passed"
    assert answer.weakening["unit"] == "settings"
    assert answer.weakening["examined"] > 20
    assert answer.policy["commit"] == answer.policy["merge_base"] == git(project.root, "rev-parse", "main").strip()
    assert (answer.policy["ref"], answer.policy["approved"], answer.policy["changes"]) == ("main", True, [])


def drop_item(project: Proposed) -> None:
    project.edit("      - {id: build, title: It builds, check: command, with: {run: ./build.sh}}\n", "")


def own_key(project: Proposed) -> None:
    project.enroll(OWNER, COUNSEL, ATTACKER)


def own_key_for_another(project: Proposed) -> None:
    lines = roster_line(OWNER, key(ATTACKER)) + roster_line(COUNSEL, key(COUNSEL))
    project.write(".readiness/allowed_signers", lines)


def longer_key(project: Proposed) -> None:
    project.edit("20350101Z", "20990101Z", ".readiness/allowed_signers")


ATTACKS = {
    "its own role": (lambda p: p.edit("legal: [counsel@example.com]", f"legal: [counsel@example.com, {ATTACKER}]"),
                     "role-member-added"),
    "another name of an owner": (lambda p: p.edit("policy:\n", f"people: {{{OWNER}: [{ATTACKER}]}}\npolicy:\n"),
                                 "people-changed"),
    "other owners": (lambda p: p.edit("  owners: owners\n", "  owners: legal\n"), "policy-parameter-changed"),
    "a longer waiver": (lambda p: p.edit("blocker: 14d", "blocker: 365d"), "policy-limit-raised"),
    "waivers for more": (lambda p: p.edit("by: {owners: [tests]}", "by: {legal: ['*'], owners: [tests]}"),
                         "policy-exception-added"),
    "backdating": (lambda p: p.edit("policy:\n", "policy:\n  behind: 700d\n"), "policy-limit-raised"),
    "a lower threshold": (lambda p: p.edit('max_skipped: "${limit}"', "max_skipped: 100"), "limit-raised"),
    "another value": (lambda p: p.edit("production: {limit: 3}", "production: {limit: 100}"), "limit-raised"),
    "a value of the environment that is not asked for": (
        lambda p: p.edit("staging: {limit: 5}", "staging: {limit: 100}"), "limit-raised"),
    "a lower severity": (lambda p: p.edit("{id: tests,", "{id: tests, severity: info,"), "severity-lowered"),
    "another phase": (lambda p: p.edit("{id: tests,", "{id: tests, phase: post-deploy,"), "phase-changed"),
    "another command": (lambda p: p.edit("run: ./build.sh", "run: 'true'"), "command-changed"),
    "another script": (lambda p: p.write("build.sh", "#!/bin/sh\nexit 0\n"), "trusted-file-changed"),
    "a script that is a link": (lambda p: relink(p.folder / "build.sh", "other.sh"), "trusted-file-changed"),
    "a service that answers instead": (lambda p: p.edit("policy:\n", "services: {app: {run: fake}}\npolicy:\n"),
                                       "service-changed"),
    "a dropped item": (drop_item, "item-dropped"),
    "its own key": (own_key, "signer-added"),
    "its own key under the name of another": (own_key_for_another, "signer-added"),
    "a key that lasts": (longer_key, "signer-extended"),
    "a release from before": (lambda p: p.edit('release: "3.0.0"', 'release: "2.9.9"'), "release-set-back"),
    "no release": (lambda p: p.edit('release: "3.0.0"\n', ""), "release-dropped"),
    "its own key for verdicts": (
        lambda p: p.write(".readiness/verdict_keys", public(name="attacker").read_text("utf-8")), "verdict-key-added"),
    "a dropped environment": (lambda p: p.edit("  staging: {limit: 5}\n", ""), "environment-dropped"),
    "no checklist": (lambda p: (p.folder / "readiness.yaml").unlink(), "checklist-dropped"),
    "another project": (lambda p: p.edit("project: deedpro", "project: other"), "project-changed"),
    "no records": (lambda p: shutil.rmtree(p.folder / ".readiness"), "roster-dropped"),
}  # fmt: skip


def relink(place: Path, target: str) -> None:
    place.with_name(target).write_bytes(place.read_bytes())
    place.with_name(target).chmod(0o755)
    place.unlink()
    place.symlink_to(target)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_told_and_holds_the_release(project: Proposed, attack: str) -> None:
    act, code = ATTACKS[attack]
    act(project)  # type: ignore[no-untyped-call]  # lambdas of one table
    if attack != "a longer waiver":  # the work tree is judged, whether it is committed or not
        project.commit()
    answer = project.check()
    assert answer.code == 1, answer.errors
    assert answer.report["verdict"]["word"] == "NO_GO"
    assert code in answer.codes
    assert answer.weakening["status"] == "failed"
    assert code in {finding["rule"] for finding in answer.weakening["findings"]}
    assert not answer.policy["approved"]
    assert [card["state"] for card in answer.weakening["signoffs"]] == ["missing"]


def test_the_judged_policy_stays_that_of_the_base(project: Proposed) -> None:
    """Nothing of the proposed checklist decides: not its severities, its thresholds, nor its items."""
    project.write(
        "junit.xml", '<testsuite name="all"><testcase classname="t" name="one"><failure/></testcase></testsuite>'
    )
    project.edit("{id: tests,", "{id: tests, severity: info,")
    drop_item(project)
    project.commit()
    answer = project.check()
    assert answer.code == 1
    assert set(answer.results) == {"tests", "build", "policy-weakening", "evidence-weakening", "records-append-only"}
    assert answer.results["tests"]["status"] == "failed"
    blocking = {r["item"]["id"]: r["item"]["severity"] for r in answer.report["results"]}
    assert blocking["tests"] == "blocker"
    assert answer.report["subject"]["checklist_sha256"] == answer.policy["checklist_sha256"]


@pytest.mark.parametrize(
    "broken", ["{", "version: 1\n", CHECKLIST.replace("check: junit", "check: jnit"), "version: 1\nversion: 1\n"]
)
def test_a_broken_checklist_is_not_green_and_the_rest_is_judged_all_the_same(project: Proposed, broken: str) -> None:
    project.write("readiness.yaml", broken)
    project.commit()
    answer = project.check()
    assert answer.code == 3
    assert answer.weakening["status"] == "error"
    assert "readiness.yaml" in answer.weakening["summary"]
    assert answer.results["build"]["status"] == answer.results["tests"]["status"] == "passed"


def test_a_checklist_that_is_a_link_is_not_followed(project: Proposed) -> None:
    relink(project.folder / "readiness.yaml", "same.yaml")
    project.commit()
    answer = project.check()
    assert answer.code == 3
    assert answer.weakening["status"] == "error"
    assert "link" in answer.weakening["summary"]


def test_a_roster_that_cannot_be_read_is_not_green(project: Proposed) -> None:
    project.write(".readiness/allowed_signers", "* cert-authority ssh-ed25519 AAAA\n")
    project.commit()
    answer = project.check()
    assert (answer.code, answer.weakening["status"]) == (3, "error")


def test_a_renamed_checklist_is_compared(project: Proposed) -> None:
    (project.folder / "readiness.yaml").rename(project.folder / "readiness.yml")
    project.edit('max_skipped: "${limit}"', "max_skipped: 100", "readiness.yml")
    project.commit()
    answer = project.check()
    assert answer.code == 1
    assert answer.codes == {"limit-raised"}


def test_a_named_checklist_that_is_renamed_is_dropped(project: Proposed) -> None:
    (project.folder / "readiness.yaml").rename(project.folder / "gate.yaml")
    project.commit()
    assert project.check("-f", "readiness.yaml").codes == {"checklist-dropped"}
    answer = project.check("-f", "gate.yaml")
    assert answer.code == 2
    assert "gate.yaml does not exist in main" in answer.errors


def test_a_checklist_put_nearer_is_not_taken(project: Proposed) -> None:
    project.write("app/readiness.yaml", CHECKLIST.replace("./build.sh", "'true'"))
    project.commit()
    answer = project.check(cwd=project.folder / "app")
    assert answer.code == 0
    assert answer.report["subject"]["checklist"] == "readiness.yaml"
    assert answer.results["build"]["summary"].startswith("`./build.sh`")


def test_strengthening_is_free(project: Proposed) -> None:
    project.edit("production: {limit: 3}", "production: {limit: 0}")
    project.edit("blocker: 14d", "blocker: 7d")
    project.commit()
    answer = project.check()
    assert answer.code == 0, answer.errors
    assert {change["kind"] for change in answer.policy["changes"]} == {"strengthens", "neutral"}


def test_owners_approve_exactly_what_they_signed(project: Proposed) -> None:
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.commit()
    code, said = project.sign(OWNER)
    assert code == 0, said
    assert "raises `max_skipped` of `tests` in production" in said
    project.commit("Approve")
    answer = project.check()
    assert answer.code == 0, answer.weakening
    assert answer.policy["approved"]
    assert [card["state"] for card in answer.weakening["signoffs"]] == ["valid"]
    assert project.check("--env", "staging").code == 0

    project.edit("production: {limit: 4}", "production: {limit: 5}")
    project.commit("One more")
    answer = project.check()
    assert answer.code == 1
    assert [(card["state"], card["code"]) for card in answer.weakening["signoffs"]] == [("stale", "item-changed")]


def test_an_approval_is_spent_with_the_change_that_it_came_with(project: Proposed) -> None:
    """Main is brought back to what it was, byte for byte; the same weakening needs a new approval."""
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.commit()
    assert project.sign(OWNER)[0] == 0
    project.commit("Approve")
    project.merge()
    assert project.check().code == 0
    project.edit("production: {limit: 4}", "production: {limit: 3}")
    project.commit("Back")
    project.merge()
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.commit("Again")
    answer = project.check()
    assert answer.code == 1
    assert [card["state"] for card in answer.weakening["signoffs"]] == ["missing"]


def test_a_rejection_blocks(project: Proposed) -> None:
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.commit()
    assert project.sign(OWNER, "--decision", "reject", "--reason", "No.")[0] == 0
    project.commit("Reject")
    answer = project.check()
    assert answer.code == 1
    assert [card["state"] for card in answer.weakening["signoffs"]] == ["rejected"]


def test_nobody_else_can_approve(project: Proposed) -> None:
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.edit("owners: [owner@example.com]", f"owners: [owner@example.com, {ATTACKER}]")
    project.enroll(OWNER, COUNSEL, ATTACKER)
    project.commit()
    code, said = project.sign(ATTACKER)
    assert code == 2
    assert "nobody's in .readiness/allowed_signers" in said
    assert project.sign(COUNSEL)[0] == 2
    assert project.check().code == 1


def test_an_approval_by_a_key_that_the_change_itself_brings_does_not_count(project: Proposed) -> None:
    """Signed under the change's own policy, where the attacker owns it; judged by the base, where nobody knows them."""
    project.edit("owners: [owner@example.com]", f"owners: [owner@example.com, {ATTACKER}]")
    project.enroll(OWNER, COUNSEL, ATTACKER)
    forged = project.commit()
    git(project.root, "branch", "-q", "-f", "own", forged)
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.commit()
    said = project.sign(ATTACKER, "--policy-ref", "own")
    assert said[0] == 0, said
    project.commit("Approve")
    answer = project.check()
    assert answer.code == 1
    assert "valid" not in {card["state"] for card in answer.weakening["signoffs"]}


def test_without_owners_nobody_can_approve(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", CHECKLIST.replace("  owners: owners\n", ""))
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.edit("policy:\n", "policy:\n  owners: owners\n")
    project.commit()
    answer = project.check()
    assert answer.code == 1
    assert "names no owners" in answer.weakening["summary"]
    assert {"limit-raised", "policy-parameter-changed"} <= answer.codes
    code, said = project.sign(OWNER)
    assert (code, "names no owners" in said) == (2, True)


def test_there_is_nothing_to_sign_where_nothing_weakens(project: Proposed) -> None:
    code, said = project.sign(OWNER)
    assert (code, "nothing to sign" in said) == (2, True)


def test_a_lower_quorum_does_not_help_and_a_longer_validity_neither(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", SIGNED.replace("valid_for: 90d", "quorum: 1, valid_for: 90d"))
    project.write("terms.md", "Terms\n")
    project.edit("quorum: 1, valid_for: 90d", "valid_for: 900d")
    project.commit()
    answer = project.check()
    assert answer.code == 1
    assert answer.codes == {"limit-raised"}
    assert answer.results["terms"]["status"] == "pending"


def test_a_sign_off_counts_by_the_roles_of_the_base(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", SIGNED)
    project.write("terms.md", "Terms\n")
    project.commit()
    assert project.sign(COUNSEL, "--env", "production", item="terms")[0] == 0
    project.commit("Sign")
    assert project.check().code == 0


def test_a_branch_that_is_only_behind_proposes_nothing(project: Proposed) -> None:
    project.write("code.py", "print()\n")
    project.commit()
    project.on_main()
    project.edit("production: {limit: 3}", "production: {limit: 0}")
    project.commit("Tighten")
    project.on_change()
    answer = project.check()
    assert answer.code == 0, answer.weakening
    assert answer.policy["changes"] == []
    assert any("behind" in notice for notice in answer.report["notices"])
    project.edit("title: It builds", "title: It is built")
    project.commit("Touch")
    assert project.check().codes == {"limit-raised"}
