"""A file of evidence counts only as its producer signed it: these bytes, this commit, this place, a key valid then."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from readiness.attestation.envelope import Envelope, Signature, pae, write_bundle, write_envelope
from readiness.attestation.signed_evidence import PREDICATE, evidence_statement
from readiness.attestation.trust import ProducerKeys
from readiness.provenance.producer import Claim, UnsignedError
from readiness.records.storage.allowed_signers import parse_roster
from readiness.testing import NOW
from support.producers import CI, OTHER, producer_key, producer_line, signed
from support.signing import key, roster_line

COMMIT, SHA256, NAME = "a" * 40, "b" * 64, "reports/unit.xml"
SAID = evidence_statement(NAME, SHA256, COMMIT, NOW)
ROLES = {"tests": (CI,), "scans": (OTHER,)}
LINES = producer_line() + producer_line(OTHER)


def keys(lines: str = LINES, revoked: str = "", days: float = 0) -> ProducerKeys:
    return ProducerKeys(parse_roster(lines.encode(), revoked.encode()), ROLES, NOW + timedelta(days=days))


def claim(envelope: bytes = write_envelope(signed(SAID)), role: str = "tests") -> Claim:
    return Claim(role, NAME, SHA256, COMMIT, envelope, NAME + ".intoto.json")


def refused(asked: Claim, by: ProducerKeys) -> tuple[str, str]:
    with pytest.raises(UnsignedError) as caught:
        by.verify(asked)
    assert caught.value.remedy
    return caught.value.rule, caught.value.message


def test_it_is_told_who_signed_when_and_where() -> None:
    envelope = write_envelope(signed(SAID))
    found = keys().verify(claim(envelope))
    assert (found.role, found.principal, found.signed_at) == ("tests", CI, NOW)
    assert found.key == producer_key(CI).trusted.ssh.fingerprint
    assert (found.envelope, found.envelope_sha256) == (NAME + ".intoto.json", hashlib.sha256(envelope).hexdigest())


def test_the_same_envelope_in_a_bundle_counts() -> None:
    assert keys().verify(claim(write_bundle(signed(SAID)))).principal == CI


@pytest.mark.parametrize(
    ("change", "rule", "message"),
    [
        ({"sha256": "c" * 64}, "other-digest", "holds other bytes than were signed"),
        ({"commit": "c" * 40}, "other-commit", "was signed for another commit: cccccccccc, and aaaaaaaaaa is judged"),
        ({"commit": ""}, "other-commit", "was signed for another commit: none"),
        ({"name": "reports/smoke.xml"}, "other-name", "was signed as reports/smoke.xml"),
        ({"signed_at": NOW + timedelta(minutes=6)}, "in-the-future", "which is yet to come"),
        ({"signed_at": NOW.replace(year=2019)}, "key-not-valid", "was not valid when it signed"),
    ],
)
def test_a_statement_about_something_else_is_refused(change: dict[str, Any], rule: str, message: str) -> None:
    said: dict[str, Any] = {"name": NAME, "sha256": SHA256, "commit": COMMIT, "signed_at": NOW} | change
    found = refused(claim(write_envelope(signed(evidence_statement(**said)))), keys())
    assert found[0] == rule
    assert message in found[1]


def test_clocks_may_differ_by_minutes() -> None:
    said = evidence_statement(NAME, SHA256, COMMIT, NOW + timedelta(minutes=4))
    assert keys().verify(claim(write_envelope(signed(said)))).signed_at == NOW + timedelta(minutes=4)


def test_another_producer_does_not_stand_in() -> None:
    assert refused(claim(role="scans"), keys()) == ("not-in-role", f"is signed by {CI}, who is not in the role `scans`")


def test_an_unknown_key_is_refused() -> None:
    rule, message = refused(claim(write_envelope(signed(SAID, by="mallory"))), keys())
    assert rule == "unknown-key"
    assert producer_key("mallory").trusted.id[:16] in message


def test_a_key_for_signoffs_is_no_producer() -> None:
    lines = producer_line(namespace="signoff@readiness") + producer_line(OTHER) + producer_line("ci2@example.com")
    by = ProducerKeys(parse_roster(lines.encode()), {"tests": (CI, "ci2@example.com")}, NOW)
    assert refused(claim(), by)[0] == "unknown-key"


def test_a_role_without_a_key_for_evidence_is_told_with_the_line_to_add() -> None:
    lines = roster_line(CI, key(CI)) + producer_line(OTHER)
    with pytest.raises(UnsignedError, match="no member of the role `tests` has a key for evidence") as caught:
        keys(lines).verify(claim())
    assert caught.value.remedy.startswith(
        f'add it on the policy branch: {CI} namespaces="evidence@readiness",valid-before="YYYYMMDDZ" ecdsa-'
    )


def test_a_roster_that_cannot_be_read_lets_nobody_sign() -> None:
    by = replace(keys(), refusal=("it is a link", "replace it"))
    assert refused(claim(), by) == ("roster", "cannot be verified: it is a link")


def test_a_revoked_key_is_refused() -> None:
    by = keys(revoked=producer_key(CI).trusted.ssh.line + "\n")
    assert refused(claim(), by)[0] == "key-revoked"


def test_a_key_has_to_be_valid_when_it_is_judged_too() -> None:
    lines = producer_line(before=f"{NOW + timedelta(days=30):%Y%m%d}Z")
    assert keys(lines, days=29).verify(claim()).principal == CI
    rule, message = refused(claim(), keys(lines, days=31))
    assert rule == "key-not-valid"
    assert "is not valid any more" in message


def altered(change: Callable[[dict[str, Any]], object]) -> bytes:
    said = signed(SAID).encode()
    change(said)
    return json.dumps(said).encode()


def payload(text: str) -> bytes:
    return write_envelope(signed(text.encode()))


TEXT = SAID.encode().decode()


@pytest.mark.parametrize(
    ("envelope", "message"),
    [
        (b"", "it is not JSON"),
        (b"{}", "`payloadType` is missing"),
        (b'{"payload": 1, "payload": 2}', "a key is there twice"),
        (altered(lambda e: e["signatures"].append(e["signatures"][0])), "has several signatures"),
        (altered(lambda e: e.update(signatures=[])), "`signatures` is no list"),
        (altered(lambda e: e.update(payload=e["payload"] + "=")), "`payload` is no"),
        (payload("[]"), "is no JSON object"),
        (payload(TEXT.replace('"predicate":', '"predicate":{},"predicate":', 1)), "a key is there twice"),
        (payload(TEXT.replace(PREDICATE, "https://slsa.dev/verification_summary/v1")), "its `predicateType` is"),
        (payload(TEXT.replace("in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1")), "its `_type` is"),
        (payload(TEXT.replace('"subject":[', '"subject":[{"name":"x"},')), "cannot be read"),
        (payload(TEXT.replace("signedAt", "signed")), "cannot be read"),
    ],
)
def test_what_is_no_single_statement_is_refused(envelope: bytes, message: str) -> None:
    rule, text = refused(claim(envelope), keys())
    assert rule == "malformed"
    assert message in text
    assert NAME + ".intoto.json" in text


@pytest.mark.parametrize("field", ["payload", "payloadType"])
def test_what_was_changed_after_signing_is_refused(field: str) -> None:
    other = {"payload": base64.b64encode(TEXT.replace("b" * 64, "c" * 64).encode()).decode(), "payloadType": "text/x"}
    assert refused(claim(altered(lambda e: e.update({field: other[field]}))), keys())[0] == "unknown-key"


def test_what_was_signed_as_another_type_is_refused() -> None:
    made = Signature("", producer_key(CI).sign(pae("text/x", SAID.encode())))
    rule, message = refused(claim(write_envelope(Envelope(SAID.encode(), "text/x", (made,)))), keys())
    assert (rule, "it is of the type text/x" in message) == ("malformed", True)


def test_two_results_for_one_commit_are_both_valid() -> None:
    later = evidence_statement(NAME, SHA256, COMMIT, NOW - timedelta(days=3))
    assert keys().verify(claim(write_envelope(signed(later)))).signed_at == NOW - timedelta(days=3)
