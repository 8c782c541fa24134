"""What the commands say of a sign-off that is for the content: one file, signed once, for two releases."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from support.signing import COUNSEL, Project, empty_home, key

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.1"
environments:
  production: {}
  staging: {}
roles:
  legal: [counsel@example.com]
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        with: {role: legal, covers: ["templates/**"], for: content, valid_for: 20d}
"""
WHATEVER = "for the content, whatever the release"


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, list(args))
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name, value in (("HOME", str(empty_home())), ("XDG_CONFIG_HOME", str(empty_home()))):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    project = Project(tmp_path / "deedpro")
    project.write("readiness.yaml", CHECKLIST)
    project.commit()
    monkeypatch.chdir(project.root)
    return project


def test_every_command_says_that_it_is_for_the_content(project: Project) -> None:
    signed = run(
        "sign", "templates-reviewed", "--release", "2.9.0", "--env", "staging", "--key", str(key(COUNSEL)), "--yes"
    )
    assert signed.exit_code == 0, signed.output
    assert "holds for    the content, whatever the release" in signed.stderr
    assert "2.9.0" not in signed.stderr
    project.commit(date=datetime.now(UTC).isoformat())

    seen = run(
        "check", "--env", "production", "-o", "run.json", "-o", "run.md", "-o", "run.html", "-o", "run.signoffs.html"
    )
    assert seen.exit_code == 0, seen.output
    for name in ("run.md", "run.html", "run.signoffs.html"):
        assert "the content, whatever the release" in Path(name).read_text(encoding="utf-8"), name
    (card,) = json.loads(Path("run.json").read_bytes())["results"][0]["outcome"]["signoffs"]
    assert (card["state"], card["scope"]) == ("valid", "content")

    listed = run("records", "list", "--env", "production", "--release", "3.0.1")
    assert " the content " in listed.stdout.splitlines()[1], "it is a record of every environment"
    (row,) = csv.DictReader(io.StringIO(run("records", "list", "--format", "csv").stdout))
    assert (row["scope"], row["release"], row["environment"], row["state"]) == ("content", "2.9.0", "staging", "valid")
    assert f"for           {WHATEVER.removeprefix('for ')}" in run("records", "show", row["record"]).stdout
    assert WHATEVER in " ".join(run("records", "history", "templates-reviewed", "--env", "production").stdout.split())
    due = json.loads(run("records", "due", "--json").stdout)["due"]
    assert [(one["what"], one["scope"]) for one in due] == [("signoff", "content")], (
        "once, and not for each environment"
    )
    assert WHATEVER in " ".join(run("records", "due").stdout.split())
    verified = run("records", "verify", "-v")
    assert (verified.exit_code, WHATEVER in verified.stdout) == (0, True)


def test_validate_refuses_it_without_files(project: Project) -> None:
    project.write("readiness.yaml", CHECKLIST.replace('covers: ["templates/**"], ', ""))
    result = run("validate")
    assert result.exit_code == 2
    assert "`for: content` needs `covers`" in result.output
    project.write("readiness.yaml", CHECKLIST.replace("for: content", "for: contents"))
    result = run("validate")
    assert result.exit_code == 2
    assert "content" in result.output


def test_it_outlives_the_environment_it_was_given_in_and_a_sign_off_for_the_release_does_not(project: Project) -> None:
    key_ = ("--key", str(key(COUNSEL)), "--yes")
    assert run("sign", "templates-reviewed", "--env", "staging", *key_).exit_code == 0
    project.write("readiness.yaml", CHECKLIST.replace("for: content, ", ""))
    project.commit(date=datetime.now(UTC).isoformat())
    assert run("sign", "templates-reviewed", "--env", "staging", *key_).exit_code == 0
    project.write("readiness.yaml", CHECKLIST.replace("  staging: {}\n", ""))
    project.commit(date=datetime.now(UTC).isoformat())
    rows = csv.DictReader(io.StringIO(run("records", "list", "--format", "csv").stdout))
    assert sorted((row["scope"], row["state"]) for row in rows) == [("content", "valid"), ("release", "undetermined")]
    assert run("check", "--env", "production").exit_code == 0
