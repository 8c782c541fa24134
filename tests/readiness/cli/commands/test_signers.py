"""`readiness signers` makes the roster and a first key, and says who may sign."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, read_roster
from support.program import PROGRAM
from support.signing import COUNSEL, STRANGER, empty_home, git, key, public
from support.system import need

CHECKLIST = """\
version: 1
project: deedpro
roles:
  legal: [counsel@example.com, paralegal@example.com]
sections:
  - title: Legal
    items:
      - {id: terms, title: The terms are reviewed, check: signoff, with: {role: legal, covers: [terms.md]}}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(empty_home()))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(empty_home()))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root = tmp_path / "deedpro"
    root.mkdir()
    git(root, "init", "-q")
    git(root, "config", "user.email", COUNSEL)
    (root / "readiness.yaml").write_text(CHECKLIST)
    (root / "terms.md").write_text("# Terms\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "base")
    monkeypatch.chdir(root)
    return root


def signers(*args: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["signers", *args], input=answer)


def test_the_first_key_makes_the_roster_and_its_owner_can_sign_at_once(root: Path) -> None:
    added = signers("add", "--key", f"{key(COUNSEL)}.pub")
    assert added.exit_code == 0, added.output
    (holder,) = read_roster(root).signers
    assert (holder.principal, holder.key) == (COUNSEL, public(key(COUNSEL)))
    assert timedelta(days=729) < holder.valid_before - datetime.now(UTC) < timedelta(days=732)
    assert f"{COUNSEL} is a member of: legal" in added.stderr
    assert ".readiness/** -text" in (root / ".gitattributes").read_text()
    signed = CliRunner().invoke(main, ["sign", "terms", "--key", str(key(COUNSEL)), "--yes"])
    assert signed.exit_code == 0, signed.output


def test_a_key_that_is_not_there_is_made_when_the_person_agrees(root: Path, tmp_path: Path) -> None:
    need("ssh-keygen")
    new = tmp_path / "keys" / "id_signing"
    refused = signers("add", "--key", str(new), answer="n\n")
    assert refused.exit_code == 2
    assert "nothing was added" in refused.stderr
    assert not new.exists()
    assert not (root / ALLOWED_SIGNERS).exists()
    added = subprocess.run(
        ["setsid", *PROGRAM, "signers", "add", "--key", str(new), "--yes"],
        input="\n\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert new.stat().st_mode & 0o077 == 0
    assert read_roster(root).find(public(new)) is not None
    assert f"user.signingkey {new}" in added.stderr


def test_no_private_key_is_made_inside_of_the_repository(root: Path) -> None:
    refused = signers("add", "--key", "id_signing", "--yes")
    assert refused.exit_code == 2
    assert "none is made inside of the repository" in refused.stderr
    assert sorted(path.name for path in root.iterdir()) == [".git", "readiness.yaml", "terms.md"]


@pytest.mark.parametrize("present", ["# who may sign\n", "# who may sign", ""])
def test_further_keys_are_added_below_what_is_there(root: Path, present: str) -> None:
    (root / ".readiness").mkdir()
    (root / ALLOWED_SIGNERS).write_text(present)
    assert signers("add", "--key", str(key(COUNSEL))).exit_code == 0
    literal = public(key(STRANGER)).line
    added = signers("add", "stranger@example.com", "--key", literal, "--until", "2031-05-23")
    assert added.exit_code == 0, added.output
    assert "no role names stranger@example.com" in added.stderr
    assert [holder.principal for holder in read_roster(root).signers] == [COUNSEL, "stranger@example.com"]
    assert read_roster(root).signers[1].valid_before == datetime(2031, 5, 23, 23, 59, 59, tzinfo=UTC)
    assert (root / ALLOWED_SIGNERS).read_text().startswith(present)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["add", "--key", f"{key(COUNSEL)}"], "counsel@example.com has SHA256:"),
        (["add", "x, y", "--key", f"{key(STRANGER)}"], "is not one name or e-mail address"),
        (["add", "Counsel@example.com", "--key", f"{key(STRANGER)}"], "spelled differently in line 1"),
        (["add", "jo@example.com", "--key", f"{key(STRANGER)}", "--until", "2020-01-01"], "has passed"),
        (["add", "jo@example.com"], "git has no user.signingkey, and the SSH agent no key"),
        (["add", "jo@example.com", "--key", "ssh-ed25519 AAAA"], "the key is malformed"),
    ],
)
def test_what_the_roster_would_refuse_is_not_written(root: Path, args: list[str], said: str) -> None:
    assert signers("add", "--key", str(key(COUNSEL))).exit_code == 0
    before = (root / ALLOWED_SIGNERS).read_bytes()
    refused = signers(*args)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert (root / ALLOWED_SIGNERS).read_bytes() == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["x, y"], "is not one name or e-mail address"),
        (["*@example.com"], "is not one name or e-mail address"),
        (["Counsel@example.com"], "spelled differently in line 1"),
        (["jo@example.com", "--until", "2020-01-01"], "has passed"),
    ],
)
def test_no_key_is_made_for_whom_the_roster_would_refuse(
    root: Path, tmp_path: Path, args: list[str], said: str
) -> None:
    assert signers("add", "--key", str(key(COUNSEL))).exit_code == 0
    before = (root / ALLOWED_SIGNERS).read_bytes()
    refused = signers("add", *args, "--key", str(tmp_path / "keys" / "id_new"), "--yes")
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert not (tmp_path / "keys").exists()
    assert (root / ALLOWED_SIGNERS).read_bytes() == before


def test_no_key_is_made_beside_a_roster_that_cannot_be_read(root: Path, tmp_path: Path) -> None:
    (root / ".readiness").mkdir()
    (root / ALLOWED_SIGNERS).write_text("who knows\n")
    refused = signers("add", "jo@example.com", "--key", str(tmp_path / "keys" / "id_new"), "--yes")
    assert refused.exit_code == 2
    assert "allowed_signers:1" in refused.stderr
    assert not (tmp_path / "keys").exists()


def test_a_key_that_is_revoked_is_not_added(root: Path) -> None:
    (root / ".readiness").mkdir()
    (root / ".readiness/revoked_keys").write_text(public(key(COUNSEL)).line + "\n")
    refused = signers("add", "--key", str(key(COUNSEL)))
    assert refused.exit_code == 2
    assert "nothing that it signs counts" in refused.stderr


def test_the_list_says_whose_keys_they_are_until_when_and_who_has_none(root: Path) -> None:
    assert signers("list").exit_code == 2
    assert signers("add", "--key", str(key(COUNSEL)), "--until", "2031-05-23").exit_code == 0
    listed = signers("list")
    assert listed.exit_code == 0
    assert f"{COUNSEL}  valid until 2031-05-23, " in listed.stdout
    assert f"{public(key(COUNSEL)).fingerprint}; signs records; legal" in listed.stdout
    assert "without a key: paralegal@example.com" in listed.stdout
    (one,) = json.loads(signers("list", "--json").stdout)["signers"]
    assert (one["principal"], one["roles"], one["state"], one["line"]) == (COUNSEL, ["legal"], "valid", 1)
    (root / ".readiness/revoked_keys").write_text(public(key(COUNSEL)).line + "\n")
    assert f"{COUNSEL}  revoked until" in signers("list").stdout
