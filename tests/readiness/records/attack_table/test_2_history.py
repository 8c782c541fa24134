"""Attacks on dates, keys and the history of records, by whoever can push to the policy branch."""

import hashlib
from datetime import timedelta

import pytest

from readiness.records.storage.work_tree import record_path
from support.attacked import INTACT, Attacked, Seen, ago
from support.policy_branch import TODAY
from support.signing import COUNSEL, PARALEGAL, STRANGER, key, public, roster_line


def lapsed(project: Attacked, days: float) -> None:
    """Counsel's key lapses so many days ago."""
    end = f"{TODAY - timedelta(days=days):%Y%m%d%H%M%S}Z"
    project.enroll(roster_line(COUNSEL, key(COUNSEL), before=end) + roster_line(PARALEGAL, key(PARALEGAL)))


def test_backdated(project: Attacked, row: Seen) -> None:
    """A sign-off is backdated to before the key of its signer was listed."""
    project.enroll(roster_line(PARALEGAL, key(PARALEGAL)))
    project.save(20)
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + roster_line(PARALEGAL, key(PARALEGAL)))
    project.save(6)
    project.sign(at=ago(12))
    project.save(4)
    assert project.seen() == row


def test_post_dated(project: Attacked, row: Seen) -> None:
    """A sign-off is post-dated."""
    project.sign(at=ago(2))
    project.save(4)
    assert project.seen() == row


def test_a_lapsed_key(project: Attacked, row: Seen) -> None:
    """A sign-off is made with a key that has lapsed."""
    lapsed(project, 5)
    project.sign(at=ago(3))
    project.save(2)
    assert project.seen() == row


def test_a_lapsed_key_and_a_false_date(project: Attacked, row: Seen) -> None:
    """A stolen key that has lapsed signs with a date from before, in a commit that claims to be as old."""
    lapsed(project, 30)
    project.save(20, "Let a key lapse")
    project.sign(at=ago(35))
    project.save(35)
    assert project.seen() == row


def test_a_stolen_key(project: Attacked, row: Seen) -> None:
    """A stolen key has signed, and is listed as revoked."""
    project.signed(3)
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    project.save(1)
    assert project.seen() == row


def test_a_stolen_key_is_listed_no_more(project: Attacked, row: Seen) -> None:
    """A revoked key is taken out of the list again."""
    project.signed(3)
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    project.save(2)
    (project.root / ".readiness/revoked_keys").unlink()
    project.save(1)
    assert project.seen() == row


def test_an_edited_record(project: Attacked, row: Seen) -> None:
    """A record is edited."""
    path = project.files(project.signed(3))[0]
    path.write_bytes(path.read_bytes().replace(b'"approve"', b'"reject"'))
    project.save(1)
    assert project.seen() == row


def test_a_record_under_its_new_name(project: Attacked, row: Seen) -> None:
    """A record is edited, and renamed to its new digest."""
    statement, signature = project.files(project.sign(at=ago(3), alter={"release": "2.9"}))
    data, seal = statement.read_bytes().replace(b'"2.9"', b'"3.0.0"'), signature.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    statement.unlink()
    signature.unlink()
    project.write(record_path(digest), data)
    project.write(record_path(digest, "sig"), seal)
    project.save(3)
    assert project.seen() == row


def test_a_deleted_record(project: Attacked, row: Seen) -> None:
    """A record is deleted."""
    project.drop(project.signed(3), 1)
    assert project.seen(item=INTACT) == row


def test_a_deleted_rejection(project: Attacked, row: Seen) -> None:
    """A rejection is deleted."""
    project.signed(4, PARALEGAL)
    project.drop(project.signed(3, decision="reject", reason="Clause 4 is void."), 1)
    assert project.seen() == row


def test_a_colleague_lifts_a_rejection(project: Attacked, row: Seen) -> None:
    """A member of the role revokes the rejection of another, and approves."""
    project.revoked(project.signed(4, decision="reject", reason="Clause 4 is void."), 3, PARALEGAL)
    project.signed(2, PARALEGAL)
    assert project.seen() == row


def test_a_rejection_dodged_by_a_byte(project: Attacked, row: Seen) -> None:
    """One byte of a covered file is changed after a rejection, and a colleague approves."""
    project.signed(4, decision="reject", reason="Clause 4 is void.")
    project.write("templates/tax_deed.html", "<p>tax</p> \n")
    project.save(3)
    project.signed(2, PARALEGAL)
    assert project.seen() == row


def test_a_rejection_by_a_slow_clock(project: Attacked, row: Seen) -> None:
    """A rejection is signed by a clock that is days slow."""
    project.signed(3)
    project.sign(at=ago(5), decision="reject", reason="Clause 4 is void.")
    project.save(2)
    assert project.seen() == row


def test_an_approval_that_was_kept_back(project: Attacked, row: Seen) -> None:
    """An approval that was kept back is merged after its signer rejected."""
    files = project.files(project.sign(at=ago(3)))
    kept = [path.read_bytes() for path in files]
    for path in files:
        path.unlink()
    project.signed(2, decision="reject", reason="Clause 4 is void.")
    for path, data in zip(files, kept, strict=True):
        project.write(path.relative_to(project.root).as_posix(), data)
    project.save(1)
    assert project.seen() == row


def test_a_rejection_with_an_end(project: Attacked, row: Seen) -> None:
    """A rejection names an end, which passes."""
    project.signed(4, PARALEGAL)
    project.signed(3, decision="reject", reason="Clause 4 is void.", expires_at=ago(1))
    assert project.seen() == row


def test_an_approval_of_other_content(project: Attacked, row: Seen) -> None:
    """The record of an approval is taken from a branch with other content."""
    project.signed(5, PARALEGAL)
    project.signed(4, decision="reject", reason="Clause 4 is void.")
    project.branch("other")
    project.write("templates/tax_deed.html", "<p>mended</p>\n")
    project.save(3)
    files = project.files(project.signed(3))
    kept = {path.relative_to(project.root).as_posix(): path.read_bytes() for path in files}
    project.switch("main")
    for path, data in kept.items():
        project.write(path, data)
    project.save(2)
    assert project.seen() == row


def test_a_deleted_revocation(project: Attacked, row: Seen) -> None:
    """A revocation is deleted."""
    project.drop(project.revoked(project.signed(3), 2), 1)
    assert project.seen() == row


def test_a_revocation_under_a_bad_signature(project: Attacked, row: Seen) -> None:
    """The signature of a revocation is overwritten."""
    digest = project.revoked(project.signed(3), 2)
    project.files(digest)[1].write_text("nothing\n")
    project.save(1)
    assert project.seen() == row


def test_an_evil_merge(project: Attacked, row: Seen) -> None:
    """An evil merge drops a revocation, which no plain git log shows."""
    signed = project.signed(5)
    project.branch("work")
    project.write("README.md", "work")
    project.save(4)
    project.switch("main")
    revocation = project.revoked(signed, 3)
    project.merge("work", 2, without=revocation)
    assert revocation not in str(list(project.root.rglob("*.json")))
    assert project.seen() == row


def test_brought_back(project: Attacked, row: Seen) -> None:
    """A record is deleted, and brought back later."""
    digest = project.signed(4)
    kept = [path.read_bytes() for path in project.files(digest)]
    project.drop(digest, 3)
    for path, data in zip(project.files(digest), kept, strict=True):
        path.write_bytes(data)
    project.save(2)
    assert project.seen(item=INTACT) == row


@pytest.mark.parametrize("at_once", [False, True])
def test_the_revoker_leaves(project: Attacked, row: Seen, at_once: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    """The revoker leaves the company, key and role."""
    revocation = project.revoke(project.signed(5), PARALEGAL, at=ago(4))
    if not at_once:
        project.save(4, "Revoke")
    project.enroll(roster_line(COUNSEL, key(COUNSEL)))
    project.roles["legal"] = (COUNSEL,)
    project.agree()
    project.save(3)
    assert project.files(revocation)[0].exists()
    assert project.seen() == row


def test_a_revocation_by_anybody(project: Attacked, row: Seen) -> None:
    """Somebody outside the role revokes the sign-off of another."""
    project.revoked(project.signed(3), 2, STRANGER)
    assert project.seen() == row


def test_a_revocation_in_the_name_of_the_signer(project: Attacked, row: Seen) -> None:
    """A revocation is forged in the name of the signer."""
    project.revoke(project.signed(3), COUNSEL, at=ago(2), using=key(STRANGER))
    project.save(2)
    assert project.seen() == row
