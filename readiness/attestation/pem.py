"""Reads PEM files: which blocks they contain, and why a block cannot be a key for verdicts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from readiness.attestation import AttestationError
from readiness.text import short

LIMIT = 64 * 1024
"""Bytes of a key file; a key takes 300."""
MAKE_A_KEY = (
    "make one: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -out verdict.key`, "
    "and its public half: `openssl pkey -in verdict.key -pubout -out verdict.pub`"
)
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,60})-----\r?\n(.*?)-----END \1-----(?:\r?\n|\Z)", re.DOTALL)
_REFUSED = {
    "ENCRYPTED SIGSTORE PRIVATE KEY": "a key that cosign has encrypted in a format of its own",
    "ENCRYPTED COSIGN PRIVATE KEY": "a key that cosign has encrypted in a format of its own",
    "OPENSSH PRIVATE KEY": "a key of OpenSSH",
    "RSA PRIVATE KEY": "an RSA key",
    "DSA PRIVATE KEY": "a DSA key",
    "RSA PUBLIC KEY": "an RSA key",
    "CERTIFICATE": "a certificate",
    "CERTIFICATE REQUEST": "a certificate request",
}


@dataclass(frozen=True)
class Block:
    """One block of a PEM file."""

    label: str
    text: bytes | bytearray = field(repr=False)
    """All of it, with the lines that begin and end it."""
    line: int
    """Where it begins, from 1."""

    @property
    def private(self) -> bool:
        """Whether it holds a private key."""
        return self.label.endswith("PRIVATE KEY")

    @property
    def encrypted(self) -> bool:
        """Whether a passphrase is needed."""
        return self.label.startswith("ENCRYPTED") or b"Proc-Type: 4,ENCRYPTED" in self.text


def read(path: Path) -> bytearray:
    """Read a key file; it may be a pipe.

    Raises:
        AttestationError: It cannot be read, or is larger than any key.
    """
    room, length = bytearray(LIMIT + 1), 0  # one room for all of it: to grow or shrink would leave copies behind
    try:
        with path.open("rb", buffering=0) as stream:
            while length < len(room) and (more := stream.readinto(memoryview(room)[length:])):
                length += more
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is refused"
        raise AttestationError(f"the key `{short(str(path))}` cannot be read: {why}", "name a readable file") from error
    if length > LIMIT:
        raise AttestationError(f"`{short(str(path))}` is larger than {LIMIT} bytes: that is no key", MAKE_A_KEY)
    data = room[:length]
    wipe(room)
    return data


@contextmanager
def read_once(path: Path) -> Iterator[list[Block]]:
    """The blocks of a private key file, whose bytes are overwritten at the end.

    Raises:
        AttestationError: It cannot be read, or is larger than any key.
    """
    data = read(path)
    found = blocks(data)
    try:
        yield found
    finally:
        for secret in (data, *(block.text for block in found)):
            wipe(secret)


def wipe(secret: bytes | bytearray) -> None:
    """Overwrite bytes that were secret, where they can be overwritten."""
    if isinstance(secret, bytearray):
        secret[:] = bytes(len(secret))


def blocks(data: bytes | bytearray) -> list[Block]:
    """Find the blocks of a PEM file, without the parameters that `openssl ecparam` writes before a key."""
    found = [
        Block(match[1].decode(), data[slice(*match.span())], data.count(b"\n", 0, match.start()) + 1)
        for match in _BLOCK.finditer(data)
    ]
    return [block for block in found if block.label != "EC PARAMETERS"]


def refuse(block: Block, place: str) -> None:
    """Insist that a block can be a key on the curve P-256.

    Raises:
        AttestationError: It is something else, by its label.
    """
    what = _REFUSED.get(block.label)
    if what is not None:
        raise AttestationError(f"{place} is {what}: readiness signs with ECDSA on the curve P-256", MAKE_A_KEY)
