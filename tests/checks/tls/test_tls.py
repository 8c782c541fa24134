import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import Finding, Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.tls import Tls, certificates, check
from readiness_checks.web.network import Address
from support import servers
from support.certificates import Authority, issue, sign_again, write

LAX = "ALL:!aNULL:!eNULL:@SECLEVEL=0"
WEAK_BITS = 1024


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@contextmanager
def shaking(pem: Path, **options: Any) -> Iterator[servers.Server]:
    with servers.listen(servers.handshakes(servers.server_context(pem, **options))) as server:
        yield server


def judged(
    authority: Authority | None, *hosts: str, now: datetime | None = None, timeout: float = 60, **params: Any
) -> Outcome:
    using = context(
        Path("/"),
        now=now or datetime.now(UTC),
        item=Item(id="tls", title="TLS", check="tls", timeout=timeout),
    )
    if authority:
        params["ca_file"] = str(authority.ca_file)
    return evaluate(Tls, Path("/"), using=using, hosts=list(hosts), **params)


def rules(outcome: Outcome, level: Level = Level.ERROR) -> set[str]:
    return {finding.rule for finding in outcome.findings if finding.level is level}


def finding(outcome: Outcome, rule: str) -> Finding:
    found = [each for each in outcome.findings if each.rule == rule]
    assert found, outcome.findings
    return found[0]


def test_sound_server_passes_with_version_cipher_and_days(tmp_path: Path, authority: Authority) -> None:
    with shaking(authority.chain(tmp_path)) as server:
        outcome = judged(authority, server.host)
    assert outcome.status == "passed", outcome
    assert (outcome.examined, outcome.unit) == (1, "hosts")
    assert outcome.findings == ()
    (days,) = outcome.measurements
    assert (days.value, days.operator, days.threshold, days.unit) == (89.9, ">=", 30, "d")
    evidence = outcome.evidence[0]
    assert len(evidence.sha256) == 64
    assert "TLSv1.3 TLS_AES_256_GCM_SHA384" in evidence.excerpt
    assert "SSL 3.0 refused, TLS 1.0 refused, TLS 1.1 refused, TLS 1.2 offered" in evidence.excerpt
    assert "localhost ← Test intermediate" in evidence.excerpt
    assert outcome.evidence[1].sha256


def test_every_host_is_examined_and_a_bad_one_is_named(tmp_path: Path, authority: Authority) -> None:
    expired = issue("old", authority.intermediate, start=timedelta(days=-9), end=timedelta(days=-2))
    with shaking(authority.chain(tmp_path)) as good, shaking(authority.chain(tmp_path, expired)) as bad:
        outcome = judged(authority, good.host, bad.host, good.host)
    assert outcome.status == "failed"
    assert outcome.examined == 2
    assert {each.host for each in outcome.findings} == {bad.host}
    assert outcome.summary.startswith(f"1 defect at 1 of 2 hosts: {bad.host}: the certificate `old` expired on ")


def test_expired_certificate_fails_with_the_date(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("old", authority.intermediate, start=timedelta(days=-9), end=timedelta(days=-2))
    with shaking(authority.chain(tmp_path, leaf)) as server:
        outcome = judged(authority, server.host)
    assert outcome.status == "failed"
    assert rules(outcome) == {"certificate-expired"}
    assert "2.0 days ago" in finding(outcome, "certificate-expired").message
    assert outcome.measurements[0].met is False
    assert "renew" in outcome.remedy


def test_expiry_is_judged_by_the_clock_of_the_run_too(tmp_path: Path, authority: Authority) -> None:
    with shaking(authority.chain(tmp_path)) as server:
        outcome = judged(authority, server.host, now=datetime.now(UTC) + timedelta(days=100))
    assert outcome.status == "failed"
    assert "certificate-expired" in rules(outcome)


def test_certificate_that_expires_soon_fails(tmp_path: Path, authority: Authority) -> None:
    with shaking(authority.chain(tmp_path)) as server:
        outcome = judged(authority, server.host, min_days=90)
    assert rules(outcome) == {"certificate-expires-soon"}
    assert outcome.measurements[0].threshold == 90


@pytest.mark.parametrize(("life", "status"), [(6, "passed"), (1, "failed")])
def test_short_lived_certificate_needs_a_third_of_its_life(
    tmp_path: Path, authority: Authority, life: float, status: str
) -> None:
    leaf = issue("short", authority.intermediate, start=timedelta(days=life - 6), end=timedelta(days=life))
    with shaking(authority.chain(tmp_path, leaf)) as server:
        assert judged(authority, server.host).status == status
        assert judged(authority, server.host, min_days=30).status == "failed"


def test_not_yet_valid_certificate_fails(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("early", authority.intermediate, start=timedelta(days=2), end=timedelta(days=90))
    with shaking(authority.chain(tmp_path, leaf)) as server:
        outcome = judged(authority, server.host)
    assert rules(outcome) == {"certificate-not-yet-valid"}


@pytest.mark.parametrize("names", [("example.com", "*.example.org"), ("127.0.0.2",), ()])
def test_certificate_for_another_host_fails_and_names_its_hosts(
    tmp_path: Path, authority: Authority, names: tuple[str, ...]
) -> None:
    with shaking(authority.chain(tmp_path, issue("127.0.0.1", authority.intermediate, names=names))) as server:
        outcome = judged(authority, server.host)
    assert rules(outcome) == {"host-mismatch"}
    assert (", ".join(names) or "no host at all") in finding(outcome, "host-mismatch").message


def test_common_name_alone_is_no_host(tmp_path: Path, authority: Authority) -> None:
    with shaking(authority.chain(tmp_path, issue("localhost", authority.intermediate, names=()))) as server:
        outcome = judged(authority, f"localhost:{server.port}")
    assert rules(outcome) == {"host-mismatch"}


def test_several_faults_of_one_certificate_are_all_named(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("bad", names=["example.com"], start=timedelta(days=-9), end=timedelta(days=-2))
    with shaking(write(tmp_path, leaf)) as server:
        outcome = judged(authority, server.host)
    assert rules(outcome) == {"self-signed", "host-mismatch", "certificate-expired"}


def test_self_signed_certificate_fails_unless_it_is_trusted(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("lonely")
    with shaking(write(tmp_path, leaf)) as server:
        assert rules(judged(authority, server.host)) == {"self-signed"}
        (tmp_path / "own.pem").write_text(leaf.pem)
        assert judged(None, server.host, ca_file=str(tmp_path / "own.pem")).status == "passed"


def test_private_authority_is_not_trusted_without_ca_file(tmp_path: Path, authority: Authority) -> None:
    pem = write(tmp_path, issue("localhost", authority.intermediate), authority.intermediate, authority.root)
    with shaking(pem) as server:
        outcome = judged(None, server.host)
    assert rules(outcome) == {"self-signed"}
    assert "ca_file" in outcome.remedy


def test_missing_intermediate_fails_and_is_named(tmp_path: Path, authority: Authority) -> None:
    with shaking(write(tmp_path, issue("localhost", authority.intermediate))) as server:
        outcome = judged(authority, server.host)
    assert rules(outcome) == {"no-issuer"}
    assert "CN=Test intermediate" in outcome.summary
    assert "intermediate" in outcome.remedy


def test_needless_root_is_noted(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("localhost", authority.intermediate)
    with shaking(write(tmp_path, leaf, authority.intermediate, authority.root)) as server:
        outcome = judged(authority, server.host)
    assert outcome.status == "passed"
    assert rules(outcome, Level.NOTE) == {"root-sent"}


def test_chain_out_of_order_is_warned_of(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("localhost", authority.intermediate)
    with shaking(write(tmp_path, leaf, authority.root, authority.intermediate)) as server:
        outcome = judged(authority, server.host)
    assert rules(outcome, Level.WARNING) == {"chain-order"}


def test_intermediate_that_expires_soon_fails(tmp_path: Path, authority: Authority) -> None:
    middle = issue("brief", authority.root, authority=True, start=timedelta(days=-100), end=timedelta(days=20))
    with shaking(write(tmp_path, issue("localhost", middle), middle)) as server:
        outcome = judged(authority, server.host)
    assert rules(outcome) == {"certificate-expires-soon"}
    assert "`brief`" in outcome.summary


def test_weak_key_fails(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("weak", authority.intermediate, key=rsa.generate_private_key(65537, WEAK_BITS))
    with shaking(authority.chain(tmp_path, leaf), ciphers=LAX) as server:
        outcome = judged(authority, server.host)
    assert outcome.status == "failed"
    assert rules(outcome) == {"weak-key"}
    assert "RSA with 1024 bits; 2048 are required" in outcome.summary


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (ec.generate_private_key(ec.SECP224R1()), "secp224r1 with 224 bits"),
        (dsa.generate_private_key(WEAK_BITS), "DSA"),
    ],
    ids=["p-224", "dsa"],
)
def test_keys_that_no_client_offers_any_more_are_weak(key: Any, words: str) -> None:
    (weak,) = certificates.strength(issue("weak", key=key).certificate, trusted=True)
    assert words in weak.message


def test_server_that_shares_no_group_with_a_default_client_fails(tmp_path: Path, authority: Authority) -> None:
    leaf = issue("weak", authority.intermediate, key=ec.generate_private_key(ec.SECP224R1()))
    with shaking(authority.chain(tmp_path, leaf), ciphers="ALL:@SECLEVEL=0", maximum=ssl.TLSVersion.TLSv1_2) as server:
        outcome = judged(authority, server.host)
    assert outcome.status == "failed"
    assert rules(outcome) == {"no-connection", "no-authentication", "weak-key"}
    assert "secp224r1 with 224 bits" in finding(outcome, "weak-key").message


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_signature_with_a_broken_hash_fails(tmp_path: Path, digest: str) -> None:
    root = issue("RSA root", authority=True, key=rsa.generate_private_key(65537, 2048))
    (tmp_path / "ca.pem").write_text(root.pem)
    leaf = sign_again(issue("old", root), root, digest)
    with shaking(write(tmp_path, leaf), ciphers=LAX) as server:
        outcome = judged(None, server.host, ca_file=str(tmp_path / "ca.pem"))
    assert outcome.status == "failed"
    assert rules(outcome) == {"weak-signature"}
    assert digest.upper() in finding(outcome, "weak-signature").message


def test_broken_hash_on_the_trusted_certificate_itself_does_not_count(tmp_path: Path) -> None:
    root = issue("Old root", authority=True, key=rsa.generate_private_key(65537, 2048))
    root = sign_again(root, root, "sha1")
    (tmp_path / "ca.pem").write_text(root.pem)
    with shaking(write(tmp_path, issue("localhost", root))) as server:
        outcome = judged(None, server.host, ca_file=str(tmp_path / "ca.pem"))
    assert outcome.status == "passed", outcome


@pytest.mark.parametrize(
    ("minimum", "offered"),
    [(ssl.TLSVersion.TLSv1, {"TLS 1.0", "TLS 1.1"}), (ssl.TLSVersion.TLSv1_1, {"TLS 1.1"})],
)
def test_old_versions_still_offered_fail(
    tmp_path: Path, authority: Authority, minimum: ssl.TLSVersion, offered: set[str]
) -> None:
    with shaking(authority.chain(tmp_path), ciphers=LAX, minimum=minimum) as server:
        outcome = judged(authority, server.host)
    assert outcome.status == "failed"
    old = [each for each in outcome.findings if each.rule == "old-version"]
    assert {each.message.partition(" is still")[0] for each in old} == offered
    assert rules(outcome) == {"old-version", "cbc-in-old-version"}
    assert "TLSv1.3" in outcome.evidence[0].excerpt


def test_server_with_nothing_but_an_old_version_fails(tmp_path: Path, authority: Authority) -> None:
    old = ssl.TLSVersion.TLSv1
    with shaking(authority.chain(tmp_path), ciphers=LAX, minimum=old, maximum=old) as server:
        outcome = judged(authority, server.host)
    assert rules(outcome) == {"old-version", "cbc-in-old-version", "no-connection"}
    assert "no TLS version from 1.2 on" in finding(outcome, "no-connection").message
    assert outcome.measurements[0].value == 89.9


def test_min_version_1_3_refuses_tls_1_2(tmp_path: Path, authority: Authority) -> None:
    with (
        shaking(authority.chain(tmp_path)) as both,
        shaking(authority.chain(tmp_path), minimum=ssl.TLSVersion.TLSv1_3) as modern,
        shaking(authority.chain(tmp_path), maximum=ssl.TLSVersion.TLSv1_2) as older,
    ):
        assert rules(judged(authority, both.host, min_version="1.3")) == {"old-version"}
        assert judged(authority, modern.host, min_version="1.3").status == "passed"
        assert rules(judged(authority, older.host, min_version="1.3")) == {"old-version", "no-tls-1.3"}
        assert judged(authority, older.host).status == "passed"


def test_name_with_several_addresses_passes_when_one_answers(tmp_path: Path, authority: Authority) -> None:
    with shaking(authority.chain(tmp_path)) as server:
        outcome = judged(authority, f"https://localhost:{server.port}/path")
    assert outcome.status == "passed", outcome


def test_closed_port_on_one_address_of_localhost_is_only_noted(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shaking(authority.chain(tmp_path)) as server:
        both = [Address("127.0.0.2", server.port), Address("127.0.0.1", server.port)]
        monkeypatch.setattr(check, "resolve", lambda *_: both)  # not every machine gives localhost two addresses
        outcome = judged(authority, f"localhost:{server.port}")
    assert outcome.status == "passed"
    assert rules(outcome, Level.NOTE) == {"unreachable"}


def test_closed_address_behind_a_public_name_is_an_error(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaf = issue("example.test", authority.intermediate, names=["example.test"])
    with shaking(authority.chain(tmp_path, leaf)) as server:
        both = [Address("127.0.0.1", server.port), Address("127.0.0.2", server.port)]
        monkeypatch.setattr(check, "resolve", lambda *_: both)  # a name with two addresses needs a name server
        outcome = judged(authority, f"example.test:{server.port}")
    assert outcome.status == "error"
    assert outcome.examined == 1
    assert "127.0.0.2" in outcome.summary


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (servers.closing, "closed the connection"),
        (servers.silent, "did not answer the offer of TLS"),
        (servers.dripping(b"HTTP/1.1 400 Bad Request\r\n\r\n", 0.001), "plain HTTP"),
        (servers.dripping(b"220 mail.example ESMTP\r\n", 0.001), "another protocol"),
    ],
    ids=["closing", "silent", "plain-http", "smtp"],
)
def test_port_without_tls_is_an_error_that_names_it(handler: servers.Handler, words: str) -> None:
    with servers.listen(handler) as server:
        outcome = judged(None, server.host, timeout=6)
    assert outcome.status == "error"
    assert outcome.examined == 0
    assert server.host in outcome.summary
    assert words in outcome.summary
    assert outcome.remedy


def test_refused_connection_and_unknown_name_are_errors() -> None:
    port = servers.free_port()
    outcome = judged(None, f"127.0.0.1:{port}", "no-such-host.invalid")
    assert outcome.status == "error"
    words = " ".join(each.message for each in outcome.findings)
    assert f"127.0.0.1:{port} refused the connection" in words
    assert "no-such-host.invalid:443: the name" in words


def test_defect_of_one_host_is_not_hidden_by_another_that_is_down(tmp_path: Path, authority: Authority) -> None:
    with shaking(write(tmp_path, issue("lonely"))) as server:
        outcome = judged(authority, server.host, f"127.0.0.1:{servers.free_port()}")
    assert outcome.status == "failed"
    assert outcome.summary.endswith("1 not determined")


@pytest.mark.parametrize("content", [b"", b"nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_ca_file_without_a_certificate_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ca.pem").write_bytes(content)
    outcome = evaluate(Tls, tmp_path, hosts=["127.0.0.1:1"], ca_file="ca.pem")
    assert outcome.status == "error"
    assert "ca.pem holds" in outcome.summary


def test_missing_ca_file_is_an_error(tmp_path: Path) -> None:
    assert evaluate(Tls, tmp_path, hosts=["127.0.0.1:1"], ca_file="ca.pem").summary == "ca.pem does not exist"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://example.com",
        "example.com:0",
        "example.com:70000",
        "a b",
        "[::1",
        "ex_ample..com",
        "https://u:p@x",
        "ü",
    ],
)
def test_what_is_no_host_is_refused_before_anything_runs(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValidationError):
        evaluate(Tls, tmp_path, hosts=[text])


def test_no_host_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        evaluate(Tls, tmp_path, hosts=[])
