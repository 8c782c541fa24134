"""How a proposed change of the policy is ruled on: what decides, and what the report then says."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from readiness.checklist import Checklist, Source
from readiness.outcome import Finding, Level, SignoffCard, SignoffState, Status
from readiness.policy import approval
from readiness.policy.approval import ask_owners, rule, unspent
from readiness.policy.base import PolicyBase
from readiness.policy.proposal import Proposal
from readiness.records.history.branch import Branch, BranchCommit
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.item import Judgement
from readiness.records.judging.question import Question
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Signoff, Statement, Waiver
from readiness.records.storage.allowed_signers import Roster
from readiness.records.storage.work_tree import Problem, Record, Records
from readiness.report import PolicyChange

NOW = datetime.now(UTC)
COMMIT = "0123456789" * 4
BASE = PolicyBase("main", COMMIT, ("b" * 40, "c" * 40), Path("/nowhere/app/gate.yaml"), b"", Path("/nowhere"))
LOWER = PolicyChange(
    kind="weakens", code="limit-raised", text="raises the limit", item="tests", before="3", after="4",
    source=Source(file="new.yaml", line=7, column=3),
)  # fmt: skip
DROPPED = PolicyChange(kind="weakens", code="item-dropped", text="drops `build`", item="build", before="x")
RENAMED = PolicyChange(kind="neutral", code="title-changed", text="renames it")
UNREADABLE = Finding(message="it cannot be read", rule="policy-unreadable", remedy="mend it")
CHECKLIST = Checklist.model_validate(
    {
        "version": 1, "project": "deedpro", "release": "3", "environment": "staging", "sha256": "d" * 64,
        "roles": {"owners": ["o@example.com"]}, "policy": {"owners": "owners", "ahead": "1m"},
        "people": {"o@example.com": ["o@example.org"]},
        "sections": [{"title": "All", "items": [{"id": "tests", "title": "T", "check": "junit"}]}],
    }
)  # fmt: skip
NO_OWNERS = Checklist.model_validate({**CHECKLIST.model_dump(exclude={"policy"})})
EVIDENCE = RecordEvidence(Path("/nowhere"), NOW, Roster(()), Records())
PROPOSAL = Proposal(BASE, (LOWER, RENAMED, DROPPED), (), 31, ())
HARMLESS = replace(PROPOSAL, changes=(RENAMED,))


def card(state: SignoffState, principal: str = "") -> SignoffCard:
    return SignoffCard(role="owners", state=state, reason="R", principal=principal, remedy="sign it")


@dataclass
class Judged:
    """Stands for the records and their judge."""

    status: Status
    cards: tuple[SignoffCard, ...]
    asked: Question | None = None
    read: Any = None
    judged: RecordEvidence | None = None

    def read_evidence(self, root: Path, now: datetime, **rest: Any) -> RecordEvidence:
        self.read = (root, now, rest)
        return EVIDENCE

    def judge(self, question: Question, evidence: RecordEvidence) -> Judgement:
        self.asked, self.judged = question, evidence
        return Judgement(self.status, self.cards, 1, {})


def judged(monkeypatch: pytest.MonkeyPatch, status: Status, *cards: SignoffCard) -> Judged:
    stand_in = Judged(status, cards)
    monkeypatch.setattr(approval, "read_evidence", stand_in.read_evidence)
    monkeypatch.setattr(approval, "judge", stand_in.judge)
    return stand_in


def test_what_weakens_nothing_passes_without_anybody() -> None:
    ruling = rule(HARMLESS, CHECKLIST, NOW)
    outcome = ruling.result.outcome
    assert (outcome.status, outcome.findings, outcome.signoffs, outcome.remedy) == (Status.PASSED, (), (), "")
    assert (outcome.examined, outcome.unit) == (31, "settings")
    assert outcome.summary == "1 change of the policy of main (0123456789), none weakens it"
    unchanged = rule(replace(PROPOSAL, changes=()), CHECKLIST, NOW)
    assert unchanged.result.outcome.summary == "the policy of main (0123456789) is not changed"
    assert ruling.fact.model_dump() == {
        "ref": "main", "name": "", "commit": COMMIT, "merge_base": "b" * 40, "checklist_sha256": "d" * 64,
        "approved": True, "changes": (RENAMED.model_dump(),),
    }  # fmt: skip


def test_the_item_names_what_weakens_and_who_may_agree() -> None:
    result = rule(PROPOSAL, NO_OWNERS, NOW).result
    assert (result.section, result.item.id, result.item.check) == ("Policy and records", "policy-weakening", "signoff")
    assert result.item.title == "What is proposed does not weaken the policy, or its owners agree"
    assert result.item.params == {
        "role": "",
        "weakens": [
            '["item-dropped", "build", "drops `build`", "x", ""]',
            '["limit-raised", "tests", "raises the limit", "3", "4"]',
        ],
    }


def test_the_item_belongs_to_the_owners_of_the_policy() -> None:
    owned = rule(PROPOSAL, CHECKLIST, NOW).result.item
    assert (owned.owner, rule(PROPOSAL, NO_OWNERS, NOW).result.item.owner) == ("owners (o@example.com)", "")
    assert owned.digest == owned.model_copy(update={"owner": ""}).digest  # no sign-off is bound to who holds the role


def test_what_cannot_be_compared_is_an_error_unless_something_is_known_to_weaken() -> None:
    ruling = rule(replace(HARMLESS, unknown=(UNREADABLE,)), CHECKLIST, NOW)
    outcome = ruling.result.outcome
    assert (outcome.status, outcome.remedy, outcome.findings) == (Status.ERROR, "mend it", (UNREADABLE,))
    assert outcome.summary == (
        "what is proposed cannot be compared with the policy of main (0123456789): it cannot be read"
    )
    assert not ruling.fact.approved
    both = rule(replace(PROPOSAL, unknown=(UNREADABLE,)), NO_OWNERS, NOW).result.outcome
    assert both.status is Status.FAILED
    assert both.findings[-1] == UNREADABLE


def test_the_owners_agree_and_what_weakens_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = (
        card(SignoffState.VALID, "o@example.com"), card(SignoffState.STALE, "x@example.com"),
        card(SignoffState.VALID, "a@example.com"),
    )  # fmt: skip
    stand_in = judged(monkeypatch, Status.PASSED, *cards)
    ruling = rule(PROPOSAL, CHECKLIST, NOW)
    outcome = ruling.result.outcome
    assert (outcome.status, outcome.signoffs, outcome.remedy) == (Status.PASSED, cards, "")
    assert outcome.summary == (
        "2 changes weaken the policy of main (0123456789); a@example.com, o@example.com signed exactly that"
    )
    assert ruling.fact.approved
    assert outcome.findings == (
        Finding(message="raises the limit: 3 → 4", rule="limit-raised", level=Level.NOTE, path="new.yaml", line=7,
                column=3),
        Finding(message="drops `build`", rule="item-dropped", level=Level.NOTE, path="gate.yaml"),
    )  # fmt: skip
    rules = {"rules": CHECKLIST.policy, "people": CHECKLIST.people, "policy": COMMIT, "file": "gate.yaml"}
    assert stand_in.read == (Path("/nowhere/app"), NOW, rules)
    assert stand_in.judged == EVIDENCE


def test_an_agreement_does_not_excuse_what_cannot_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, Status.PASSED, card(SignoffState.VALID, "o@example.com"))
    ruling = rule(replace(PROPOSAL, unknown=(UNREADABLE,)), CHECKLIST, NOW)
    assert (ruling.result.outcome.status, ruling.fact.approved) == (Status.ERROR, False)


@pytest.mark.parametrize("status", [Status.PENDING, Status.FAILED, Status.ERROR])
def test_without_their_agreement_it_fails_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, status: Status
) -> None:
    cards = (card(SignoffState.VALID, "o@example.com"), card(SignoffState.STALE), card(SignoffState.REVOKED))
    judged(monkeypatch, status, *cards)
    ruling = rule(PROPOSAL, CHECKLIST, NOW)
    outcome = ruling.result.outcome
    assert (outcome.status, outcome.signoffs, ruling.fact.approved) == (Status.FAILED, cards, False)
    assert outcome.summary.endswith("; its owners have not signed that off: stale: R")
    assert outcome.remedy == "take it back, or let the owners agree: sign it"
    assert {finding.level for finding in outcome.findings} == {Level.ERROR}


def test_records_that_cannot_be_read_are_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_rest: object) -> RecordEvidence:
        raise RecordsError("no roster", "write one")

    monkeypatch.setattr(approval, "read_evidence", broken)
    outcome = rule(PROPOSAL, CHECKLIST, NOW).result.outcome
    assert (outcome.status, outcome.remedy, outcome.signoffs) == (Status.FAILED, "write one", ())
    assert outcome.summary.endswith("; who agrees is not known: no roster")


def test_where_nobody_may_agree_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, Status.PASSED, card(SignoffState.VALID, "o@example.com"))
    outcome = rule(PROPOSAL, NO_OWNERS, NOW).result.outcome
    assert (outcome.status, outcome.signoffs) == (Status.FAILED, ())
    assert outcome.summary.endswith("; the policy names no owners who could agree")
    assert "until the policy branch names owners" in outcome.remedy


def test_only_fifty_weakenings_are_shown_and_all_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = judged(monkeypatch, Status.PENDING, card(SignoffState.MISSING))
    many = tuple(LOWER.model_copy(update={"before": str(number)}) for number in range(60))
    outcome = rule(replace(PROPOSAL, changes=many, unknown=(UNREADABLE,)), CHECKLIST, NOW).result.outcome
    assert len(outcome.findings) == 51
    assert stand_in.asked is not None
    assert len(stand_in.asked.item.params["weakens"]) == 60


def test_the_owners_are_asked_for_every_release_and_environment() -> None:
    question = ask_owners(PROPOSAL, CHECKLIST)
    assert (question.project, question.release, question.environment) == ("deedpro", "", "")
    assert (question.policy.role, question.policy_ref) == ("owners", "main")
    assert question.members == frozenset({"o@example.com"})
    assert question.item == rule(PROPOSAL, CHECKLIST.model_copy(), NOW).result.item


@pytest.mark.parametrize(
    ("proposal", "checklist", "reason", "remedy"),
    [
        (replace(PROPOSAL, unknown=(UNREADABLE,)), CHECKLIST, "it cannot be read", "mend it"),
        (HARMLESS, CHECKLIST, "nothing weakens the policy of main: there is nothing to sign", ""),
        (PROPOSAL, NO_OWNERS, "the policy of main names no owners", "undo it; nobody can approve it"),
    ],
)
def test_nobody_is_asked_what_cannot_be_answered(
    proposal: Proposal, checklist: Checklist, reason: str, remedy: str
) -> None:
    with pytest.raises(RecordsError) as error:
        ask_owners(proposal, checklist)
    assert error.value.summary == reason
    assert error.value.remedy.startswith(remedy)


def test_files_that_are_no_records_stay_when_spent_approvals_go() -> None:
    problem = Problem("a", "odd", "it is odd")
    assert unspent(replace(EVIDENCE, kept=Records((), (problem,)))).kept.problems == (problem,)


def record(digest: str, said: dict[str, str], kind: type[Signoff | Waiver] = Signoff) -> Record:
    built: Any = kind  # only what decides is there
    return Record(digest, b"", Statement.model_construct(subject=(), predicate=built.model_construct(**said)), None)


APPROVES = {"item": "policy-weakening", "decision": "approve"}


def test_only_approvals_of_a_weakening_that_the_policy_branch_has_are_spent() -> None:
    old, new = record("1", APPROVES), record("2", APPROVES)
    rejected, other = record("3", APPROVES | {"decision": "reject"}), record("4", APPROVES | {"item": "terms"})
    waived = record("5", {"item": "tests"}, Waiver)
    commit = BranchCommit(COMMIT, NOW, "o@example.com", 0, NOW)
    branch = Branch((commit,), dict.fromkeys(("1", "3", "4", "5"), commit))
    found = unspent(replace(EVIDENCE, branch=branch, kept=Records((old, new, rejected, other, waived))))
    assert found.kept.records == (new, rejected, other, waived)
    assert found.branch == branch
