"""What judgements rest on: records of the policy branch and of the proposed change, gathered once and never stale."""

import os
import shutil
import time
from pathlib import Path

import pytest

from readiness.git import Repository
from readiness.records.history import all_records
from readiness.records.history.all_records import fingerprint
from readiness.records.judging.evidence import has_records, read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.storage.commit import load_committed
from readiness.records.storage.work_tree import FOLDER, record_path
from support.policy_branch import TODAY, PolicyBranch, ago, clone
from support.signing import PARALEGAL, git


@pytest.fixture
def project(tmp_path: Path) -> PolicyBranch:
    return PolicyBranch(tmp_path / "deedpro")


def digests(project: PolicyBranch, policy: str = "") -> set[str]:
    return {record.digest for record in project.evidence(policy).kept.records}


def settle(root: Path) -> None:
    """Wait until the folder of records has been left alone for a while: its times of change cannot be set back."""
    deadline = time.monotonic() + 30
    while not fingerprint(root) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert fingerprint(root)


def test_records_of_the_policy_and_of_the_change_are_united(project: PolicyBranch) -> None:
    shared = project.signed(20)
    project.branch("feature")
    proposed = project.signed(10)
    uncommitted = project.sign(PARALEGAL, at=ago(1))
    stashed = [(path, path.read_bytes()) for path in project.files(uncommitted)]
    for path, _data in stashed:
        path.unlink()
    project.switch("main")
    newer = project.signed(5, PARALEGAL)
    project.switch("feature")
    for path, data in stashed:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert digests(project, "main") == {shared, proposed, uncommitted, newer}
    evidence = project.evidence("main")
    assert set(evidence.seen) == {shared, newer}
    assert (evidence.dated, evidence.violations) == (True, ())
    assert evidence.since(proposed) == TODAY
    assert evidence.since(newer) == ago(5)
    assert digests(project) == {shared, proposed, uncommitted}


def test_each_record_is_there_once_whatever_holds_it(project: PolicyBranch) -> None:
    digest = project.signed(5)
    assert [record.digest for record in project.evidence("main").kept.records] == [digest]


def test_the_signature_of_the_policy_branch_goes_before_that_of_the_change(project: PolicyBranch) -> None:
    digest = project.signed(5)
    signature = project.files(digest)[1]
    before = signature.read_bytes()
    project.branch("feature")
    signature.write_bytes(b"junk")
    project.save(1)
    (record,) = project.evidence("main").kept.records
    assert record.signature == before
    assert [violation.code for violation in project.evidence("main").violations] == ["changed-by-head"]


def test_a_change_may_add_the_signature_that_is_missing(project: PolicyBranch) -> None:
    digest = project.sign(at=ago(5))
    signature = project.files(digest)[1]
    data = signature.read_bytes()
    signature.unlink()
    project.save(5)
    project.branch("feature")
    signature.write_bytes(data)
    project.save(4)
    assert project.evidence("main").violations == ()
    assert project.judged("main").status.value == "passed"


def test_problems_of_either_side_are_told_once(project: PolicyBranch) -> None:
    project.write(f"{FOLDER}/ab/notes.txt", "x")
    project.save(5)
    assert [problem.code for problem in project.evidence("main").kept.problems] == ["foreign-file"]
    project.branch("feature")
    (project.root / f"{FOLDER}/ab/notes.txt").unlink()
    project.save(4)
    assert [problem.code for problem in project.evidence("main").kept.problems] == ["foreign-file"]


def test_a_record_that_is_too_large_in_a_commit_is_told_and_not_read(project: PolicyBranch) -> None:
    project.signed(5)
    path = record_path("ab" * 32)
    project.write(path, b"{" + b" " * 3_000_000 + b"}")
    project.save(4)
    (project.root / path).unlink()
    problems = {problem.path: problem for problem in project.evidence().kept.problems}
    assert (problems[path].code, problems[path].reason) == ("unreadable", "it is larger than 2097152 bytes")


def test_records_of_a_commit_equal_those_of_the_disk(project: PolicyBranch) -> None:
    project.signed(9)
    project.revoked(project.signed(8, PARALEGAL), 7)
    repository = Repository(project.root)
    read = load_committed(repository, repository.head).kept
    known = project.evidence().kept.records
    assert read.records == known
    assert load_committed(repository, repository.head, known).kept.records == known


def test_a_repository_with_sha256_names_its_objects_alike(tmp_path: Path) -> None:
    project = PolicyBranch(tmp_path / "deedpro")
    (project.root / ".git").rename(tmp_path / "away")
    git(project.root, "init", "-q", "--object-format=sha256")
    project.save(20)
    digest = project.signed(10)
    assert project.evidence().violations == ()
    assert set(project.evidence().seen) == {digest}
    project.drop(digest, 5)
    assert {violation.code for violation in project.evidence().violations} == {"record-deleted"}


def test_line_ends_that_git_would_convert_are_no_change_of_a_record(project: PolicyBranch) -> None:
    project.signed(5)
    git(project.root, "config", "core.autocrlf", "true")
    copy = clone(project.root, project.root.parent / "copy", "-c", "core.autocrlf=true")
    evidence = read_evidence(copy, TODAY)
    assert (len(evidence.kept.records), evidence.kept.problems, evidence.violations) == (1, (), ())


def test_a_policy_needs_a_roster(project: PolicyBranch) -> None:
    (project.root / ".readiness/allowed_signers").unlink()
    project.save(5)
    with pytest.raises(RecordsError, match="does not exist in commit"):
        project.evidence("main")


@pytest.mark.parametrize("name", [".readiness/allowed_signers", ".readiness/revoked_keys"])
def test_a_roster_that_is_a_link_in_the_commit_is_refused(project: PolicyBranch, name: str) -> None:
    place = project.root / name
    place.unlink(missing_ok=True)
    place.symlink_to("elsewhere")
    project.save(5)
    with pytest.raises(RecordsError, match="is not a file"):
        project.evidence("main")


def test_what_was_gathered_is_kept_while_nothing_changes(
    project: PolicyBranch, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.signed(5)
    settle(project.root)
    first = project.evidence()
    monkeypatch.setattr(all_records, "read_branch", None)
    assert project.evidence().kept is first.kept
    assert project.evidence("main").kept is first.kept


def test_what_was_gathered_is_never_stale(project: PolicyBranch) -> None:
    one = project.signed(9)
    settle(project.root)
    assert digests(project) == {one}
    two = project.sign(PARALEGAL, at=ago(1))
    assert digests(project) == {one, two}
    settle(project.root)
    assert digests(project) == {one, two}
    assert two not in project.evidence().seen
    project.save(1)
    assert two in project.evidence().seen
    signature = project.files(two)[1]
    times = signature.stat().st_atime_ns, signature.stat().st_mtime_ns
    settle(project.root)
    assert project.evidence().kept.records[-1].signature == signature.read_bytes()
    size = signature.stat().st_size
    signature.write_bytes(b"x" * size)
    os.utime(signature, ns=times)
    assert [violation.code for violation in project.evidence().violations] == ["changed-by-head"]
    for path in project.files(one):
        path.unlink()
    assert "removed-by-head" in {violation.code for violation in project.evidence().violations}


def test_a_folder_that_changed_just_now_has_no_fingerprint(project: PolicyBranch) -> None:
    digest = project.signed(5)
    assert fingerprint(project.root) == ""
    settle(project.root)
    before = fingerprint(project.root)
    os.utime(project.files(digest)[0], (1, 1))
    assert fingerprint(project.root) == ""
    settle(project.root)
    assert fingerprint(project.root) not in {"", before}


def test_records_are_there_in_the_folder_in_head_or_in_the_policy(tmp_path: Path) -> None:
    assert not has_records(tmp_path)
    assert has_records(tmp_path, "0" * 40), "a policy was asked for, and nothing can be read"
    git(tmp_path, "init", "-q")
    assert not has_records(tmp_path)
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Begin")
    before = git(tmp_path, "rev-parse", "HEAD").strip()
    assert not has_records(tmp_path, before)
    (tmp_path / ".readiness").mkdir()
    assert has_records(tmp_path)
    (tmp_path / ".readiness/allowed_signers").write_text("")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "Enroll")
    after = git(tmp_path, "rev-parse", "HEAD").strip()
    shutil.rmtree(tmp_path / ".readiness")
    assert has_records(tmp_path), "HEAD has them"
    git(tmp_path, "checkout", "-q", before)
    assert not has_records(tmp_path)
    assert has_records(tmp_path, after), "the policy has them"
    (tmp_path / ".readiness").symlink_to("nowhere")
    assert has_records(tmp_path), "a link that leads nowhere is no folder that was never there"
