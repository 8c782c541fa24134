"""Detached SSH signatures for tests: made by OpenSSH, judged by OpenSSH, taken apart and put together."""

import base64
import subprocess
from pathlib import Path

from readiness.records.ssh.sshsig import SignatureRefusedError, verify
from support.signing import key

MESSAGE = b'{"a record": "of any bytes"}\n'
NAMESPACE = "signoff@readiness"
PERSON = "jo@example.com"


def sign(kind: str, message: bytes = MESSAGE, *options: str, namespace: str = NAMESPACE) -> bytes:
    """What OpenSSH signs with a key of a kind."""
    args = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(key("signer", kind)), *options]
    return subprocess.run(args, input=message, capture_output=True, check=True).stdout


def stock(signature: bytes, line: str, folder: Path, message: bytes = MESSAGE) -> bool:
    """Whether OpenSSH itself accepts a signature by the key of a line."""
    (folder / "signature").write_bytes(signature)
    (folder / "roster").write_text(f'{PERSON} namespaces="{NAMESPACE}" {line}\n')
    args = ["ssh-keygen", "-Y", "verify", "-f", "roster", "-I", PERSON, "-n", NAMESPACE, "-s", "signature"]
    return subprocess.run(args, cwd=folder, input=message, capture_output=True, check=False).returncode == 0


def accepted(signature: bytes, line: str, message: bytes = MESSAGE) -> bool:
    """Whether our verifier accepts a signature by the key of a line; anything but a clear refusal fails the test."""
    try:
        return verify(message, signature).key.line == line
    except SignatureRefusedError as error:
        assert str(error)  # noqa: PT017 - a refusal without a reason is none
        return False


def dearmour(signature: bytes) -> bytes:
    return base64.b64decode(b"".join(signature.splitlines()[1:-1]))


def armour(data: bytes, width: int = 70) -> bytes:
    text = base64.b64encode(data)
    lines = b"\n".join(text[at : at + width] for at in range(0, len(text), width))
    return b"-----BEGIN SSH SIGNATURE-----\n" + lines + b"\n-----END SSH SIGNATURE-----\n"
