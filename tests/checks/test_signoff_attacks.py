"""Attacks on sign-offs, each with a real repository, real keys and real signatures; none may end in a pass."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Outcome, Status
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Sha256, Statement, Subject
from readiness.records.storage.reading import ATTRIBUTES
from readiness.records.storage.work_tree import record_path
from readiness.records.writing.agent import SigningKey
from readiness.records.writing.signoff import sign_statement
from readiness.testing import NOW
from support import forging
from support.forging import sign_bytes
from support.signing import COUNSEL, KINDS, PARALEGAL, STRANGER, Project, git, key, public, roster_line


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro", covers=["templates/**"])


def first(outcome: Outcome) -> tuple[str, str, str]:
    card = outcome.signoffs[0]
    return outcome.status.value, card.state.value, card.code


def altered(project: Project, change: Callable[[dict[str, Any]], object]) -> bytes:
    return forging.altered(project, change, NOW - timedelta(days=1))


@pytest.mark.parametrize("kind", KINDS)
def test_stock_openssh_says_good_to_what_every_type_of_key_signs(project: Project, kind: str) -> None:
    path = key("anyone", kind)
    project.enroll(roster_line(COUNSEL, path))
    statement, signature = project.files(project.sign(using=path))
    assert project.outcome().status is Status.PASSED
    args = ["ssh-keygen", "-Y", "verify", "-f", ".readiness/allowed_signers", "-I", COUNSEL, "-n", "signoff@readiness"]
    done = subprocess.run(
        [*args, "-s", str(signature)],
        cwd=project.root, input=statement.read_bytes(), capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(b'Good "signoff@readiness" signature for counsel@example.com')


@pytest.mark.parametrize(("attribute", "value"), [("name", "other"), ("release", "2.9"), ("environment", "staging")])
def test_a_replay_from_another_project_release_or_environment(project: Project, attribute: str, value: str) -> None:
    project.sign()
    setattr(project, attribute, value)
    assert first(project.outcome()) == ("pending", "missing", "given-elsewhere")
    assert "deedpro, release 3.0.0, production do not count here" in project.outcome().summary


def test_a_replay_from_another_item(project: Project) -> None:
    project.sign()
    project.id = "privacy-reviewed"
    assert first(project.outcome()) == ("pending", "missing", "missing")


def test_a_replay_under_another_name_of_the_matrix(tmp_path: Path) -> None:
    project = Project(tmp_path, each=["escrow officer", "title agent"])
    project.sign(each="escrow officer")
    project.sign(PARALEGAL, each="escrow officer")
    assert project.outcome().status is Status.PENDING


def test_a_covered_file_becomes_a_link(project: Project) -> None:
    project.sign()
    git(project.root, "rm", "-q", "templates/tax_deed.html")
    (project.root / "templates/tax_deed.html").symlink_to("grant_deed.html")
    project.commit()
    outcome = project.outcome()
    assert first(outcome) == ("pending", "stale", "subject-changed")
    assert "templates/tax_deed.html" in {finding.path for finding in outcome.findings}


def test_a_covered_file_becomes_a_submodule(project: Project) -> None:
    project.sign()
    git(project.root, "rm", "-q", "templates/tax_deed.html")
    head = git(project.root, "rev-parse", "HEAD").strip()
    git(project.root, "update-index", "--add", "--cacheinfo", f"160000,{head},templates/tax_deed.html")
    git(project.root, "commit", "-q", "-m", "submodule")
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "templates/tax_deed.html is a submodule: only regular files can be signed off" in outcome.summary


def test_the_covered_folder_becomes_a_link(project: Project) -> None:
    project.sign()
    git(project.root, "mv", "templates", "elsewhere")
    (project.root / "templates").symlink_to("elsewhere")
    project.commit()
    assert project.outcome().status is Status.ERROR


def test_a_covered_file_is_changed_but_not_committed(project: Project) -> None:
    project.sign()
    project.write("templates/grant_deed.html", "evil")
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "templates/grant_deed.html differs from commit" in outcome.summary
    assert outcome.remedy == "commit the change, or undo it"


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_git_is_told_to_look_away(project: Project, flag: str) -> None:
    project.sign()
    git(project.root, "update-index", flag, "templates/grant_deed.html")
    project.write("templates/grant_deed.html", "evil")
    assert git(project.root, "status", "--porcelain", "--", "templates") == ""
    assert project.outcome().status is Status.ERROR


@pytest.mark.parametrize("staged", [False, True])
def test_a_file_is_added_but_not_committed(project: Project, *, staged: bool) -> None:
    project.sign()
    project.write("templates/new.html", "evil")
    if staged:
        git(project.root, "add", "templates/new.html")
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "templates/new.html differs from commit" in outcome.summary


def test_a_covered_file_is_deleted_but_not_committed(project: Project) -> None:
    project.sign()
    (project.root / "templates/grant_deed.html").unlink()
    assert project.outcome().status is Status.ERROR


def test_a_covered_file_becomes_a_link_to_the_same_bytes_but_is_not_committed(project: Project, tmp_path: Path) -> None:
    project.sign()
    place = project.root / "templates/grant_deed.html"
    place.rename(tmp_path / "elsewhere.html")
    place.symlink_to(tmp_path / "elsewhere.html")
    assert project.outcome().status is Status.ERROR


def test_line_ends_that_git_converts_are_no_change(project: Project) -> None:
    project.write(".gitattributes", "templates/** text eol=crlf\n")
    project.commit()
    project.write("templates/grant_deed.html", b"<p>grant</p>\r\n")
    project.sign()
    assert project.outcome().status is Status.PASSED


def test_one_true_change_is_found_among_converted_line_ends(project: Project) -> None:
    for number in range(230):
        project.write(f"templates/{number}.html", "<p>\n")
    project.write(".gitattributes", "templates/** text eol=crlf\n")
    project.commit()
    project.sign()
    for number in range(230):
        project.write(f"templates/{number}.html", b"<p>\r\n" if number != 217 else b"<b>\r\n")
    assert "templates/217.html differs from commit" in project.outcome().summary
    project.write("templates/217.html", b"<p>\r\n")
    assert project.outcome().status is Status.PASSED


@pytest.mark.parametrize("name", [b"templates/e\xcc\x81.html", b"templates/\xff.html", b"templates/\xe2\x80\xae.html"])
def test_a_covered_file_has_a_name_that_fools_the_eye_or_is_no_text(project: Project, name: bytes) -> None:
    project.sign()
    Path(os.fsdecode(os.fsencode(project.root) + b"/" + name)).write_text("x")
    project.commit()
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "cannot be covered" in outcome.summary
    assert outcome.summary.encode()


def test_before_the_first_commit_nothing_can_be_covered(project: Project) -> None:
    project.sign()
    git(project.root, "checkout", "-q", "--orphan", "empty")
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "no commit yet" in outcome.summary


def test_a_blob_is_missing_from_the_repository(project: Project) -> None:
    project.sign()
    blob = git(project.root, "rev-parse", "HEAD:templates/grant_deed.html").strip()
    (project.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "`covers` cannot be judged" in outcome.summary


def test_a_replace_ref_shows_another_blob(project: Project) -> None:
    project.sign()
    project.write("templates/grant_deed.html", "evil")
    project.commit()
    blobs = [
        git(project.root, "rev-parse", f"{commit}:templates/grant_deed.html").strip() for commit in ("HEAD", "HEAD~")
    ]
    git(project.root, "replace", *blobs)
    assert first(project.outcome()) == ("pending", "stale", "subject-changed")


def test_the_record_names_fewer_files_than_the_policy(project: Project) -> None:
    said = project.draft()
    project.keep(said.model_copy(update={"subject": said.subject[:1]}), key(COUNSEL))
    assert first(project.outcome()) == ("pending", "stale", "subject-changed")


def test_the_record_names_more_files_than_the_policy(project: Project) -> None:
    said = project.draft()
    more = Subject(name="other.html", digest=Sha256(sha256="ab" * 32))
    project.keep(said.model_copy(update={"subject": (*said.subject, more)}), key(COUNSEL))
    assert first(project.outcome()) == ("pending", "stale", "subject-changed")


def test_the_record_names_no_file(project: Project) -> None:
    sign_bytes(project, altered(project, lambda value: value.update(subject=[])), key(COUNSEL))
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert [(c.state, c.code) for c in outcome.signoffs] == [("missing", "missing"), ("invalid", "malformed")]


def test_the_record_is_bound_to_the_item_alone_though_the_policy_covers_files(tmp_path: Path) -> None:
    project = Project(tmp_path)
    said = project.draft()
    project.params["covers"] = ["templates/**"]
    predicate = said.predicate.model_copy(update={"item_digest": project.item.digest})
    project.keep(said.model_copy(update={"predicate": predicate}), key(COUNSEL))
    assert first(project.outcome()) == ("pending", "stale", "subject-changed")


def test_one_person_signs_twice_with_one_key(tmp_path: Path) -> None:
    project = Project(tmp_path, quorum=2)
    project.sign()
    project.sign(at=NOW - timedelta(hours=1))
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert [card.state for card in outcome.signoffs] == ["valid", "missing"]


def test_one_key_is_given_to_two_people(tmp_path: Path) -> None:
    project = Project(tmp_path, quorum=2)
    project.sign()
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + roster_line(PARALEGAL, key(COUNSEL)))
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "one key belongs to one person" in outcome.summary


def test_somebody_signs_in_the_name_of_another(project: Project) -> None:
    project.sign(using=key(STRANGER))
    assert first(project.outcome()) == ("failed", "invalid", "signer-mismatch")


def test_a_forged_record_does_not_displace_the_real_one(project: Project) -> None:
    project.sign(at=NOW - timedelta(days=2))
    project.sign(using=key(STRANGER), at=NOW - timedelta(days=1))
    outcome = project.outcome()
    assert outcome.status is Status.PASSED
    assert sorted(card.state for card in outcome.signoffs) == ["invalid", "valid"]


def test_thousands_of_forged_records_do_not_drown_the_report(project: Project) -> None:
    said = project.draft()
    for number in range(60):
        predicate = said.predicate.model_copy(update={"nonce": f"{number:032x}"})
        data = said.model_copy(update={"predicate": predicate}).encode()
        digest = hashlib.sha256(data).hexdigest()
        project.write(record_path(digest), data)
        project.write(record_path(digest, "sig"), "forged")
    outcome = project.outcome()
    assert (outcome.status, outcome.examined) == ("failed", 60)
    assert len(outcome.signoffs) == 21
    project.sign()
    assert project.outcome().status is Status.PASSED


@pytest.mark.parametrize("namespace", ["git", "file", "email", "signoff@readiness.example"])
def test_a_signature_for_another_purpose_is_reused(project: Project, namespace: str) -> None:
    sign_bytes(project, project.draft().encode(), key(COUNSEL), namespace)
    assert first(project.outcome()) == ("failed", "invalid", "bad-signature")


def test_the_signature_is_missing(project: Project) -> None:
    project.files(project.sign())[1].unlink()
    assert first(project.outcome()) == ("failed", "invalid", "signature-missing")


def test_the_signature_is_swapped(project: Project) -> None:
    one, other = project.files(project.sign())[1], project.files(project.sign())[1]
    first_bytes, other_bytes = one.read_bytes(), other.read_bytes()
    one.write_bytes(other_bytes)
    other.write_bytes(first_bytes)
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert {card.code for card in outcome.signoffs} == {"bad-signature", "missing"}


def test_a_record_is_edited(project: Project) -> None:
    statement, _signature = project.files(project.sign(alter={"environment": "staging"}))
    statement.write_bytes(statement.read_bytes().replace(b'"staging"', b'"production"'))
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert [card.code for card in outcome.signoffs] == ["missing", "wrong-digest"]


def test_a_record_is_edited_and_renamed_to_its_new_digest(project: Project) -> None:
    statement, signature = project.files(project.sign(alter={"environment": "staging"}))
    data = statement.read_bytes().replace(b'"staging"', b'"production"')
    digest = hashlib.sha256(data).hexdigest()
    project.write(record_path(digest), data)
    project.write(record_path(digest, "sig"), signature.read_bytes())
    statement.unlink()
    signature.unlink()
    assert first(project.outcome()) == ("failed", "invalid", "bad-signature")


def test_a_key_is_there_twice_so_that_two_readers_see_two_things(project: Project) -> None:
    data = project.draft().encode().replace(b'"decision": "approve"', b'"decision": "reject", "decision": "approve"')
    sign_bytes(project, data, key(COUNSEL))
    outcome = project.outcome()
    assert outcome.status is Status.PENDING
    assert [finding.rule for finding in outcome.findings] == ["missing", "malformed"]
    assert "a key is there twice" in outcome.findings[1].message


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value["predicate"].update(meaning="I approve \u202eton od"),
        lambda value: value["predicate"].update(meaning="\x1b[2J"),
        lambda value: value["predicate"]["signer"].update(principal="counsеl@example.com"),
        lambda value: value["subject"][0].update(name="../../etc/passwd"),
        lambda value: value["subject"][0].update(name=".git/config"),
        lambda value: value["predicate"].update(more=True),
        lambda value: value["predicate"].update(signed_at="2026-11-23T10:15:00"),
        lambda value: value.update(predicateType="urn:readiness:signoff:v2"),
        lambda value: value.update(_type="https://in-toto.io/Statement/v0.1"),
    ],
)
def test_a_signed_record_that_is_none_is_invalid(project: Project, change: Callable[[dict[str, Any]], None]) -> None:
    sign_bytes(project, altered(project, change), key(COUNSEL))
    outcome = project.outcome()
    assert outcome.status is Status.FAILED
    assert [card.code for card in outcome.signoffs] == ["missing", "malformed"]


def test_a_title_that_fools_the_eye_cannot_be_signed(project: Project) -> None:
    project.title = "Reviewed \u202eton"
    outcome = project.outcome()
    assert outcome.status is Status.ERROR
    assert "\\u202e" in outcome.summary


def test_text_in_a_commit_cannot_fool_a_terminal(project: Project) -> None:
    project.sign()
    project.write("templates/grant_deed.html", "other")
    project.commit(author="\x1b[31mred@example.com")
    assert "\x1b" not in project.outcome().model_dump_json()
    assert "\\u001b" not in project.outcome().model_dump_json()


def test_covered_content_that_the_signer_never_saw_is_not_covered_by_a_newer_glob(project: Project) -> None:
    project.sign()
    project.params["covers"] = ["templates/**", "README.md"]
    assert first(project.outcome())[1] == "stale"


def test_records_are_never_covered_by_their_own_signoff(tmp_path: Path) -> None:
    project = Project(tmp_path / "deedpro", covers=["**"])
    project.write(".gitattributes", ATTRIBUTES + "\n")
    project.commit()
    project.sign()
    assert project.outcome().status is Status.PASSED
    project.commit()
    assert project.outcome().status is Status.PASSED


def test_a_checklist_in_a_folder_of_the_repository_covers_files_below_that_folder(tmp_path: Path) -> None:
    top = tmp_path / "mono"
    top.mkdir()
    git(top, "init", "-q")
    project = Project(top / "app", covers=["templates/**"])
    shutil.rmtree(top / "app/.git")
    project.commit()
    project.sign()
    assert project.outcome().status is Status.PASSED
    project.write("templates/grant_deed.html", "x")
    commit = project.commit()
    assert f"`templates/grant_deed.html` changed in {commit[:10]}" in project.outcome().summary


def test_signing_refuses_a_key_that_makes_no_valid_signoff(project: Project) -> None:
    said: Statement = project.draft()
    wrong = SigningKey(public(key(STRANGER)), "test", key(COUNSEL))
    with pytest.raises(RecordsError, match="signed with another key"):
        sign_statement(said, wrong)
