"""The envelope: signed as DSSE says, by the account of openssl, and refused when anything in it is altered."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.attestation import AttestationError
from readiness.attestation import envelope as files
from readiness.attestation.envelope import MOST_SIGNATURES, PAYLOAD_TYPE, Envelope, Signature, decode, pae, sign
from support.verdict_keys import private, public
from support.verdicts import envelope, key, trusted, write

PAYLOAD = b'{"said": "something"}'


WHOLE: dict[str, Any] = {"payload": "e30=", "payloadType": PAYLOAD_TYPE, "signatures": [{"keyid": "", "sig": "AA=="}]}


def test_the_encoding_is_that_of_the_specification() -> None:
    # https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pae("", b"") == b"DSSEv1 0  0 "


def test_openssl_verifies_what_is_written_over_an_encoding_of_its_own(tmp_path: Path) -> None:
    written = json.loads(write(tmp_path / "verdict.intoto.json", envelope()).read_text())
    payload = base64.b64decode(written["payload"])
    kind = written["payloadType"]
    (tmp_path / "signed").write_bytes(f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload)
    (tmp_path / "sig").write_bytes(base64.b64decode(written["signatures"][0]["sig"]))

    def ask(by: Path) -> int:
        how = ("-verify", by, "-signature", tmp_path / "sig", tmp_path / "signed")
        return subprocess.run(["openssl", "dgst", "-sha256", *how], capture_output=True, check=False).returncode

    assert ask(public()) == 0
    assert ask(public(name="second")) != 0
    (tmp_path / "signed").write_bytes(payload)
    assert ask(public()) != 0


def test_what_openssl_signs_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "signed").write_bytes(pae(PAYLOAD_TYPE, PAYLOAD))
    how = ("-sign", private(), tmp_path / "signed")
    sig = subprocess.run(["openssl", "dgst", "-sha256", *how], capture_output=True, check=True).stdout
    assert Envelope(PAYLOAD, PAYLOAD_TYPE, (Signature("", sig),)).signer(trusted()) == key().trusted


def test_reading_gives_what_was_written() -> None:
    signed = envelope()
    assert files.parse(files.write_envelope(signed)) == signed
    assert files.parse(files.write_bundle(signed)) == signed


def test_a_signature_counts_for_its_own_payload_and_type_only() -> None:
    one = sign(PAYLOAD, key())
    assert one.signer(trusted()) == key().trusted
    assert Envelope(PAYLOAD + b" ", PAYLOAD_TYPE, one.signatures).signer(trusted()) is None
    assert Envelope(PAYLOAD, "application/json", one.signatures).signer(trusted()) is None


def test_parts_cannot_be_shifted_into_each_other() -> None:
    kind, payload = "a 1 b", b"c"
    assert pae(kind, payload) != pae("a", b"b 1 c")
    signature = key().sign(pae("ab", b"cd"))
    for type_, data in (("a", b"bcd"), ("abc", b"d"), ("ab ", b"cd")):
        assert Envelope(data, type_, (Signature("", signature),)).signer(trusted()) is None


def test_another_key_is_not_believed_whatever_the_hint_says() -> None:
    stranger = sign(PAYLOAD, key("second"))
    claimed = tuple(Signature(key().trusted.id, one.sig) for one in stranger.signatures)
    assert Envelope(PAYLOAD, PAYLOAD_TYPE, claimed).signer(trusted()) is None
    assert Envelope(PAYLOAD, PAYLOAD_TYPE, claimed).signer(trusted("first", "second")) == key("second").trusted


def test_one_good_signature_among_others_is_enough() -> None:
    good, other = sign(PAYLOAD, key()).signatures[0], sign(PAYLOAD, key("second")).signatures[0]
    both = Envelope(PAYLOAD, PAYLOAD_TYPE, (other, Signature("", b"junk"), good))
    assert files.parse(files.write_envelope(both)).signer(trusted()) == key().trusted


@pytest.mark.parametrize(
    "sig",
    [
        b"",
        b"\x00",
        b"\x30\x00",
        bytes.fromhex("3006020100020100"),  # r = s = 0
        bytes.fromhex("3006020101020101"),
        b"\x30\x44" + b"\x00" * 68,
        b"\xff" * 64,
    ],
)
def test_forged_signatures_are_refused(sig: bytes) -> None:
    assert Envelope(PAYLOAD, PAYLOAD_TYPE, (Signature("", sig),)).signer(trusted()) is None


def test_a_signature_with_anything_after_it_is_refused() -> None:
    (good,) = sign(PAYLOAD, key()).signatures
    assert Envelope(PAYLOAD, PAYLOAD_TYPE, (Signature("", good.sig + b"\x00"),)).signer(trusted()) is None


def test_no_single_bit_of_an_envelope_can_be_turned() -> None:
    one = sign(PAYLOAD, key())
    (good,) = one.signatures
    for index in range(len(PAYLOAD) * 8):
        changed = bytearray(PAYLOAD)
        changed[index // 8] ^= 1 << index % 8
        assert Envelope(bytes(changed), PAYLOAD_TYPE, one.signatures).signer(trusted()) is None
    for index in range(len(good.sig) * 8):
        changed = bytearray(good.sig)
        changed[index // 8] ^= 1 << index % 8
        assert Envelope(PAYLOAD, PAYLOAD_TYPE, (Signature("", bytes(changed)),)).signer(trusted()) is None


def test_what_is_an_envelope_is_read() -> None:
    assert decode(WHOLE) == Envelope(b"{}", PAYLOAD_TYPE, (Signature("", b"\0"),))


BROKEN: dict[str, Any] = {
    "no object": [],
    "empty": {},
    "no payload": {"payloadType": PAYLOAD_TYPE, "signatures": [{"sig": "AA=="}]},
    "no signatures": WHOLE | {"signatures": []},
    "signatures is an object": WHOLE | {"signatures": {"sig": "AA=="}},
    "too many signatures": WHOLE | {"signatures": WHOLE["signatures"] * (MOST_SIGNATURES + 1)},
    "signature is text": WHOLE | {"signatures": ["AA=="]},
    "signature is missing": WHOLE | {"signatures": [{"keyid": "x"}]},
    "signature is a number": WHOLE | {"signatures": [{"sig": 7}]},
    "keyid is a number": WHOLE | {"signatures": [{"keyid": 7, "sig": "AA=="}]},
    "payload is a number": WHOLE | {"payload": 7},
    "payload is empty": WHOLE | {"payload": ""},
    "payload has a space": WHOLE | {"payload": "AA =="},
    "payload has a line end": WHOLE | {"payload": WHOLE["payload"] + "\n"},
    "payload has no padding": WHOLE | {"payload": "AA"},
    "payload has idle bits": WHOLE | {"payload": "AB=="},
    "payload mixes alphabets": WHOLE | {"payload": "-/+_"},
    "payload is not ASCII": WHOLE | {"payload": "ÄÄ=="},
    "no type": {name: value for name, value in WHOLE.items() if name != "payloadType"},
    "type is a list": WHOLE | {"payloadType": [PAYLOAD_TYPE]},
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_envelope_is_refused(name: str) -> None:
    with pytest.raises(AttestationError):
        decode(BROKEN[name])
    with pytest.raises(AttestationError):
        files.parse(json.dumps({"mediaType": files.BUNDLE, "dsseEnvelope": BROKEN[name]}).encode())


@pytest.mark.parametrize(("data", "signs"), [(b"\xfb\xef\xbe", "-"), (b"\xff\xff\xff", "_"), (b"\xfb\xff\xfe", "-_")])
def test_the_url_safe_alphabet_is_read_too(data: bytes, signs: str) -> None:
    signed = sign(data, key())
    payload = base64.urlsafe_b64encode(signed.payload).decode()
    assert set(payload) & {"-", "_"} == set(signs)
    assert decode({**signed.encode(), "payload": payload}) == signed


def test_as_many_signatures_as_allowed_are_read() -> None:
    assert len(decode(WHOLE | {"signatures": WHOLE["signatures"] * MOST_SIGNATURES}).signatures) == MOST_SIGNATURES


def test_a_bundle_is_written_as_sigstore_reads_it() -> None:
    # https://github.com/sigstore/protobuf-specs/blob/v0.3.2/protos/sigstore_bundle.proto
    signed = sign(PAYLOAD, key())
    hint = base64.b64encode(bytes.fromhex(key().trusted.id)).decode()
    assert json.loads(files.write_bundle(signed)) == {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "publicKey": {"hint": hint},
            "tlogEntries": [],
            "timestampVerificationData": {"rfc3161Timestamps": []},
        },
        "dsseEnvelope": {
            "payload": base64.b64encode(PAYLOAD).decode(),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"keyid": key().trusted.id, "sig": base64.b64encode(signed.signatures[0].sig).decode()}],
        },
    }


@pytest.mark.parametrize("field", ["mediaType", "verificationMaterial", "dsseEnvelope"])
def test_an_envelope_with_any_field_of_a_bundle_is_refused(field: str) -> None:
    assert files.parse(json.dumps(WHOLE).encode()) == decode(WHOLE)
    with pytest.raises(AttestationError, match="no Sigstore bundle"):
        files.parse(json.dumps(WHOLE | {field: files.BUNDLE}).encode())


@pytest.mark.parametrize("content", [None, b"no JSON", b"{}"])
def test_a_file_that_cannot_be_read_is_told_with_what_to_do_next(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "verdict.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AttestationError) as caught:
        files.read_file(path)
    assert caught.value.remedy


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    path.write_bytes(json.dumps(WHOLE).encode().ljust(files.FILE_LIMIT))
    assert files.read_file(path) == decode(WHOLE)
    path.write_bytes(b" " * (files.FILE_LIMIT + 1))
    with pytest.raises(AttestationError, match="is larger than 16777216 bytes"):
        files.read_file(path)


@pytest.mark.parametrize(
    "text",
    [
        '{"payload": "e30=", "payload": "e30=", "payloadType": "x", "signatures": [{"sig": "AA=="}]}',
        '{"payload": "e30=", "payloadType": "x", "signatures": [{"sig": "AA==", "sig": "AA=="}]}',
        '{"payload": "e30=", "payloadType": "x", "signatures": [{"sig": "AA=="}]} trailing',
        '\ufeff{"payload": "e30=", "payloadType": "x", "signatures": [{"sig": "AA=="}]}',
        "[" * 100_000,
        "",
        "null",
        '{"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.2", "dsseEnvelope": {}}',
    ],
)
def test_files_that_can_be_read_in_two_ways_or_in_none_are_refused(text: str) -> None:
    with pytest.raises(AttestationError):
        files.parse(text.encode())


def test_a_file_that_is_both_envelope_and_bundle_is_refused() -> None:
    one, other = sign(PAYLOAD, key()).encode(), sign(b"another", key()).encode()
    both = one | {"mediaType": files.BUNDLE, "dsseEnvelope": other}
    with pytest.raises(AttestationError):
        files.parse(json.dumps(both).encode())


@given(st.binary(max_size=300))
def test_whatever_the_bytes_there_is_nothing_but_a_clear_refusal(data: bytes) -> None:
    with pytest.raises(AttestationError):
        files.parse(data)


@pytest.mark.parametrize(
    ("name", "bundle"),
    [
        ("verdict.intoto.json", "verdict.sigstore.json"),
        ("verdict.dsse.json", "verdict.sigstore.json"),
        ("verdict.json", "verdict.sigstore.json"),
        ("verdict", "verdict.sigstore.json"),
        ("a.b.intoto.json", "a.b.sigstore.json"),
        (".json", ".json.sigstore.json"),
    ],
)
def test_the_bundle_stands_beside_it(name: str, bundle: str) -> None:
    assert files.bundle_path(Path("out") / name) == Path("out") / bundle
