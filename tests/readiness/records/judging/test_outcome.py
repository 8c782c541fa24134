"""The answer to an item of sign-offs: what a report says of each card and of each file that is no record."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from readiness.check import Facts
from readiness.checklist import Item, Policy, Source
from readiness.outcome import Outcome
from readiness.records.judging.outcome import MOST_FINDINGS, judge_signoffs
from readiness.records.judging.signoff_policy import SignoffPolicy
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS
from readiness.report import Subject
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    DAY,
    HOUR,
    ITEM,
    PARALEGAL,
    STRANGER,
    holder,
    keep,
    revocation,
    roster,
    signoff,
)

WRITTEN = Source(file="readiness.yaml", line=12, column=9)


def facts(root: Path, **changes: Any) -> Facts:
    fields = {
        "root": root,
        "now": NOW,
        "subject": Subject(project="deedpro", release="3.0.0", environment="production"),
        "item": ITEM,
        "roles": {"legal": (COUNSEL, PARALEGAL)},
    }
    return Facts.model_validate(fields | changes)


def outcome(root: Path, item: Item = ITEM, **params: Any) -> Outcome:
    return judge_signoffs(SignoffPolicy.model_validate({"role": "legal"} | params), facts(root, item=item))


def test_what_is_valid_is_told_with_its_people_and_evidence(tmp_path: Path) -> None:
    one, two = signoff(), signoff(PARALEGAL, expires_at=NOW + DAY)
    keep(tmp_path, one, two)
    found = outcome(tmp_path, quorum=2)
    assert (found.status, found.examined, found.unit) == ("passed", 2, "records")
    assert found.summary == f"2 of 2 needed sign-offs by legal valid: {COUNSEL}, {PARALEGAL}"
    (measured,) = found.measurements
    assert (measured.name, measured.value, measured.unit) == ("valid sign-offs", 2, "sign-offs")
    assert (measured.operator, measured.threshold) == (">=", 2)
    assert (found.findings, found.remedy) == ((), "")
    by_roster, *by_records = found.evidence
    assert by_roster.name == ALLOWED_SIGNERS
    assert by_roster.sha256 == hashlib.sha256((tmp_path / ALLOWED_SIGNERS).read_bytes()).hexdigest()
    assert {(each.name, each.sha256, each.produced_at) for each in by_records} == {
        (record.path, record.digest, NOW - HOUR) for record in (one, two)
    }
    assert {card.record for card in found.signoffs} == {one.digest, two.digest}


def test_what_is_missing_is_found_where_the_item_is_written(tmp_path: Path) -> None:
    keep(tmp_path)
    found = outcome(tmp_path, ITEM.model_copy(update={"source": WRITTEN}))
    assert (found.status, found.examined) == ("pending", 0)
    assert found.summary.startswith("0 of 1 needed sign-off by legal valid; missing: no sign-off by legal")
    (finding,) = found.findings
    assert finding.message.startswith("missing: no sign-off by legal")
    assert (finding.rule, finding.level) == ("missing", "error")
    assert (finding.path, finding.line, finding.column) == ("readiness.yaml", 12, 9)
    assert finding.remedy == found.remedy
    assert "`readiness sign templates-reviewed --env production`" in found.remedy
    assert [each.name for each in found.evidence] == [ALLOWED_SIGNERS]


def test_and_in_the_folder_of_records_where_it_is_written_nowhere(tmp_path: Path) -> None:
    keep(tmp_path)
    (finding,) = outcome(tmp_path).findings
    assert (finding.path, finding.line, finding.column) == (".readiness/records", None, None)


def test_what_is_wrong_with_a_record_is_found_in_its_file(tmp_path: Path) -> None:
    record = signoff(role="qa")
    keep(tmp_path, record)
    (finding,) = outcome(tmp_path, ITEM.model_copy(update={"source": WRITTEN})).findings
    assert (finding.rule, finding.path, finding.line, finding.column) == ("other-role", record.path, None, None)


def test_what_stands_beside_an_item_that_passed_is_a_note(tmp_path: Path) -> None:
    record = signoff(PARALEGAL)
    keep(tmp_path, signoff(), record, revocation(record))
    found = outcome(tmp_path)
    assert (found.status, found.remedy) == ("passed", "")
    assert found.summary == f"1 of 1 needed sign-off by legal valid: {COUNSEL}"
    assert [(finding.rule, finding.level) for finding in found.findings] == [("revoked", "note")]


def test_a_rejection_is_told_before_all_else(tmp_path: Path) -> None:
    keep(tmp_path, signoff(PARALEGAL, each="officer", decision="reject", reason="Clause 4."))
    found = outcome(tmp_path, each=["agent", "officer"])
    assert found.signoffs[0].code == "missing"
    assert found.summary == f"0 of 2 needed sign-offs by legal valid; rejected: {PARALEGAL} rejected it: Clause 4."
    assert [each.name for each in found.measurements] == ["valid sign-offs for agent", "valid sign-offs for officer"]


def test_the_quorum_is_needed_for_each_name(tmp_path: Path) -> None:
    keep(tmp_path, signoff(each="agent"))
    found = outcome(tmp_path, each=["agent", "officer"], quorum=2)
    assert found.summary.startswith("1 of 4 needed sign-offs by legal valid; ")
    assert [(each.value, each.threshold) for each in found.measurements] == [(1, 2), (0, 2)]


def test_files_that_are_no_records_are_warned_of(tmp_path: Path) -> None:
    keep(tmp_path, signoff())
    for number in range(MOST_FINDINGS + 5):
        (tmp_path / f".readiness/records/notes-{number:02}.txt").write_text("x")
    findings = outcome(tmp_path).findings
    assert len(findings) == MOST_FINDINGS
    assert {(finding.rule, finding.level) for finding in findings} == {("foreign-file", "warning")}
    assert findings[0].path == ".readiness/records/notes-00.txt"
    assert findings[0].message
    assert findings[0].remedy


def test_names_and_rules_of_the_checklist_are_kept_to(tmp_path: Path) -> None:
    policy = SignoffPolicy(role="legal", quorum=2)
    keep(tmp_path, signoff(), signoff(PARALEGAL))
    assert judge_signoffs(policy, facts(tmp_path)).status == "passed"
    with pytest.raises(RecordsError, match="can never be reached"):
        judge_signoffs(policy, facts(tmp_path, people={COUNSEL: (PARALEGAL,)}))
    people = {COUNSEL: (PARALEGAL,), STRANGER: ("s@home.example",)}
    three = facts(tmp_path, people=people, roles={"legal": (COUNSEL, PARALEGAL, STRANGER)})
    assert judge_signoffs(policy, three).status == "pending"


def test_the_checklist_says_how_far_clocks_may_differ(tmp_path: Path) -> None:
    policy = SignoffPolicy(role="legal")
    keep(tmp_path, signoff(signed_at=NOW + DAY))
    assert [card.code for card in judge_signoffs(policy, facts(tmp_path)).signoffs] == ["post-dated"]
    assert judge_signoffs(policy, facts(tmp_path, policy=Policy(ahead=2 * DAY))).status == "passed"


def test_a_policy_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    keep(tmp_path, signoff())
    with pytest.raises(RecordsError, match="no git repository"):
        judge_signoffs(SignoffPolicy(role="legal"), facts(tmp_path, policy_commit="0" * 40))


def test_a_record_whose_signature_is_gone_is_still_shown_by_its_file(tmp_path: Path) -> None:
    record = replace(signoff(), signature=b"")
    keep(tmp_path, record, who=roster(holder(PARALEGAL)))
    found = outcome(tmp_path)
    assert found.findings[0].path == record.path
    assert found.findings[0].rule == "bad-signature"


@pytest.mark.parametrize("source", [WRITTEN, None])
def test_what_holds_for_ever_on_purpose_comes_with_a_caution(tmp_path: Path, source: Source | None) -> None:
    item = ITEM.model_copy(update={"params": {"role": "legal", "covers": "none"}})
    keep(tmp_path, signoff(item=item, release=""))
    where = facts(
        tmp_path,
        item=item.model_copy(update={"source": source}),
        subject=Subject(project="deedpro", environment="production"),
    )
    found = judge_signoffs(SignoffPolicy.model_validate(item.params), where)
    words = "bound to neither a release nor files, it holds whatever is changed later"
    assert (found.status, found.summary.partition("; ")[2]) == ("passed", f"caution: {words}")
    (caution,) = found.findings
    assert (caution.message, caution.rule, caution.level) == (
        f"caution: {words} (`covers: none`)",
        "unbound",
        "warning",
    )
    assert (caution.path, caution.line) == (("readiness.yaml", 12) if source else (".readiness/records", None))
    assert "state the `release`" in caution.remedy
    missing = judge_signoffs(SignoffPolicy.model_validate(item.params | {"quorum": 2}), where)
    assert "caution" not in missing.summary
    assert "unbound" in {finding.rule for finding in missing.findings}
