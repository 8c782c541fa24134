import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from readiness_checks.tls.hello import Reply, Version, ask, classify, client_hello
from readiness_checks.web.network import Deadline
from support import servers
from support.certificates import Authority
from support.system import need

ALERT = bytes.fromhex("15030100020246")
UNKNOWN_NAME = bytes.fromhex("15030100020170")
"""A warning, with which servers go on that do not know the name they are asked for."""
SERVER_HELLO_1_0 = bytes.fromhex("16030100310200002d0301")
SERVER_HELLO_1_2 = bytes.fromhex("16030300310200002d0303")


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (ALERT, Reply.REFUSED),
        (SERVER_HELLO_1_0, Reply.OFFERED),
        (SERVER_HELLO_1_2, Reply.REFUSED),
        (b"HTTP/1.1 400", Reply.HTTP),
        (b"SSH-2.0-Open", Reply.OTHER),
        (b"220 ", Reply.OTHER),
        (SERVER_HELLO_1_0[:7], Reply.UNKNOWN),
        (b"\x16\x03", Reply.UNKNOWN),
        (b"\x17\x03\x01\x00\x05hello!", Reply.OTHER),
        (b"", Reply.UNKNOWN),
    ],
)
def test_first_bytes_are_told_apart(data: bytes, reply: Reply) -> None:
    assert classify(data, Version.TLS_1_0) is reply


@pytest.mark.parametrize("version", Version)
def test_hello_is_well_formed(version: Version) -> None:
    data = client_hello(version, "example.com")
    assert data[0] == 22
    assert int.from_bytes(data[3:5], "big") == len(data) - 5
    assert int.from_bytes(data[6:9], "big") == len(data) - 9
    assert int.from_bytes(data[9:11], "big") == version.value
    assert (b"example.com" in data) is (version is not Version.SSL_3_0)


@pytest.mark.parametrize(
    ("old", "version"),
    [
        (ssl.TLSVersion.TLSv1, Version.TLS_1_0),
        (ssl.TLSVersion.TLSv1_1, Version.TLS_1_1),
        (ssl.TLSVersion.TLSv1_2, Version.TLS_1_2),
    ],
)
def test_every_version_is_recognised_on_a_server_that_offers_it_alone(
    tmp_path: Path, old: ssl.TLSVersion, version: Version
) -> None:
    pem = Authority.make(tmp_path).chain(tmp_path)
    tls = servers.server_context(pem, ciphers="ALL:@SECLEVEL=0", minimum=old, maximum=old)
    with servers.listen(servers.handshakes(tls)) as server:
        for each in Version:
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as opened:
                expected = Reply.OFFERED if each is version else Reply.REFUSED
                assert ask(opened, each, "localhost", Deadline(5)) is expected


def test_silence_is_not_a_refusal() -> None:
    silent = servers.listen(servers.silent)
    with silent as server, socket.create_connection(("127.0.0.1", server.port), timeout=5) as opened:
        assert ask(opened, Version.TLS_1_0, "", Deadline(0.2)) is Reply.UNKNOWN


def test_server_of_openssl_is_read_too(tmp_path: Path) -> None:
    pem, port = Authority.make(tmp_path).chain(tmp_path), servers.free_port()
    arguments = ["s_server", "-quiet", "-accept", f"127.0.0.1:{port}", "-cert", str(pem), "-key", str(pem)]
    command = [need("openssl"), *arguments, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            replies = [_patiently(port, version) for version in (Version.TLS_1_0, Version.TLS_1_1, Version.TLS_1_2)]
        finally:
            process.kill()
    assert replies == [Reply.REFUSED, Reply.OFFERED, Reply.REFUSED]


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ((UNKNOWN_NAME + SERVER_HELLO_1_0,), Reply.OFFERED),
        ((UNKNOWN_NAME[:3], UNKNOWN_NAME[3:6], UNKNOWN_NAME[6:] + SERVER_HELLO_1_0), Reply.OFFERED),
        ((UNKNOWN_NAME + UNKNOWN_NAME + ALERT,), Reply.REFUSED),
        ((UNKNOWN_NAME,), Reply.REFUSED),
        ((bytes.fromhex("15030100020100") + SERVER_HELLO_1_0,), Reply.REFUSED),
    ],
)
def test_a_server_that_warns_first_is_read_on(answer: tuple[bytes, ...], reply: Reply) -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        for part in answer:
            connection.sendall(part)
            time.sleep(0.02)

    with servers.listen(handle) as server, socket.create_connection(("127.0.0.1", server.port), timeout=5) as opened:
        assert ask(opened, Version.TLS_1_0, "", Deadline(5)) is reply


def _patiently(port: int, version: Version) -> Reply:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as opened:
                return ask(opened, version, "localhost", Deadline(5))
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail("openssl s_server did not start")
