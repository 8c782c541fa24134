"""The verifier accepts what OpenSSH signs and never what OpenSSH refuses."""

import base64
import hashlib
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.records import keys
from readiness.records.sshsig import LIMIT, SignatureRefusedError, verify
from readiness.records.wire import mpint, string
from support.signing import KINDS, key, public

MESSAGE = b'{"a record": "of any bytes"}\n'
NAMESPACE = "signoff@readiness"
MUTATIONS = int(os.environ.get("READINESS_MUTATIONS", "300"))
"""In all; the suite runs few, a release runs thousands."""


def sign(kind: str, message: bytes = MESSAGE, *options: str, namespace: str = NAMESPACE) -> bytes:
    args = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(key("signer", kind)), *options]
    return subprocess.run(args, input=message, capture_output=True, check=True).stdout


def stock(signature: bytes, line: str, folder: Path, message: bytes = MESSAGE) -> bool:
    """Whether OpenSSH itself accepts a signature."""
    (folder / "signature").write_bytes(signature)
    (folder / "roster").write_text(f'jo@example.com namespaces="{NAMESPACE}" {line}\n')
    args = ["ssh-keygen", "-Y", "verify", "-f", "roster", "-I", "jo@example.com", "-n", NAMESPACE, "-s", "signature"]
    return subprocess.run(args, cwd=folder, input=message, capture_output=True, check=False).returncode == 0


def accepted(signature: bytes, line: str, message: bytes = MESSAGE) -> bool:
    try:
        return verify(message, signature).key.line == line
    except SignatureRefusedError:
        return False


def dearmour(signature: bytes) -> bytes:
    return base64.b64decode(b"".join(signature.splitlines()[1:-1]))


def armour(data: bytes) -> bytes:
    text = base64.b64encode(data)
    lines = b"\n".join(text[at : at + 70] for at in range(0, len(text), 70))
    return b"-----BEGIN SSH SIGNATURE-----\n" + lines + b"\n-----END SSH SIGNATURE-----\n"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hash_name", ["sha256", "sha512"])
def test_what_openssh_signs_is_accepted(kind: str, hash_name: str) -> None:
    signature = sign(kind, MESSAGE, "-O", f"hashalg={hash_name}")
    assert verify(MESSAGE, signature).key == public(key("signer", kind))


@pytest.mark.parametrize("kind", KINDS)
def test_other_bytes_another_namespace_and_another_signature_are_refused(kind: str) -> None:
    signature = sign(kind)
    with pytest.raises(SignatureRefusedError, match="does not fit"):
        verify(MESSAGE + b" ", signature)
    with pytest.raises(SignatureRefusedError, match="was not made for `signoff@readiness`"):
        verify(MESSAGE, sign(kind, namespace="git"))
    with pytest.raises(SignatureRefusedError, match="was not made for"):
        verify(MESSAGE, signature, namespace="file")
    with pytest.raises(SignatureRefusedError, match="does not fit"):
        verify(MESSAGE, sign(kind, b"something else"))


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\0",
        b"-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        armour(b"SSHSIG"),
        armour(b"SSHSIG" + (2).to_bytes(4, "big")),
        armour(b"SSHSIG" + (1).to_bytes(4, "big") + b"\xff\xff\xff\xff"),
        b"-----BEGIN SSH SIGNATURE-----\n!!!!\n-----END SSH SIGNATURE-----\n",
        b"A" * (LIMIT + 1),
    ],
)
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(SignatureRefusedError):
        verify(MESSAGE, junk)


@settings(deadline=None)  # a busy machine is no defect
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_clearly_refused(data: bytes, wrapped: bool) -> None:  # noqa: FBT001 - hypothesis gives it by name
    with pytest.raises(SignatureRefusedError) as caught:
        verify(MESSAGE, armour(b"SSHSIG\0\0\0\1" + data) if wrapped else data)
    assert str(caught.value)


def test_anything_around_the_armour_is_refused() -> None:
    signature = sign("ed25519")
    for odd in (b"x" + signature, signature + b"x", signature + signature, signature.replace(b"\n", b"\r\n")):
        with pytest.raises(SignatureRefusedError, match="nothing else"):
            verify(MESSAGE, odd)


def test_a_hash_other_than_sha_2_and_a_filled_reserved_field_are_refused() -> None:
    blob = dearmour(sign("ed25519"))
    with pytest.raises(SignatureRefusedError, match="SHA-256 or SHA-512"):
        verify(MESSAGE, armour(blob.replace(string(b"sha512"), string(b"md5"))))
    reserved = string(NAMESPACE.encode()) + string(b"")
    assert reserved in blob
    with pytest.raises(SignatureRefusedError, match="reserved"):
        verify(MESSAGE, armour(blob.replace(reserved, string(NAMESPACE.encode()) + string(b"x"))))


def test_a_short_rsa_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "rsa", "-b", "1024", "-f", path], check=True)
    args = ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(path)]
    signature = subprocess.run(args, input=MESSAGE, capture_output=True, check=True).stdout
    with pytest.raises(SignatureRefusedError, match="1024 bits"):
        verify(MESSAGE, signature)


def test_an_rsa_signature_with_sha_1_is_refused() -> None:
    blob = dearmour(sign("rsa"))
    odd = blob.replace(string(b"rsa-sha2-512"), string(b"rsa-sha2-666"))
    with pytest.raises(SignatureRefusedError, match="SHA-2"):
        verify(MESSAGE, armour(odd))


def _mutate(blob: bytes, chance: random.Random) -> bytes:
    data = bytearray(blob)
    at = chance.randrange(len(data))
    match chance.randrange(6):
        case 0:
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            data[at] = chance.randrange(256)
        case 2:
            del data[at : at + chance.randrange(1, 5)]
        case 3:
            data[at:at] = chance.randbytes(chance.randrange(1, 5))
        case 4:
            data += chance.randbytes(chance.randrange(1, 9))
        case _:
            names = [b"sha256", b"sha512", b"md5", b"", b"ssh-rsa", b"rsa-sha2-256", b"rsa-sha2-512", b"ssh-ed25519"]
            old, new = chance.choice(names[:2] + names[4:]), chance.choice(names)
            data = bytearray(bytes(data).replace(string(old), string(new)))
    return bytes(data)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_openssh_refuses_is_accepted(kind: str, tmp_path: Path) -> None:
    line = public(key("signer", kind)).line
    signature = sign(kind)
    assert stock(signature, line, tmp_path)
    assert accepted(signature, line)
    chance = random.Random(f"readiness {kind}")  # noqa: S311 - the same mutations in every run
    blob = dearmour(signature)
    false_accepts, tried = [], 0
    for _ in range(max(MUTATIONS // len(KINDS), 10)):
        odd = armour(_mutate(blob, chance)) if chance.random() < 0.8 else _mutate(signature, chance)
        tried += odd != signature
        if accepted(odd, line) and not stock(odd, line, tmp_path):
            false_accepts.append(odd)
    assert tried > 0
    assert false_accepts == []


# Hardware keys and passkeys: there is no device here, so the device's part is done with a software key, in the format
# of OpenSSH's PROTOCOL.u2f; that OpenSSH itself accepts the result shows that the format is right.


class Device:
    """What a security key or a passkey does."""

    def __init__(self, kind: str, application: bytes = b"ssh:") -> None:
        self.kind, self.application = kind, application
        self.private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
        if kind == keys.SK_ED25519:
            self.private = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
            material = string(self.private.public_key().public_bytes_raw())
        else:
            self.private = ec.derive_private_key(0x1234567, ec.SECP256R1())
            numbers = self.private.public_key().public_numbers()
            material = string(b"nistp256") + string(
                b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
            )
        self.blob = string(kind.encode()) + material + string(application)

    @property
    def line(self) -> str:
        return keys.parse(self.blob).line

    def raw(self, data: bytes) -> bytes:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return mpint(r) + mpint(s)

    def asserts(self, flags: int, inner: bytes, extensions: bytes = b"") -> bytes:
        counter = (9).to_bytes(4, "big")
        return self.raw(
            hashlib.sha256(self.application).digest()
            + bytes([flags])
            + counter
            + extensions
            + hashlib.sha256(inner).digest()
        )

    def sign(self, flags: int = 1, kind: str = "") -> bytes:
        signed = to_be_signed()
        name = string((kind or self.kind).encode())
        return self.envelope(name + string(self.asserts(flags, signed)) + bytes([flags]) + (9).to_bytes(4, "big"))

    def passkey(
        self,
        flags: int = 1,
        *,
        origin: bytes = b"https://sign.example.com",
        client: Callable[[bytes], bytes] = lambda data: data,
        extensions: bytes = b"",
    ) -> bytes:
        challenge = base64.urlsafe_b64encode(to_be_signed()).rstrip(b"=")
        data = client(
            b'{"type":"webauthn.get","challenge":"' + challenge + b'","origin":"' + origin + b'","crossOrigin":false}'
        )
        return self.envelope(
            string(b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com")
            + string(self.asserts(flags, data, extensions))
            + bytes([flags])
            + (9).to_bytes(4, "big")
            + string(origin)
            + string(data)
            + string(extensions)
        )

    def envelope(self, signature: bytes) -> bytes:
        head = b"SSHSIG" + (1).to_bytes(4, "big") + string(self.blob) + string(NAMESPACE.encode())
        return armour(head + string(b"") + string(b"sha512") + string(signature))


def to_be_signed() -> bytes:
    digest = hashlib.sha512(MESSAGE).digest()
    return b"SSHSIG" + string(NAMESPACE.encode()) + string(b"") + string(b"sha512") + string(digest)


HARDWARE = [keys.SK_ED25519, keys.SK_ECDSA]


@pytest.mark.parametrize("kind", HARDWARE)
@pytest.mark.parametrize(("flags", "verified"), [(0x01, False), (0x05, True)])
def test_a_touched_hardware_key_is_accepted_as_openssh_does(
    kind: str, flags: int, *, verified: bool, tmp_path: Path
) -> None:
    device = Device(kind)
    signature = device.sign(flags)
    assert stock(signature, device.line, tmp_path)
    assert verify(MESSAGE, signature).key.line == device.line
    assert verify(MESSAGE, signature).user_verified is verified


@pytest.mark.parametrize("kind", HARDWARE)
def test_a_hardware_key_that_nobody_touched_is_refused_although_openssh_accepts_it(kind: str, tmp_path: Path) -> None:
    device = Device(kind)
    signature = device.sign(flags=0)
    assert stock(signature, device.line, tmp_path)
    with pytest.raises(SignatureRefusedError, match="nobody touched"):
        verify(MESSAGE, signature)


def test_flags_cannot_be_changed_after_the_fact() -> None:
    device = Device(keys.SK_ED25519)
    blob = dearmour(device.sign(flags=0))
    assert blob[-5] == 0
    with pytest.raises(SignatureRefusedError, match="does not fit"):
        verify(MESSAGE, armour(blob[:-5] + b"\x01" + blob[-4:]))


def test_a_passkey_is_accepted_as_openssh_does(tmp_path: Path) -> None:
    device = Device(keys.SK_ECDSA, b"sign.example.com")
    signature = device.passkey(0x05)
    assert stock(signature, device.line, tmp_path)
    assert verify(MESSAGE, signature).user_verified


@pytest.mark.parametrize(
    "change",
    [
        {"flags": 0x00},
        {"flags": 0x41},
        {"flags": 0x81},
        {"extensions": b"\xa0"},
        {"origin": b'https://a","x":"'},
        {"client": lambda data: data.replace(b"webauthn.get", b"webauthn.create")},
        {"client": lambda data: data.replace(b'"challenge":"U', b'"challenge":"V')},
        {"client": lambda data: data.replace(b"sign.example.com", b"evil.example.com")},
        {"client": lambda data: data.replace(b'","crossOrigin', b'" ,"crossOrigin')},
    ],
)
def test_a_passkey_that_asserted_anything_else_is_refused(change: dict[str, object]) -> None:
    device = Device(keys.SK_ECDSA, b"sign.example.com")
    make = cast("Callable[..., bytes]", device.passkey)
    with pytest.raises(SignatureRefusedError):
        verify(MESSAGE, make(**change))


@pytest.mark.parametrize("kind", [*HARDWARE, "passkey"])
def test_of_mutated_hardware_signatures_none_that_openssh_refuses_is_accepted(kind: str, tmp_path: Path) -> None:
    device = Device(keys.SK_ECDSA if kind == "passkey" else kind)
    signature = device.passkey() if kind == "passkey" else device.sign()
    chance = random.Random(f"hardware {kind}")  # noqa: S311 - the same mutations in every run
    blob = dearmour(signature)
    for _ in range(max(MUTATIONS // 10, 10)):
        odd = armour(_mutate(blob, chance))
        assert not accepted(odd, device.line) or stock(odd, device.line, tmp_path)


def test_a_curve_signature_under_a_hardware_key_is_refused() -> None:
    with pytest.raises(SignatureRefusedError, match="different types"):
        verify(MESSAGE, Device(keys.SK_ED25519).sign(kind="ssh-ed25519"))
