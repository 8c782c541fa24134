"""What every record that is written has: a key that may sign, found the way git finds one, and the form of a record."""

import base64
import binascii
import os
import re
import secrets
import subprocess
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from readiness import judged_tree
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Predicate, Signer, Statement, Subject
from readiness.records.ssh.public_key import KeyRefusedError, PublicKey, parse_key, parse_line
from readiness.records.ssh.sshsig import NAMESPACE
from readiness.records.ssh.wire import Reader, WireError
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, Holder, Roster
from readiness.text import first_mistake, short

_LIMIT = 64 * 1024
_MAGIC = b"openssh-key-v1\0"
_PRIVATE = re.compile(rb"-----BEGIN OPENSSH PRIVATE KEY-----\s([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----")
_LITERAL = re.compile(r"(key::)?((ssh|sk-ssh|ecdsa|sk-ecdsa)-\S+)\s+(\S+)(\s.*)?")


@dataclass(frozen=True)
class SigningKey:
    """A key that can sign here."""

    public: PublicKey
    origin: str
    """Where it was found, in words."""
    path: Path | None = None
    """Its file; None when it is in the agent only."""


def find_key(
    root: Path, roster: Roster, *, key: str = "", principal: str = "", among: Collection[str] = ()
) -> SigningKey:
    """Find the key to sign with.

    Args:
        root: Folder of the checklist.
        roster: Who may sign.
        key: Path of a private or public key, or a public key itself.
        principal: Take only a key of this person from the agent.
        among: People to prefer when the agent holds keys of several.

    Raises:
        RecordsError: None was found, or several that could be meant.
    """
    if key:
        return _named(key, "--key", Path.cwd())
    configured = _configured(root)
    if configured:
        return _named(configured, "git's user.signingkey", root)
    return _from_agent(roster, principal, among)


def named_key(text: str) -> PublicKey:
    """The public key that `--key` names: a file, or the key itself.

    Raises:
        RecordsError: There is none, or it may not sign records.
    """
    return _named(text, "--key", Path.cwd()).public


def own_key(root: Path) -> PublicKey:
    """The key that git signs with, else the only one in the agent.

    Raises:
        RecordsError: There is none, or there are several.
    """
    configured = _configured(root)
    if configured:
        return _named(configured, "git's user.signingkey", root).public
    held = _agent_keys()
    if len(held) == 1:
        return held[0]
    found = f"the SSH agent holds {len(held)} keys" if held else "git has no user.signingkey, and the SSH agent no key"
    raise RecordsError(f"{found}: which one is meant?", "name it: --key ~/.ssh/id_ed25519.pub")


def _configured(root: Path) -> str:
    if git_config(root, "gpg.format") != "ssh":
        return ""
    text = git_config(root, "user.signingkey")
    return text if _LITERAL.fullmatch(text) else git_config(root, "--type=path", "user.signingkey")


def git_config(root: Path, *args: str) -> str:
    """Value of git's configuration; empty when it is not set, or there is no git."""
    try:
        done = subprocess.run(
            [judged_tree.program("git") or "git", "config", "--get", *args],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _named(text: str, origin: str, base: Path) -> SigningKey:
    literal = _LITERAL.fullmatch(text.strip())
    try:
        if literal is not None:
            return SigningKey(parse_line(literal[2], literal[4]), origin)
        path = (base / Path(text).expanduser()).absolute()
        return SigningKey(public_half(path), origin, path)
    except KeyRefusedError as error:
        raise RecordsError(f"{origin}: {short(text)}: {error}", "name another key") from error


def public_half(path: Path) -> PublicKey:
    """Read the public key of a private or public key file; asks for no passphrase.

    Raises:
        RecordsError: The file cannot be read, or holds no key.
        KeyRefusedError: The key may not sign records.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT)
    except OSError as error:
        raise RecordsError(f"the key {path} cannot be read: {error.strerror}", "name the file of a key") from error
    private = _PRIVATE.search(data)
    if private is not None:
        return parse_key(_public_of(private[1], path))
    beside = path.with_name(path.name + ".pub")
    if data.startswith(b"-----BEGIN ") and beside.is_file():
        with beside.open("rb") as file:
            data = file.read(_LIMIT)
    words = data.decode("utf-8", "replace").split()
    if len(words) < 2 or data.startswith(b"-----BEGIN "):  # noqa: PLR2004 - type and key
        raise RecordsError(
            f"{path} holds no key in OpenSSH's format, and there is no {beside.name} beside it",
            f"write the public key to {beside.name} with `ssh-keygen -y`",
        )
    return parse_line(words[0], words[1])


def _public_of(text: bytes, path: Path) -> bytes:
    """The public key stands unencrypted in front of the private one (OpenSSH's PROTOCOL.key)."""
    try:
        reader = Reader(base64.b64decode(b"".join(text.split()), validate=True))
        magic = reader.take(len(_MAGIC))
        for _cipher_kdf_and_options in range(3):
            reader.string()
        if magic == _MAGIC and reader.uint32() == 1:
            return reader.string()
    except (WireError, binascii.Error) as error:
        raise RecordsError(f"the key {path} is malformed: {error}", "name another key") from error
    raise RecordsError(f"the key {path} holds not exactly one key", "name another key")


def _from_agent(roster: Roster, principal: str, among: Collection[str]) -> SigningKey:
    found = []
    for public in _agent_keys():
        owner = roster.find(public)
        if owner is not None and principal in {"", owner.principal}:
            found.append((public, owner.principal))
    preferred = [entry for entry in found if entry[1] in among] or found
    if len(preferred) == 1:
        return SigningKey(preferred[0][0], "the SSH agent")
    if preferred:
        names = ", ".join(sorted({name for _key, name in preferred}))
        raise RecordsError(
            f"the SSH agent holds {len(preferred)} keys that could sign, of {names}", "say which with --key or --as"
        )
    raise RecordsError(
        f"there is no key to sign with: none of the SSH agent's is in {ALLOWED_SIGNERS}",
        "name one with --key, or set git's gpg.format to ssh and its user.signingkey",
    )


def _agent_keys() -> list[PublicKey]:
    if not os.environ.get("SSH_AUTH_SOCK"):
        return []
    try:
        done = subprocess.run(
            [judged_tree.program("ssh-add") or "ssh-add", "-L"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    keys = []
    for line in done.stdout.splitlines():
        words = line.split()
        try:
            keys.append(parse_line(words[0], words[1]))
        except (KeyRefusedError, IndexError):
            continue  # a key that may not sign records, or the agent's word that it has none
    return keys


def roster_line(key: PublicKey) -> str:
    """The line that would give a key to a person."""
    return f'PRINCIPAL namespaces="{NAMESPACE}",valid-before="YYYYMMDDZ" {key.line}'


def drafted(make: Callable[[], Predicate], *subjects: Subject) -> Statement:
    """Put a statement together.

    Args:
        make: Makes what it says.
        subjects: What it is bound to.

    Raises:
        RecordsError: It holds a word that a record may not hold.
    """
    try:
        return Statement(subject=subjects, predicate=make())
    except ValidationError as error:
        raise RecordsError(f"this cannot be signed: {first_mistake(error)}", "correct it and sign again") from error


def signing_fields(holder: Holder, name: str, now: datetime, seen: Sequence[str], commit: str) -> dict[str, Any]:
    """Fields that every record has: who signs it, when, and after which commit and records.

    Args:
        holder: Who signs.
        name: The person's name; may be empty.
        now: The date of signing.
        seen: Digests of the newest records.
        commit: HEAD; may be empty.
    """
    return {
        "commit": commit,
        "signer": Signer(principal=holder.principal, name=name),
        "signed_at": now.replace(microsecond=0),
        "seen": tuple(seen),
        "nonce": secrets.token_hex(16),
    }


def refuse_lapsed_key(holder: Holder, now: datetime) -> None:
    """Insist that a key may sign now.

    Raises:
        RecordsError: The roster does not let it.
    """
    if not holder.valid_at(now.replace(microsecond=0)):
        raise RecordsError(
            f"the key of {holder.principal} is not valid now, says {ALLOWED_SIGNERS}:{holder.line}",
            "renew its line there, or sign with another key",
        )
