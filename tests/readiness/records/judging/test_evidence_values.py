"""What records are judged by: whose roster, which records, which keys are void, and since when each record is there.

All on one repository: `main` has a record; the branch `feature` adds another, and revokes the key of the paralegal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from readiness.checklist import Policy
from readiness.git import Repository
from readiness.records.history import all_records
from readiness.records.judging.evidence import RecordEvidence, has_records, read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import Roster
from readiness.records.storage.work_tree import Records
from readiness.testing import NOW
from support.record_values import COUNSEL, DAY, HOUR, PARALEGAL, STRANGER, evidence, keep, key, signoff
from support.signing import Project, git

ONE, TWO, THREE = signoff(), signoff(STRANGER), signoff(PARALEGAL, reason="Not committed")
REVOKED = ".readiness/revoked_keys"
CHECKLIST = """\
version: 1
project: deedpro
roles: {{legal: [{}]}}
sections: [{{title: A, items: [{{id: a, title: A, check: b}}]}}]
"""


@dataclass(frozen=True)
class Forked:
    root: Path
    main: str
    feature: str
    dropped: str
    """A commit after `feature` that takes the key out of the list again."""


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Forked:
    project = Project(tmp_path_factory.mktemp("forked") / "deedpro")  # of this process alone, for tests write into it
    project.write("readiness.yaml", CHECKLIST.format(COUNSEL))
    project.write("ops.yaml", CHECKLIST.format(STRANGER))
    keep(project.root, ONE)
    main = project.commit(date="2026-11-23T11:05:00Z")
    git(project.root, "checkout", "-q", "-b", "feature")
    keep(project.root, TWO)
    project.write(REVOKED, key(PARALEGAL).line + "\n")
    feature = project.commit(date="2026-11-23T11:10:00Z")
    project.write(REVOKED, "")
    dropped = project.commit(date="2026-11-23T11:15:00Z")
    git(project.root, "reset", "-q", "--hard", feature)
    return Forked(project.root, main, feature, dropped)


@pytest.fixture
def uncommitted(forked: Forked) -> Iterator[None]:
    """A record and a revoked key that are in the work tree alone."""
    revoked = (forked.root / REVOKED).read_text()
    keep(forked.root, THREE)
    (forked.root / REVOKED).write_text(f"{revoked}{key(STRANGER).line}\n")
    yield
    git(forked.root, "checkout", "-q", "--", ".")
    git(forked.root, "clean", "-q", "-d", "--force")
    all_records._last.clear()


def read(forked: Forked, **how: Any) -> RecordEvidence:
    return read_evidence(forked.root, NOW, **how)


def digests(found: RecordEvidence) -> set[str]:
    return {record.digest for record in found.kept.records}


def revoked(found: RecordEvidence) -> set[str]:
    return {name for name in (COUNSEL, PARALEGAL, STRANGER) if key(name).blob in found.roster.revoked}


@pytest.mark.usefixtures("uncommitted")
class TestRead:
    def test_without_a_policy_it_is_what_the_work_tree_has(self, forked: Forked) -> None:
        found = read(forked)
        assert digests(found) == {ONE.digest, TWO.digest, THREE.digest}
        assert set(found.seen) == {ONE.digest, TWO.digest}
        assert revoked(found) == {PARALEGAL, STRANGER}
        assert found.roster.principals == {COUNSEL, PARALEGAL, STRANGER}
        assert (found.root, found.now, found.policy, found.content) == (forked.root, NOW, "", "")
        assert (found.dated, found.violations, found.commits) == (True, (), 3)
        assert found.roster.sha256

    def test_a_policy_judges_by_its_roster_and_history_and_what_is_revoked_counts_at_once(self, forked: Forked) -> None:
        found = read(forked, policy=forked.main)
        assert digests(found) == {ONE.digest, TWO.digest, THREE.digest}
        assert set(found.seen) == {ONE.digest}
        assert revoked(found) == {PARALEGAL, STRANGER}
        assert (found.policy, found.commits, found.violations) == (forked.main, 2, ())

    def test_a_commit_in_place_of_the_work_tree_is_read_alone(self, forked: Forked) -> None:
        found = read(forked, policy=forked.main, content=forked.feature)
        assert digests(found) == {ONE.digest, TWO.digest}
        assert revoked(found) == {PARALEGAL}
        assert found.content == forked.feature
        assert revoked(read(forked, policy=forked.main, content=forked.main)) == set()

    def test_since_when_a_record_is_there(self, forked: Forked) -> None:
        found = read(forked)
        assert found.since(ONE.digest) == NOW - 55 * HOUR / 60
        assert found.since(THREE.digest) == NOW

    def test_people_and_rules_are_those_of_the_checklist(self, forked: Forked) -> None:
        rules = Policy(owners="legal")
        found = read_evidence(forked.root, NOW, rules=rules, people={COUNSEL: (STRANGER,)})
        assert found.rules == rules
        assert found.people.same(COUNSEL, STRANGER)
        assert read(forked).rules == Policy()

    def test_earlier_roles_are_those_of_the_checklist_of_this_name(self, forked: Forked) -> None:
        named: dict[str, str] = {"file": "ops.yaml"}
        for how, holder, other in (
            ({}, COUNSEL, STRANGER),
            ({"file": ""}, COUNSEL, STRANGER),
            (named, STRANGER, COUNSEL),
        ):
            earlier = read(forked, **how).earlier_policy
            assert earlier is not None
            assert earlier.held(holder, "legal", 1)
            assert not earlier.held(other, "legal", 1)


class TestUnrevoked:
    def test_a_key_that_history_revoked_stays_void_and_its_return_is_told(self, forked: Forked) -> None:
        found = read(forked, policy=forked.dropped, content=forked.dropped)
        assert revoked(found) == {PARALEGAL}
        assert [violation.code for violation in found.violations] == ["key-unrevoked"]
        assert key(PARALEGAL).fingerprint in found.violations[0].reason

    def test_a_change_that_takes_a_key_out_of_the_list_is_told(self, forked: Forked) -> None:
        found = read(forked, policy=forked.feature, content=forked.dropped)
        assert revoked(found) == {PARALEGAL}
        assert [violation.code for violation in found.violations] == ["removed-by-head"]
        kept = read(forked, policy=forked.feature, content=forked.feature)
        assert kept.violations == ()

    def test_a_change_that_removes_a_record_is_told(self, forked: Forked) -> None:
        found = read(forked, policy=forked.feature, content=forked.main)
        assert {violation.code for violation in found.violations} == set()
        assert TWO.digest in digests(found), "the policy has it"


class TestWithoutHistory:
    def test_outside_of_git_dates_are_not_compared(self, tmp_path: Path) -> None:
        keep(tmp_path, ONE)
        found = read_evidence(tmp_path, NOW, rules=Policy(owners="qa"), people={COUNSEL: (STRANGER,)})
        assert (digests(found), found.dated, found.commits, dict(found.seen)) == ({ONE.digest}, False, 0, {})
        assert found.roster.principals == {COUNSEL, PARALEGAL, STRANGER}
        assert found.rules.owners == "qa"
        assert found.people.same(COUNSEL, STRANGER)

    @pytest.mark.parametrize("how", [{"policy": "0" * 40}, {"content": "0" * 40}])
    def test_there_a_commit_cannot_be_read(self, tmp_path: Path, how: dict[str, Any]) -> None:
        keep(tmp_path, ONE)
        with pytest.raises(RecordsError, match="no git repository"):
            read_evidence(tmp_path, NOW, **how)

    def test_without_a_roster_nothing_is_read(self, tmp_path: Path) -> None:
        with pytest.raises(RecordsError, match="does not exist"):
            read_evidence(tmp_path, NOW)

    @pytest.mark.parametrize("below", ["", "app"])
    def test_a_repository_that_git_refuses_is_none_that_is_not_there(self, tmp_path: Path, below: str) -> None:
        keep(tmp_path / below, ONE)
        (tmp_path / ".git").write_text("gitdir: nowhere\n")
        with pytest.raises(RecordsError, match="the history of the records cannot be read") as error:
            read_evidence(tmp_path / below, NOW)
        assert "safe.directory" in error.value.remedy

    def test_in_a_repository_without_a_commit_nothing_was_taken_away(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        keep(tmp_path, ONE)
        found = read_evidence(tmp_path, NOW)
        assert (digests(found), found.violations, found.commits) == ({ONE.digest}, (), 0)

    def test_what_nobody_says_is_empty(self, tmp_path: Path) -> None:
        bare = RecordEvidence(tmp_path, NOW, Roster(()), Records())
        assert (bare.policy, bare.content, bare.rules, bare.violations) == ("", "", Policy(), ())
        assert not bare.people.same(COUNSEL, STRANGER)
        assert (bare.dated, bare.commits, dict(bare.seen)) == (False, 0, {})

    def test_an_evidence_of_values_has_no_history(self) -> None:
        found = evidence(ONE)
        assert (found.dated, found.commits, found.violations, found.since(ONE.digest)) == (False, 0, (), NOW)
        assert found.since("0" * 64) == NOW
        assert found.now > NOW - DAY


class TestHasRecords:
    def test_in_head_or_in_the_policy(self, forked: Forked, tmp_path: Path) -> None:
        assert has_records(forked.root)
        assert not has_records(tmp_path)
        assert has_records(tmp_path, "0" * 40), "a policy was asked for, and nothing can be read"

    def test_where_the_folder_is_gone_the_commit_has_them(self, forked: Forked) -> None:
        other = forked.root.parent / "bare"
        git(forked.root, "worktree", "add", "-q", "--no-checkout", str(other), forked.main)
        try:
            assert not (other / ".readiness").exists()
            assert has_records(other)
        finally:
            git(forked.root, "worktree", "remove", "--force", str(other))

    def test_in_a_repository_that_never_had_any_there_are_none(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        assert not has_records(tmp_path)
        with pytest.raises(RecordsError, match="git cannot read HEAD") as error:
            has_records(tmp_path, "1" * 40)
        assert error.value.remedy
        (tmp_path / ".readiness").symlink_to("nowhere")
        assert has_records(tmp_path), "a link that leads nowhere is no folder that was never there"


def test_the_commit_that_is_judged_is_named_by_git(forked: Forked) -> None:
    assert Repository(forked.root).head == forked.feature
