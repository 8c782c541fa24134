"""Readers of what others answer: servers over TLS and HTTP, git, and a job that collects outcomes."""

import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding

from fuzzing.reader import Reader
from readiness.engine import protocol
from readiness.engine.collected import Answer, Manifest
from readiness.packed_lines import pack, unpack
from readiness.report import Report
from readiness_checks.secrets import contents, history
from readiness_checks.secrets.detectors import scan
from readiness_checks.tls import certificates, flight, hello
from readiness_checks.web import client, exchange
from readiness_checks.web.network import Deadline
from readiness_checks.web.url import parse as parse_url
from support.certificates import issue

_NOW = datetime(2026, 11, 28, tzinfo=UTC)
_WAIT = 5.0


def _record(kind: int, body: bytes) -> bytes:
    """A handshake message in a record of TLS 1.2."""
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message


_FLIGHT = _record(2, b"\x03\x03" + bytes(32) + b"\0\xc0\x2f\0") + _record(11, b"\0\0\0")
_FLIGHT += _record(12, b"\0\x01\x80\0\x01\x02\0\x01\x05") + _record(13, b"\x01\x01\0\0\0\0") + _record(14, b"")
_PATCH = (
    "\x01commit "
    + "a" * 40
    + '\ndiff --git a/b b/b\n--- a/b\n+++ "b/b\\303\\244"\n@@ -1,2 +1,2 @@ x\n-a\n+b\n\\ No newline\n'
)
_SECRETS = (
    'password = "hunter2-but-longer"\nurl: https://jo:s3cretWord9@db.example.com\n-----BEGIN PRIVATE KEY-----\nMIIE\n'
)


def _tls(data: bytes) -> object:
    """What a server answers to a hello that is written by hand."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        found = flight.exchange(ours, b"", prime=True, deadline=Deadline(_WAIT))
    return found, [hello.classify(hello.past_warnings(data), version) for version in hello.Version]


def _certificate(data: bytes) -> object:
    one = certificates.load([data])[0]
    findings = [*certificates.dates(one, _NOW, 14), *certificates.strength(one, trusted=True)]
    return certificates.title(one), certificates.names(one), findings, certificates.gap([one, one])


def _http(data: bytes) -> object:
    url, deadline = parse_url("http://127.0.0.1:8080/"), Deadline(_WAIT)
    ours, theirs = socket.socketpair()
    with ours, theirs, client._worded(url, deadline):
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        response = exchange.send(ours, url, "GET", {}, None, deadline)
        answer = client.Answer(url, response.status, response.headers, exchange.read(response, url, deadline), 1.0)
    with suppress(ValueError):
        url.join(answer.location)
    return answer.kind, answer.text


def _searched(data: bytes) -> object:
    lines, binary = contents.lines_of(data)
    return [list(scan(name, enumerate(lines, 1), binary=binary)) for name in ("a.py", "a.yaml", ".env", ".pgpass")]


def _collected(data: bytes) -> object:
    return [model.model_validate_json(data) for model in (Manifest, Answer)]


_OUTCOME = {"status": "passed", "summary": "fine", "examined": 1, "tests": {"ran": pack("a\nb"), "broken": ""}}
ANSWERS: Mapping[str, Reader] = {
    "tls": Reader(_tls, (_FLIGHT, b"\x15\x03\x03\0\x02\x02\x28", b"HTTP/1.1 400 Bad")),
    "certificate": Reader(_certificate, (issue("a.example.com").certificate.public_bytes(Encoding.DER),)),
    "http": Reader(
        _http,
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\nContent-Length: 2\r\n\r\nok",
            (
                b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 302 Found\r\nLocation: //[::1]:9/\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
            ),
            b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\nSet-Cookie: a=b; Secure\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03",
        ),
    ),
    "secrets": Reader(_searched, (_SECRETS, _SECRETS.encode("utf-16"))),
    "secrets in history": Reader(
        lambda data: list(history._parse(data.decode("utf-8", "replace").split("\n"))), (_PATCH,)
    ),
    "packed lines": Reader(lambda data: unpack(data.decode(errors="replace")), (pack("a\nb\n" * 9),)),
    "collected": Reader(_collected, (json.dumps({"outcome": _OUTCOME, "duration": 1}),)),
    "report": Reader(
        Report.model_validate_json, ('{"schema_version": 1, "results": [], "subject": {"project": "a"}}',)
    ),
    "worker": Reader(
        lambda data: protocol.unpack(protocol.Reply, data),
        (json.dumps({"id": 1, "kind": "evaluated", "outcome": _OUTCOME}), '{"id": 1, "kind": "\\ud800"}'),
    ),
}
