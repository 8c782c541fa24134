"""`readiness records`: list, show and verify."""

import csv
import hashlib
import io
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.storage.work_tree import record_path
from support.made_once import copied
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, key, public

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
environments:
  production: {}
  staging: {}
roles:
  legal: [counsel@example.com, paralegal@example.com]
  qa: [stranger@example.com]
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        with: {role: legal, covers: ["templates/**"]}
"""
THEN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def asked(root: Path) -> Project:
    project = Project(root, covers=["templates/**"])
    project.write("readiness.yaml", CHECKLIST)
    project.commit()
    return project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = copied(asked, tmp_path / "deedpro")
    monkeypatch.chdir(project.root)
    return project


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["records", *args])
    assert "Traceback" not in result.output
    return result


def listed(*args: str) -> list[dict[str, str]]:
    result = run("list", "--json", *args)
    assert result.exit_code == 0, result.output
    found: list[dict[str, str]] = json.loads(result.stdout)["records"]
    return found


def test_the_table_names_who_signed_what_and_how_it_stands(project: Project) -> None:
    digest = project.sign(at=THEN)
    head, row = run("list").stdout.splitlines()
    assert head.split() == [
        "RECORD", "ACTION", "DECISION", "SIGNED", "STATE", "ITEM", "BY", "ROLE", "FOR", "EXPIRES", "FIRST", "SEEN",
        "CONTROLS",
    ]  # fmt: skip
    assert row.split() == [
        digest[:12], "signoff", "approve", str(THEN.date()), "valid", "templates-reviewed", COUNSEL, "legal", "3.0.0",
        "production", "-", "-", "-",
    ]  # fmt: skip


def test_somebody_left_is_no_stranger(project: Project) -> None:
    project.sign(at=THEN)
    project.commit(date=THEN.isoformat())
    roster = project.root / ".readiness/allowed_signers"
    lines = roster.read_text().splitlines(keepends=True)
    roster.write_text("".join(line for line in lines if not line.startswith(COUNSEL)))
    commit = project.commit("Counsel left", author="cto@example.com", date=datetime.now(UTC).isoformat())
    said = run("verify").stdout
    assert (
        f"commit {commit[:10]} by cto@example.com took the key {public(key(COUNSEL)).fingerprint} of {COUNSEL}" in said
    )
    assert "put the line back as it was, with `valid-before` of the last day" in said


def test_filters(project: Project) -> None:
    one = project.sign(at=THEN - timedelta(minutes=1))
    two = project.sign(PARALEGAL, at=THEN)
    three = project.revoke(two, at=THEN)
    assert [entry["record"] for entry in listed()][:1] == [one]
    assert {entry["record"] for entry in listed()} == {one, two, three}
    assert [entry["record"] for entry in listed("--person", PARALEGAL)] == [two]
    assert [entry["record"] for entry in listed("--state", "revoked")] == [two]
    assert {entry["record"] for entry in listed("--item", "templates-reviewed", "--role", "legal")} == {one, two, three}
    assert run("list", "--state", "expired").stdout == "no record matches\n"


@pytest.mark.parametrize(
    "command", [["verify"], ["list"], ["show", "abcd"], ["due"], ["history", "templates-reviewed"]]
)
def test_an_empty_policy_ref_does_not_mean_the_work_tree(project: Project, command: list[str]) -> None:
    project.sign(at=THEN)
    refused = run(*command, "--policy-ref", "")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--policy-ref is empty" in refused.stderr


def test_csv_gives_no_formula_to_a_spreadsheet(project: Project) -> None:
    project.sign(at=THEN, meaning="=HYPERLINK(1)", reason="+1")
    (row,) = csv.DictReader(io.StringIO(run("list", "--format", "csv").stdout))
    assert (row["meaning"], row["reason_given"], row["state"]) == ("'=HYPERLINK(1)", "'+1", "valid")


def test_a_record_of_a_changed_file_is_listed_as_stale_with_the_reason(project: Project) -> None:
    project.sign(at=THEN)
    project.write("templates/grant_deed.html", "new")
    commit = project.commit(date=datetime.now(UTC).isoformat())
    (entry,) = listed()
    assert (entry["state"], entry["code"]) == ("stale", "subject-changed")
    assert commit[:10] in entry["reason"]


def test_files_that_are_no_records_are_mentioned(project: Project) -> None:
    project.write(".readiness/records/notes.txt", "x")
    result = run("list")
    assert "1 file beside them are no records" in result.stderr
    assert json.loads(run("list", "--json").stdout)["problems"] == [
        {
            "path": ".readiness/records/notes.txt",
            "code": "foreign-file",
            "reason": "this is no record: only <sha256>.json and <sha256>.sig belong here",
        }
    ]


def test_show_tells_all_and_how_to_verify_it_with_openssh_alone(project: Project) -> None:
    digest = project.sign(at=THEN, reason="As asked.")
    result = run("show", digest[:6])
    assert result.exit_code == 0
    for text in (digest, "valid", COUNSEL, "As asked.", public(key(COUNSEL)).fingerprint, "templates/grant_deed.html"):
        assert text in result.stdout
    command = result.stdout[result.stdout.index("  ssh-keygen") :]
    done = subprocess.run(["sh", "-c", command], cwd=project.root, capture_output=True, text=True, check=False)
    assert done.stdout.startswith('Good "signoff@readiness" signature'), done.stderr


def test_show_json_prints_the_signed_bytes(project: Project) -> None:
    digest = project.sign(at=THEN)
    assert hashlib.sha256(run("show", digest, "--json").stdout.encode()).hexdigest() == digest


@pytest.mark.parametrize(("name", "said"), [("ffff", "no record begins with"), ("a", "4 characters"), ("", "4 char")])
def test_show_of_nothing_is_refused(project: Project, name: str, said: str) -> None:
    project.write("x", "")
    result = run("show", name)
    assert result.exit_code == 2
    assert said in result.stderr


def test_show_of_a_damaged_record_says_what_is_wrong(project: Project) -> None:
    digest = project.sign(at=THEN)
    project.files(digest)[0].write_text("{}")
    result = run("show", digest[:8])
    assert result.exit_code == 2
    assert "wrong-digest" in result.stderr


def test_verify_says_how_many_it_verified(project: Project) -> None:
    digest = project.sign(at=THEN)
    result = run("verify", "-v")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"good     {record_path(digest)}: {COUNSEL}",
        "1 record verified: 1 good, 0 void, 0 bad",
        "2 commits examined: nothing was edited, deleted or brought back",
    ]


def test_verify_of_nothing_is_no_pass(project: Project) -> None:
    project.write("x", "")
    result = run("verify")
    assert result.exit_code == 3
    assert "nothing was verified" in result.stdout


def test_verify_needs_no_sound_checklist(project: Project) -> None:
    project.sign(at=THEN)
    project.write("readiness.yaml", "version: 1\nnonsense: true\n")
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda project, digest: project.files(digest)[1].unlink(), "signature-missing"),
        (lambda project, digest: project.files(digest)[1].write_text("x"), "bad-signature"),
        (lambda project, digest: project.files(digest)[0].unlink(), "signature-without-record"),
        (lambda project, digest: project.files(digest)[0].write_text("{}"), "wrong-digest"),
        (lambda project, _digest: project.write(".readiness/records/x", ""), "foreign-file"),
        (lambda project, _digest: project.sign(using=key("nobody"), at=THEN), "unknown-key"),
        (lambda project, _digest: project.sign(using=key(STRANGER), at=THEN), "signer-mismatch"),
        (lambda project, _digest: project.sign(at=datetime.now(UTC) + timedelta(days=1)), "post-dated"),
    ],
)
def test_verify_fails_for_anything_bad_and_names_it(project: Project, damage: object, code: str) -> None:
    digest = project.sign(at=THEN)
    assert callable(damage)
    damage(project, digest)
    result = run("verify")
    assert result.exit_code == 1
    assert code in result.stdout
    assert "1 bad" in result.stdout
    assert "next: " in result.stdout


def test_a_record_of_a_revoked_key_is_void_and_no_fault_of_the_folder(project: Project) -> None:
    project.sign(at=THEN)
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    result = run("verify")
    assert result.exit_code == 0
    assert "1 record verified: 0 good, 1 void, 0 bad" in result.stdout


def test_names_of_hostile_files_reach_no_terminal(project: Project) -> None:
    project.write(".readiness/records/\x1b[2J\u202e.json", "x")
    result = run("verify")
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


def test_without_a_roster_or_a_checklist_it_is_refused(project: Project) -> None:
    (project.root / ".readiness/allowed_signers").unlink()
    assert run("verify").exit_code == 2
    (project.root / "readiness.yaml").unlink()
    result = run("list")
    assert result.exit_code == 2
    assert "readiness.yaml" in result.stderr
