"""The key to sign with is found as git finds it, and a sign-off that would not count is never made."""

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from readiness.records.judging.evidence import read_evidence
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Signoff
from readiness.records.storage.allowed_signers import Holder, Roster, read_roster
from readiness.records.writing.agent import SigningKey, find_key, public_half
from readiness.records.writing.signoff import (
    Declaration,
    draft_signoff,
    holder_of,
    refuse_uncounted_signoff,
    sign_statement,
)
from readiness.testing import NOW
from support.signing import COUNSEL, KINDS, PARALEGAL, STRANGER, Project, git, key, public


@pytest.fixture(autouse=True)
def _no_agent_and_no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro")


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A real agent without keys."""
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    yield socket
    process.terminate()
    process.wait(timeout=60)
    process.stdout.close()


def add(path: Path) -> None:
    subprocess.run(["ssh-add", "-q", str(path)], check=True, env=os.environ)


def people(project: Project) -> Roster:
    return read_roster(project.root)


@pytest.mark.parametrize("kind", KINDS)
def test_the_public_half_is_read_from_either_file(kind: str) -> None:
    path = key("anyone", kind)
    assert public_half(path) == public_half(path.with_name(path.name + ".pub"))


def test_the_public_half_of_a_locked_key_needs_no_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    subprocess.run(["ssh-keygen", "-q", "-N", "a passphrase", "-t", "ed25519", "-f", path], check=True)
    before = (tmp_path / "locked.pub").read_text().split()[1]
    (tmp_path / "locked.pub").unlink()
    assert public_half(path).line.split()[1] == before


def test_a_key_in_the_old_format_needs_its_public_half_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "old"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-m", "PEM", "-t", "rsa", "-b", "2048", "-f", path], check=True)
    assert public_half(path).kind == "ssh-rsa"
    (tmp_path / "old.pub").unlink()
    with pytest.raises(RecordsError, match=r"there is no old\.pub beside it") as caught:
        public_half(path)
    assert "ssh-keygen -y" in caught.value.remedy


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_a_file_that_holds_no_key_is_refused(project: Project, content: bytes) -> None:
    path = project.write("key", content)
    with pytest.raises(RecordsError, match="key"):
        find_key(project.root, people(project), key=str(path))


def test_a_key_file_that_is_missing_is_refused(project: Project) -> None:
    with pytest.raises(RecordsError, match="cannot be read"):
        find_key(project.root, people(project), key=str(project.root / "missing"))


def test_gits_signing_key_is_taken_when_git_signs_with_ssh(project: Project) -> None:
    git(project.root, "config", "user.signingkey", str(key(COUNSEL)))
    with pytest.raises(RecordsError, match="there is no key to sign with"):
        find_key(project.root, people(project))
    git(project.root, "config", "gpg.format", "ssh")
    found = find_key(project.root, people(project))
    assert (found.public, found.origin) == (public(key(COUNSEL)), "git's user.signingkey")


def test_a_key_in_the_home_folder_is_found(project: Project, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(key(COUNSEL).read_bytes())
    git(project.root, "config", "gpg.format", "ssh")
    git(project.root, "config", "user.signingkey", "~/mine")
    assert find_key(project.root, people(project)).path == tmp_path / "mine"


@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize("prefix", ["", "key::"])
def test_a_literal_key_is_signed_with_by_the_agent(project: Project, prefix: str) -> None:
    add(key(COUNSEL))
    git(project.root, "config", "gpg.format", "ssh")
    git(project.root, "config", "user.signingkey", prefix + public(key(COUNSEL)).line)
    found = find_key(project.root, people(project))
    assert found.path is None
    signature = sign_statement(project.draft(), found)
    assert signature.startswith(b"-----BEGIN SSH SIGNATURE-----")


@pytest.mark.usefixtures("agent")
def test_the_one_key_of_the_agent_that_is_in_the_roster_is_taken(project: Project) -> None:
    add(key("nobody"))
    with pytest.raises(RecordsError, match="none of the SSH agent's is in"):
        find_key(project.root, people(project))
    add(key(COUNSEL))
    assert find_key(project.root, people(project)).public == public(key(COUNSEL))


@pytest.mark.usefixtures("agent")
def test_of_several_keys_of_the_agent_role_and_name_decide(project: Project) -> None:
    for person in (COUNSEL, PARALEGAL, STRANGER):
        add(key(person))
    with pytest.raises(RecordsError, match="holds 3 keys") as caught:
        find_key(project.root, people(project))
    assert "--as" in caught.value.remedy
    assert find_key(project.root, people(project), among={STRANGER}).public == public(key(STRANGER))
    with pytest.raises(RecordsError, match="holds 2 keys"):
        find_key(project.root, people(project), among={COUNSEL, PARALEGAL})
    found = find_key(project.root, people(project), principal=PARALEGAL, among={COUNSEL, PARALEGAL})
    assert found.public == public(key(PARALEGAL))


def holder(project: Project, path: Path, principal: str = "") -> Holder:
    return holder_of(people(project), SigningKey(public(path), "--key", path), principal)


def test_whose_key_it_is(project: Project) -> None:
    assert holder(project, key(COUNSEL)).principal == COUNSEL
    with pytest.raises(RecordsError, match=f"belongs to {COUNSEL}, not to {PARALEGAL}"):
        holder(project, key(COUNSEL), PARALEGAL)
    with pytest.raises(RecordsError, match="is nobody's") as caught:
        holder(project, key("nobody"))
    assert public(key("nobody")).line in caught.value.remedy
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    with pytest.raises(RecordsError, match="is revoked"):
        holder(project, key(COUNSEL))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Declaration(decision="reject"), "a rejection needs its reason"),
        (Declaration(decision="reject", reason=" \u00a0"), r"a rejection needs its reason \(\\xa0 shows nothing\)"),
        (Declaration(each="x"), "has no `each`"),
        (Declaration(meaning="\x1b[2J"), "meaning: holds the character"),
        (Declaration(reason="two\r\nlines"), "reason: holds a carriage return: let a line feed alone"),
        (Declaration(expires_at=NOW - timedelta(days=1)), "expires before it is signed"),
    ],
)
def test_what_would_not_count_is_not_drafted(project: Project, said: Declaration, reason: str) -> None:
    with pytest.raises(RecordsError, match=reason) as caught:
        draft_signoff(project.question, holder(project, key(COUNSEL)), said, now=NOW, commit="", seen=())
    assert caught.value.remedy


def test_who_is_not_in_the_role_is_told_who_is(project: Project) -> None:
    with pytest.raises(RecordsError, match="not in the role legal") as caught:
        draft_signoff(project.question, holder(project, key(STRANGER)), Declaration(), now=NOW, commit="", seen=())
    assert f"{COUNSEL}, {PARALEGAL}" in caught.value.remedy


def test_a_lapsed_key_is_not_signed_with(project: Project) -> None:
    who = holder(project, key(COUNSEL))
    with pytest.raises(RecordsError, match=r"not valid now, says \.readiness/allowed_signers:1"):
        draft_signoff(
            project.question, who, Declaration(), now=who.valid_before + timedelta(days=1), commit="", seen=()
        )


def test_a_matrix_needs_one_of_its_names(tmp_path: Path) -> None:
    project = Project(tmp_path / "matrix", each=["escrow officer"])
    with pytest.raises(RecordsError, match="is signed for each of: escrow officer"):
        draft_signoff(project.question, holder(project, key(COUNSEL)), Declaration(), now=NOW, commit="", seen=())


def test_the_expiry_is_the_earlier_of_policy_and_person(tmp_path: Path) -> None:
    project = Project(tmp_path / "limited", valid_for="30d")
    who = holder(project, key(COUNSEL))
    for asked, expected in ((None, 30), (10, 10), (90, 30)):
        said = Declaration(expires_at=None if asked is None else NOW + timedelta(days=asked))
        predicate = draft_signoff(project.question, who, said, now=NOW, commit="", seen=()).predicate
        assert isinstance(predicate, Signoff)
        assert predicate.expires_at == NOW + timedelta(days=expected)


def test_without_the_private_key_nothing_is_signed(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "only.pub"
    path.write_text(public(key(COUNSEL)).line + "\n")
    with pytest.raises(RecordsError, match="ssh-keygen did not sign"):
        sign_statement(project.draft(), SigningKey(public(path), "--key", path))


def test_without_openssh_it_says_what_to_install(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    said = project.draft()
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(RecordsError, match="cannot be run") as caught:
        sign_statement(said, SigningKey(public(key(COUNSEL)), "--key", key(COUNSEL)))
    assert caught.value.remedy == "install OpenSSH"


def test_a_fresh_signoff_is_judged_as_the_check_will(project: Project) -> None:
    said = project.draft()
    signature = sign_statement(said, SigningKey(public(key(COUNSEL)), "--key", key(COUNSEL)))
    refuse_uncounted_signoff(project.question, said, signature, read_evidence(project.root, NOW))
    project.title = "Other words"
    with pytest.raises(RecordsError, match="the item changed"):
        refuse_uncounted_signoff(project.question, said, signature, read_evidence(project.root, NOW))
