"""Attacks by way of the repository itself: what is cut off, what cannot be found, what git is told to replace."""

from pathlib import Path

from support.attacked import Attacked, Seen
from support.policy_branch import clone
from support.signing import git


def test_a_shallow_clone(project: Attacked, row: Seen, tmp_path: Path) -> None:
    """The clone is shallow, as CI makes it by default."""
    project.signed(3)
    shallow = clone(project.root, tmp_path / "shallow", "--depth=1")
    assert project.seen(root=shallow) == row


def test_a_replaced_blob(project: Attacked, row: Seen) -> None:
    """A replace ref shows the signed bytes in place of those that are there."""
    project.signed(3)
    signed = git(project.root, "rev-parse", "HEAD:templates/grant_deed.html").strip()
    project.write("templates/grant_deed.html", "evil")
    project.save(1)
    evil = git(project.root, "rev-parse", "HEAD:templates/grant_deed.html").strip()
    git(project.root, "replace", evil, signed)
    assert project.seen() == row


def test_a_graft(project: Attacked, row: Seen) -> None:
    """A graft cuts the commit that brought a revocation out of the history."""
    before = project.signed(3)
    base = git(project.root, "rev-parse", "HEAD").strip()
    revocation = project.revoked(before, 2)
    tip = project.drop(revocation, 1)
    (project.root / ".git/info").mkdir(exist_ok=True)
    (project.root / ".git/info/grafts").write_text(f"{tip} {base}\n")
    assert project.seen() == row
