"""The item that every run adds by itself, from what history says of the records."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from readiness.checklist import RECORDS_APPEND_ONLY, Checklist, Policy
from readiness.outcome import Outcome
from readiness.records.history.branch import Branch, BranchCommit
from readiness.records.history.log import UNREADABLE
from readiness.records.judging.append_only import (
    SECTION,
    append_only_result,
    ask_owners,
    describe_violations,
    judge_append_only,
)
from readiness.records.judging.evidence import RecordEvidence, Violation
from readiness.records.model.errors import RecordsError
from readiness.records.storage.work_tree import Problem, Record, Records
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    DAY,
    PARALEGAL,
    SECOND,
    Then,
    arrived,
    evidence,
    keep,
    signoff,
)

OWNED = Policy(owners="legal")


def checklist(**changes: Any) -> Checklist:
    item = {"id": "one", "title": "One", "check": "command"}
    fields = {
        "version": 1, "project": "deedpro", "release": "3.0.0", "environment": "production",
        "roles": {"legal": [COUNSEL, PARALEGAL]}, "sections": [{"title": "All", "items": [item]}],
    }  # fmt: skip
    return Checklist.model_validate(fields | changes)


def violation(number: int = 0, code: str = "record-deleted") -> Violation:
    path = f".readiness/records/{number:02}/x.json"
    return Violation(path, code, f"it was deleted in commit {number}", "restore it", commit=f"{number:040}")


def known(
    *records: Record, violations: tuple[Violation, ...] = (), line: int = 1, rules: Policy = OWNED, **changes: Any
) -> RecordEvidence:
    found = evidence(*records, then=Then(), rules=rules, violations=violations, **changes)
    commits = tuple(arrived(NOW - DAY, position) for position in range(line))
    return replace(found, branch=Branch(line=commits, seen=found.seen))


def judged(found: RecordEvidence) -> Outcome:
    outcome = judge_append_only(found, checklist())
    assert outcome is not None
    return outcome


def acceptance(found: RecordEvidence, person: str = COUNSEL, **changes: Any) -> Record:
    asked = ask_owners(found, checklist())
    return signoff(person, item=asked.item, release="", environment="", **changes)


class TestWhetherThereIsAnItem:
    def test_without_a_history_there_is_none(self) -> None:
        assert judge_append_only(evidence(signoff()), checklist()) is None
        assert judge_append_only(known(signoff(), line=0), checklist()) is None
        assert judge_append_only(replace(known(signoff()), earlier_policy=None), checklist()) is None

    def test_where_there_never_was_a_record_there_is_none_unless_a_policy_is_asked_for(self) -> None:
        assert judge_append_only(known(), checklist()) is None
        assert judged(known(policy="0" * 40)).status == "passed"

    @pytest.mark.parametrize(
        "found",
        [
            known(signoff()),
            known(kept=Records((), (Problem("x", "foreign-file", "it is no record"),))),
            known(violations=(violation(),)),
            replace(known(), branch=Branch(line=(arrived(NOW),), seen={"ab" * 32: arrived(NOW)})),
        ],
        ids=["a record", "a foreign file", "one that is gone", "one that was seen"],
    )
    def test_whatever_shows_that_there_were_any_is_enough(self, found: RecordEvidence) -> None:
        assert judge_append_only(found, checklist()) is not None

    def test_in_a_folder_without_git_there_is_none(self, tmp_path: Path) -> None:
        assert append_only_result(tmp_path, NOW, checklist()) is None
        keep(tmp_path, signoff())
        assert append_only_result(tmp_path, NOW, checklist()) is None

    def test_what_cannot_be_known_is_an_error_and_not_passed(self, tmp_path: Path) -> None:
        found = append_only_result(tmp_path, NOW, checklist(policy={"owners": "legal"}), policy="0" * 40)
        assert found is not None
        assert found.item.owner == f"legal ({COUNSEL}, {PARALEGAL})"
        assert (found.item.id, found.item.check, found.section) == (RECORDS_APPEND_ONLY, "records", SECTION)
        assert (found.status, found.item.severity) == ("error", "blocker")
        assert found.outcome.summary == "there is no git repository to read the policy from"
        assert found.outcome.remedy == "run it in a clone"

    def test_what_is_wrong_with_the_roster_is_told_line_by_line(self, tmp_path: Path) -> None:
        keep(tmp_path, signoff())
        (tmp_path / ".readiness/allowed_signers").write_text("junk\n" * 60)
        found = append_only_result(tmp_path, NOW, checklist())
        assert found is not None
        assert found.status == "error"
        assert [finding.line for finding in found.outcome.findings] == list(range(1, 51))


class TestIntact:
    def test_it_says_what_was_examined(self) -> None:
        found = judged(known(signoff(), signoff(PARALEGAL), line=3))
        assert (found.status, found.examined, found.unit, found.findings) == ("passed", 3, "commits", ())
        assert found.summary.endswith("2 records, 3 commits")

    def test_commits_with_wrong_dates_are_warned_of(self) -> None:
        ahead = NOW + OWNED.ahead
        line = (
            arrived(NOW - 3 * DAY),
            misdated(1, ahead),
            misdated(2, ahead + SECOND),
            misdated(3, UNREADABLE),
            replace(arrived(ahead + DAY, 4), claimed=ahead + DAY),
        )
        found = judged(replace(known(signoff()), branch=Branch(line=line)))
        assert found.status == "passed"
        assert [(f.rule, f.level, bool(f.remedy)) for f in found.findings] == [("misdated-commit", "warning", True)] * 2
        future, unreadable = (finding.message for finding in found.findings)
        assert future.startswith(
            f"commit {line[2].commit[:10]} by dev@example.com is dated 2026-11-23, in the future: "
        )
        assert unreadable.startswith(
            f"commit {line[3].commit[:10]} by dev@example.com has a date that cannot be read: "
        )

    def test_of_many_only_some_are(self) -> None:
        line = tuple(misdated(number, NOW + DAY) for number in range(60))
        assert len(judged(replace(known(signoff()), branch=Branch(line=line))).findings) == 50


def misdated(position: int, claimed: datetime) -> BranchCommit:
    return replace(arrived(NOW - DAY, position), claimed=claimed.astimezone(UTC))


class TestViolated:
    def test_what_was_done_fails_with_its_place_and_remedy(self) -> None:
        found = judged(known(violations=(violation(1), violation(2, "record-edited")), line=4))
        assert (found.status, found.examined, found.unit) == ("failed", 4, "commits")
        assert found.summary == ".readiness/records/01/x.json: it was deleted in commit 1 (and 1 more)"
        first, second = found.findings
        assert (first.rule, first.level, first.path) == ("record-deleted", "error", ".readiness/records/01/x.json")
        assert (first.message, first.remedy) == ("it was deleted in commit 1", "restore it")
        assert second.rule == "record-edited"
        assert found.signoffs == ()

    def test_one_alone_has_no_more(self) -> None:
        assert judged(known(violations=(violation(1),))).summary.endswith("it was deleted in commit 1")

    def test_of_many_only_some_are_listed(self) -> None:
        found = judged(known(violations=tuple(violation(number) for number in range(60))))
        assert len(found.findings) == 50
        assert found.summary.endswith("(and 59 more)")

    def test_commits_with_wrong_dates_are_warned_of_all_the_same(self) -> None:
        branch = Branch(line=(misdated(1, NOW + DAY),))
        found = judged(replace(known(violations=(violation(),)), branch=branch))
        assert [finding.rule for finding in found.findings] == ["record-deleted", "misdated-commit"]

    def test_the_owners_are_named_where_they_may_accept_it(self) -> None:
        remedy = judged(known(violations=(violation(),))).remedy
        assert remedy == "restore it; then let legal accept what is past: `readiness sign records-append-only`"
        assert judged(known(violations=(violation(),), rules=Policy())).remedy == "restore it"
        not_past = (violation(), violation(1, "removed-by-head"))
        assert judged(known(violations=not_past)).remedy == "restore it"


class TestAccepted:
    def test_by_an_owner_it_passes_and_says_so(self) -> None:
        violations = (violation(), violation(1))
        record = acceptance(known(violations=violations))
        found = judged(known(record, violations=violations))
        assert (found.status, found.remedy) == ("passed", "")
        assert found.summary.startswith("accepted by the policy owners: .readiness/records/00/x.json: it was deleted")
        assert [(finding.rule, finding.level) for finding in found.findings] == [("record-deleted", "note")] * 2
        assert [(card.state, card.record) for card in found.signoffs] == [("valid", record.digest)]

    def test_in_whatever_order_they_are_found(self) -> None:
        record = acceptance(known(violations=(violation(), violation(1))))
        assert judged(known(record, violations=(violation(1), violation()))).status == "passed"

    @pytest.mark.parametrize(
        "violations",
        [
            (violation(), violation(1)),
            (violation(1),),
            (violation(0, "record-edited"),),
            (replace(violation(), path="other.json"),),
            (replace(violation(), commit="f" * 40),),
        ],
        ids=["one more", "another", "another code", "another path", "another commit"],
    )
    def test_only_this_very_list(self, violations: tuple[Violation, ...]) -> None:
        record = acceptance(known(violations=(violation(),)))
        found = judged(known(record, violations=violations))
        assert (found.status, [card.code for card in found.signoffs]) == ("failed", ["item-changed"])

    def test_a_path_that_is_no_text_can_be_accepted(self) -> None:
        odd = replace(violation(), path="records/\udcff.json")
        assert judged(known(acceptance(known(violations=(odd,))), violations=(odd,))).status == "passed"

    def test_by_nobody_else(self) -> None:
        record = acceptance(known(violations=(violation(),)), "stranger@example.com")
        assert judged(known(record, violations=(violation(),))).status == "failed"

    def test_not_where_something_can_still_be_put_back(self) -> None:
        violations = (violation(),)
        record = acceptance(known(violations=violations))
        found = judged(known(record, violations=(*violations, violation(1, "removed-by-head"))))
        assert (found.status, found.signoffs) == ("failed", ())

    def test_not_where_the_policy_has_no_owners(self) -> None:
        record = acceptance(known(violations=(violation(),)))
        found = judged(known(record, violations=(violation(),), rules=Policy()))
        assert (found.status, found.signoffs) == ("failed", ())


class TestAsked:
    def test_the_question_is_the_same_for_each_release_and_environment(self) -> None:
        asked = ask_owners(known(violations=(violation(),)), checklist())
        assert (asked.project, asked.release, asked.environment) == ("deedpro", "", "")
        assert (asked.item.id, asked.item.check) == (RECORDS_APPEND_ONLY, "records")
        assert (asked.policy.role, asked.members) == ("legal", frozenset({COUNSEL, PARALEGAL}))
        assert "1 file of records" in asked.item.title
        assert "2 files of records" in ask_owners(known(violations=(violation(), violation(1))), checklist()).item.title

    @pytest.mark.parametrize(
        ("found", "why"),
        [
            (known(), "nothing to accept"),
            (known(violations=(violation(1, "removed-by-head"),)), "can be put back"),
            (known(violations=(violation(),), rules=Policy()), "names no owners"),
        ],
    )
    def test_what_cannot_be_accepted_is_not_asked(self, found: RecordEvidence, why: str) -> None:
        with pytest.raises(RecordsError, match=why):
            ask_owners(found, checklist())

    def test_owners_read_what_they_accept_line_by_line(self) -> None:
        odd = replace(violation(), path="a\x1b[2J", reason="b\nc")
        assert describe_violations(known(violations=(violation(1), odd))) == [
            ".readiness/records/01/x.json: record-deleted: it was deleted in commit 1",
            "a\\x1b[2J: record-deleted: b\\nc",
        ]
