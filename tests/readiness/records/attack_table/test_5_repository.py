"""Attacks by way of the repository itself: what is cut off, what cannot be found, what git is told to replace."""

from pathlib import Path

from support.attacked import Attacked, Seen
from support.policy_branch import clone, verify
from support.program import readiness
from support.signing import PARALEGAL, git
from support.verdict_keys import private, public


def test_a_force_push(project: Attacked, row: Seen, tmp_path: Path) -> None:
    """The policy branch is force-pushed back to before a revocation."""
    host, verdict = tmp_path / "host.git", tmp_path / "verdict.intoto.json"
    git(tmp_path, "init", "-q", "--bare", str(host))
    signed = project.signed(10)
    before = git(project.root, "rev-parse", "HEAD").strip()
    project.revoked(signed, 9)
    project.signed(8, PARALEGAL)
    attest = ("--attest", str(verdict), "--key", str(private()))
    readiness("check", "-q", "--env", "production", *attest, cwd=project.root, code=0)
    git(project.root, "push", "-q", str(host), "main")
    git(project.root, "push", "-q", "--force", str(host), f"{before}:main")
    checkout = clone(host, tmp_path / "checkout")
    assert project.seen(root=checkout) == Seen("valid", "valid", 0, 0), "by itself it would count"
    code, said = verify(checkout, "--against", str(verdict), "--key", str(public()))
    assert row.code in said
    assert Seen("failed", row.code, None, code) == row


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
