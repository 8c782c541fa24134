"""Makes records that `readiness sign` would not make: any bytes, signed by a real key."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from readiness.records.storage.work_tree import record_path
from support.policy_branch import ago
from support.signing import Project


def sign_bytes(project: Project, data: bytes, path: Path, namespace: str = "signoff@readiness") -> str:
    """Sign any bytes with a key, and keep them as a record; their digest."""
    args = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(path)]
    signature = subprocess.run(args, input=data, capture_output=True, check=True).stdout
    digest = hashlib.sha256(data).hexdigest()
    project.write(record_path(digest), data)
    project.write(record_path(digest, "sig"), signature)
    return digest


def altered(project: Project, change: Callable[[dict[str, Any]], object], at: datetime | None = None) -> bytes:
    """A record with something else in it than the program would write."""
    value = json.loads(project.draft(at=at or ago(3)).encode())
    change(value)
    return json.dumps(value).encode()
