"""`readiness attest-evidence` signs what a later run accepts, in one job or in two."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from readiness.attestation.envelope import read_file
from readiness.attestation.keys import read_trusted_keys
from support.program import readiness
from support.repositories import commit_all
from support.verdict_keys import PASSPHRASE, private, public

UNIT = '<testsuite name="s" tests="1"><testcase classname="t" name="total" file="app.py"/></testsuite>'
LCOV = "SF:app.py\nDA:1,1\nend_of_record\n"
CHECKLIST = """\
version: 1
project: p
roles: {tests: [ci@example.com]}
sections:
  - title: All
    items:
      - {id: unit, title: Unit, check: junit, producer: tests, with: {paths: [reports/*.xml]}}
      - {id: same, title: The same, check: test-results, producer: tests, with: {paths: [reports/*.xml]}}
      - id: coverage
        title: Coverage
        check: coverage
        producer: tests
        with: {sources: [{path: reports/app.info, metric: lines, minimum: 90}]}
"""


class Job:
    """A repository whose tests have run; its roster names one key for evidence."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (key,) = read_trusted_keys(public().read_bytes(), "key")
        line = f'ci@example.com namespaces="evidence@readiness",valid-before="20350101Z" {key.ssh.line}\n'
        for name, text in {
            "readiness.yaml": CHECKLIST,
            "app.py": "x = 1\n",
            ".gitignore": "/reports/\n",
            ".readiness/allowed_signers": line,
        }.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text)
        commit_all(root)
        (root / "reports").mkdir()
        (root / "reports/unit.xml").write_text(UNIT)
        (root / "reports/app.info").write_text(LCOV)

    def sign(self, *args: str, key: Path | None = None, code: int = 0) -> "subprocess.CompletedProcess[str]":
        files = args or ("reports/unit.xml", "reports/app.info")
        return readiness("attest-evidence", *files, "--key", str(key or private()), cwd=self.root, code=code)

    def outcomes(self, command: str = "check", *args: str) -> dict[str, Any]:
        done = readiness(command, *args, "-q", "--format", "json", cwd=self.root)
        self.report = json.loads(done.stdout)
        return {result["item"]["id"]: result["outcome"] for result in self.report["results"]}


@pytest.fixture
def job(tmp_path: Path) -> Job:
    root = tmp_path / "project"
    root.mkdir()
    return Job(root)


def test_what_was_signed_passes_and_what_was_changed_afterwards_does_not(job: Job) -> None:
    done = job.sign()
    assert done.stdout.startswith("signed reports/unit.xml for commit ")
    assert done.stdout.endswith(": reports/app.info.intoto.json\n")
    assert done.stderr == ""
    found = job.outcomes()
    statuses = {name: outcome["status"] for name, outcome in found.items()}
    assert statuses == dict.fromkeys(("unit", "same", "coverage"), "passed")
    for name in ("unit", "same"):  # two names of one check
        assert found[name]["summary"].endswith("; 1 file of evidence signed by ci@example.com (tests)")
        (evidence,) = found[name]["evidence"]
        assert evidence["signature"]["envelope"] == "reports/unit.xml.intoto.json"
    (job.root / "reports/unit.xml").write_text(UNIT.replace("total", "other"))
    (job.root / "reports/app.info").write_text(LCOV + "\n")
    found = job.outcomes()
    assert [outcome["status"] for outcome in found.values()] == ["error"] * 3
    assert "reports/unit.xml holds other bytes than were signed" in found["unit"]["summary"]
    assert job.report["verdict"]["word"] == "INCOMPLETE"


def test_the_judging_job_verifies_and_the_collecting_job_does_not(job: Job, tmp_path: Path) -> None:
    folder = str(tmp_path / "evidence")
    readiness("collect", "-q", "-o", folder, cwd=job.root, code=0)
    assert [outcome["status"] for outcome in job.outcomes("judge", folder).values()] == ["error"] * 3
    job.sign()
    found = job.outcomes("judge", folder)
    assert [outcome["status"] for outcome in found.values()] == ["passed"] * 3
    assert found["coverage"]["evidence"][0]["signature"]["principal"] == "ci@example.com"
    (job.root / "reports/app.info.intoto.json").unlink()
    assert job.outcomes("judge", folder)["coverage"]["status"] == "error"


def test_nothing_is_written_when_one_file_is_refused(job: Job) -> None:
    done = job.sign("reports/unit.xml", "reports/none.xml", code=2)
    assert "reports/none.xml` cannot be read: No such file" in done.stderr
    assert not list(job.root.glob("reports/*.intoto.json"))


@pytest.mark.parametrize("to", [".git", "src"])
def test_a_folder_that_the_change_made_a_link_is_refused_before_git_is_asked(job: Job, to: str) -> None:
    (job.root / "src").mkdir()
    (job.root / "reports").rename(job.root / "old")
    (job.root / "reports").symlink_to(to)
    (job.root / "reports/unit.xml").write_text(UNIT)
    (job.root / ".git/config").write_text("[not what git can read")
    done = job.sign("reports/unit.xml", code=2)
    assert f"`{job.root / 'reports'}` is a link, or git's own" in done.stderr
    assert "next: undo the link, or unpack outside of the repository" in done.stderr
    assert not (job.root / "reports/unit.xml.intoto.json").exists()
    assert "is a link, or git's own" in job.sign(".git/unit.xml", code=2).stderr


def test_a_link_above_the_repository_is_nobodys_choice(job: Job, tmp_path: Path) -> None:
    (tmp_path / "other").symlink_to(job.root)
    assert job.sign(str(tmp_path / "other/reports/unit.xml")).stdout.startswith("signed reports/unit.xml ")


def test_a_key_that_the_roster_does_not_know_is_told_with_its_line(job: Job) -> None:
    (key,) = read_trusted_keys(public(name="second").read_bytes(), "key")
    done = job.sign("reports/unit.xml", key=private(name="second"))
    assert "does not know this key as one for evidence" in done.stderr
    assert f'PRINCIPAL namespaces="evidence@readiness",valid-before="YYYYMMDDZ" {key.ssh.line}' in done.stderr


def test_an_encrypted_key_is_opened_by_variable_or_file(job: Job, tmp_path: Path) -> None:
    key = private("encrypted")
    args = ("attest-evidence", "reports/unit.xml", "--key", str(key))
    assert "is encrypted" in readiness(*args, cwd=job.root, code=2).stderr
    readiness(*args, cwd=job.root, env={"READINESS_KEY_PASSPHRASE": PASSPHRASE}, code=0)
    (tmp_path / "pass").write_text(PASSPHRASE + "\n")
    readiness(*args, "--passphrase-file", str(tmp_path / "pass"), cwd=job.root, code=0)


def test_a_key_in_git_is_refused(job: Job) -> None:
    key = job.root / "ci.key"
    key.write_bytes(private().read_bytes())
    commit_all(job.root)
    assert "is tracked by git" in job.sign("reports/unit.xml", key=key, code=2).stderr


def test_openssl_verifies_the_signature(job: Job, tmp_path: Path) -> None:
    job.sign("reports/unit.xml")
    signed = read_file(job.root / "reports/unit.xml.intoto.json")
    kind = signed.payload_type.encode()
    (tmp_path / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(signed.payload), signed.payload))
    (tmp_path / "sig").write_bytes(signed.signatures[0].sig)
    files = ["-verify", str(public()), "-signature", str(tmp_path / "sig"), str(tmp_path / "pae")]
    command = ["openssl", "dgst", "-sha256", *files]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "Verified OK\n"
    assert json.loads(signed.payload)["subject"][0]["name"] == "reports/unit.xml"
