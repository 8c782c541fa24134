"""`readiness records verify --stock`: OpenSSH's own opinion about every record, and what happens when it differs."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.ssh.public_key import SK_ED25519
from readiness.records.storage.work_tree import record_path
from support.authenticator import Device
from support.signing import COUNSEL, KINDS, PARALEGAL, STRANGER, Project, key, public, roster_line

THEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
environments: {production: {}}
roles:
  legal: [counsel@example.com, paralegal@example.com]
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        with: {role: legal, covers: ["templates/**"]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path / "deedpro", covers=["templates/**"])
    project.write("readiness.yaml", CHECKLIST)
    project.commit(date=date(0))
    monkeypatch.chdir(project.root)
    return project


def date(hours: float) -> str:
    return at(hours).isoformat()


def at(hours: float) -> datetime:
    return THEN + timedelta(hours=hours)


def verify(*args: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["records", "verify", "--stock", *args])
    assert "Traceback" not in result.output
    assert result.exit_code == code, result.output
    return result


def last(result: Result) -> str:
    return result.stdout.splitlines()[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_openssh_says_the_same_about_every_type_of_key(project: Project, kind: str) -> None:
    project.enroll(roster_line(COUNSEL, key("anyone", kind)))
    project.commit(date=date(0))
    project.sign(using=key("anyone", kind), at=at(1))
    project.commit(date=date(2))
    told = verify("-v")
    assert last(told).startswith("OpenSSH_")
    assert last(told).endswith("alone: 1 of 1 signature good; readiness says the same about 1")
    assert told.stdout.count("good") == 4


def test_both_refuse_the_same(project: Project) -> None:
    swapped = [project.files(project.sign(person, at=at(1)))[1] for person in (COUNSEL, PARALEGAL)]
    first, second = (path.read_bytes() for path in swapped)
    swapped[0].write_bytes(second)
    swapped[1].write_bytes(first)
    project.sign(STRANGER, using=key("nobody"), at=at(1))
    project.sign(COUNSEL, using=key(PARALEGAL), at=at(1))
    project.files(project.sign(COUNSEL, at=at(1.5)))[1].unlink()
    project.commit(date=date(2))
    told = verify(code=1)
    assert told.stdout.count("BAD ") == 5
    assert last(told).endswith("alone: 0 of 5 signatures good; readiness says the same about 5")


def test_both_void_what_a_revoked_key_signed(project: Project) -> None:
    project.sign(at=at(1))
    project.commit(date=date(2))
    project.write(".readiness/revoked_keys", f"# stolen\n{public(key(COUNSEL)).line} laptop\n")
    project.commit(date=date(3))
    told = verify("-v")
    assert "1 record verified: 0 good, 1 void, 0 bad" in told.stdout
    assert "json: void: " in told.stdout
    assert last(told).endswith("0 of 1 signature good; readiness says the same about 1")


def test_a_key_that_lapsed_before_its_record_came_is_refused_by_both(project: Project) -> None:
    project.enroll(roster_line(COUNSEL, key(COUNSEL), before="202611201330Z"))
    project.commit(date=date(0))
    project.sign(at=at(1))
    project.commit(date=date(2))
    told = verify(code=1)
    assert "key-not-valid-then" in told.stdout
    assert last(told).endswith("0 of 1 signature good; readiness says the same about 1")


@pytest.mark.parametrize("change", ["leaves", "another owner"])
def test_a_revocation_by_who_left_since_is_good_to_both(project: Project, change: str) -> None:
    target = project.sign(COUNSEL, at=at(1))
    project.commit(date=date(2))
    project.revoke(target, PARALEGAL, at=at(3))
    project.commit(date=date(4))
    more = roster_line(STRANGER, key(PARALEGAL)) if change == "another owner" else ""
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + more)
    project.commit(date=date(5))
    assert last(verify()).endswith("2 of 2 signatures good; readiness says the same about 2")
    listed = CliRunner().invoke(main, ["records", "list", "--action", "signoff"]).stdout
    assert "revoked" in listed


def test_a_key_that_nobody_touched_is_where_readiness_is_stricter(project: Project) -> None:
    device = Device(SK_ED25519)
    project.enroll(f'{COUNSEL} namespaces="signoff@readiness",valid-before="20350101Z" {device.line}\n')
    project.commit(date=date(0))
    data = project.draft(COUNSEL, at=at(1)).encode()
    digest = hashlib.sha256(data).hexdigest()
    project.write(record_path(digest), data)
    project.write(record_path(digest, "sig"), Device(SK_ED25519, message=data).sign(flags=0))
    project.commit(date=date(2))
    told = verify(code=1)
    assert f"STRICTER {record_path(digest)}: OpenSSH says good; readiness refuses it (bad-signature" in told.stdout
    assert last(told).endswith("1 of 1 signature good; readiness says the same about 0, is stricter about 1")


def programs(folder: Path, **scripts: str) -> str:
    """A PATH with git and whatever these scripts stand for."""
    folder.mkdir()
    git = shutil.which("git")
    assert git is not None
    (folder / "git").symlink_to(git)
    for name, text in scripts.items():
        place = folder / name.replace("_", "-")
        place.write_text(f"#!/bin/sh\n{text}\n")
        place.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("answer", "told"), [("echo it is bad; exit 255", "bad: it is bad"), ("exit 9", "bad: it ended with exit code 9")]
)
def test_what_openssh_refuses_and_readiness_accepts_is_told_loudly(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, told: str
) -> None:
    digest = project.sign(at=at(1))
    project.commit(date=date(2))
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", ssh_keygen=answer))
    result = verify(code=1)
    assert f"DISAGREE {record_path(digest)}: OpenSSH says {told}; readiness says good" in result.stdout
    assert last(result) == (
        "OpenSSH of unknown version alone: 0 of 1 signature good; readiness says the same about 0, DISAGREES about 1"
    )


@pytest.mark.parametrize("how", ["unknown key", "revoked key"])
def test_what_readiness_refuses_by_a_rule_that_openssh_has_too_must_be_refused_by_both(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    project.sign(at=at(1), using=key("nobody") if how == "unknown key" else None)
    if how == "revoked key":
        project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    project.commit(date=date(2))
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", ssh_keygen="exit 0", ssh="echo OpenSSH_9.9p1, and more >&2"))
    result = verify(code=1)
    assert "DISAGREE" in result.stdout
    assert last(result).startswith("OpenSSH_9.9p1 alone: 1 of 1 signature good")


def test_a_missing_and_an_old_openssh_are_errors(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.sign(at=at(1))
    project.commit(date=date(2))
    monkeypatch.setenv("PATH", programs(tmp_path / "none"))
    assert "ssh-keygen is not installed" in verify(code=2).output
    old = programs(tmp_path / "old", ssh_keygen="exit 0", ssh="echo OpenSSH_8.4p1 Debian >&2")
    monkeypatch.setenv("PATH", old)
    assert "OpenSSH_8.4p1 Debian takes no times in UTC" in verify(code=2).output


@pytest.mark.usefixtures("project")
def test_nothing_to_verify_is_not_a_pass() -> None:
    assert "nothing was verified" in verify(code=3).output
