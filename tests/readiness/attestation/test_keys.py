"""Keys that sign verdicts: what openssl makes is read, whatever is no P-256 key is refused with the way to make one."""

import base64
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.keys import MOST_KEYS, load_signing_key, read_trusted_keys
from support.signing import key as ssh_key
from support.verdict_keys import PASSPHRASE, converted, made, private, public

PKCS8 = "-----BEGIN PRIVATE KEY-----"
SEARCH_MEMORY = """
import sys
from pathlib import Path
from readiness.attestation.keys import load_signing_key

kept = {"loaded": load_signing_key, "read": Path.read_bytes}[sys.argv[1]](Path(sys.argv[2]))
wanted, found, invert = bytes.fromhex(sys.argv[3]), 0, bytes(range(255, -1, -1))
with open("/proc/self/maps") as regions, open("/proc/self/mem", "rb", 0) as memory:
    for place, rights, *_, name in (line.split() for line in regions):
        start, end = (int(one, 16) for one in place.split("-"))
        if "w" in rights:
            memory.seek(start)
            found += memory.read(end - start).translate(invert).count(wanted)
print(found)
"""
"""Counts in a process's own memory what was turned into its complement, so that the search does not find itself."""


def refused(path: Path, passphrase: str = "") -> AttestationError:
    with pytest.raises(AttestationError) as caught:
        load_signing_key(path, passphrase)
    assert not leaks(str(caught.value) + caught.value.remedy, path)
    return caught.value


def leaks(text: str, path: Path) -> bool:
    """Whether a line of a key's body is in a text."""
    lines = path.read_bytes().decode("ascii", "replace").splitlines()
    return any(line in text for line in lines if len(line) > 30 and not line.startswith("-----"))


def test_the_id_of_a_key_is_what_openssl_says_of_its_public_half() -> None:
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", public(), "-outform", "DER"], capture_output=True, check=True
    ).stdout
    assert load_signing_key(private()).trusted.id == hashlib.sha256(der).hexdigest()
    assert [key.id for key in read_trusted_keys(public().read_bytes(), "x")] == [hashlib.sha256(der).hexdigest()]


@pytest.mark.parametrize("how", [(), ("-aes256", "-passout", f"pass:{PASSPHRASE}")], ids=["plain", "encrypted"])
def test_the_older_form_of_ec_keys_is_read(tmp_path: Path, how: tuple[str, ...]) -> None:
    path = converted(private(), tmp_path / "old.pem", *how)
    assert "BEGIN EC PRIVATE KEY" in path.read_text()
    assert load_signing_key(path, PASSPHRASE).trusted == load_signing_key(private()).trusted


def test_parameters_before_a_key_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", path], check=True)
    assert "BEGIN EC PARAMETERS" in path.read_text()
    load_signing_key(path)


def test_an_encrypted_key_needs_its_passphrase() -> None:
    path = private("encrypted")
    assert (
        load_signing_key(path, PASSPHRASE).trusted.id == read_trusted_keys(public("encrypted").read_bytes(), "x")[0].id
    )
    missing = refused(path)
    assert missing.summary.startswith(f"the key `{path}` is encrypted")
    assert "READINESS_KEY_PASSPHRASE is not set" in missing.summary
    wrong = refused(path, "another passphrase")
    assert wrong.summary.startswith(f"the key `{path}` cannot be decrypted")
    assert "does not fit" in wrong.summary
    assert "another passphrase" not in wrong.summary + wrong.remedy


def test_a_passphrase_does_not_disturb_a_key_without_one() -> None:
    assert load_signing_key(private(), "unused").trusted == load_signing_key(private()).trusted


@pytest.mark.parametrize(
    ("kind", "words"), [("p384", "secp384r1"), ("secp256k1", "secp256k1"), ("rsa", "RSA"), ("ed25519", "Ed25519")]
)
def test_other_kinds_are_refused_with_the_way_to_make_a_right_one(kind: str, words: str) -> None:
    with pytest.raises(AttestationError) as caught:
        read_trusted_keys(public(kind).read_bytes(), "keys")
    for error in (refused(private(kind)), caught.value):
        assert words.lower() in error.summary.lower()
        assert "openssl genpkey" in error.remedy


def test_a_curve_that_is_spelled_out_has_to_be_p256_to_the_last_byte() -> None:
    (named,) = read_trusted_keys(public("explicit").read_bytes(), "keys")
    body = "".join(public("explicit").read_text().splitlines()[1:-1])
    der = bytearray(base64.b64decode(body))
    generator = der.index(bytes.fromhex("6b17d1f2e12c4247"))  # SEC 2, section 2.4.2
    der[generator + 40] ^= 1
    forged = f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"
    with pytest.raises(AttestationError, match=r"not supported|on the curve"):
        read_trusted_keys(forged.encode(), "keys")
    assert named.public.curve.name == "secp256r1"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("ENCRYPTED SIGSTORE PRIVATE KEY", "cosign"),
        ("ENCRYPTED COSIGN PRIVATE KEY", "cosign"),
        ("RSA PRIVATE KEY", "RSA"),
        ("CERTIFICATE", "certificate"),
    ],
)
def test_other_labels_are_refused_by_name(tmp_path: Path, label: str, words: str) -> None:
    path = tmp_path / "key.pem"
    path.write_text(f"-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n")
    error = refused(path)
    assert words in error.summary
    assert "openssl genpkey" in error.remedy


def test_an_ssh_key_is_refused_by_name() -> None:
    assert "a key of OpenSSH" in refused(ssh_key("signer")).summary


def test_a_public_key_cannot_sign() -> None:
    assert "is a public key" in refused(public()).summary


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\x00" * 100,
        f"{PKCS8}\nAAAA\n-----END PRIVATE KEY-----\n".encode(),
        PKCS8.encode(),
        b"\xff" * 70_000,
    ],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    refused(path)


def test_a_file_without_any_key_is_called_no_pem(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("hello")
    assert refused(path).summary == f"the key `{path}` is not in PEM form"


def test_two_private_keys_in_one_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "both.pem"
    path.write_bytes(private().read_bytes() + private(name="second").read_bytes())
    assert "2 private keys" in refused(path).summary


@pytest.mark.parametrize("name", ["missing", "folder", "nul\0byte"])
def test_a_key_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(AttestationError, match="cannot be read"):
        load_signing_key(tmp_path / name)


def test_many_keys_may_be_trusted_and_text_between_them_is_ignored() -> None:
    text = b"# since 2026\n" + public().read_bytes() + b"\n# the next one\n" + public(name="second").read_bytes()
    assert len(read_trusted_keys(text + text, "keys")) == 2
    assert len(read_trusted_keys(text.replace(b"\n", b"\r\n"), "keys")) == 2


def test_a_key_without_its_end_is_not_passed_over() -> None:
    cut = public(name="second").read_bytes()[:-20]
    with pytest.raises(AttestationError, match="end is missing"):
        read_trusted_keys(public().read_bytes() + cut, "keys")


def test_a_private_key_among_the_trusted_is_refused_and_not_shown() -> None:
    with pytest.raises(AttestationError) as caught:
        read_trusted_keys(public().read_bytes() + private().read_bytes(), "keys")
    assert "keys:5 is a private key" in caught.value.summary
    assert not leaks(caught.value.summary + caught.value.remedy, private())


def test_no_key_and_too_many_keys_are_refused() -> None:
    with pytest.raises(AttestationError, match="holds no public key"):
        read_trusted_keys(b"nothing here\n", "keys")
    many = [made() for _ in range(MOST_KEYS + 1)]
    assert len(read_trusted_keys(b"".join(many[:MOST_KEYS]), "keys")) == MOST_KEYS
    with pytest.raises(AttestationError, match="more than 32"):
        read_trusted_keys(b"".join(many), "keys")


def test_neither_key_shows_itself() -> None:
    key = load_signing_key(private())
    assert "private" not in repr(key)
    assert not leaks(repr(key), private())


@pytest.mark.parametrize(("size", "good"), [(64 * 1024, True), (64 * 1024 + 1, False)])
def test_a_file_larger_than_any_key_is_refused(tmp_path: Path, size: int, *, good: bool) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(private().read_bytes().ljust(size, b"\n"))
    if good:
        load_signing_key(path)
    else:
        assert "is larger than 65536 bytes" in refused(path).summary


def test_a_key_is_told_by_its_line() -> None:
    broken = public().read_text().replace("MFk", "MFj")
    with pytest.raises(AttestationError, match=r"^keys:2 is damaged"):
        read_trusted_keys(f"# first\n{broken}".encode(), "keys")
    with pytest.raises(AttestationError, match=r"^keys:3 is of the kind RSA: readiness signs"):
        read_trusted_keys(b"\n\n" + public("rsa").read_bytes(), "keys")


def in_memory(how: str) -> int:
    """How often a line of a key is in the memory of a process that has read it."""
    line = private().read_bytes().splitlines()[2]
    command = [sys.executable, "-c", SEARCH_MEMORY, how, str(private()), bytes(255 - byte for byte in line).hex()]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="a process reads its own memory in /proc/self/mem")
def test_nothing_of_the_key_file_stays_in_memory() -> None:
    assert in_memory("read") > 0
    assert in_memory("loaded") == 0
