"""Attacks on the form of records and signatures: what one reader sees and another does not."""

import hashlib
import json
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from readiness.records.storage.work_tree import record_path
from support.attacked import ITEM, Attacked, Seen, ago
from support.forging import altered, sign_bytes
from support.program import PROGRAM, readiness, variables
from support.signing import COUNSEL, PARALEGAL, git, key


def forge(project: Attacked, *changes: dict[str, Any]) -> list[str]:
    """Keep a record for each change of a good one, signed by counsel."""
    made = [sign_bytes(project, altered(project, partial(_change, more)), key(COUNSEL)) for more in changes]
    project.save(3)
    return made


def _change(more: dict[str, Any], value: dict[str, Any]) -> None:
    for path, new in more.items():
        *steps, last = path.split(".")
        at: Any = value
        for step in steps:
            at = at[int(step) if step.isdigit() else step]
        at[last] = new


def all_malformed(project: Attacked, digests: list[str]) -> None:
    """Each of them is named, and none counts."""
    outcome = project.outcomes()[ITEM]
    named = {finding["path"] for finding in outcome["findings"] if finding["rule"] == "malformed"}
    assert {record_path(digest) for digest in digests} <= named


def test_two_readings(project: Attacked, row: Seen) -> None:
    """A record is no strict JSON: a key is there twice, data trails, a number is none, it is too deep or too large."""
    good = project.draft(at=ago(3)).encode()
    twice = good.replace(b'"decision": "approve"', b'"decision": "reject", "decision": "approve"')
    odd = [twice, good + b"{}", good.replace(b'"evidence": []', b'"evidence": NaN')]
    odd += [b"[" * 5_000 + b"]" * 5_000, good.rstrip() + b" " * 3_000_000 + b"\n"]
    assert len(set(odd)) == 5
    digests = [sign_bytes(project, data, key(COUNSEL)) for data in odd]
    project.save(3)
    assert project.seen() == row
    told = readiness("records", "verify", cwd=project.root, code=1).stdout
    assert all(record_path(digest) in told for digest in digests)


def test_fooled_eyes(project: Attacked, row: Seen) -> None:
    """A record holds look-alike names, characters that reorder text, or escapes that speak to a terminal."""
    digests = forge(
        project,
        {"predicate.signer.principal": "couns\u0435l@example.com"},
        {"predicate.meaning": "I approve \u202eton od"},
        {"predicate.reason": "\x1b[2J\x1b[1;1H"},
        {"subject.0.name": "templates/gr\u00e0nt".replace("\u00e0", "a\u0300")},
    )
    assert project.seen() == row
    all_malformed(project, digests)


def test_fooled_terminals(project: Attacked, row: Seen) -> None:
    """A commit's author, a file's name and a signer's words hold escapes and HTML."""
    project.write("templates/<script>alert(1).html", "x")
    project.save(6)
    project.signed(4, meaning="<img src=x onerror=alert(1)>")
    project.write("templates/grant_deed.html", "other")
    project.commit(author="\x1b[31m<b>red@example.com", date=ago(1).isoformat())
    assert project.seen() == row
    page = project.root.parent / "report.html"
    done = readiness("check", "--env", "production", "-o", str(page), cwd=project.root, code=row.check)
    assert "\x1b[31m" not in done.stdout + done.stderr
    text = page.read_text(encoding="utf-8")
    assert "<img src=x" not in text
    assert "<script>alert" not in text
    assert "\x1b" not in text


def test_paths(project: Attacked, row: Seen) -> None:
    """A record names files outside the project: by traversal, absolute, or in .git."""
    names = ["../../etc/passwd", "/etc/passwd", ".git/config", "templates/../.GIT/config", "C:\\boot.ini", "a//b"]
    digests = forge(project, *({"subject.0.name": name} for name in names))
    assert project.seen() == row
    all_malformed(project, digests)


def test_more_fields(project: Attacked, row: Seen) -> None:
    """A record says more than the program understands, or is of another type."""
    digests = forge(
        project,
        {"predicate.approved_by": "everybody"},
        {"predicateType": "urn:readiness:signoff:v2"},
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"predicate.signed_at": "2026-11-23T10:15:00"},
    )
    assert project.seen() == row
    all_malformed(project, digests)


@pytest.mark.parametrize("namespace", ["git", "file", "signoff@readiness.example"])
def test_another_purpose(project: Attacked, row: Seen, namespace: str) -> None:
    """A signature that was made for git, a file or a mail is reused."""
    sign_bytes(project, project.draft(at=ago(3)).encode(), key(COUNSEL), namespace)
    project.save(3)
    assert project.seen() == row


def test_a_crash(project: Attacked, row: Seen) -> None:
    """A crash leaves half a record."""
    statement, signature = project.files(project.sign(at=ago(3)))
    statement.write_bytes(statement.read_bytes()[:200])
    signature.unlink()
    project.save(3)
    assert project.seen() == row


def test_at_once(tmp_path: Path, row: Seen) -> None:
    """Two people sign at the same moment."""
    project = Attacked(tmp_path / "deedpro", quorum=2)
    args = [*PROGRAM, "sign", ITEM, "--env", "production", "--yes", "--key"]
    signing = [
        subprocess.Popen(
            [*args, str(key(person))], cwd=project.root, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for person in (COUNSEL, PARALEGAL)
    ]
    for process in signing:
        said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    git(project.root, "add", "-A")
    assert project.seen() == row


def test_no_signature(project: Attacked, row: Seen) -> None:
    """The signature of a sign-off is missing."""
    project.files(project.sign(at=ago(3)))[1].unlink()
    project.save(3)
    assert project.seen() == row


def test_swapped_signatures(project: Attacked, row: Seen) -> None:
    """The signatures of two sign-offs are swapped."""
    one, other = (project.files(project.sign(person, at=ago(3)))[1] for person in (COUNSEL, PARALEGAL))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    project.save(3)
    assert project.seen() == row


def test_a_flood(project: Attacked, row: Seen) -> None:
    """A flood of forged records is to drown the real sign-off."""
    project.sign(at=ago(3))
    value = json.loads(project.draft(at=ago(2)).encode())
    for number in range(200):
        value["predicate"]["nonce"] = f"{number:032x}"
        data = json.dumps(value).encode()
        digest = hashlib.sha256(data).hexdigest()
        project.write(record_path(digest), data)
        project.write(record_path(digest, "sig"), "forged")
    project.save(2)
    assert project.seen() == row
    assert len(project.outcomes()[ITEM]["signoffs"]) < 30
