"""Weak cipher suites that servers agree to, small primes, and clients that have to show a certificate."""

import base64
import socket
import ssl
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from readiness.outcome import Finding, Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.tls import Tls
from readiness_checks.tls.hello import Version
from readiness_checks.tls.questions import Answers, Questions
from readiness_checks.tls.suites import Weakness, numbers
from readiness_checks.tls.target import Target
from readiness_checks.web.network import Deadline, resolve
from support import servers
from support.certificates import Authority, issue

MODERN = "ECDHE-RSA-AES128-GCM-SHA256"
OAKLEY_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
"""The prime of 1024 bits of RFC 2409 §6.2."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def chain(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    leaf = issue("localhost", authority.intermediate, key=rsa.generate_private_key(65537, 2048))
    return authority.chain(tmp_path_factory.mktemp("chain"), leaf)


def server(chain: Path, ciphers: str) -> ssl.SSLContext:
    return servers.server_context(chain, ciphers=ciphers, maximum=ssl.TLSVersion.TLSv1_2)


def judged(authority: Authority, tls: ssl.SSLContext, **params: str) -> Outcome:
    with servers.listen(servers.handshakes(tls)) as running:
        asked = {"hosts": [running.host], "ca_file": str(authority.ca_file), **params}
        return evaluate(Tls, Path("/"), using=context(Path("/"), now=datetime.now(UTC)), **asked)


def found(outcome: Outcome) -> list[tuple[str, Level]]:
    return [(finding.rule, finding.level) for finding in outcome.findings]


@pytest.mark.parametrize(
    ("more", "rule", "level"),
    [
        ("NULL-SHA256", "no-encryption", Level.ERROR),
        ("AECDH-AES128-SHA", "no-authentication", Level.ERROR),
        ("AES128-SHA", "no-forward-secrecy", Level.WARNING),
        ("AES256-GCM-SHA384", "no-forward-secrecy", Level.WARNING),
    ],
)
def test_a_weak_suite_beside_a_good_one_is_found(
    authority: Authority, chain: Path, more: str, rule: str, level: Level
) -> None:
    outcome = judged(authority, server(chain, f"{MODERN}:{more}:@SECLEVEL=0"))
    assert found(outcome) == [(rule, level)]
    assert outcome.status == ("failed" if level is Level.ERROR else "passed")


def test_every_weakness_of_a_server_is_named(authority: Authority, chain: Path) -> None:
    outcome = judged(authority, server(chain, f"{MODERN}:NULL-SHA:AECDH-AES256-SHA:AES128-SHA:@SECLEVEL=0"))
    assert [rule for rule, _ in found(outcome)] == ["no-encryption", "no-authentication", "no-forward-secrecy"]
    assert "TLS_RSA_WITH_NULL_SHA" in outcome.findings[0].message


def test_suites_with_forward_secrecy_alone_are_sound(authority: Authority, chain: Path) -> None:
    outcome = judged(authority, server(chain, f"{MODERN}:ECDHE-RSA-AES256-SHA"))
    assert (outcome.status, outcome.findings) == ("passed", ())


def parameters(prime: int) -> str:
    """A group with the generator 2 as openssl reads it: PKCS #3, a sequence of two integers in DER."""
    number = b"\x00" + prime.to_bytes(128, "big")
    body = b"\x02\x81" + bytes([len(number)]) + number + b"\x02\x01\x02"
    text = base64.encodebytes(b"\x30\x81" + bytes([len(body)]) + body).decode()
    return f"-----BEGIN DH PARAMETERS-----\n{text}-----END DH PARAMETERS-----\n"


@pytest.mark.parametrize(("prime", "expected"), [(OAKLEY_2, ["weak-dh"]), (None, [])], ids=["1024", "2048"])
def test_a_small_prime_is_found(
    authority: Authority, chain: Path, tmp_path: Path, prime: int | None, expected: list[str]
) -> None:
    tls = server(chain, f"{MODERN}:DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
    if prime is not None:
        (tmp_path / "dh.pem").write_text(parameters(prime))
        tls.load_dh_params(str(tmp_path / "dh.pem"))
    outcome = judged(authority, tls)
    assert [rule for rule, level in found(outcome) if level is Level.ERROR] == expected
    assert not expected or "1024 bits" in outcome.summary


def test_a_server_that_wants_a_certificate_is_judged_by_its_own(authority: Authority, chain: Path) -> None:
    tls = server(chain, MODERN)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.ca_file)
    outcome = judged(authority, tls)
    assert outcome.status == "passed", outcome
    assert found(outcome) == [("client-certificate", Level.NOTE)]
    strict = judged(authority, tls, min_version="1.3")
    assert {rule for rule, level in found(strict) if level is Level.ERROR} == {"old-version", "no-tls-1.3"}


def test_a_server_that_wants_a_certificate_and_shows_a_foreign_one_fails(authority: Authority, tmp_path: Path) -> None:
    tls = server(Authority.make(tmp_path).chain(tmp_path), "ECDHE-ECDSA-AES128-GCM-SHA256")
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority.ca_file)
    findings: tuple[Finding, ...] = judged(authority, tls).findings
    assert [finding.rule for finding in findings if finding.level is Level.ERROR] == ["no-issuer"]


def asked(handler: servers.Handler, *, seconds: float = 10) -> Answers:
    with servers.listen(handler) as running:
        deadline = Deadline(seconds)
        (address,) = resolve("127.0.0.1", running.port, deadline)
        return Questions(Target("127.0.0.1", running.port), address, Version.TLS_1_2, "", deadline).suites()


def choosing(*known: int, first: bytes = b"") -> servers.Handler:
    """A server that agrees to the first suite of the client that it knows, and says no more than which."""

    def handle(connection: socket.socket) -> None:
        hello = connection.recv(4096)
        count = int.from_bytes(hello[44:46], "big")
        offered = struct.unpack(f">{count // 2}H", hello[46 : 46 + count])
        suite = next((one for one in offered if one in known), None)
        connection.sendall(first)
        if suite is None:
            connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")
            return
        body = b"\x03\x03" + bytes(32) + b"\x00" + struct.pack(">HB", suite, 0)
        message = b"\x02" + len(body).to_bytes(3, "big") + body + b"\x0e\x00\x00\x00"
        middle = len(message) // 2  # in two records, as servers may
        for part in (message[:middle], message[middle:]):
            connection.sendall(b"\x16\x03\x03" + len(part).to_bytes(2, "big") + part)

    return handle


@pytest.mark.parametrize("weakness", Weakness)
def test_each_suite_of_a_weakness_is_recognised(weakness: Weakness) -> None:
    for suite in numbers(weakness):
        assert asked(choosing(suite)).weak == (suite,)


def test_a_server_that_warns_that_it_does_not_know_the_name_is_read_on() -> None:
    assert asked(choosing(0x0005, first=b"\x15\x03\x03\x00\x02\x01\x70")).weak == (0x0005,)


def test_no_suite_has_two_weaknesses() -> None:
    every = [suite for weakness in Weakness for suite in numbers(weakness)]
    assert len(every) == len(set(every))


def test_silence_is_no_refusal() -> None:
    assert asked(servers.silent, seconds=0.3).unanswered == (
        *("weak cipher suites", "suites with DH", "small curves", "its extensions"),
    )


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x15", b"\x16\x03\x03\x00\x04\x02\x00\x00\x00", b"\x16\x03\x03\xff\xff" + bytes(400), b"HTTP/1.1 "],
)
def test_an_answer_that_is_cut_agrees_to_nothing(answer: bytes) -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    assert asked(handle) == Answers()
