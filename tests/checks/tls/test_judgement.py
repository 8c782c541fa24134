"""What a real server cannot easily be brought to show."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from pydantic import ValidationError

from readiness.outcome import Level
from readiness.testing import context, evaluate
from readiness_checks.tls import Tls, check
from readiness_checks.tls.endpoint import Seen
from readiness_checks.tls.hello import Reply, Version
from readiness_checks.tls.judgement import Rules, judge
from readiness_checks.tls.target import Target
from readiness_checks.web.network import Address
from support import servers
from support.certificates import Authority, issue

RULES = Rules(datetime.now(UTC), None, "1.2")
REFUSED = dict.fromkeys(Version, Reply.REFUSED)
HERE = Target("127.0.0.1", 443)


def test_version_whose_offer_is_swallowed_is_unknown_and_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority.make(tmp_path)
    shake = servers.handshakes(servers.server_context(authority.chain(tmp_path)))

    def swallow(connection: socket.socket) -> None:
        first = connection.recv(11, socket.MSG_PEEK | socket.MSG_WAITALL)
        (servers.silent if first[9:11] == b"\x03\x01" else shake)(connection)

    monkeypatch.setattr("readiness_checks.tls.endpoint.PROBE", 1.0)
    with servers.listen(swallow) as server:
        using = context(tmp_path, now=datetime.now(UTC))
        outcome = evaluate(Tls, tmp_path, using=using, hosts=[server.host], ca_file="ca.pem")
    assert outcome.status == "error", outcome
    assert outcome.summary == f"{server.host}: it gave no usable answer to the offer of TLS 1.0"
    assert "TLS 1.0 unknown" in outcome.evidence[0].excerpt


def test_malformed_certificate_fails() -> None:
    seen = Seen(Address("127.0.0.1", 443), ssl.SSLError(1, "bad"), sent=(b"garbage",), versions=REFUSED)
    assert "malformed" in {finding.rule for finding in judge(HERE, seen, RULES).findings}


def test_a_key_whose_strength_is_not_known_is_told_and_does_not_pass() -> None:
    der = issue("a.example.com").certificate.public_bytes(serialization.Encoding.DER)
    p256, other = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f")
    assert p256 in der
    seen = Seen(Address("127.0.0.1", 443), ssl.SSLError(1, "bad"), sent=(der.replace(p256, other),), versions=REFUSED)
    found = next(finding for finding in judge(HERE, seen, RULES).findings if finding.rule == "weak-key")
    assert (found.level, found.message) == (
        Level.ERROR,
        "the key of `a.example.com` is of a kind whose strength is not known",
    )


def test_a_certificate_with_a_part_that_no_library_reads_is_malformed() -> None:
    der = issue("a.example.com").certificate.public_bytes(serialization.Encoding.DER)
    address = bytes.fromhex("87047f000001")
    assert address in der
    unread = der.replace(address, b"\x85" + address[1:])  # an EDI party name instead of 127.0.0.1
    seen = Seen(Address("127.0.0.1", 443), ssl.SSLError(1, "bad"), sent=(unread,), versions=REFUSED)
    assert "malformed" in {finding.rule for finding in judge(HERE, seen, RULES).findings}


def test_connection_without_readable_certificates_is_never_sound() -> None:
    judged = judge(HERE, Seen(Address("127.0.0.1", 443), versions=REFUSED), RULES)
    assert judged.unknown == ("127.0.0.1:443: its certificates could not be read",)


def test_addresses_that_differ_are_told_apart_and_the_first_eight_are_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority.make(tmp_path)
    good = servers.server_context(authority.chain(tmp_path))
    bad = servers.server_context(
        authority.chain(tmp_path, issue("other", authority.intermediate, names=["example.com"]))
    )
    shake = {"127.0.0.1": servers.handshakes(good), "127.0.0.2": servers.handshakes(bad)}

    def handle(connection: socket.socket) -> None:
        shake.get(connection.getsockname()[0], shake["127.0.0.1"])(connection)

    with servers.listen(handle, host="0.0.0.0") as server:  # noqa: S104  several addresses of the loopback network
        addresses = [Address(f"127.0.0.{number}", server.port) for number in range(1, 11)]
        monkeypatch.setattr(check, "resolve", lambda *_: addresses)  # many addresses need a name server
        using = context(tmp_path, now=datetime.now(UTC))
        outcome = evaluate(Tls, tmp_path, using=using, hosts=[f"localhost:{server.port}"], ca_file="ca.pem")
    assert outcome.status == "failed"
    (mismatch,) = [finding for finding in outcome.findings if finding.level is Level.ERROR]
    assert mismatch.message.endswith("not for localhost (at 127.0.0.2)")
    (more,) = [finding for finding in outcome.findings if finding.level is Level.WARNING]
    assert more.message == "only the first 8 of 10 addresses were examined"
    assert len(outcome.evidence) == 9


@pytest.mark.parametrize("version", [1.2, "1.2", "TLSv1.2", "TLS 1.2", "tls1.2"])
def test_a_version_may_be_written_as_yaml_and_servers_write_it(version: object) -> None:
    assert Tls.model_validate({"hosts": "localhost:8443", "min_version": version}).min_version == "1.2"


@pytest.mark.parametrize("version", [1.1, 1, "TLSv1.1", "TLS", True, None, 12])
def test_a_version_that_is_too_old_or_none_is_refused(version: object) -> None:
    with pytest.raises(ValidationError):
        Tls.model_validate({"hosts": ["localhost"], "min_version": version})


@pytest.mark.parametrize(("days", "read"), [("30d", 30), ("4w", 28), (14, 14)])
def test_days_may_be_written_as_a_length_of_time(days: object, read: int) -> None:
    assert Tls.model_validate({"hosts": ["localhost"], "min_days": days}).min_days == read


@pytest.mark.parametrize("days", ["12h", "0d", "d", "-3d", 0])
def test_days_that_are_no_whole_positive_number_are_refused(days: object) -> None:
    with pytest.raises(ValidationError):
        Tls.model_validate({"hosts": ["localhost"], "min_days": days})
