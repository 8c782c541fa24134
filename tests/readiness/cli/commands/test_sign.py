"""`readiness sign` shows what will be signed, asks, and writes a record that counts."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.storage.allowed_signers import read_roster
from readiness.records.storage.work_tree import Record, load_records
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, empty_home, git, key, public, roster_line

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
environments:
  production: {}
  staging: {}
roles:
  legal: [counsel@example.com, paralegal@example.com]
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        with: {role: legal, covers: ["templates/**"], valid_for: 180d}
      - id: acceptance
        title: Acceptance tests completed for all personas
        check: signoff
        with: {role: legal, each: [escrow officer, title agent]}
      - id: readme
        title: There is a README
        check: document
        with: {paths: [README.md]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(empty_home()))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(empty_home()))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    project = Project(tmp_path / "deedpro")
    project.write("readiness.yaml", CHECKLIST)
    project.commit()
    monkeypatch.chdir(project.root)
    return project


def run(*args: str, person: str = COUNSEL, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["sign", *args, "--env", "production", "--key", str(key(person))], input=answer)


def records(project: Project) -> tuple[Record, ...]:
    kept = load_records(project.root)
    assert kept.problems == ()
    return kept.records


def test_it_shows_everything_asks_and_writes_a_record(project: Project) -> None:
    git(project.root, "config", "user.name", "Ada Counsel")
    result = run("templates-reviewed", "--meaning", "I reviewed these templates.", answer="y\n")
    assert result.exit_code == 0, result.output
    (record,) = records(project)
    assert result.stdout == f"{record.path}\n"
    assert record.signoff is not None
    shown = result.stderr
    for text in (
        "approve",
        "deedpro",
        "3.0.0",
        "production",
        "templates-reviewed",
        "Document templates reviewed by legal counsel",
        "legal",
        "I reviewed these templates.",
        'counsel@example.com (says "Ada Counsel")',
        public(key(COUNSEL)).fingerprint,
        git(project.root, "rev-parse", "HEAD").strip(),
        "for exactly 2 files:",
        "Sign this? [y/N]",
        'next: git add .readiness .gitattributes && git commit -m "Sign off templates-reviewed"',
        *(f"{digest}  {name}" for name, digest in record.statement.subjects.items()),
    ):
        assert text in shown
    assert record.signoff.expires_at is not None
    assert (record.signoff.expires_at - record.signoff.signed_at).days == 180
    assert record.signoff.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ") in shown
    assert record.signoff.environment == "production"


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_signed(project: Project, answer: str) -> None:
    result = run("templates-reviewed", answer=answer)
    assert result.exit_code == 2
    assert "nothing was signed" in result.stderr
    assert records(project) == ()
    assert not (project.root / ".gitattributes").exists()


def test_the_record_counts(project: Project) -> None:
    assert run("templates-reviewed", "--yes").exit_code == 0
    project.commit(date=datetime.now(UTC).isoformat())
    (record,) = records(project)
    assert record.signoff is not None
    project.params = {"role": "legal", "covers": ["templates/**"], "valid_for": "180d"}
    outcome = project.outcome(record.signoff.signed_at)
    assert (outcome.status, outcome.signoffs[0].record) == ("passed", record.digest)


def test_a_second_signer_says_what_was_there(project: Project) -> None:
    run("templates-reviewed", "--yes")
    run("templates-reviewed", "--yes", person=PARALEGAL)
    first, second = sorted(records(project), key=lambda record: len(record.statement.predicate.seen))
    assert second.statement.predicate.seen == (first.digest,)


def test_release_evidence_expiry_and_reason_are_signed(project: Project) -> None:
    project.write("memo.txt", "memo")
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    result = run(
        "templates-reviewed", "--yes", "--release", "4.0", "--evidence", "memo.txt", "--reason", "As asked.",
        "--expires", day,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (record,) = records(project)
    assert record.signoff is not None
    assert record.signoff.release == "4.0"
    assert [attached.uri for attached in record.signoff.evidence] == ["memo.txt"]
    assert record.signoff.reason == "As asked."
    assert record.signoff.expires_at is not None
    assert record.signoff.expires_at.isoformat() == f"{day}T23:59:59+00:00"


def test_a_rejection_needs_a_reason_and_is_kept(project: Project) -> None:
    refused = run("templates-reviewed", "--yes", "--decision", "reject")
    assert (refused.exit_code, records(project)) == (2, ())
    assert "a rejection needs its reason" in refused.stderr
    assert run("templates-reviewed", "--yes", "--decision", "reject", "--reason", "Clause 4.").exit_code == 0
    assert [r.signoff.decision for r in records(project) if r.signoff] == ["reject"]


def test_an_expiry_may_be_a_length_of_time(project: Project) -> None:
    assert run("templates-reviewed", "--yes", "--expires", "30d").exit_code == 0
    (record,) = records(project)
    assert record.signoff is not None
    assert record.signoff.expires_at is not None
    assert 29 <= (record.signoff.expires_at - datetime.now(UTC)).days <= 30


def test_who_signs_hears_of_every_rejection(project: Project) -> None:
    assert "rejected" not in run("templates-reviewed", answer="n\n").stderr
    run("templates-reviewed", "--decision", "reject", "--reason", "Clause 4 is void.", "--yes")
    (rejection,) = records(project)
    project.write("templates/tax_deed.html", "<p>tax</p> \n")
    project.commit()
    said = run("templates-reviewed", "--yes", person=PARALEGAL).stderr
    assert f"It was rejected before:\n\n  {COUNSEL} rejected an earlier version of it" in said
    assert "Clause 4 is void." in said
    assert f"this holds, whoever else approves; settle it with {COUNSEL}" in said
    assert f"`readiness revoke {rejection.digest[:12]}`" in said
    run("templates-reviewed", "--yes")
    (anew,) = (one for one in records(project) if one.signoff and one.signoff.signer.principal == COUNSEL
               and one.digest != rejection.digest)  # fmt: skip
    assert rejection.digest in anew.statement.predicate.seen
    said = run("templates-reviewed", "--yes", person=PARALEGAL).stderr
    assert "and approved it on" in said
    assert "this holds" not in said


def test_each_name_of_a_matrix_is_signed_by_itself(project: Project) -> None:
    refused = run("acceptance", "--yes")
    assert refused.exit_code == 2
    assert "is signed for each of: escrow officer, title agent" in refused.stderr
    result = run("acceptance", "--yes", "--each", "title agent")
    assert result.exit_code == 0
    assert "it covers no file" in result.stderr
    assert [r.signoff.each for r in records(project) if r.signoff] == ["title agent"]


@pytest.mark.parametrize(
    ("args", "person", "said"),
    [
        (["nothing"], COUNSEL, "no item `nothing`"),
        (["readme"], COUNSEL, "is answered by `document`, not by a sign-off"),
        (["templates-reviewed"], STRANGER, "not in the role legal"),
        (["templates-reviewed"], "nobody", "is nobody's in .readiness/allowed_signers"),
        (["templates-reviewed", "--as", PARALEGAL], COUNSEL, f"belongs to {COUNSEL}, not to {PARALEGAL}"),
        (["templates-reviewed", "--role", "qa"], COUNSEL, "asks for the role legal"),
        (["templates-reviewed", "--expires", "soon"], COUNSEL, "--expires"),
        (["templates-reviewed", "--expires", "2020-01-01"], COUNSEL, "expires before it is signed"),
        (["templates-reviewed", "--meaning", "\u202e"], COUNSEL, "which a reader cannot see"),
        (["templates-reviewed", "--each", "x"], COUNSEL, "has no `each`"),
        (["templates-reviewed", "-f", "missing.yaml"], COUNSEL, "missing.yaml"),
    ],
)
def test_what_would_not_count_is_refused_with_the_reason(
    project: Project, args: list[str], person: str, said: str
) -> None:
    result = run(*args, "--yes", person=person)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert records(project) == ()


def test_uncommitted_changes_of_what_is_covered_are_refused(project: Project) -> None:
    project.write("templates/grant_deed.html", "not committed")
    result = run("templates-reviewed", "--yes")
    assert result.exit_code == 2
    assert "templates/grant_deed.html differs from commit" in result.stderr
    assert "next: commit the change" in result.stderr


def test_an_unknown_environment_is_refused(project: Project) -> None:
    result = CliRunner().invoke(
        main, ["sign", "templates-reviewed", "--env", "moon", "--yes", "--key", str(key(COUNSEL))]
    )
    assert result.exit_code == 2
    assert "moon" in result.stderr
    assert records(project) == ()


def test_for_none_of_the_environments_it_says_so(project: Project) -> None:
    result = CliRunner().invoke(main, ["sign", "templates-reviewed", "--yes", "--key", str(key(COUNSEL))])
    assert result.exit_code == 0
    assert "note: for none of the environments production, staging; name one with --env" in result.stderr
    assert [record.signoff.environment for record in records(project) if record.signoff] == [""]


def test_a_broken_roster_names_every_line(project: Project) -> None:
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + "x\ny\n")
    result = run("templates-reviewed", "--yes")
    assert result.exit_code == 2
    assert re.findall(r"allowed_signers:(\d): ", result.stderr) == ["2", "2", "3"]


def test_without_any_key_it_says_how_to_name_one(project: Project) -> None:
    result = CliRunner().invoke(main, ["sign", "templates-reviewed", "--env", "production", "--yes"])
    assert result.exit_code == 2
    assert "next: name one with --key" in result.stderr
    assert read_roster(project.root).signers


def test_it_warns_when_git_would_never_keep_the_record(project: Project) -> None:
    project.write(".gitignore", ".readiness/records/\n")
    result = run("templates-reviewed", "--yes")
    assert result.exit_code == 0
    assert "git ignores .readiness" in result.stderr


def test_hostile_text_reaches_no_terminal(project: Project) -> None:
    project.write(
        "readiness.yaml",
        CHECKLIST.replace("Document templates reviewed by legal counsel", r'"Reviewed \u202e \x1b[2J"'),
    )
    result = run("templates-reviewed", "--yes")
    assert result.exit_code == 2
    assert "\u202e" not in result.output
    assert "\x1b" not in result.output


def test_an_approval_that_names_neither_release_nor_files_is_refused(project: Project) -> None:
    text = CHECKLIST.replace('release: "3.0.0"\n', "")
    project.write("readiness.yaml", text)
    project.commit()
    result = run("acceptance", "--yes", "--each", "title agent")
    assert result.exit_code == 2
    assert "would not count: bound to neither a release nor files" in result.stderr
    assert "next: state the `release`" in result.stderr
    assert not records(project)
    assert run("acceptance", "--yes", "--each", "title agent", "--release", "4.0").exit_code == 0
    assert run("templates-reviewed", "--yes").exit_code == 0, "files bind it, too"
    rejected = run("acceptance", "--yes", "--each", "title agent", "--decision", "reject", "--reason", "no")
    assert rejected.exit_code == 0
