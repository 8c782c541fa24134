"""Who signed what, from real signatures: the page checks itself with git, sha256sum and OpenSSH alone."""

import re
import subprocess
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from readiness.cli import main
from readiness.records.storage.work_tree import load_records, record_path
from support.console import environment
from support.program import readiness
from support.signing import COUNSEL, PARALEGAL, Project, empty_home, git, key

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
roles:
  legal: [counsel@example.com, paralegal@example.com]
policy:
  waivers:
    longest: {blocker: 30d}
    by: {legal: [fails]}
sections:
  - title: All
    items:
      - {id: fails, title: It fails, check: command, with: {run: "false"}}
      - id: templates-reviewed
        title: Templates <b>reviewed</b>
        check: signoff
        with: {role: legal, quorum: 2, covers: ["templates/**"]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Two people have signed, one has waived; all of it is committed."""
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(empty_home()))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    project = Project(tmp_path / "deedpro")
    project.write("readiness.yaml", CHECKLIST)
    project.commit(date="2026-09-02T10:00:00Z")
    monkeypatch.chdir(project.root)
    terms = ("--reason", "It is replaced.", "--control", "By hand.", "--requested-by", "dev@example.com")
    for person, args in (
        (COUNSEL, ("sign", "templates-reviewed", "--meaning", "I approve <i>this</i>.")),
        (PARALEGAL, ("sign", "templates-reviewed")),
        (COUNSEL, ("waive", "fails", *terms, "--expires", "10d")),
    ):
        done = CliRunner().invoke(main, [*args, "--yes", "--key", str(key(person))])
        assert done.exit_code == 0, done.output
    project.commit(date=datetime.now(UTC).isoformat())
    return project


def script(page: Path) -> str:
    (shown,) = re.findall(r"<pre[^>]*>(.*?)</pre>", page.read_text("utf-8"), re.DOTALL)
    return unescape(shown)


def run(root: Path, commands: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", commands], cwd=root, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


def test_the_page_tells_how_to_check_every_signature_and_that_holds(project: Project) -> None:
    readiness("check", "-q", "-o", "out/signoffs.html", "-o", "out/3.0.0.Signoffs.HTML", cwd=project.root, code=0)
    page = project.root / "out/signoffs.html"
    text = page.read_text("utf-8")
    for words in ("3 signatures count", "counsel@example.com", "I approve &lt;i&gt;this&lt;/i&gt;.", "It is replaced."):
        assert words in text
    assert page.read_text("utf-8")[:30] == (project.root / "out/3.0.0.Signoffs.HTML").read_text("utf-8")[:30]
    done = run(project.root, script(page))
    good = re.findall(r'^Good "signoff@readiness" signature for (\S+) with ED25519 key', done.stdout, re.MULTILINE)
    assert sorted(good) == [COUNSEL, COUNSEL, PARALEGAL], done.stdout + done.stderr
    assert "NOT GOOD" not in done.stdout
    for record in load_records(project.root).records:
        assert f"{record.digest}.json: OK" in done.stdout


def test_a_record_that_was_changed_afterwards_is_not_good(project: Project) -> None:
    readiness("check", "-q", "-o", "signoffs.html", cwd=project.root, code=0)
    record = load_records(project.root).records[0]
    path = project.root / record_path(record.digest)
    path.write_bytes(path.read_bytes().replace(b"deedpro", b"deedprO"))
    done = run(project.root, script(project.root / "signoffs.html"))
    assert done.stdout.count("NOT GOOD") == 1
    assert len(re.findall(r'^Good "', done.stdout, re.MULTILINE)) == 2


def test_the_roster_is_the_one_of_the_run_and_not_a_later_one(project: Project) -> None:
    readiness("check", "-q", "-o", "signoffs.html", cwd=project.root, code=0)
    project.enroll("# nobody is left\n")
    git(project.root, "add", ".readiness")
    git(project.root, "commit", "-q", "-m", "Leave")
    done = run(project.root, script(project.root / "signoffs.html"))
    assert len(re.findall(r'^Good "', done.stdout, re.MULTILINE)) == 3


def test_the_longest_end_of_a_name_picks_the_reporter(project: Project) -> None:
    readiness("check", "-q", "-o", "a.html", "-o", "a.signoffs.html", "-o", "a.b.md", cwd=project.root, code=0)
    assert "Every item" in (project.root / "a.html").read_text("utf-8")
    assert "Who signed what" in (project.root / "a.signoffs.html").read_text("utf-8")
    assert (project.root / "a.b.md").read_text("utf-8").startswith("# ")
    shown = readiness("report", "--format", "signoffs.html", cwd=project.root, code=0).stdout
    assert shown.rstrip("\n") == (project.root / "a.signoffs.html").read_text("utf-8")
    refused = readiness("check", "-o", "signoffs.htm", cwd=project.root, code=2)
    assert "these suffixes are known: .html, .json, .md, .signoffs.html" in refused.stderr
