"""Attacks with false dates and lapsed keys; none may help anybody."""

import pytest

from readiness.outcome import Status
from readiness.records.judging.signature import check_signature
from readiness.records.model.statement import Signer, Statement, Waiver, item_subject
from support.policy_branch import PolicyBranch, ago, check, state, verify
from support.signing import COUNSEL, PARALEGAL, STRANGER, key, roster_line

ITEM = "templates-reviewed"


INTACT = "records-append-only"


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


def waits(project: PolicyBranch, code: str) -> None:
    """The sign-off does not count, and nobody is accused: the item waits, and `records verify` calls it void."""
    outcome = project.judged()
    assert state(outcome) == ("pending", "stale", code)
    assert check(project.root)[0] == 3
    exit_code, said = verify(project.root)
    assert (exit_code, "0 good, 1 void, 0 bad" in said) == (0, True)


def test_a_signoff_that_came_late_counts_where_nothing_changed_in_between(project: PolicyBranch) -> None:
    project.sign(at=ago(12))
    project.save(4)
    assert state(project.judged()) == ("passed", "valid", "valid")
    assert (check(project.root)[0], verify(project.root)[0]) == (0, 0)


def test_a_signoff_from_before_its_key_was_listed(project: PolicyBranch) -> None:
    everybody = (project.root / ".readiness/allowed_signers").read_text()
    project.enroll(roster_line(PARALEGAL, key(PARALEGAL)))
    project.save(20, "Counsel has no key")
    project.enroll(everybody)
    project.save(6, "Counsel has a key")
    project.sign(at=ago(12))
    commit = project.save(4)
    waits(project, "late")
    assert f"commit {commit[:10]} brought it at" in project.judged().signoffs[0].reason


def test_a_signoff_from_before_its_signer_held_the_role(project: PolicyBranch) -> None:
    text = (project.root / "readiness.yaml").read_text()
    project.write("readiness.yaml", text.replace("legal: [counsel@example.com, ", "legal: ["))
    project.save(20)
    project.write("readiness.yaml", text)
    project.save(6)
    project.sign(at=ago(12))
    project.save(4)
    waits(project, "late")


def test_a_key_that_lapsed_while_the_pull_request_was_open(project: PolicyBranch) -> None:
    project.enroll(everyone(counsel=day(3)))
    project.save(20)
    project.branch("work")
    project.signed(10)
    project.switch("main")
    project.merge("work", 1)
    waits(project, "late")
    assert "lapsed in between" in project.judged().signoffs[0].reason


def test_a_signoff_that_is_dated_after_the_commit_that_brought_it(project: PolicyBranch) -> None:
    project.sign(at=ago(2))
    project.save(4)
    refused(project, "post-dated")


def test_a_signoff_that_is_not_committed_yet_waits_as_long_as_it_likes(project: PolicyBranch) -> None:
    project.sign(at=ago(8))
    assert state(project.judged()) == ("passed", "valid", "valid")


def test_the_checklist_says_how_far_dates_may_be_apart(project: PolicyBranch) -> None:
    text = (project.root / "readiness.yaml").read_text()
    project.enroll(roster_line(PARALEGAL, key(PARALEGAL)))
    project.save(20)
    project.enroll(everyone())
    project.sign(at=ago(12))
    project.write("readiness.yaml", text + "policy: {behind: 30d}\n")
    project.save(4)
    assert (check(project.root)[0], verify(project.root)[0]) == (0, 0)
    project.write("readiness.yaml", text + "policy: {behind: 7d}\n")
    assert check(project.root)[0] == 3


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
    refused(project, "key-not-valid-then")


def test_a_signature_that_comes_later_than_its_statement_counts_from_then(project: PolicyBranch) -> None:
    digest = project.sign(at=ago(20))
    signature = project.files(digest)[1]
    data = signature.read_bytes()
    signature.unlink()
    project.save(20)
    signature.write_bytes(data)
    commit = project.save(2)
    assert project.evidence().seen[digest].commit == commit


@pytest.mark.parametrize(("signed", "code", "exits"), [(50, "late", 0), (2, "post-dated", 1)])
def test_a_waiver_with_a_false_date(project: PolicyBranch, signed: float, code: str, exits: int) -> None:
    item = project.item
    waiver = Waiver(
        project="deedpro", release="3.0.0", environment="production", item=item.id, item_text=item.title,
        item_digest=item.digest, role="legal", requested_by="dev@example.com", reason="The review is late.",
        compensating_control="The templates are not linked.", meaning="I accept the risk.",
        signer=Signer(principal=COUNSEL), signed_at=ago(signed), expires_at=ago(-30), nonce="0" * 32,
    )  # fmt: skip
    project.keep(Statement(subject=(item_subject(item.id, item.digest),), predicate=waiver), key(COUNSEL))
    project.save(5)
    assert verify(project.root)[0] == exits
    checked = check_signature(project.evidence().kept.records[0], project.evidence())
    assert checked.standing is not None
    assert checked.standing.code == code


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
