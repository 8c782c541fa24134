"""The verifier accepts what OpenSSH signs, and refuses everything else with its reason."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.records.ssh.sshsig import LIMIT, SignatureRefusedError, signed_by, verify
from readiness.records.ssh.wire import string
from support.authenticator import envelope, to_be_signed
from support.signing import KINDS, key, public
from support.sshsig import MESSAGE, NAMESPACE, armour, dearmour, sign, stock


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


@pytest.mark.parametrize("kind", ["rsa3072", "ecdsa384"])
def test_base64_that_is_padded_without_need_is_refused_as_openssh_does(kind: str, tmp_path: Path) -> None:
    signature = sign(kind)
    for more in (b"=", b"==", b"===="):
        odd = signature.replace(b"\n-----END", more + b"\n-----END")
        with pytest.raises(SignatureRefusedError, match="base64"):
            verify(MESSAGE, odd)
        assert not stock(odd, public(key("signer", kind)).line, tmp_path)


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


@pytest.mark.parametrize("name", [b"ssh-rsa", b"rsa-sha2-256", b"rsa-sha2-512"])
def test_an_rsa_signature_with_sha_1_is_refused_whatever_it_calls_itself(name: bytes, tmp_path: Path) -> None:
    path = key("signer", "rsa")
    private = serialization.load_ssh_private_key(path.read_bytes(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    weak = private.sign(to_be_signed(MESSAGE), padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - what is to be refused
    signature = envelope(public(path).blob, string(name) + string(weak))
    with pytest.raises(SignatureRefusedError, match="SHA-2" if name == b"ssh-rsa" else "does not fit"):
        verify(MESSAGE, signature)
    assert not stock(signature, public(path).line, tmp_path)


def test_a_signature_by_a_certificate_is_refused_although_openssh_may_take_it(tmp_path: Path) -> None:
    for name in ("ca", "user"):
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", tmp_path / name], check=True)
    certify = ["ssh-keygen", "-q", "-s", "ca", "-I", "a", "-n", "jo@example.com", "user.pub"]
    subprocess.run(certify, cwd=tmp_path, check=True)
    args = ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(tmp_path / "user-cert.pub")]
    made = subprocess.run(args, input=MESSAGE, capture_output=True, check=True).stdout
    assert b"cert-v01" in dearmour(made)
    with pytest.raises(SignatureRefusedError, match="certificates are not taken"):
        verify(MESSAGE, made)


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_that_a_signature_names_is_read_without_its_message(kind: str) -> None:
    assert signed_by(sign(kind, b"whatever")) == public(key("signer", kind))


@pytest.mark.parametrize("junk", [b"", b"x", armour(b""), armour(b"SSHSIG\0\0\0\1" + string(b"ssh-dss"))])
def test_junk_names_no_key(junk: bytes) -> None:
    assert signed_by(junk) is None
