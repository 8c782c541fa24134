from pathlib import Path

import pytest

from readiness.testing import context
from readiness_checks.web.client import Client, shorten
from readiness_checks.web.network import Deadline, NetworkError, budget, resolve
from readiness_checks.web.url import parse
from support.servers import Reply, listen, read_request, serve


def test_repeated_headers_stay_separate(tmp_path: Path) -> None:
    reply = Reply(200, [("Set-Cookie", "a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT"), ("Set-Cookie", "b=2")])
    with serve(reply) as server:
        answer = Client(context(tmp_path)).fetch(parse(server.url))
    assert answer.headers.getlist("set-cookie") == ["a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT", "b=2"]


def test_one_request_is_sent_directly_whatever_proxies_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with serve(Reply(200, (), b"body")) as server:
        answer = Client(context(tmp_path)).fetch(parse(f"{server.url}/a?b=c"))
    assert answer.body == b"body"
    (request,) = server.requests
    assert request.target == "/a?b=c"
    assert request.headers["host"] == server.host


def test_failed_request_is_not_sent_again(tmp_path: Path) -> None:
    with serve(Reply(raw=b"garbage\r\n\r\n")) as server:
        with pytest.raises(NetworkError):
            Client(context(tmp_path)).fetch(parse(server.url))
        assert len(server.requests) == 1


def test_chunked_and_unframed_bodies_are_read(tmp_path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    for raw in (chunked, b"HTTP/1.0 200 OK\r\n\r\nabc", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd"):
        with serve(Reply(raw=raw)) as server:
            assert Client(context(tmp_path)).fetch(parse(server.url)).body == b"abc"


def test_ipv6_address_is_reached(tmp_path: Path) -> None:
    import socket

    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")

    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(Reply(200, (), b"six").bytes())

    try:
        with listen(handle, family=socket.AF_INET6, host="::1") as server:
            answer = Client(context(tmp_path)).fetch(parse(f"http://[::1]:{server.port}/"))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert answer.body == b"six"


def test_name_is_resolved_within_its_deadline() -> None:
    assert {address.ip for address in resolve("localhost", 443, Deadline(5))} <= {"127.0.0.1", "::1"}
    with pytest.raises(NetworkError, match="cannot be resolved"):
        resolve("no-such-host.invalid", 443, Deadline(20))


def test_time_is_kept_to_answer_in() -> None:
    assert budget(120) == 119
    assert budget(1) == 0.5
    assert budget(0) == 0


def test_text_is_redacted_before_it_is_cut(tmp_path: Path) -> None:
    using = context(tmp_path, environ={"A_SECRET": "s" * 40})
    assert "s" not in shorten(using, "x" * 90 + "s" * 40, 100)
    assert shorten(using, "a\r\n\x1b[31mb\x00c") == r"a \x1b[31mb\x00c"
