"""What an earlier verdict rested on and is gone, from values: a history of four commits, and records of no file."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.compose import compose
from readiness.attestation.earlier_verdict import Loss, losses, read_earlier_verdict, recall
from readiness.attestation.statement import PolicySource, RecordFact, Statement
from readiness.checklist import RECORDS_APPEND_ONLY, Checklist
from readiness.git import GitError, Repository
from readiness.outcome import Finding, Outcome, Status
from readiness.records.judging.append_only import as_result
from readiness.records.storage.work_tree import Record
from readiness.report import PolicyFact
from readiness.run_policy import RunPolicy
from readiness.testing import NOW
from support.record_values import ITEM, evidence, keep, signoff
from support.report_values import digest
from support.repositories import commit_all, git
from support.session import once
from support.verdicts import ARTIFACTS, altered, envelope, go, trusted, write


@dataclass(frozen=True)
class History:
    root: Path
    first: str
    second: str
    """The tip."""
    aside: str
    """Of another branch."""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    def make(folder: Path) -> None:
        root = folder / "app"
        root.mkdir()
        first = commit_all(root, "First")
        git(root, "checkout", "--quiet", "-b", "aside")
        aside = commit_all(root, "Aside")
        git(root, "checkout", "--quiet", "main")
        second = commit_all(root, "Second")
        (folder / "commits").write_text(f"{first} {second} {aside}")

    folder = once(tmp_path_factory, "losses", make)
    return History(folder / "app", *(folder / "commits").read_text().split())


def verdict(commit: str, *records: Record, policy: str = "") -> Statement:
    """A verdict about a commit, that rested on records."""
    said = compose(go(commit=commit), report_sha256=digest("report"), artifacts=ARTIFACTS, folder="")
    facts = tuple(
        RecordFact(
            record=record.digest,
            action="signoff",
            item=ITEM.id,
            principal=record.statement.predicate.signer.principal,
            signed_at=record.statement.predicate.signed_at,
        )
        for record in records
    )
    source = PolicySource(ref="main", commit=policy) if policy else None
    told = said.predicate.verdict.model_copy(update={"records": facts, "policy": source})
    return said.model_copy(update={"predicate": said.predicate.model_copy(update={"verdict": told})})


def lost(history: History, said: Statement, *records: Record, policy: str = "") -> tuple[Loss, ...]:
    return losses(said, evidence(*records, policy=policy), Repository(history.root))


class TestLosses:
    def test_where_all_is_there_nothing_is_lost(self, history: History) -> None:
        record = signoff()
        for commit in (history.first, history.second):
            assert lost(history, verdict(commit, record), record) == ()

    @pytest.mark.parametrize("named", ["aside", "unknown", "none", "hostile"])
    def test_a_branch_that_does_not_contain_the_commit_was_rewritten(self, history: History, named: str) -> None:
        commit = {"aside": history.aside, "unknown": "ab" * 20, "none": "", "hostile": "\x1b[2J; rm -rf"}[named]
        said = verdict(history.first, policy=commit) if commit else verdict(history.first)
        if not commit:
            artefacts = tuple(one for one in said.subject if "gitCommit" not in one.digest)
            said = said.model_copy(update={"subject": artefacts})
        (loss,) = lost(history, said)
        assert loss.code == "history-rewritten"
        shown = {"none": "unknown", "hostile": "\\x1b[2J; r"}.get(named, commit[:10])
        assert f"the branch at {history.second[:10]} does not contain commit {shown} any more" in loss.text
        assert loss.remedy.endswith(f"from a clone that has commit {shown}")

    def test_the_commit_is_that_of_the_policy_where_there_was_one(self, history: History) -> None:
        assert lost(history, verdict(history.aside, policy=history.first)) == ()
        assert len(lost(history, verdict(history.first, policy=history.aside))) == 1

    def test_the_branch_is_that_of_the_policy_where_there_is_one(self, history: History) -> None:
        assert lost(history, verdict(history.first), policy=history.first) == ()
        assert len(lost(history, verdict(history.second), policy=history.first)) == 1

    def test_a_record_that_is_gone_is_told_with_what_it_said(self, history: History) -> None:
        kept, gone = signoff(), signoff("paralegal@example.com")
        (loss,) = lost(history, verdict(history.first, kept, gone), kept)
        assert loss.code == "record-gone"
        assert loss.text == f"{gone.path} (signoff of {ITEM.id} by paralegal@example.com) is gone"
        assert history.first[:10] in loss.remedy

    def test_so_is_one_whose_signature_is_gone(self, history: History) -> None:
        record = signoff()
        (loss,) = lost(history, verdict(history.first, record), replace(record, signature=None))
        assert loss.code == "record-gone"
        assert loss.text.startswith(f"the signature of {record.path} (signoff")

    def test_all_that_is_lost_is_told(self, history: History) -> None:
        found = lost(history, verdict(history.aside, signoff(), signoff(reason="Another")))
        assert [loss.code for loss in found] == ["history-rewritten", "record-gone", "record-gone"]

    def test_a_hostile_verdict_of_a_trusted_key_is_spelled_out(self, history: History) -> None:
        said = verdict(history.first, signoff())
        fact = said.predicate.verdict.records[0].model_copy(
            update={"record": "../\x1b", "item": "\u202e", "principal": "\n"}
        )
        told = said.predicate.verdict.model_copy(update={"records": (fact,)})
        hostile = said.model_copy(update={"predicate": said.predicate.model_copy(update={"verdict": told})})
        (loss,) = lost(history, hostile)
        assert loss.text == "../\\x1b (signoff of \\u202e by \\n) is gone"

    def test_without_a_commit_there_is_nothing_to_compare_with(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        with pytest.raises(GitError):
            losses(verdict("ab" * 20), evidence(), Repository(tmp_path))


PASSED = Outcome(status=Status.PASSED, summary="nothing was edited", examined=2, unit="commits")
FAILED = Outcome(status=Status.FAILED, summary="one was deleted", findings=(Finding(message="deleted"),), remedy="r")
UNKNOWN = Outcome(status=Status.ERROR, summary="the history is cut off", remedy="fetch it")


class TestRecall:
    CHECKLIST = Checklist.model_validate(
        {
            "version": 1,
            "project": "deedpro",
            "source": "readiness.yaml",
            "sections": [{"title": "All", "items": [{"id": "one", "title": "One", "check": "command"}]}],
        }
    )

    def recalled(self, root: Path, said: Statement, *given: Outcome, commit: str = "") -> Outcome:
        fact = PolicyFact(ref="main", commit=commit, merge_base=commit, checklist_sha256="") if commit else None
        other = as_result(PASSED, self.CHECKLIST).model_copy(update={"item": self.CHECKLIST.sections[0].items[0]})
        before = RunPolicy(
            self.CHECKLIST, root, given=(other, *(as_result(one, self.CHECKLIST) for one in given)), fact=fact
        )
        after = recall(before, said, NOW)
        assert replace(after, given=()) == replace(before, given=())
        first, own = after.given
        assert first == other
        assert own.item.id == RECORDS_APPEND_ONLY
        return own.outcome

    def test_an_item_of_its_own_is_added_where_there_was_none(self, history: History) -> None:
        found = self.recalled(history.root, verdict(history.first))
        assert (found.status, found.examined, found.unit) == ("passed", 1, "commits and records")
        assert found.summary == "all that the verdict of 2026-11-23T10:15:00Z rested on is still there"

    def test_what_is_lost_fails_it_with_a_finding_for_each(self, history: History) -> None:
        found = self.recalled(history.root, verdict(history.aside))
        assert (found.status, found.examined, found.unit) == ("failed", 1, "commits and records")
        assert found.summary.startswith("since the verdict of 2026-11-23T10:15:00Z: the branch at ")
        assert not found.summary.endswith("more)")
        (finding,) = found.findings
        assert (finding.rule, finding.remedy) == ("history-rewritten", found.remedy)
        assert finding.message in found.summary
        assert found.remedy

    def test_records_are_read_where_the_verdict_rested_on_any(self, tmp_path: Path, history: History) -> None:
        record = signoff()
        root = tmp_path / "app"
        git(tmp_path, "clone", "--quiet", str(history.root), "app")
        said = verdict(history.first, record)
        assert self.recalled(root, said).status == "error", "there is no roster"
        keep(root, record)
        found = self.recalled(root, said)
        assert (found.status, found.examined) == ("passed", 2)
        (root / record.path).unlink()
        found = self.recalled(root, verdict(history.aside, record))
        assert [finding.rule for finding in found.findings] == ["history-rewritten", "record-gone"]
        assert found.summary.endswith("(and 1 more)")

    def test_the_policy_of_the_run_is_compared(self, history: History) -> None:
        assert self.recalled(history.root, verdict(history.second)).status == "passed"
        assert self.recalled(history.root, verdict(history.second), commit=history.first).status == "failed"

    def test_what_cannot_be_known_is_an_error(self, tmp_path: Path, history: History) -> None:
        found = self.recalled(tmp_path, verdict("ab" * 20))
        assert (found.status, found.remedy) == ("error", "run it in a full clone of the branch")
        found = self.recalled(history.root, verdict(history.first, signoff()))
        assert found.status == "error"
        assert found.summary.startswith(".readiness/allowed_signers does not exist")
        assert found.remedy.startswith("add a key: readiness signers add")

    @pytest.mark.parametrize(
        ("own", "holds", "status", "summary"),
        [
            (PASSED, True, "passed", "nothing was edited; all that the verdict of 2026-11-23T10:15:00Z rested on"),
            (PASSED, False, "failed", "since the verdict of"),
            (FAILED, True, "failed", "one was deleted"),
            (FAILED, False, "failed", "one was deleted"),
            (UNKNOWN, True, "error", "the history is cut off"),
            (UNKNOWN, False, "failed", "since the verdict of"),
        ],
    )
    def test_of_both_the_worse_counts_with_the_findings_of_each(
        self, history: History, own: Outcome, status: str, summary: str, *, holds: bool
    ) -> None:
        found = self.recalled(history.root, verdict(history.first if holds else history.aside), own)
        assert found.status == status
        assert found.summary.startswith(summary)
        rules = [finding.message for finding in found.findings]
        assert len(rules) == len(own.findings) + (not holds)
        assert rules[: len(own.findings)] == [finding.message for finding in own.findings]

    def test_an_error_goes_before_what_passed_and_after_what_failed(self, tmp_path: Path) -> None:
        said = verdict("ab" * 20)
        assert self.recalled(tmp_path, said, PASSED).status == "error"
        assert self.recalled(tmp_path, said, FAILED).status == "failed"
        skipped = Outcome(status=Status.SKIPPED, summary="it was left out")
        assert self.recalled(tmp_path, said, skipped).status == "error"


class TestRead:
    def test_a_verdict_of_a_trusted_key_is_read(self, tmp_path: Path) -> None:
        path = write(tmp_path / "verdict.json", envelope())
        assert read_earlier_verdict(path, trusted()).predicate.verdict.project == "deedpro"

    def test_of_another_key_it_says_nothing(self, tmp_path: Path) -> None:
        path = write(tmp_path / "verdict.json", envelope(by="second"))
        with pytest.raises(AttestationError) as error:
            read_earlier_verdict(path, trusted())
        assert error.value.summary.startswith(f"`{path}` cannot be compared with: no trusted key has signed it")
        assert error.value.remedy

    def test_nor_does_one_that_did_not_pass(self, tmp_path: Path) -> None:
        def fail(said: dict[str, Any]) -> None:
            said["predicate"]["verificationResult"] = "FAILED"

        path = write(tmp_path / "verdict.json", altered(fail, resign=True))
        with pytest.raises(AttestationError, match="cannot be compared with: its result is FAILED"):
            read_earlier_verdict(path, trusted())

    def test_nor_does_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(AttestationError, match="No such file"):
            read_earlier_verdict(tmp_path / "none", trusted())
