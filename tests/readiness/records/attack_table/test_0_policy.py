"""Attacks by a pull request on the policy that judges it: the work tree is a branch, the policy is that of `main`."""

import json

import pytest

from readiness.records.model.statement import Signer, Statement, Waiver, item_subject
from support.attacked import INTACT, WEAKENING, Attacked, Seen, ago, faults
from support.policy_branch import check
from support.program import readiness
from support.signing import COUNSEL, PARALEGAL, STRANGER, git, key, roster_line
from support.verdict_keys import public

MALLORY = "mallory@example.com"


@pytest.fixture
def proposed(project: Attacked) -> Attacked:
    """A policy with owners; a branch `work` of it is checked out."""
    project.policy = {"owners": "qa"}
    project.agree()
    project.save(20)
    project.branch("work")
    return project


def weakens(project: Attacked) -> tuple[str, ...]:
    """Reason codes of what weakens the policy."""
    return faults(check(project.root, "--env", "production", "--policy-ref", "main")[1][WEAKENING])[1:]


def enroll_mallory(project: Attacked) -> None:
    people = (COUNSEL, PARALEGAL, STRANGER, MALLORY)
    project.enroll("".join(roster_line(person, key(person)) for person in people))


def test_its_own_key(proposed: Attacked, row: Seen) -> None:
    """A pull request adds a key and a role of its own, and signs with it."""
    enroll_mallory(proposed)
    proposed.roles["legal"] = (*proposed.roles["legal"], MALLORY)
    proposed.agree()
    proposed.sign(MALLORY, at=ago(3))
    proposed.save(3, author=MALLORY)
    assert proposed.seen() == Seen("valid", "valid", 0, 0), "by its own policy it would count"
    assert proposed.seen(ref="main") == row
    assert {"signer-added", "role-member-added"} <= set(weakens(proposed))


def test_its_own_role(project: Attacked, row: Seen) -> None:
    """A pull request takes its author into the role."""
    enroll_mallory(project)
    project.save(20)
    project.branch("work")
    project.roles["legal"] = (*project.roles["legal"], MALLORY)
    project.agree()
    project.sign(MALLORY, at=ago(3))
    project.save(3, author=MALLORY)
    assert project.seen(ref="main") == row
    assert "role-member-added" in weakens(project)


def test_a_lower_quorum(proposed: Attacked, row: Seen) -> None:
    """A pull request lowers a quorum."""
    git(proposed.root, "checkout", "-q", "main")
    proposed.params["quorum"] = 2
    proposed.agree()
    proposed.save(10)
    git(proposed.root, "checkout", "-q", "-B", "work")
    proposed.signed(4)
    proposed.params["quorum"] = 1
    proposed.agree()
    proposed.save(3, author=MALLORY)
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_fewer_files(proposed: Attacked, row: Seen) -> None:
    """A pull request lets an item cover fewer files."""
    proposed.params["covers"] = ["templates/tax_deed.html"]
    proposed.agree()
    proposed.save(3, author=MALLORY)
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_for_the_content(proposed: Attacked, row: Seen) -> None:
    """A pull request lets the sign-offs of an item hold for every release."""
    proposed.params["for"] = "content"
    proposed.agree()
    proposed.save(3, author=MALLORY)
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_authors_may_sign(proposed: Attacked, row: Seen) -> None:
    """A pull request lets authors approve their own changes."""
    git(proposed.root, "checkout", "-q", "main")
    proposed.params["not_by"] = "authors"
    proposed.agree()
    proposed.save(10)
    git(proposed.root, "checkout", "-q", "-B", "work")
    del proposed.params["not_by"]
    proposed.agree()
    proposed.save(3, author=MALLORY)
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_another_printed_name(proposed: Attacked, row: Seen) -> None:
    """A pull request prints another name beside earlier signatures."""
    git(proposed.root, "checkout", "-q", "main")
    proposed.people = {COUNSEL: {"name": "Jo Counsel"}}
    proposed.agree()
    proposed.save(10)
    git(proposed.root, "checkout", "-q", "-B", "work")
    proposed.people = {COUNSEL: {"name": "Dr Anna Boss"}}
    proposed.agree()
    proposed.save(3, author=MALLORY)
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_a_dropped_item(proposed: Attacked, row: Seen) -> None:
    """A pull request drops an item."""
    proposed.id = "something-else"
    proposed.agree()
    proposed.id = "templates-reviewed"
    proposed.save(3, author=MALLORY)
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_a_release_that_was_signed_for(proposed: Attacked, row: Seen) -> None:
    """A pull request sets the release back to one that was signed for."""
    git(proposed.root, "checkout", "-q", "main")
    proposed.signed(12)
    proposed.release = "4.0.0"
    proposed.agree()
    proposed.save(10)
    git(proposed.root, "checkout", "-q", "-B", "work")
    proposed.release = "3.0.0"
    proposed.agree()
    proposed.save(3, author=MALLORY)
    assert proposed.seen() == Seen("valid", "valid", 0, 0), "by its own policy it would count"
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_its_own_verdict_key(proposed: Attacked, row: Seen) -> None:
    """A pull request adds a key whose verdicts deploy jobs would trust."""
    proposed.write(".readiness/verdict_keys", public(name="mallory").read_text("utf-8"))
    proposed.save(3, author=MALLORY)
    assert proposed.seen(ref="main", item=WEAKENING) == row


def test_the_role_of_who_rejected(project: Attacked, row: Seen) -> None:
    """A pull request takes the role from somebody who rejected, so that the approval of another is enough."""
    project.policy = {"owners": "qa"}
    project.agree()
    project.save(20)
    project.signed(15, PARALEGAL)
    project.signed(14, COUNSEL, decision="reject", reason="A clause is void.")
    project.branch("work")
    project.roles["legal"] = (PARALEGAL,)
    project.agree()
    project.save(3, author=MALLORY)
    assert project.seen() == Seen("rejected", "rejected", 1, 0), "a rejection holds when its signer leaves the role"
    assert project.seen(ref="main", item=WEAKENING) == row


def test_the_key_of_who_rejected(project: Attacked, row: Seen) -> None:
    """A pull request revokes the key of somebody who rejected, which voids the rejection at once."""
    project.policy = {"owners": "qa"}
    project.agree()
    project.save(20)
    project.signed(15, PARALEGAL)
    project.signed(14, COUNSEL, decision="reject", reason="A clause is void.")
    project.branch("work")
    project.write(".readiness/revoked_keys", roster_line(COUNSEL, key(COUNSEL)).split(" ", 2)[2])
    project.save(3, author=MALLORY)
    assert project.seen(ref="main", item=WEAKENING) == row


def waive(project: Attacked, person: str, asked: str) -> None:
    """Waive the item for a month."""
    item = project.item
    waiver = Waiver(
        project="deedpro", release="3.0.0", environment="production", item=item.id, item_text=item.title,
        item_digest=item.digest, role="legal", requested_by=asked, reason="The review is late.",
        compensating_control="The templates are not linked.", meaning="I accept the risk.",
        signer=Signer(principal=person), signed_at=ago(3), expires_at=ago(-10), nonce="0" * 32,
    )  # fmt: skip
    project.keep(Statement(subject=(item_subject(item.id, item.digest),), predicate=waiver), key(person))
    project.save(3)


def waived(project: Attacked, ref: str = "") -> Seen:
    """How the one waiver stands."""
    refs = ("--policy-ref", ref) if ref else ()
    done = readiness("check", "-q", "--env", "production", "--format", "json", *refs, cwd=project.root)
    (fact,) = json.loads(done.stdout)["waivers"]
    assert fact["used"] is (fact["state"] == "valid")
    verified = readiness("records", "verify", *refs, cwd=project.root).returncode
    return Seen(fact["state"], fact["code"], done.returncode, verified)


_LEAVE = {"owners": "qa", "waivers": {"longest": {"blocker": "30d"}, "by": {"legal": ["templates-reviewed"]}}}


def test_its_own_leave_to_waive(proposed: Attacked, row: Seen) -> None:
    """A pull request allows a waiver, and brings it along."""
    proposed.policy = dict(_LEAVE)
    proposed.agree()
    waive(proposed, COUNSEL, "dev@example.com")
    assert waived(proposed).state == "valid", "by its own policy it would count"
    assert waived(proposed, "main") == row
    assert any(code.startswith("policy-") or "waiver" in code for code in weakens(proposed))


def test_the_requester_approves(project: Attacked, row: Seen) -> None:
    """Who asked for a waiver approves it, under another spelling."""
    project.policy, project.people = dict(_LEAVE), {COUNSEL: ["Jo@Home.example"]}
    project.agree()
    project.save(5)
    waive(project, COUNSEL, "jo@home.EXAMPLE")
    assert waived(project) == row


def test_a_removed_revocation(proposed: Attacked, row: Seen) -> None:
    """A pull request deletes a revocation."""
    proposed.switch("main")
    revocation = proposed.revoked(proposed.signed(10), 9)
    git(proposed.root, "checkout", "-q", "-B", "work")
    proposed.drop(revocation, 3, MALLORY)
    assert proposed.seen(ref="main") == row
    assert faults(check(proposed.root, "--env", "production", "--policy-ref", "main")[1][INTACT]) == (
        "failed",
        "removed-by-head",
        "removed-by-head",
    )


def test_a_stale_branch(proposed: Attacked, row: Seen) -> None:
    """A stale branch lacks a revocation."""
    proposed.switch("main")
    signed = proposed.signed(10)
    git(proposed.root, "checkout", "-q", "-B", "work")
    proposed.write("README.md", "work")
    proposed.save(9)
    proposed.switch("main")
    proposed.revoked(signed, 8)
    proposed.switch("work")
    assert proposed.seen() == Seen("valid", "valid", 0, 0), "by its own records it would count"
    assert proposed.seen(ref="main") == row


def test_no_such_ref(project: Attacked, row: Seen) -> None:
    """The ref of the policy cannot be resolved."""
    project.signed(3)
    assert project.seen(ref="origin/main") == row


def test_no_common_history(project: Attacked, row: Seen) -> None:
    """The ref of the policy shares no history with what is judged."""
    project.signed(3)
    git(project.root, "checkout", "-q", "--orphan", "work")
    project.save(2)
    assert project.seen(ref="main") == row
