"""Security keys and passkeys: somebody was there, OpenSSH takes the same bytes, and nothing else was asserted."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from readiness.records.ssh.public_key import SK_ECDSA, SK_ED25519
from readiness.records.ssh.sshsig import SignatureRefusedError, verify
from support.authenticator import HARDWARE, Device
from support.sshsig import MESSAGE, armour, dearmour, stock


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
    device = Device(SK_ED25519)
    blob = dearmour(device.sign(flags=0))
    assert blob[-5] == 0
    with pytest.raises(SignatureRefusedError, match="does not fit"):
        verify(MESSAGE, armour(blob[:-5] + b"\x01" + blob[-4:]))


def test_a_passkey_is_accepted_as_openssh_does(tmp_path: Path) -> None:
    device = Device(SK_ECDSA, b"sign.example.com")
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
    device = Device(SK_ECDSA, b"sign.example.com")
    make = cast("Callable[..., bytes]", device.passkey)
    with pytest.raises(SignatureRefusedError):
        verify(MESSAGE, make(**change))


def test_a_curve_signature_under_a_hardware_key_is_refused() -> None:
    with pytest.raises(SignatureRefusedError, match="different types"):
        verify(MESSAGE, Device(SK_ED25519).sign(kind="ssh-ed25519"))
