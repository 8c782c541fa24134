"""How long certificates may be valid, and what they demand beside them; what else servers must not agree to."""

import socket
import ssl
import struct
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

from readiness.outcome import Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.tls import Tls
from readiness_checks.tls.hello import Version
from readiness_checks.tls.promises import validity
from readiness_checks.tls.questions import Answers, Questions
from readiness_checks.tls.target import Target
from readiness_checks.web.network import Deadline, resolve
from support import servers
from support.certificates import Authority, issue

FORUM = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)])
STAPLE = x509.TLSFeature([x509.TLSFeatureType.status_request])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


def valid(start: str, days: int, *extensions: x509.ExtensionType) -> x509.Certificate:
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(5).not_valid_before(begin)
    builder = builder.not_valid_after(begin + timedelta(days=days) - timedelta(seconds=1))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256())


@pytest.mark.parametrize(
    ("start", "allowed"),
    [
        ("2019-01-01", 825),
        ("2020-09-01", 398),
        ("2026-03-14", 398),
        ("2026-03-15", 200),
        ("2027-03-14", 200),
        ("2027-03-15", 100),
        ("2029-03-14", 100),
        ("2029-03-15", 47),
    ],
)
def test_a_public_certificate_is_valid_no_longer_than_its_first_day_allows(start: str, allowed: int) -> None:
    assert list(validity(valid(start, allowed, FORUM), private=False)) == []
    (found,) = validity(valid(start, allowed + 1, FORUM), private=True)
    assert (found.rule, found.level) == ("validity-too-long", Level.ERROR)
    assert f"may be for {allowed}" in found.message


def test_a_certificate_without_the_marks_of_a_public_authority_is_warned_of_or_free() -> None:
    assert list(validity(valid("2026-01-01", 3650), private=True)) == []
    (found,) = validity(valid("2026-01-01", 3650), private=False)
    assert found.level is Level.WARNING
    assert list(validity(valid("2017-01-01", 3650, FORUM), private=False)) == []


def answer(leaf: x509.Certificate, issuer: x509.Certificate, key: object) -> bytes:
    now = datetime.now(UTC)
    built = ocsp.OCSPResponseBuilder().add_response(
        leaf, issuer, hashes.SHA256(), ocsp.OCSPCertStatus.GOOD, now, now + timedelta(days=1), None, None
    )
    signed = built.responder_id(ocsp.OCSPResponderEncoding.NAME, issuer).sign(key, hashes.SHA256())  # type: ignore[arg-type]  # one of the kinds of keys
    return signed.public_bytes(serialization.Encoding.DER)


@pytest.fixture
def stapling(authority: Authority, tmp_path: Path) -> list[str]:
    """Arguments of openssl's server for a leaf that demands a staple, and the file with one."""
    own = issue("localhost", authority.intermediate)
    builder = x509.CertificateBuilder(
        own.certificate.issuer,
        own.certificate.subject,
        own.certificate.public_key(),
        own.certificate.serial_number,
        own.certificate.not_valid_before_utc,
        own.certificate.not_valid_after_utc,
        list(own.certificate.extensions),
    )
    leaf = builder.add_extension(STAPLE, critical=False).sign(authority.intermediate.key, hashes.SHA256())
    (tmp_path / "leaf.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_text(own.key_pem)
    (tmp_path / "chain.pem").write_text(authority.intermediate.pem)
    (tmp_path / "ocsp.der").write_bytes(answer(leaf, authority.intermediate.certificate, authority.intermediate.key))
    files = [f"-{what}={tmp_path / name}" for what, name in (("cert", "leaf.pem"), ("key", "key.pem"))]
    return [each for file in files for each in file.split("=")] + ["-cert_chain", str(tmp_path / "chain.pem")]


def served(authority: Authority, arguments: list[str]) -> Outcome:
    port = servers.free_port()
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-quiet", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while server.poll() is None:
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
            using = context(Path("/"), now=datetime.now(UTC))
            return evaluate(Tls, Path("/"), using=using, hosts=[f"127.0.0.1:{port}"], ca_file=str(authority.ca_file))
        finally:
            server.kill()


def test_a_certificate_that_demands_a_staple_comes_with_one(
    authority: Authority, stapling: list[str], tmp_path: Path
) -> None:
    without = served(authority, stapling)
    assert [each.rule for each in without.findings if each.level is Level.ERROR] == ["must-staple"]
    assert served(authority, [*stapling, "-status_file", str(tmp_path / "ocsp.der")]).status == "passed"


def test_a_staple_that_cannot_be_seen_is_unknown(authority: Authority, stapling: list[str]) -> None:
    outcome = served(authority, [*stapling, "-tls1_3"])
    assert outcome.status == "error"
    assert "whether it staples" in outcome.summary


def judged(authority: Authority, tls: ssl.SSLContext) -> Outcome:
    with servers.listen(servers.handshakes(tls)) as running:
        asked = {"hosts": [running.host], "ca_file": str(authority.ca_file)}
        return evaluate(Tls, Path("/"), using=context(Path("/"), now=datetime.now(UTC)), **asked)


def test_a_small_curve_is_found(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "leaf.pem").write_bytes(authority.chain(tmp_path).read_bytes())
    lax = ["-cert", str(tmp_path / "leaf.pem"), "-cert_chain", str(tmp_path / "leaf.pem"), "-cipher", "ALL:@SECLEVEL=0"]
    small = served(authority, [*lax, "-tls1_2", "-groups", "X25519:P-192"])
    assert "weak-curve" in {each.rule for each in small.findings}
    assert "weak-curve" not in {each.rule for each in served(authority, [*lax, "-groups", "X25519:P-256"]).findings}


def test_tickets_are_told_in_the_evidence(authority: Authority, tmp_path: Path) -> None:
    tls = servers.server_context(authority.chain(tmp_path))
    assert "; session tickets; " in judged(authority, tls).evidence[0].excerpt
    tls.options |= ssl.OP_NO_TICKET
    assert "tickets" not in judged(authority, tls).evidence[0].excerpt


def hello(compression: int, extensions: bytes, *more: tuple[int, bytes]) -> servers.Handler:
    """A server that answers every hello with a ServerHello of one suite, and what is given behind it."""

    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        body = b"\x03\x03" + bytes(32) + b"\x00\xc0\x2f" + bytes([compression]) + extensions
        messages = b"".join(
            bytes([kind]) + len(data).to_bytes(3, "big") + data for kind, data in ((2, body), *more, (14, b""))
        )
        connection.sendall(b"\x16\x03\x03" + struct.pack(">H", len(messages)) + messages)

    return handle


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (hello(0, b""), Answers(insecure_renegotiation=True, stapled=False)),
        (hello(0, b"\x00\x05\xff\x01\x00\x01\x00"), Answers(stapled=False)),
        (hello(1, b"\x00\x05\xff\x01\x00\x01\x00"), Answers(compresses=True, stapled=False)),
        (hello(0, b"\x00\x09\x00\x23\x00\x00\xff\x01\x00\x01\x00"), Answers(tickets=True, stapled=False)),
        (hello(0, b"\x00\x05\xff\x01\x00\x01\x00", (22, b"\x01\x00\x00\x02ok")), Answers(stapled=True)),
        (hello(0, b"\x00\x05\xff\x01\x00\x01\x00", (22, b"\x01\x00\x00\x00")), Answers(stapled=False)),
        (hello(0, b"\x00\x05\xff\x01\x00\x01\x00", (12, b"\x03\x00\x13\x00")), Answers(weak_group=19, stapled=False)),
        (hello(0, b"\x00\x05\xff\x01\x00\x01\x00", (12, b"\x03\x00\x17\x00")), Answers(stapled=False)),
        (hello(0, b"\x00\xff\xff\x01\x00"), Answers(insecure_renegotiation=True, stapled=False)),
    ],
)
def test_what_a_server_agrees_to_is_read(handler: servers.Handler, expected: Answers) -> None:
    with servers.listen(handler) as running:
        deadline = Deadline(10)
        (address,) = resolve("127.0.0.1", running.port, deadline)
        questions = Questions(Target("127.0.0.1", running.port), address, Version.TLS_1_2, "", deadline)
        assert questions.suites() == expected
