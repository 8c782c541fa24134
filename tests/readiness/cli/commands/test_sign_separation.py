"""`readiness sign` asks for no signature that would not count, and says who can give one."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from readiness.records.storage.work_tree import load_records
from support.program import readiness
from support.signing import COUNSEL, PARALEGAL, Project, key

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
roles:
  legal: [counsel@example.com, paralegal@example.com]
people:
  counsel@example.com: [jo@home.example]
sections:
  - title: Legal
    items:
      - id: reviewed
        title: Templates reviewed
        check: signoff
        with: {role: legal, covers: ["templates/**"], not_by: authors}
      - id: verified
        title: Templates reviewed, in person
        check: signoff
        with: {role: legal, user_verification: true}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "deedpro")
    project.write("readiness.yaml", CHECKLIST)
    project.write("templates/grant_deed.html", "changed")
    project.commit(author="jo@home.example", date=datetime.now(UTC).isoformat())
    return project


def sign(project: Project, item: str, person: str, *args: str, code: int) -> subprocess.CompletedProcess[str]:
    """Nothing is typed: where the program asks, it gets no answer."""
    return readiness("sign", item, "--key", str(key(person)), *args, cwd=project.root, code=code)


def test_an_author_is_refused_before_anything_is_asked_and_told_who_can_sign(project: Project) -> None:
    done = sign(project, "reviewed", COUNSEL, code=2)
    assert "counsel@example.com changed `templates/grant_deed.html`, last in " in done.stderr
    assert "next: let paralegal@example.com run `readiness sign reviewed`" in done.stderr
    assert "This will be signed" not in done.stderr
    assert load_records(project.root).records == ()


def test_an_author_can_reject_and_another_can_approve(project: Project) -> None:
    sign(project, "reviewed", COUNSEL, "--decision", "reject", "--reason", "I was wrong.", "--yes", code=0)
    sign(project, "reviewed", PARALEGAL, "--yes", code=0)


def test_a_key_in_a_file_is_refused_where_a_device_is_asked_for(project: Project) -> None:
    done = sign(project, "verified", COUNSEL, code=2)
    assert "is a key in a file" in done.stderr
    assert "ssh-keygen -t ed25519-sk -O verify-required" in done.stderr


def test_a_shallow_clone_cannot_tell_the_authors(project: Project, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", project.root.as_uri(), str(clone)], check=True)
    done = readiness("sign", "reviewed", "--key", str(key(PARALEGAL)), cwd=clone, code=2)
    assert "shallow clone" in done.stderr
    assert "fetch-depth: 0" in done.stderr
