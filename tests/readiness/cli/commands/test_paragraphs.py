"""What a lawyer writes in several lines is signed, verified, listed, printed and exported as it was written."""

import csv
import html
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.policy_branch import PolicyBranch
from support.program import readiness
from support.signing import COUNSEL, key

MEANING = """I reviewed these templates for use in California:

1. the grant deed (Civil Code 1092),
2. the tax deed.
  signed by    cto@example.com"""


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    project = PolicyBranch(tmp_path / "deedpro")
    done = readiness(
        "sign",
        "templates-reviewed",
        "--meaning",
        MEANING,
        "--yes",
        "--key",
        str(key(COUNSEL)),
        cwd=project.root,
        code=0,
    )
    said = done.stdout + done.stderr
    assert "  meaning      I reviewed these templates for use in California:\n" in said
    assert "\n                 signed by    cto@example.com\n" in said, "no line passes for a row"
    project.commit(date=datetime.now(UTC).isoformat())
    return project.root


def test_it_is_verified_listed_and_shown(signed: Path) -> None:
    readiness("records", "verify", cwd=signed, code=0)
    rows = json.loads(readiness("records", "list", "--json", cwd=signed, code=0).stdout)["records"]
    assert [row["meaning"] for row in rows] == [MEANING]
    table = csv.DictReader(io.StringIO(readiness("records", "list", "--format", "csv", cwd=signed, code=0).stdout))
    assert [row["meaning"] for row in table] == [MEANING]
    shown = readiness("records", "show", rows[0]["record"], cwd=signed, code=0).stdout
    assert "\n              2. the tax deed.\n                signed by" in shown
    events = readiness("records", "history", "templates-reviewed", cwd=signed, code=0).stdout
    assert "I reviewed these templates for use in California: 1. the grant deed" in " ".join(events.split())


def test_it_is_printed_and_exported(signed: Path, tmp_path: Path) -> None:
    page, text, archive = tmp_path / "signoffs.html", tmp_path / "report.md", tmp_path / "audit.zip"
    readiness("check", "-q", "-o", str(page), "-o", str(text), cwd=signed, code=0)
    assert f"<blockquote>{MEANING}</blockquote>" in html.unescape(page.read_text())
    assert "white-space:pre-line" in page.read_text()
    assert "2. the tax deed" in text.read_text()
    readiness("records", "export", "-o", str(archive), cwd=signed, code=0)
    with zipfile.ZipFile(archive) as exported:
        [name] = [name for name in exported.namelist() if name.endswith("records.json")]
        assert json.loads(exported.read(name))["records"][0]["meaning"] == MEANING
