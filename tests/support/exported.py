"""A repository with sign-offs whose roster changes later, and the export of its records."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from readiness.cli import main
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, key, roster_line

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
        with: {role: legal, covers: ["templates/**"]}
      - id: builds
        title: It builds
        check: command
        with: {run: touch ran}
      - id: built-and-signed
        title: The build was looked at
        check: signoff
        needs: [builds]
        with: {role: legal}
"""
THEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def export(*args: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["records", "export", *args])
    assert "Traceback" not in result.output
    assert result.exit_code == code, result.output
    return result


def date(hours: int) -> str:
    return (THEN + timedelta(hours=hours)).isoformat()


def build(root: Path) -> Project:
    """Two sign-offs, of which one is revoked; then the roster changes: one leaves, another gets a new key."""
    project = Project(root, covers=["templates/**"])
    project.write("readiness.yaml", CHECKLIST)
    project.commit(date=date(0))
    project.sign(at=THEN + timedelta(hours=1))
    taken_back = project.sign(PARALEGAL, at=THEN + timedelta(hours=2))
    project.commit("Sign", date=date(3))
    project.revoke(taken_back, PARALEGAL, at=THEN + timedelta(hours=4))
    project.commit("Revoke", date=date(5))
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + roster_line(STRANGER, key("new", "ecdsa256")))
    project.commit("Change the roster", date=date(6))
    return project


def instructed(text: str) -> list[str]:
    """Code blocks of the instructions, as a reader copies them."""
    blocks = re.findall(r"(?m)(?:^    .+\n)+", text)
    return [re.sub(r"(?m)^    ", "", block) for block in blocks]
