"""Adds a person's key to the allowed signers, and makes the key where there is none."""

import contextlib
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from readiness import judged_tree
from readiness.atomic_write import atomic_write
from readiness.checklist import PRINCIPAL
from readiness.records.model.errors import RecordsError
from readiness.records.ssh.public_key import ED25519, PublicKey, parse_key
from readiness.records.ssh.sshsig import NAMESPACE
from readiness.records.storage.allowed_signers import (
    ALLOWED_SIGNERS,
    REVOKED_KEYS,
    ROSTER_LIMIT,
    Holder,
    Roster,
    parse_roster,
)
from readiness.records.storage.reading import keep_bytes, read_file


def add_signer(root: Path, principal: str, key: PublicKey, until: datetime) -> Holder:
    """Give a key to a person in `.readiness/allowed_signers`; the file is made where there is none.

    Args:
        root: Folder of the checklist.
        principal: Who it is.
        key: Their public key.
        until: Last moment at which it may sign; whole seconds.

    Returns:
        The new line, as it is read back.

    Raises:
        RecordsError: The line would be refused, or the file is not in order as it is; nothing was written.
        OSError: It cannot be written.
    """
    after, roster = _with_line(root, principal, key, until)
    if key.blob in roster.revoked:
        raise RecordsError(f"{key.fingerprint} is in {REVOKED_KEYS}: nothing that it signs counts", "take another key")
    keep_bytes(root)
    atomic_write(root / ALLOWED_SIGNERS, after)
    return roster.by_key[key.blob]


def refuse_principal(root: Path, principal: str, until: datetime) -> None:
    """Refuse a person to whom no key at all could be given, before one is made for them.

    Args:
        root: Folder of the checklist.
        principal: Who it is.
        until: Last moment at which their key may sign.

    Raises:
        RecordsError: A line with this name would be refused, or the file is not in order as it is.
    """
    kind, body = ED25519.encode(), os.urandom(32)
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in (kind, body))
    _with_line(root, principal, parse_key(blob), until)


def _with_line(root: Path, principal: str, key: PublicKey, until: datetime) -> tuple[bytes, Roster]:
    """The allowed signers with one line more, as bytes and as they are read back."""
    if PRINCIPAL.fullmatch(principal) is None:
        raise RecordsError(f"`{principal}` is not one name or e-mail address", "write it as: jo@example.com")
    revoked = read_file(root, REVOKED_KEYS, limit=ROSTER_LIMIT) or b""
    before = read_file(root, ALLOWED_SIGNERS, limit=ROSTER_LIMIT) or b""
    _refuse_held(before, revoked, key)
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    line = f'{principal} namespaces="{NAMESPACE}",valid-before="{until.astimezone(UTC):%Y%m%d%H%M%SZ}" {key.line}\n'
    after = before + gap + line.encode()
    return after, parse_roster(after, revoked)


def _refuse_held(allowed: bytes, revoked: bytes, key: PublicKey) -> None:
    held = None
    with contextlib.suppress(RecordsError):  # no key yet, or lines that are refused together with the new one
        held = parse_roster(allowed, revoked).find(key)
    if held is not None:
        until = f"{held.valid_before:%Y-%m-%d}"
        summary = f"{ALLOWED_SIGNERS}:{held.line}: {held.principal} has {key.fingerprint} already, until {until}"
        raise RecordsError(summary, "take another key, or change that line")


def make_key(path: Path, principal: str) -> None:
    """Let OpenSSH make an Ed25519 key; it asks for the passphrase itself.

    Args:
        path: File of the private key, which is not there yet; the public one is written beside it.
        principal: Whose it is, as its comment.

    Raises:
        RecordsError: OpenSSH is missing, or made none.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        program = judged_tree.program("ssh-keygen") or "ssh-keygen"
        done = subprocess.run([program, "-q", "-t", "ed25519", "-C", principal, "-f", str(path)], check=False)
    except OSError as error:
        raise RecordsError(
            f"no key was made at {path}: {error.strerror}", "install OpenSSH, or name another"
        ) from error
    if done.returncode or not path.is_file():
        raise RecordsError(f"ssh-keygen made no key at {path}", "see what it said above, and try again")
