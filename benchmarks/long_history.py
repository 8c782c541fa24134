"""Makes a repository with a long history and many signed records, through `git fast-import`."""

import base64
import hashlib
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from readiness.records.ssh.sshsig import NAMESPACE
from readiness.records.ssh.wire import string
from readiness.records.storage.work_tree import record_path

START = datetime(2026, 1, 1, tzinfo=UTC)
PERSON = "counsel@example.com"
KEY = Ed25519PrivateKey.from_private_bytes(b"benchmark of readiness, no secret"[:32])
PUBLIC = string(b"ssh-ed25519") + string(KEY.public_key().public_bytes_raw())
ROSTER = (
    f'{PERSON} namespaces="{NAMESPACE}",valid-before="20990101Z" ssh-ed25519 '.encode()
    + base64.b64encode(PUBLIC)
    + b"\n"
)
CHECKLIST = """\
version: 1
project: benchmark
roles: {legal: [counsel@example.com]}
sections:
  - title: Legal
    items:
      - {id: reviewed, title: Reviewed, check: signoff, with: {role: legal}}
"""


def make(folder: Path, *, commits: int, records: int) -> None:
    """Write a history of so many commits, of which each of the first so many brings a record.

    Args:
        folder: Where; it must not exist.
        commits: At least as many as records.
        records: How many.
    """
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    files = {
        "readiness.yaml": CHECKLIST.encode(),
        ".readiness/allowed_signers": ROSTER,
    }
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE) as importer:
        stream = importer.stdin
        assert stream is not None  # it is a pipe
        for number in range(commits):
            at = START + timedelta(minutes=number)
            files["notes.md"] = f"{number}\n".encode()
            if number < records:
                data = statement(number, at)
                digest = hashlib.sha256(data).hexdigest()
                files[record_path(digest)] = data
                files[record_path(digest, "sig")] = signature(data)
            who = f"dev <dev@example.com> {int(at.timestamp())} +0000"
            stream.write(f"commit refs/heads/main\ncommitter {who}\ndata 6\nChange\n".encode())
            for path, content in files.items():
                stream.write(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
            files.clear()
    if importer.returncode:
        raise RuntimeError("git fast-import failed")
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)


def statement(number: int, at: datetime) -> bytes:
    """A record as `readiness sign` writes it."""
    item = "ab" * 32
    predicate: dict[str, Any] = {
        "action": "signoff", "decision": "approve", "project": "benchmark", "release": "", "environment": "",
        "commit": "", "item": "reviewed", "item_text": "Reviewed", "item_digest": f"sha256:{item}", "each": "",
        "role": "legal", "meaning": "I have reviewed it.", "reason": "", "signer": {"principal": PERSON, "name": ""},
        "signed_at": at.isoformat().replace("+00:00", "Z"), "expires_at": None, "evidence": [], "seen": [],
        "nonce": f"{number:032x}",
    }  # fmt: skip
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "urn:readiness:item:reviewed", "digest": {"sha256": item}}],
        "predicateType": "urn:readiness:signoff:v1",
        "predicate": predicate,
    }
    return (json.dumps(value, indent=1) + "\n").encode()


def signature(data: bytes) -> bytes:
    """What `ssh-keygen -Y sign` makes, ten times as fast (OpenSSH's PROTOCOL.sshsig)."""
    digest = hashlib.sha512(data).digest()
    head = string(NAMESPACE.encode()) + string(b"") + string(b"sha512")
    raw = KEY.sign(b"SSHSIG" + head + string(digest))
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + string(PUBLIC) + head + string(string(b"ssh-ed25519") + string(raw))
    text = base64.b64encode(blob)
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return b"\n".join([b"-----BEGIN SSH SIGNATURE-----", *lines, b"-----END SSH SIGNATURE-----", b""])
