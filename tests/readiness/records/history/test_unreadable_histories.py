"""Histories that are cut off, lost, refused by git, or not there at all; nothing passes for lack of one."""

import subprocess
from pathlib import Path

import pytest

from readiness.outcome import Status
from readiness.records.storage.work_tree import FOLDER
from support.policy_branch import PolicyBranch, ago, check, clone, state, verify
from support.signing import PARALEGAL, git

ITEM = "templates-reviewed"


INTACT = "records-append-only"


def test_a_shallow_clone_is_no_history(project: PolicyBranch, tmp_path: Path) -> None:
    project.signed(5)
    shallow = clone(project.root, tmp_path / "shallow", "--depth=1")
    exit_code, said = verify(shallow)
    assert exit_code == 2
    assert "shallow clone" in said
    assert "next: run `git fetch --unshallow`; in CI, check out with full history (`fetch-depth: 0`)" in said
    exit_code, results = check(shallow)
    assert exit_code == 3
    assert {name: result["status"] for name, result in results.items()} == {ITEM: "error", INTACT: "error"}
    assert "fetch-depth: 0" in results[INTACT]["remedy"]
    git(shallow, "fetch", "-q", "--unshallow")
    assert verify(shallow)[0] == 0


def test_a_partial_clone_that_cannot_get_what_it_lacks(project: PolicyBranch, tmp_path: Path) -> None:
    project.drop(project.revoked(project.signed(20), 15), 10)
    partial = clone(project.root, tmp_path / "partial", "--filter=blob:none")
    git(partial, "remote", "set-url", "origin", (tmp_path / "gone").as_uri())
    exit_code, said = verify(partial)
    assert exit_code == 2
    assert "next: repair the clone, or clone again and in full (without --depth and --filter)" in said


@pytest.mark.parametrize("ref", ["origin/main", "--help", "no such", "0" * 40])
def test_a_policy_ref_that_cannot_be_resolved(project: PolicyBranch, ref: str) -> None:
    project.signed(5)
    exit_code, said = verify(project.root, f"--policy-ref={ref}")
    assert exit_code == 2
    assert ref in said
    assert "fetch-depth: 0" in said


def test_a_policy_that_shares_no_history_with_what_is_judged(project: PolicyBranch) -> None:
    project.signed(5)
    git(project.root, "checkout", "-q", "--orphan", "other")
    project.save(3)
    exit_code, said = verify(project.root, "--policy-ref", "main")
    assert exit_code == 2
    assert "share no history" in said
    assert "next: " in said


def test_a_repository_that_git_refuses_to_read_is_not_taken_for_none(project: PolicyBranch) -> None:
    project.signed(5)
    (project.root / ".git/HEAD").unlink()
    exit_code, said = verify(project.root)
    assert exit_code == 2
    assert "the history of the records cannot be read" in said
    exit_code, results = check(project.root)
    assert (exit_code, results[INTACT]["status"]) == (3, "error")


@pytest.mark.parametrize("left", [".writing-0123", "sig"])
def test_a_crash_leaves_half_a_record(project: PolicyBranch, left: str) -> None:
    digest = project.signed(5)
    statement, signature = project.files(project.sign(PARALEGAL, at=ago(1)))
    statement.unlink()
    if left != "sig":
        signature.rename(signature.with_name(left))
    exit_code, said = verify(project.root)
    assert exit_code == 1
    assert ("half-written" if left != "sig" else "signature-without-record") in said
    assert project.judged().status is Status.PASSED
    assert digest in {card.record for card in project.judged().signoffs}


def test_a_link_and_a_submodule_among_the_records_of_a_commit_are_named(project: PolicyBranch) -> None:
    project.signed(5)
    head = git(project.root, "rev-parse", "HEAD").strip()
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=project.root, input=b"/etc/passwd", capture_output=True, check=True
    )
    name = f"{FOLDER}/ab/ab{'0' * 62}"
    git(project.root, "update-index", "--add", "--cacheinfo", f"120000,{blob.stdout.decode().strip()},{name}.json")
    git(project.root, "update-index", "--add", "--cacheinfo", f"160000,{head},{name}.sig")
    git(project.root, "commit", "-q", "-m", "Odd", date=ago(1).isoformat())
    exit_code, said = verify(project.root)
    assert exit_code == 1
    assert f"{name}.json: link: a record is a file; in the commit it is a link" in said
    assert f"{name}.sig: link: a record is a file; in the commit it is a submodule" in said


def test_records_outside_git_are_not_dated(tmp_path: Path, project: PolicyBranch) -> None:
    project.params.pop("covers")
    project.sign(at=ago(300))
    (project.root / ".git").rename(tmp_path / "away")
    assert state(project.judged()) == ("passed", "valid", "valid")
    exit_code, said = verify(project.root)
    assert exit_code == 0
    assert "there is no git history, so nothing is known about when they came or what is missing" in said
    assert INTACT not in check(project.root)[1]


def test_before_the_first_commit_a_record_is_new(tmp_path: Path, project: PolicyBranch) -> None:
    project.params.pop("covers")
    project.sign(at=ago(1))
    project.sign(PARALEGAL, at=ago(30))
    (project.root / ".git").rename(tmp_path / "away")
    git(project.root, "init", "-q")
    outcome = project.judged()
    assert outcome.status is Status.PASSED
    assert {card.code for card in outcome.signoffs} == {"valid", "late"}


def test_a_project_without_records_has_no_item_about_them(project: PolicyBranch) -> None:
    exit_code, results = check(project.root)
    assert (exit_code, list(results)) == (3, [ITEM])
