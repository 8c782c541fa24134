"""Attacks on the history of records, each in a real repository with real keys; none may help anybody."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Status
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Signer, Statement, Waiver, item_subject
from readiness.records.storage.work_tree import FOLDER
from support.policy_branch import PolicyBranch, ago, check, clone, state, verify
from support.program import readiness
from support.signing import COUNSEL, PARALEGAL, STRANGER, git, key, public, roster_line

ITEM = "templates-reviewed"
INTACT = "records-append-only"
NEWCOMER = "newcomer@example.com"


@pytest.fixture
def project(tmp_path: Path) -> PolicyBranch:
    return PolicyBranch(tmp_path / "deedpro")


def everyone(**lapsed: str) -> str:
    """A roster of all three, some of whose keys lapse."""
    return "".join(
        roster_line(person, key(person), before=lapsed.get(person.partition("@")[0], "20350101Z"))
        for person in (COUNSEL, PARALEGAL, STRANGER)
    )


def day(days: float) -> str:
    return f"{ago(days):%Y%m%d%H%M%S}Z"


def refused(project: PolicyBranch, code: str) -> None:
    """The sign-off does not count: for the item, for the program and for `records verify`."""
    outcome = project.judged()
    assert outcome.status is Status.FAILED
    assert code in {card.code for card in outcome.signoffs}
    exit_code, results = check(project.root)
    assert (exit_code, results[ITEM]["status"]) == (1, "failed")
    assert code in {card["code"] for card in results[ITEM]["signoffs"]}
    exit_code, said = verify(project.root)
    assert (exit_code, f"({code})" in said) == (1, True)


def test_a_signoff_that_came_in_time_counts(project: PolicyBranch) -> None:
    digest = project.sign(at=ago(9))
    commit = project.save(3)
    assert state(project.judged()) == ("passed", "valid", "valid")
    assert project.evidence().seen[digest].commit == commit
    exit_code, results = check(project.root)
    assert (exit_code, results[ITEM]["status"], results[INTACT]["status"]) == (0, "passed", "passed")
    assert results[INTACT]["summary"] == "nothing was edited, deleted or brought back: 1 record, 3 commits"
    assert verify(project.root) == (
        0, "1 record verified: 1 good, 0 void, 0 bad\n3 commits examined: nothing was edited, deleted or brought back\n"
    )  # fmt: skip


def test_a_backdated_signoff(project: PolicyBranch) -> None:
    project.sign(at=ago(12))
    commit = project.save(4)
    refused(project, "backdated")
    reason = project.judged().signoffs[0].reason
    assert f"commit {commit[:10]} brought it at" in reason
    assert reason.endswith(", more than 1w later")


def test_a_signoff_that_is_dated_after_the_commit_that_brought_it(project: PolicyBranch) -> None:
    project.sign(at=ago(2))
    project.save(4)
    refused(project, "post-dated")


def test_a_signoff_that_was_kept_back_and_is_not_committed_yet(project: PolicyBranch) -> None:
    project.sign(at=ago(8))
    refused(project, "backdated")
    assert "it is not on the policy branch yet" in project.judged().signoffs[0].reason


def test_the_checklist_says_how_far_dates_may_be_apart(project: PolicyBranch) -> None:
    project.sign(at=ago(12))
    text = (project.root / "readiness.yaml").read_text()
    project.write("readiness.yaml", text + "policy: {behind: 30d}\n")
    project.save(4)
    assert check(project.root)[0] == 0
    assert verify(project.root)[0] == 0
    project.write("readiness.yaml", text + "policy: {behind: 7d}\n")
    assert check(project.root)[0] == 1
    assert verify(project.root)[0] == 1


def test_a_key_that_lapsed_before_the_record_came(project: PolicyBranch) -> None:
    project.enroll(everyone(counsel=day(3)))
    project.sign(at=ago(4))
    project.save(2)
    refused(project, "key-not-valid-then")


def test_a_stolen_lapsed_key_with_a_commit_that_claims_to_be_old(project: PolicyBranch) -> None:
    project.enroll(everyone(counsel=day(30)))
    project.save(20, "Let a key lapse")
    project.sign(at=ago(35))
    project.save(35)
    refused(project, "backdated")


def test_a_signature_that_comes_later_than_its_statement_counts_from_then(project: PolicyBranch) -> None:
    digest = project.sign(at=ago(20))
    signature = project.files(digest)[1]
    data = signature.read_bytes()
    signature.unlink()
    project.save(20)
    signature.write_bytes(data)
    project.save(2)
    refused(project, "backdated")


@pytest.mark.parametrize(("signed", "code"), [(30, "backdated"), (2, "post-dated")])
def test_a_waiver_with_a_false_date(project: PolicyBranch, signed: float, code: str) -> None:
    item = project.item
    waiver = Waiver(
        project="deedpro", release="3.0.0", environment="production", item=item.id, item_text=item.title,
        item_digest=item.digest, role="legal", requested_by="dev@example.com", reason="The review is late.",
        compensating_control="The templates are not linked.", meaning="I accept the risk.",
        signer=Signer(principal=COUNSEL), signed_at=ago(signed), expires_at=ago(-30), nonce="0" * 32,
    )  # fmt: skip
    project.keep(Statement(subject=(item_subject(item.id, item.digest),), predicate=waiver), key(COUNSEL))
    project.save(5)
    exit_code, said = verify(project.root)
    assert (exit_code, f"({code})" in said) == (1, True)


def test_a_rejection_that_was_kept_back_still_blocks(project: PolicyBranch) -> None:
    project.enroll(everyone(counsel=day(5)))
    project.signed(10, PARALEGAL)
    project.sign(at=ago(30), decision="reject", reason="A clause is void.")
    project.save(1)
    assert project.judged().status is Status.FAILED
    assert {card.state for card in project.judged().signoffs} == {"valid", "rejected"}


def test_a_rejection_by_a_fast_clock_still_blocks(project: PolicyBranch) -> None:
    project.sign(at=ago(-2), decision="reject", reason="A clause is void.")
    project.save(1)
    assert state(project.judged()) == ("failed", "rejected", "rejected")


@pytest.mark.parametrize("signed", [30, -3])
def test_a_revocation_with_a_wrong_date_still_revokes(project: PolicyBranch, signed: float) -> None:
    target = project.signed(10)
    project.revoke(target, at=ago(signed))
    project.save(1)
    assert state(project.judged()) == ("failed", "revoked", "revoked")


def still_revoked(project: PolicyBranch, policy: str = "") -> None:
    assert project.judged(policy).status is Status.FAILED
    assert "revoked" in {card.code for card in project.judged(policy).signoffs}


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
    assert {card.code for card in outcome.signoffs} == {"valid", "backdated"}


def test_a_project_without_records_has_no_item_about_them(project: PolicyBranch) -> None:
    exit_code, results = check(project.root)
    assert (exit_code, list(results)) == (3, [ITEM])
