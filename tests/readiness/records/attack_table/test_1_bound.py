"""Attacks on what a sign-off is bound to: project, release, environment, item and covered files."""

from pathlib import Path

import pytest

from readiness.records.model.statement import Sha256, Subject
from readiness.records.storage.work_tree import record_path
from support.attacked import ITEM, Attacked, Seen, ago
from support.forging import altered, sign_bytes
from support.made_once import copied
from support.signing import COUNSEL, PARALEGAL, git, key


def valid(root: Path) -> Attacked:
    project = Attacked(root)
    project.signed(3)
    assert project.seen() == Seen("valid", "valid", 0, 0)
    return project


@pytest.fixture
def signed(tmp_path: Path) -> Attacked:
    """Counsel has signed, and that counts."""
    return copied(valid, tmp_path / "deedpro")


def changed(project: Attacked, row: Seen, *files: str) -> None:
    """Commit it and see that the sign-off is void, and that the commit, its author and its date are named."""
    commit = project.save(1, author="mallory@example.com")
    assert project.seen() == row
    reason = project.outcomes()[ITEM]["signoffs"][0]["reason"]
    told = f"in {commit[:10]} by mallory@example.com on {ago(1).date()}"
    assert reason == ", ".join(f"`templates/{file} {told}" for file in files) + f", after {COUNSEL} signed"


def test_another_project(signed: Attacked, row: Seen) -> None:
    """A sign-off is replayed from another project."""
    signed.name = "deedlite"
    signed.agree()
    signed.save(1)
    assert signed.seen() == row


def test_another_item(signed: Attacked, row: Seen) -> None:
    """A sign-off is replayed from another item."""
    signed.id = "terms-reviewed"
    signed.agree()
    signed.save(1)
    assert signed.seen() == row


def test_another_release(signed: Attacked, row: Seen) -> None:
    """A sign-off is replayed from another release."""
    assert signed.seen("--release", "3.1.0") == row


def test_another_environment(signed: Attacked, row: Seen) -> None:
    """A sign-off is replayed from another environment."""
    signed.environment = "staging"
    signed.agree()
    signed.save(1)
    assert signed.seen() == row


def test_made_one_for_the_content(signed: Attacked, row: Seen) -> None:
    """A sign-off for one release is made to count for all, by an item that asks for the content."""
    signed.params["for"] = "content"
    signed.agree()
    signed.save(1)
    assert signed.seen("--release", "3.1.0") == row


def test_content_that_changed_since(project: Attacked, row: Seen) -> None:
    """A covered file changes between two releases, of which a sign-off for the content holds for both."""
    project.params["for"] = "content"
    project.agree()
    project.save(5)
    project.signed(3)
    assert project.seen("--release", "3.1.0") == Seen("valid", "valid", 0, 0)
    project.write("templates/grant_deed.html", "<p>grant?</p>\n")
    project.save(1)
    assert project.seen("--release", "3.1.0") == row


def test_a_rejection_in_the_release_before(project: Attacked, row: Seen) -> None:
    """A rejection for the content is left behind by a new release, and a colleague approves."""
    project.params["for"] = "content"
    project.agree()
    project.save(5)
    project.signed(3, decision="reject", reason="Clause 4.")
    project.release = "3.1.0"
    project.agree()
    project.save(2)
    project.signed(1, PARALEGAL)
    assert project.seen() == row


def test_another_name_of_the_matrix(project: Attacked, row: Seen) -> None:
    """A sign-off for one name of a matrix is made to count for another."""
    project.params["each"] = ["escrow officer", "title agent"]
    project.agree()
    project.save(5)
    project.signed(3, each="escrow officer")
    project.signed(3, PARALEGAL, each="escrow officer")
    assert project.seen() == row


def test_other_words(signed: Attacked, row: Seen) -> None:
    """The item is reworded after it was signed."""
    signed.title = "Document templates looked at by somebody"
    signed.agree()
    signed.save(1)
    assert signed.seen() == row


def test_other_parameters(project: Attacked, row: Seen) -> None:
    """The item's quorum is lowered after it was signed."""
    project.params["quorum"] = 2
    project.agree()
    project.save(5)
    project.signed(3)
    project.params["quorum"] = 1
    project.agree()
    project.save(1)
    assert project.seen() == row


def test_a_changed_file(signed: Attacked, row: Seen) -> None:
    """A covered file changes."""
    signed.write("templates/grant_deed.html", "<p>grant?</p>\n")
    changed(signed, row, "grant_deed.html` changed")


def test_an_added_file(signed: Attacked, row: Seen) -> None:
    """A file is added to what is covered."""
    signed.write("templates/lien.html", "<p>lien</p>\n")
    changed(signed, row, "lien.html` was added")


def test_a_removed_file(signed: Attacked, row: Seen) -> None:
    """A covered file is removed."""
    (signed.root / "templates/tax_deed.html").unlink()
    changed(signed, row, "tax_deed.html` was removed")


def test_a_renamed_file(signed: Attacked, row: Seen) -> None:
    """A covered file is renamed."""
    git(signed.root, "mv", "templates/tax_deed.html", "templates/levy_deed.html")
    changed(signed, row, "levy_deed.html` was added", "tax_deed.html` was removed")


def test_a_link(signed: Attacked, row: Seen) -> None:
    """A covered file becomes a link."""
    (signed.root / "templates/tax_deed.html").unlink()
    (signed.root / "templates/tax_deed.html").symlink_to("grant_deed.html")
    signed.save(1)
    assert signed.seen() == row


def test_a_submodule(signed: Attacked, row: Seen) -> None:
    """A covered file becomes a submodule."""
    git(signed.root, "rm", "-q", "templates/tax_deed.html")
    head = git(signed.root, "rev-parse", "HEAD").strip()
    git(signed.root, "update-index", "--add", "--cacheinfo", f"160000,{head},templates/tax_deed.html")
    git(signed.root, "commit", "-q", "-m", "Use a submodule", date=ago(1).isoformat())
    assert signed.seen() == row


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_the_work_tree(signed: Attacked, row: Seen, flag: str) -> None:
    """The work tree has other bytes than the commit, and git is told to look away."""
    git(signed.root, "update-index", flag, "templates/grant_deed.html")
    signed.write("templates/grant_deed.html", "evil")
    assert git(signed.root, "status", "--porcelain") == ""
    assert signed.seen() == row


def test_fewer_subjects(project: Attacked, row: Seen) -> None:
    """A record is signed for fewer files than are covered."""
    said = project.draft(at=ago(3))
    project.keep(said.model_copy(update={"subject": said.subject[:1]}), key(COUNSEL))
    project.save(3)
    assert project.seen() == row


def test_more_subjects(project: Attacked, row: Seen) -> None:
    """A record is signed for more files than are covered."""
    said = project.draft(at=ago(3))
    more = Subject(name="templates/lien.html", digest=Sha256(sha256="ab" * 32))
    project.keep(said.model_copy(update={"subject": (*said.subject, more)}), key(COUNSEL))
    project.save(3)
    assert project.seen() == row


def test_no_subject(project: Attacked, row: Seen) -> None:
    """A record is signed for no file at all."""
    digest = sign_bytes(project, altered(project, lambda value: value.update(subject=[])), key(COUNSEL))
    project.save(3)
    assert (project.root / record_path(digest)).exists()
    assert project.seen() == row
