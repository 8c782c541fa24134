"""Nothing that OpenSSH refuses is accepted: thousands of mutated signatures, under each type of key.

Whatever our verifier accepts, OpenSSH is asked about. Of what it refuses, OpenSSH is asked about a sample, which shows
that the mutations are neither all harmless nor all nonsense.
"""

import logging
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from readiness.records.ssh.public_key import SK_ECDSA, SK_ED25519
from readiness.records.ssh.wire import Reader, WireError, mpint, string
from support.authenticator import WEBAUTHN, Device
from support.long import LONG, often
from support.signing import KINDS, LARGER, key, public
from support.sshsig import MESSAGE, accepted, armour, dearmour, sign, stock

SOFTWARE = [*KINDS, *(LARGER if LONG else ["rsa3072"])]
DEVICES = [SK_ED25519, SK_ECDSA, "passkey"]
MUTATIONS = often(2_000, max(int(os.environ.get("READINESS_MUTATIONS", "10000")), 5_000))
"""In all; a release runs more than the long run does."""
EACH = -(-MUTATIONS // len([*SOFTWARE, *DEVICES]))
SAMPLE = 0.05
"""Which part of what we refuse OpenSSH is asked about."""
NAMES = [
    b"sha256", b"sha512", b"sha384", b"sha1", b"md5", b"", b"ssh-rsa", b"rsa-sha2-256", b"rsa-sha2-512", b"ssh-ed25519",
    b"ssh-dss", b"signoff@readiness", b"git", b"signoff@readiness\0", b"SIGNOFF@READINESS", b"ecdsa-sha2-nistp256",
    b"sk-ssh-ed25519@openssh.com", b"sk-ecdsa-sha2-nistp256@openssh.com", WEBAUTHN,
]  # fmt: skip


@dataclass(frozen=True)
class Signed:
    """One signature, and one by another key over the same message."""

    line: str
    signature: bytes
    other: bytes


def signed(kind: str) -> Signed:
    if kind in SOFTWARE:
        return Signed(
            public(key("signer", kind)).line, sign(kind), sign("ed25519" if kind != "ed25519" else "ecdsa256")
        )
    device = Device(SK_ECDSA if kind == "passkey" else kind)
    return Signed(device.line, device.passkey(0x05) if kind == "passkey" else device.sign(), sign("ed25519"))


def fields(data: bytes) -> list[bytes]:
    """Strings of the outer envelope: key, namespace, reserved, hash, signature."""
    reader = Reader(data[10:])
    return [reader.string() for _ in range(5)]


def joined(parts: list[bytes]) -> bytes:
    return b"SSHSIG\0\0\0\1" + b"".join(map(string, parts))


def numbers(raw: bytes) -> list[int] | None:
    """Both numbers of a curve's signature; None when it is none."""
    reader = Reader(raw)
    try:
        found = [reader.mpint(), reader.mpint()]
        reader.end()
    except WireError:
        return None
    return found


def flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwrite(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.randrange(1, 5)) + data[at + 1 :]


def cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, 9) :]


def insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice([b"\0", chance.randbytes(chance.randrange(1, 9))]) + data[at:]


def rename(data: bytes, chance: random.Random) -> bytes:
    return data.replace(string(chance.choice(NAMES)), string(chance.choice(NAMES)), chance.choice([1, -1]))


def name(_data: bytes, chance: random.Random) -> bytes:
    return chance.choice(NAMES)


def exchange_field(data: bytes, chance: random.Random) -> bytes:
    """Change one field as a whole, all lengths being right."""
    parts = fields(data)
    at = chance.randrange(5)
    change = chance.choice([flip, overwrite, cut, insert, name])
    parts[at] = change(parts[at], chance) if parts[at] else chance.choice(NAMES)
    return joined(parts)


def exchange_inner_field(data: bytes, chance: random.Random) -> bytes:
    """Change algorithm or signature inside the signature, all lengths being right."""
    parts = fields(data)
    reader = Reader(parts[4])
    algorithm, raw = reader.string(), reader.string()
    rest = parts[4][len(string(algorithm) + string(raw)) :]
    pair = numbers(raw)
    choices: list[Callable[[], tuple[bytes, bytes, bytes]]] = [
        lambda: (chance.choice(NAMES), raw, rest),
        lambda: (algorithm, b"\0" * chance.randrange(1, 4) + raw, rest),
        lambda: (algorithm, raw.lstrip(b"\0")[chance.randrange(3) :], rest),
        lambda: (algorithm, raw + b"\0" * chance.randrange(1, 4), rest),
        lambda: (algorithm, raw, rest + chance.choice([b"\0", string(b""), string(b"x")])),
        lambda: (algorithm, b"", rest),
        lambda: (algorithm, bytes(len(raw)), rest),
        lambda: (algorithm, raw, overwrite(rest, chance) if rest else b"\1"),
    ]
    if pair is not None:
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        r, s = pair
        choices += [
            lambda: (algorithm, mpint(s) + mpint(r), rest),
            lambda: (algorithm, mpint(r) + mpint(max(order - s, 1)), rest),  # the other signature that every curve has
            lambda: (algorithm, mpint(r + order) + mpint(s), rest),
            lambda: (algorithm, string(b"\0" + mpint(r)[4:]) + mpint(s), rest),
            lambda: (algorithm, mpint(r) + string(b"\0" + mpint(s)[4:]), rest),
        ]
    algorithm, raw, rest = chance.choice(choices)()
    return joined([*parts[:4], string(algorithm) + string(raw) + rest])


def rewrap(signature: bytes, chance: random.Random) -> bytes:
    """Change the armour around the same bytes."""
    data = dearmour(signature)
    choices: list[Callable[[], bytes]] = [
        lambda: armour(data, chance.randrange(1, 100)),
        lambda: signature.replace(b"\n", b"\r\n"),
        lambda: signature.rstrip(b"\n"),
        lambda: signature + chance.choice([b"\n", b" ", b"x", b"\0", signature]),
        lambda: chance.choice([b"\n", b" ", b"x", b"\xef\xbb\xbf"]) + signature,
        lambda: signature.replace(b"SSH SIGNATURE", b"SSH  SIGNATURE"),
        lambda: signature.replace(b"\n-----END", chance.choice([b"=\n-----END", b"\n\n-----END", b"-----END"])),
        lambda: signature.replace(b"A", b"A ", 1),
        lambda: signature.replace(b"A", b"A\n", 1),
        lambda: signature.replace(b"+", b"-").replace(b"/", b"_"),
        lambda: flip(signature, chance),
        lambda: overwrite(signature, chance),
        lambda: cut(signature, chance),
    ]
    return chance.choice(choices)()


def mutate(given: Signed, chance: random.Random) -> tuple[bytes, bytes]:
    """A signature and a message of which at least one is not what it was."""
    if chance.random() < 0.05:
        return given.signature, flip(MESSAGE, chance)
    if chance.random() < 0.2:
        return rewrap(given.signature, chance), MESSAGE
    data = dearmour(given.signature)
    if chance.random() < 0.1:
        mine, theirs = fields(data), fields(dearmour(given.other))
        at = chance.randrange(5)
        return armour(joined([*mine[:at], theirs[at], *mine[at + 1 :]])), MESSAGE
    change = chance.choice([flip, overwrite, cut, insert, rename, exchange_field, exchange_inner_field])
    return armour(change(data, chance)), MESSAGE


@pytest.mark.long
def test_the_suite_tries_thousands_of_mutations() -> None:
    assert EACH * len([*SOFTWARE, *DEVICES]) >= often(2_000, 5_000)


@pytest.mark.long
@pytest.mark.parametrize("kind", [*SOFTWARE, *DEVICES])
def test_nothing_that_openssh_refuses_is_accepted(kind: str, tmp_path: Path) -> None:
    given = signed(kind)
    assert accepted(given.signature, given.line)
    assert stock(given.signature, given.line, tmp_path)
    chance = random.Random(f"readiness {kind}")  # noqa: S311 - the same mutations in every run
    seen = {(given.signature, MESSAGE)}
    both = neither = stricter = 0
    while len(seen) <= EACH:
        odd, message = mutate(given, chance)
        if (odd, message) in seen:
            continue
        seen.add((odd, message))
        if accepted(odd, given.line, message):
            theirs = stock(odd, given.line, tmp_path, message)
            assert theirs, odd.decode(errors="backslashreplace")
            both += 1
        elif chance.random() < SAMPLE:
            stricter += stock(odd, given.line, tmp_path, message)
            neither += 1
    told = "%s: %d mutations, %d accepted by both; of %d refused here, OpenSSH accepts %d"
    logging.getLogger(__name__).info(told, kind, len(seen) - 1, both, neither, stricter)
    assert both > 0, "some mutations are harmless, another width of lines for instance"
    assert neither - stricter > EACH * SAMPLE / 4, "OpenSSH refuses most of what we refuse"
