"""Makes a repository whose records are spread over many items and releases, as years of releases leave them."""

import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from long_history import PERSON, ROSTER, signature

from readiness.loading import load
from readiness.records.judging.question import ask_checklist
from readiness.records.storage.allowed_signers import read_roster
from readiness.records.storage.work_tree import record_path
from readiness.records.writing.signoff import Declaration, draft_signoff

ITEMS = 30
HEAD = """\
version: 1
project: benchmark
release: "1.0"
roles: {legal: [counsel@example.com]}
sections:
  - title: Legal
    items:
"""
ITEM = '      - {{id: item-{0}, title: "Item {0}", check: signoff, with: {{role: legal, covers: ["templates/**"]}}}}\n'


def make(folder: Path, *, records: int, items: int = ITEMS) -> None:
    """Write the repository; each round of sign-offs of all items is for another release, and one commit.

    Args:
        folder: Where; it must not exist.
        records: How many.
        items: How many the checklist has.
    """
    (folder / ".readiness").mkdir(parents=True)
    (folder / "templates").mkdir()
    for name in ("grant", "quit"):
        (folder / "templates" / f"{name}.html").write_text(f"<h1>{name}</h1>\n", encoding="utf-8")
    (folder / ".readiness" / "allowed_signers").write_bytes(ROSTER)
    (folder / "readiness.yaml").write_text(HEAD + "".join(map(ITEM.format, range(items))), encoding="utf-8")
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    head = commit(folder, "base")
    checklist = load(folder / "readiness.yaml")
    asked = [ask_checklist(folder, checklist, item) for item in checklist.items]
    holder, now = read_roster(folder).signers[0], datetime.now(UTC) - timedelta(minutes=records)
    for number in range(records):
        question = asked[number % items].model_copy(update={"release": f"1.{number // items}"})
        at = now + timedelta(seconds=number)
        said = draft_signoff(question, holder, Declaration(meaning="ok"), now=at, commit=head, seen=())
        write(folder, said.encode())
        if number % items == items - 1 or number == records - 1:
            head = commit(folder, f"release {number // items}")


def write(folder: Path, data: bytes) -> None:
    """Write one record and its signature."""
    digest = hashlib.sha256(data).hexdigest()
    for suffix, content in (("json", data), ("sig", signature(data))):
        path = folder / record_path(digest, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def commit(folder: Path, subject: str) -> str:
    """Commit everything, and return the object id."""
    who = ["-c", f"user.email={PERSON}", "-c", "user.name=Counsel", "-c", "commit.gpgSign=false"]
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", subject], cwd=folder, check=True)
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
