"""The item that every run adds by itself: records were only added, or the owners of the policy accept what is past."""

from pathlib import Path

import pytest

from readiness.records.storage.work_tree import record_path
from support.made_once import copied
from support.policy_branch import CHECKLIST, PolicyBranch, ago, check, verify
from support.program import readiness
from support.signing import COUNSEL, PARALEGAL, STRANGER, key

INTACT = "records-append-only"


def restored(root: Path) -> PolicyBranch:
    """Somebody deleted a record and brought it back; the owner of the policy is the stranger, who is in the role qa."""
    project = PolicyBranch(root)
    project.write("readiness.yaml", CHECKLIST + "policy: {owners: qa}\n")
    project.save(30)
    digest = project.signed(20)
    contents = [(path, path.read_bytes()) for path in project.files(digest)]
    project.drop(digest, 15, "careless@example.com")
    for path, data in contents:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    project.save(14, "Restore")
    return project


@pytest.fixture
def project(tmp_path: Path) -> PolicyBranch:
    return copied(restored, tmp_path / "deedpro")


def accept(project: PolicyBranch, person: str = STRANGER) -> None:
    readiness("sign", INTACT, "--yes", "--key", str(key(person)), "--as", person, cwd=project.root, code=0)


def status(project: PolicyBranch, *args: str) -> tuple[int, str, str]:
    exit_code, results = check(project.root, *args)
    return exit_code, results[INTACT]["status"], results[INTACT]["summary"]


def test_what_is_past_holds_the_release_until_the_owners_accept_it(project: PolicyBranch) -> None:
    exit_code, results = check(project.root)
    assert (exit_code, results[INTACT]["status"]) == (1, "failed")
    assert [finding["rule"] for finding in results[INTACT]["findings"]] == ["record-deleted"] * 2 + [
        "record-brought-back"
    ] * 2
    assert results[INTACT]["signoffs"] == []
    assert "let qa accept what is past: `readiness sign records-append-only`" in results[INTACT]["remedy"]
    said = readiness("sign", INTACT, "--yes", "--key", str(key(STRANGER)), cwd=project.root, code=0).stderr
    assert "record-deleted: it was deleted in commit" in said
    assert "by careless@example.com" in said
    project.save(0)
    exit_code, results = check(project.root)
    assert (exit_code, results[INTACT]["status"]) == (0, "passed")
    assert results[INTACT]["summary"].startswith("accepted by the policy owners: .readiness/records/")
    assert [card["state"] for card in results[INTACT]["signoffs"]] == ["valid"]
    assert {finding["level"] for finding in results[INTACT]["findings"]} == {"note"}


def test_verify_and_the_list_go_on_to_tell_of_it(project: PolicyBranch) -> None:
    accept(project)
    assert verify(project.root)[0] == 1
    listed = readiness("records", "list", "--item", INTACT, cwd=project.root, code=0).stdout
    assert " valid " in listed


@pytest.mark.parametrize("env", ["production", ""])
def test_it_is_accepted_for_every_release_and_environment(project: PolicyBranch, env: str) -> None:
    accept(project)
    assert status(project, *(["--env", env] if env else []), "--release", "4.0")[1] == "passed"


def test_one_violation_more_has_to_be_accepted_anew(project: PolicyBranch) -> None:
    accept(project)
    project.save(0)
    other = project.signed(0, PARALEGAL)
    assert status(project)[1] == "passed"
    project.drop(other, 0)
    exit_code, results = check(project.root)
    assert (exit_code, results[INTACT]["status"]) == (1, "failed")
    assert [card["code"] for card in results[INTACT]["signoffs"]] == ["item-changed"]


def test_only_the_owners_accept(project: PolicyBranch) -> None:
    done = readiness("sign", INTACT, "--yes", "--key", str(key(COUNSEL)), cwd=project.root, code=2)
    assert "not in the role qa" in done.stderr


def test_an_acceptance_can_be_taken_back(project: PolicyBranch) -> None:
    accept(project)
    (record,) = (
        record for record in project.evidence().kept.records if record.signoff and record.signoff.item == INTACT
    )
    project.revoke(record.digest, STRANGER, at=ago(0))
    assert status(project)[:2] == (1, "failed")


def test_what_can_be_put_back_is_not_accepted(project: PolicyBranch) -> None:
    accept(project)
    project.save(0)
    record = next(iter(project.evidence().kept.records))
    for path in project.files(record.digest):
        path.unlink()
    assert status(project)[:2] == (1, "failed")
    done = readiness("sign", INTACT, "--yes", "--key", str(key(STRANGER)), cwd=project.root, code=2)
    assert "something was taken away that can be put back" in done.stderr


def test_nothing_is_accepted_in_advance(tmp_path: Path) -> None:
    project = PolicyBranch(tmp_path / "deedpro")
    project.write("readiness.yaml", CHECKLIST + "policy: {owners: qa}\n")
    project.signed(1)
    done = readiness("sign", INTACT, "--yes", "--key", str(key(STRANGER)), cwd=project.root, code=2)
    assert "there is nothing to accept" in done.stderr


def test_without_owners_nobody_accepts(project: PolicyBranch) -> None:
    accept(project)
    project.write("readiness.yaml", CHECKLIST)
    assert status(project)[:2] == (1, "failed")
    done = readiness("sign", INTACT, "--yes", "--key", str(key(STRANGER)), cwd=project.root, code=2)
    assert "names no owners" in done.stderr


def test_a_checklist_below_the_top_of_the_repository_is_judged_by_its_own_records(tmp_path: Path) -> None:
    project = PolicyBranch(tmp_path / "app")
    project.params.pop("covers")
    (project.root / ".git").rename(tmp_path / ".git")
    project.signed(3)
    other = tmp_path / record_path("ab" * 32)
    other.parent.mkdir(parents=True)
    other.write_text("x")
    project.save(2)
    exit_code, results = check(project.root)
    assert results[INTACT]["status"] == "passed", exit_code
