"""Attacks on who counts: one person as two, authors and requesters as approvers, devices that nobody used."""

import subprocess
from pathlib import Path

from readiness.records.ssh.public_key import SK_ED25519
from readiness.records.ssh.sshsig import NAMESPACE
from readiness.records.storage.work_tree import write_record
from support.attacked import ITEM, Attacked, Seen, ago
from support.authenticator import Device
from support.signing import COUNSEL, PARALEGAL, STRANGER, git, key, roster_line

HOME = "jo@home.example"


def test_two_keys(tmp_path: Path, row: Seen) -> None:
    """One person signs twice for a quorum of two, with two keys."""
    project = Attacked(tmp_path / "deedpro", quorum=2)
    project.enroll("".join(roster_line(COUNSEL, key(name)) for name in ("first", "second")))
    project.sign(using=key("first"), at=ago(4))
    project.sign(using=key("second"), at=ago(3))
    project.save(3)
    assert project.seen() == row


def test_two_names(tmp_path: Path, row: Seen) -> None:
    """One person signs twice for a quorum of two, under two names."""
    project = Attacked(
        tmp_path / "deedpro", members=(COUNSEL, HOME, PARALEGAL), quorum=2, people={COUNSEL: [HOME.upper()]}
    )
    project.enroll("".join(roster_line(person, key(person)) for person in (COUNSEL, HOME, PARALEGAL)))
    project.sign(COUNSEL, at=ago(4))
    project.sign(HOME, at=ago(3))
    project.save(3)
    assert project.seen() == row


def test_one_key_for_two(tmp_path: Path, row: Seen) -> None:
    """One key is given to two people, so that it signs for both."""
    project = Attacked(tmp_path / "deedpro", quorum=2)
    project.signed(4)
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + roster_line(PARALEGAL, key(COUNSEL)))
    project.save(3)
    assert project.seen() == row


def test_a_stranger(project: Attacked, row: Seen) -> None:
    """Somebody outside the role signs."""
    project.signed(3, STRANGER)
    assert project.seen() == row


def test_nobodys_key(project: Attacked, row: Seen) -> None:
    """A key that is on no roster signs."""
    project.sign(using=key("nobody"), at=ago(3))
    project.save(3)
    assert project.seen() == row


def test_the_name_of_another(project: Attacked, row: Seen) -> None:
    """Somebody signs in the name of another."""
    project.sign(using=key(STRANGER), at=ago(3))
    project.save(3)
    assert project.seen() == row


def test_an_author(tmp_path: Path, row: Seen) -> None:
    """An author approves the author's own change."""
    project = Attacked(tmp_path / "deedpro", not_by="authors", people={COUNSEL: [HOME]})
    project.write("templates/grant_deed.html", "changed")
    project.save(4, author=HOME)
    project.signed(3)
    assert project.seen() == row


def test_an_author_who_merges(tmp_path: Path, row: Seen) -> None:
    """A change is hidden in a merge, and approved by who merged."""
    project = Attacked(tmp_path / "deedpro", not_by="authors")
    project.branch("work")
    project.write("README.md", "work")
    project.save(6)
    project.switch("main")
    project.write("LICENSE", "MIT")
    project.save(5)
    git(project.root, "merge", "-q", "--no-ff", "--no-commit", "work")
    project.write("templates/grant_deed.html", "changed")
    project.save(4, "Merge branch 'work'", COUNSEL)
    project.signed(3)
    assert project.seen() == row


def by_device(project: Attacked, flags: int) -> None:
    """Counsel's security key signs, and sets these flags."""
    said = project.draft(at=ago(3))
    device = Device(SK_ED25519, message=said.encode())
    line = f'{COUNSEL} namespaces="{NAMESPACE}",valid-before="20350101Z" {device.line}\n'
    project.enroll(line + roster_line(PARALEGAL, key(PARALEGAL)))
    statement, signature = project.files(write_record(project.root, said, device.sign(flags)))
    args = ["ssh-keygen", "-Y", "verify", "-f", ".readiness/allowed_signers", "-I", COUNSEL, "-n", NAMESPACE]
    stock = subprocess.run(
        [*args, "-s", signature], cwd=project.root, input=statement.read_bytes(), capture_output=True, check=False
    )
    assert stock.returncode == 0, "OpenSSH itself accepts it"
    project.save(3)


def test_another_name(project: Attacked, row: Seen) -> None:
    """A signer gives the name of somebody else."""
    project.people = {COUNSEL: {"name": "Jo Counsel", "title": "General Counsel"}}
    project.agree()
    project.save(5)
    project.signed(3, name="Dr Anna Boss, Chief Executive")
    assert project.seen() == row
    (card,) = project.outcomes()[ITEM]["signoffs"]
    assert (card["printed_name"], card["name"]) == ("Jo Counsel", "Dr Anna Boss, Chief Executive")


def test_an_untouched_device(project: Attacked, row: Seen) -> None:
    """A hardware key signs that nobody touched, which OpenSSH accepts."""
    by_device(project, 0x00)
    assert project.seen() == row


def test_an_unverified_user(tmp_path: Path, row: Seen) -> None:
    """A hardware key signs that was touched but checked no PIN, where the item asks for that."""
    project = Attacked(tmp_path / "deedpro", user_verification=True)
    by_device(project, 0x01)
    assert project.seen() == row
