"""`readiness waive` and `readiness revoke`: what they show, ask, refuse and write, and what a run then says."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.storage.work_tree import Record, load_records, record_path
from support.made_once import copied
from support.program import readiness
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, empty_home, key
from support.terminals import answered

CHECKLIST = """\
version: 1
project: deedpro
roles:
  legal: [counsel@example.com, paralegal@example.com]
policy:
  waivers:
    longest: {blocker: 30d}
    by: {legal: [fails, passes]}
sections:
  - title: All
    items:
      - {id: fails, title: It fails, check: command, with: {run: "false"}}
      - {id: passes, title: It passes, check: command, with: {run: "true"}}
      - {id: kept, title: It may not be waived, check: command, with: {run: "true"}}
"""
TERMS = ("--reason", "It is replaced.", "--control", "Tested by hand.", "--requested-by", "dev@example.com")


def waivable(root: Path) -> Project:
    project = Project(root)
    project.write("readiness.yaml", CHECKLIST)
    project.commit(date="2026-09-02T10:00:00Z")
    return project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(empty_home()))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    project = copied(waivable, tmp_path / "deedpro")
    monkeypatch.chdir(project.root)
    return project


def run(*args: str, person: str = COUNSEL, answer: str = "") -> Result:
    return CliRunner().invoke(main, [*args, "--key", str(key(person))], input=answer)


def waive(item: str = "fails", expires: str = "10d", *args: str, person: str = COUNSEL) -> Result:
    return run("waive", item, *TERMS, "--expires", expires, "--yes", *args, person=person)


def only(project: Project) -> Record:
    (record,) = load_records(project.root).records
    return record


def judged(project: Project, code: int, *args: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(
        readiness("check", "-q", "--format", "json", *args, cwd=project.root, code=code).stdout
    )
    return report


def test_it_shows_what_will_be_signed_and_asks(project: Project) -> None:
    done = run("waive", "fails", *TERMS, "--expires", "2099-01-01", answer="n\n")
    assert done.exit_code == 2
    assert "longer than the 30d" in done.output
    day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    done = run("waive", "fails", *TERMS, "--expires", day, answer="n\n")
    assert done.exit_code == 2
    for words in ("This will be signed:", "It fails", "dev@example.com", "It is replaced.", "Tested by hand."):
        assert words in done.output
    assert f"{day}T23:59:59Z" in done.output
    assert "nothing was signed" in done.output
    assert load_records(project.root).records == ()


def test_all_that_is_missing_is_named_at_once(project: Project) -> None:
    done = run("waive", "fails")
    assert done.exit_code == 2
    for option in ("--reason", "--control", "--expires", "--requested-by"):
        assert option in done.output
    assert load_records(project.root).records == ()


@pytest.mark.parametrize(
    ("reason", "told"),
    [("\u3164", "cannot wait (\\u3164 shows nothing)"), ("fine\u3164", "holds the character \\u3164")],
)
def test_a_reason_that_shows_nothing_or_hides_something_is_not_signed(project: Project, reason: str, told: str) -> None:
    done = waive("fails", "10d", "--reason", reason)
    assert (done.exit_code, load_records(project.root).records) == (2, ())
    assert told in done.output


@pytest.mark.parametrize(
    ("item", "args", "person", "words"),
    [
        ("kept", (), COUNSEL, "the policy lets nobody waive `kept`"),
        ("nowhere", (), COUNSEL, "no item `nowhere`"),
        ("fails", ("--requested-by", "Counsel@example.com"), COUNSEL, "that takes two people"),
        ("fails", (), STRANGER, "is not in the role legal"),
        ("fails", ("--role", "qa"), COUNSEL, "signed as qa"),
        ("fails", ("--expires", "soon"), COUNSEL, "--expires"),
        ("fails", ("--expires", "2020-01-01"), COUNSEL, "expires before it is signed"),
        ("fails", ("--requested-by", "a *"), COUNSEL, "requested_by"),
    ],
)
def test_one_that_would_not_count_is_refused(
    project: Project, item: str, args: tuple[str, ...], person: str, words: str
) -> None:
    done = waive(item, "10d", *args, person=person)
    assert done.exit_code == 2
    assert words in done.output
    assert load_records(project.root).records == ()


def test_a_waiver_makes_the_verdict_conditional_until_it_is_revoked(project: Project) -> None:
    assert judged(project, 1)["verdict"]["word"] == "NO_GO"
    assert waive().exit_code == 0
    record = only(project)
    report = judged(project, 0)
    until = report["verdict"]["valid_until"]
    assert report["verdict"]["word"] == "CONDITIONAL_GO"
    assert datetime.fromisoformat(until) == record.waiver.expires_at if record.waiver else False
    assert report["verdict"]["flips"] == [{"at": until, "text": "the waiver of fails lapses"}]
    assert [(w["item"], w["state"], w["used"]) for w in report["waivers"]] == [("fails", "valid", True)]
    assert {r["item"]["id"]: r["outcome"]["status"] for r in report["results"]}["fails"] == "failed"
    assert any("lapses in" in notice for notice in report["notices"])
    judged(project, 1, "--fail-on", "conditional")
    done = run("revoke", record.digest[:10], "--reason", "It broke in production.", "--yes", person=PARALEGAL)
    assert done.exit_code == 0, done.output
    report = judged(project, 1)
    assert report["verdict"]["word"] == "NO_GO"
    assert [(w["state"], w["code"]) for w in report["waivers"]] == [("revoked", "revoked")]
    assert any("does not count: revoked" in notice for notice in report["notices"])


def test_a_waiver_that_lapses_soon_is_an_annotation_in_ci(project: Project) -> None:
    github = {"GITHUB_ACTIONS": "true"}
    assert waive("fails", "10d").exit_code == 0
    told = readiness("check", "-q", cwd=project.root, env=github, code=0)
    assert (
        "::warning title=fails%3A waived::10 days left: the waiver of counsel@example.com" in told.stdout + told.stderr
    )
    assert waive("fails", "25d").exit_code == 0
    told = readiness("check", "-q", cwd=project.root, env=github, code=0)
    assert "waived::" not in told.stdout + told.stderr


def test_a_waiver_that_nothing_needs_is_reported(project: Project) -> None:
    assert waive("passes").exit_code == 0
    report = judged(project, 1)
    revoke = f"next: `readiness revoke {report['waivers'][0]['record'][:12]} --reason …`"
    assert any(notice.endswith(f"not needed any more: the item passes; {revoke}") for notice in report["notices"])
    assert [waiver["used"] for waiver in report["waivers"]] == [False]
    chosen = judged(project, 1, "fails")
    assert not any("not needed" in notice for notice in chosen["notices"])


def test_of_several_waivers_the_one_that_ends_last_counts(project: Project) -> None:
    for expires in ("20d", "25d", "5d"):
        assert waive("fails", expires).exit_code == 0
    report = judged(project, 0)
    assert report["verdict"]["valid_until"] == max(waiver["expires_at"] for waiver in report["waivers"])
    assert sorted(waiver["used"] for waiver in report["waivers"]) == [False, False, True]


@pytest.mark.parametrize(("answer", "code", "records"), [("y\n", 0, 1), ("n\n", 2, 0), ("\n", 2, 0), ("\x04", 2, 0)])
def test_at_a_terminal_only_a_yes_signs(project: Project, answer: str, code: int, records: int) -> None:
    args = ("waive", "fails", *TERMS, "--expires", "10d", "--key", str(key(COUNSEL)))
    left, drawn = answered(*args, cwd=project.root, question="Sign this? [y/N]:", answer=answer)
    assert left == code, drawn
    assert ("nothing was signed" in drawn) is (not records)
    assert len(load_records(project.root).records) == records


@pytest.mark.parametrize(("answer", "code", "records"), [("y\n", 0, 2), ("n\n", 2, 1)])
def test_at_a_terminal_only_a_yes_revokes(project: Project, answer: str, code: int, records: int) -> None:
    assert waive().exit_code == 0
    args = ("revoke", only(project).digest[:8], "--reason", "It broke.", "--key", str(key(COUNSEL)))
    left, drawn = answered(*args, cwd=project.root, question="Take it back for good? [y/N]:", answer=answer)
    assert left == code, drawn
    assert "Tested by hand." in drawn
    assert len(load_records(project.root).records) == records


def test_a_waiver_for_no_environment_is_noted_and_told_where_it_is_missed(project: Project) -> None:
    project.write("readiness.yaml", CHECKLIST.replace("roles:", "environments: {production: {}, staging: {}}\nroles:"))
    project.commit()
    done = waive()
    assert done.exit_code == 0
    assert "for none of the environments production, staging; name one with --env" in done.output
    report = judged(project, 1, "--env", "production")
    (notice,) = [notice for notice in report["notices"] if "`fails`" in notice]
    assert "does not count: stale: it was given for deedpro, no release, no environment" in notice
    assert waive("fails", "10d", "--env", "production").exit_code == 0
    assert judged(project, 0, "--env", "production")["verdict"]["word"] == "CONDITIONAL_GO"
    judged(project, 1, "--env", "staging")


def test_a_waiver_without_its_signature_does_not_count(project: Project) -> None:
    assert waive().exit_code == 0
    judged(project, 0)
    (project.root / record_path(only(project).digest, "sig")).unlink()
    report = judged(project, 1)
    assert [(w["state"], w["code"], w["used"]) for w in report["waivers"]] == [("invalid", "signature-missing", False)]


def test_a_period_of_hours_may_be_as_long_as_the_policy_allows(project: Project) -> None:
    project.write("readiness.yaml", CHECKLIST.replace("30d", "12h"))
    project.commit()
    assert waive("fails", "13h").exit_code == 2
    assert waive("fails", "12h").exit_code == 0
    judged(project, 0)


@pytest.mark.parametrize("name", ["policy-weakening", "records-append-only"])
@pytest.mark.usefixtures("project")
def test_what_guards_the_rules_can_never_be_waived(name: str) -> None:
    done = waive(name)
    assert done.exit_code == 2
    assert "it can never be waived" in done.output


@pytest.mark.usefixtures("project")
def test_a_waiver_stands_in_the_list_with_its_state() -> None:
    assert waive().exit_code == 0
    (listed,) = json.loads(CliRunner().invoke(main, ["records", "list", "--json"]).output)["records"]
    assert (listed["action"], listed["state"], listed["code"], listed["item"]) == ("waive", "valid", "valid", "fails")
    shown = CliRunner().invoke(main, ["records", "show", listed["record"]]).output
    assert "Tested by hand." in shown


def test_a_revocation_needs_a_reason_an_answer_and_somebody_who_may(project: Project) -> None:
    assert waive().exit_code == 0
    digest = only(project).digest
    assert "a revocation needs its reason" in run("revoke", digest).output
    assert "no record begins with" in run("revoke", "abcdef", "--reason", "x").output
    refused = run("revoke", digest, "--reason", "x", "--yes", person=STRANGER)
    assert refused.exit_code == 2
    assert "may not take it back" in refused.output
    declined = run("revoke", digest, "--reason", "x", answer="n\n")
    assert declined.exit_code == 2
    assert "This record will be taken back:" in declined.output
    assert only(project).digest == digest
    assert run("revoke", digest, "--reason", "x", answer="y\n").exit_code == 0
    (by,) = [record for record in load_records(project.root).records if record.withdrawal is not None]
    assert "is revoked already" in run("revoke", digest, "--reason", "x").output
    assert "which is final" in run("revoke", by.digest, "--reason", "x").output


def test_a_record_can_be_put_in_anothers_place(project: Project) -> None:
    assert waive("fails", "20d").exit_code == 0
    first = only(project).digest
    assert waive("fails", "10d").exit_code == 0
    (second,) = {record.digest for record in load_records(project.root).records} - {first}
    assert waive("passes").exit_code == 0
    (other,) = {record.digest for record in load_records(project.root).records} - {first, second}
    wrong = run("revoke", first, "--replaced-by", other, "--reason", "x", "--yes")
    assert wrong.exit_code == 2
    assert "it is no waiver of fails" in wrong.output
    same = run("revoke", first, "--replaced-by", first, "--reason", "x", "--yes")
    assert same.exit_code == 2
    assert "cannot take its own place" in same.output
    done = run("revoke", first, "--replaced-by", second, "--reason", "It was too long.", "--yes")
    assert done.exit_code == 0, done.output
    report = judged(project, 0)
    codes = {waiver["record"]: waiver["code"] for waiver in report["waivers"]}
    assert codes == {first: "superseded", second: "valid", other: "valid"}
