"""Attacks on the history of records, each in a real repository with real keys; none may help anybody."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from readiness.outcome import Status
from readiness.records.storage.work_tree import FOLDER
from support.policy_branch import PolicyBranch, ago, check, state, still_revoked, verify
from support.program import readiness
from support.signing import COUNSEL, PARALEGAL, STRANGER, git, key, public, roster_line

ITEM = "templates-reviewed"
INTACT = "records-append-only"
NEWCOMER = "newcomer@example.com"


def violated(project: PolicyBranch, code: str, commit: str, *args: str) -> str:
    """`records verify` names the commit, and exits 1; so does the item of `check`."""
    exit_code, said = verify(project.root, *args)
    assert exit_code == 1, said
    assert f": {code}: " in said
    assert commit[:10] in said
    return said


def test_an_evil_merge_drops_a_revocation(project: PolicyBranch) -> None:
    revocation = project.revoked(project.signed(20), 15)
    project.branch("feature")
    project.write("README.md", "# new\n")
    project.save(6)
    project.switch("main")
    project.write("notes.md", "x\n")
    project.save(5)
    commit = project.merge("feature", 4, without=revocation, author="mallory@example.com")
    assert git(project.root, "log", "--diff-filter=D", "--full-history", "--name-only", "--", FOLDER) == ""
    still_revoked(project)
    said = violated(project, "record-deleted", commit)
    assert "by mallory@example.com on" in said
    assert "violations" in said
    exit_code, results = check(project.root)
    assert (exit_code, results[INTACT]["status"], results[ITEM]["status"]) == (1, "failed", "failed")
    assert results[INTACT]["findings"][0]["rule"] == "record-deleted"
    assert commit[:10] in results[INTACT]["summary"]


def test_a_deleted_revocation_still_revokes(project: PolicyBranch) -> None:
    commit = project.drop(project.revoked(project.signed(20), 15), 3)
    still_revoked(project)
    violated(project, "record-deleted", commit)


def test_a_deleted_rejection_still_rejects(project: PolicyBranch) -> None:
    project.signed(20, PARALEGAL)
    commit = project.drop(project.signed(15, decision="reject", reason="No."), 3)
    assert project.judged().status is Status.FAILED
    assert "rejected" in {card.state for card in project.judged().signoffs}
    violated(project, "record-deleted", commit)


def test_a_deleted_signoff_is_gone_and_its_deletion_is_named(project: PolicyBranch) -> None:
    commit = project.drop(project.signed(15), 3)
    assert state(project.judged()) == ("pending", "missing", "missing")
    violated(project, "record-deleted", commit)


def renamed(project: PolicyBranch, digest: str) -> None:
    for path in project.files(digest):
        path.rename(path.with_name(f"x{path.name}"))


def edited(project: PolicyBranch, digest: str) -> None:
    path = project.files(digest)[0]
    path.write_bytes(path.read_bytes().replace(b"void", b"fine"))


def made_a_link(project: PolicyBranch, digest: str) -> None:
    path = project.files(digest)[0]
    path.unlink()
    path.symlink_to("nowhere.json")


def emptied(project: PolicyBranch, digest: str) -> None:
    project.files(digest)[1].write_bytes(b"")


def signed_by_another(project: PolicyBranch, digest: str) -> None:
    """The signature holds, but the key is not the revoker's: the revocation as it is now is nobody's."""
    path, signature = project.files(digest)
    args = ["ssh-keygen", "-q", "-Y", "sign", "-n", "signoff@readiness", "-f", str(key(STRANGER))]
    done = subprocess.run(args, input=path.read_bytes(), capture_output=True, check=True)
    signature.write_bytes(done.stdout)


TAMPERINGS: list[tuple[Callable[[PolicyBranch, str], None], str]] = [
    (renamed, "record-deleted"),
    (edited, "record-edited"),
    (made_a_link, "record-retyped"),
    (emptied, "record-edited"),
    (signed_by_another, "record-edited"),
]


@pytest.mark.parametrize(("tamper", "code"), TAMPERINGS)
def test_a_revocation_is_tampered_with_on_the_policy_branch(
    project: PolicyBranch, tamper: Callable[[PolicyBranch, str], None], code: str
) -> None:
    revocation = project.revoked(project.signed(20), 15)
    tamper(project, revocation)
    commit = project.save(3)
    still_revoked(project)
    violated(project, code, commit)


@pytest.mark.parametrize(("tamper", "code"), TAMPERINGS)
def test_a_pull_request_tampers_with_a_revocation(
    project: PolicyBranch, tamper: Callable[[PolicyBranch, str], None], code: str
) -> None:
    revocation = project.revoked(project.signed(20), 15)
    project.branch("feature")
    tamper(project, revocation)
    commit = project.save(3, author="mallory@example.com")
    still_revoked(project, "main")
    gone = code in {"record-deleted", "record-retyped"}
    said = violated(project, "removed-by-head" if gone else "changed-by-head", commit, "--policy-ref", "main")
    assert "by mallory@example.com" in said


def test_a_revocation_is_deleted_and_brought_back(project: PolicyBranch) -> None:
    revocation = project.revoked(project.signed(20), 15)
    contents = [(path, path.read_bytes()) for path in project.files(revocation)]
    project.drop(revocation, 5)
    for path, data in contents:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    commit = project.save(3)
    still_revoked(project)
    violated(project, "record-brought-back", commit)


def test_a_record_is_deleted_in_the_work_tree_alone(project: PolicyBranch) -> None:
    revocation = project.revoked(project.signed(20), 15)
    for path in project.files(revocation):
        path.unlink()
    still_revoked(project)
    exit_code, said = verify(project.root)
    assert exit_code == 1
    assert "removed-by-head: the proposed change removes it, in the work tree" in said


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_git_is_told_to_look_away_from_a_deleted_record(project: PolicyBranch, flag: str) -> None:
    revocation = project.revoked(project.signed(20), 15)
    paths = project.files(revocation)
    git(project.root, "update-index", flag, *(str(path) for path in paths))
    for path in paths:
        path.unlink()
    assert git(project.root, "status", "--porcelain") == ""
    still_revoked(project)
    assert verify(project.root)[0] == 1


def leave(project: PolicyBranch, *, roster: bool = True, role: bool = True) -> None:
    """The paralegal leaves."""
    if roster:
        project.enroll("".join(roster_line(person, key(person)) for person in (COUNSEL, STRANGER)))
    if role:
        text = (project.root / "readiness.yaml").read_text()
        project.write("readiness.yaml", text.replace(", paralegal@example.com]", "]"))
        project.roles = {**project.roles, "legal": (COUNSEL,)}


@pytest.mark.parametrize("what", [{}, {"role": False}, {"roster": False}])
def test_the_revoker_leaves(project: PolicyBranch, what: dict[str, Any]) -> None:
    project.revoked(project.signed(20), 15, PARALEGAL)
    leave(project, **what)
    project.save(5)
    still_revoked(project)
    assert check(project.root)[1][ITEM]["status"] == "failed"
    listed = json.loads(readiness("records", "list", "--json", cwd=project.root, code=0).stdout)["records"]
    assert {entry["action"]: entry["state"] for entry in listed} == {"signoff": "revoked", "revoke": "valid"}


def test_the_revoker_leaves_in_the_commit_that_brings_the_revocation(project: PolicyBranch) -> None:
    project.revoke(project.signed(20), PARALEGAL, at=ago(5))
    leave(project)
    project.save(5)
    still_revoked(project)


def test_the_key_of_a_revoker_is_compromised_later(project: PolicyBranch) -> None:
    project.revoked(project.signed(20), 15, PARALEGAL)
    project.write(".readiness/revoked_keys", public(key(PARALEGAL)).line + "\n")
    project.save(5)
    still_revoked(project)


def test_somebody_who_left_can_revoke_nothing_more(project: PolicyBranch) -> None:
    target = project.signed(20)
    leave(project)
    project.save(15)
    project.save(10)
    project.revoked(target, 5, PARALEGAL)
    assert state(project.judged()) == ("passed", "valid", "valid")


def test_somebody_outside_the_role_revokes(project: PolicyBranch) -> None:
    project.revoked(project.signed(20), 15, STRANGER)
    assert state(project.judged()) == ("passed", "valid", "valid")


def test_a_revocation_is_lost_behind_the_second_parent_of_a_merge(project: PolicyBranch) -> None:
    target = project.signed(20)
    start = git(project.root, "rev-parse", "HEAD").strip()
    revocation = project.revoked(target, 15)
    project.drop(revocation, 14)
    project.branch("foxtrot", start)
    project.write("README.md", "# new\n")
    project.save(10)
    project.merge("main", 9)
    assert project.evidence().violations == ()
    still_revoked(project)


@pytest.mark.parametrize("how", ["replace", "graft"])
def test_the_deletion_of_a_revocation_is_hidden_from_git(project: PolicyBranch, how: str) -> None:
    before = git(project.root, "rev-parse", "HEAD").strip()
    project.drop(project.revoked(project.signed(20), 15), 10)
    project.signed(5)
    tip = git(project.root, "rev-parse", "HEAD").strip()
    if how == "replace":
        git(project.root, "replace", "--graft", tip, before)
    else:
        project.write(".git/info/grafts", f"{tip} {before}\n")
    assert len(git(project.root, "rev-list", "HEAD").split()) == 3
    exit_code, said = verify(project.root)
    assert (exit_code, "record-deleted" in said) == (1, True)
