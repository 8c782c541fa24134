"""TLS that begins by a command of SMTP or IMAP, or by the request of PostgreSQL."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.tls import Tls
from readiness_checks.tls.target import parse
from support import servers
from support.certificates import Authority, issue, write

Answer = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


def talking(greeting: bytes, answer: Answer, tls: ssl.SSLContext | None) -> servers.Handler:
    """A server that greets, answers command by command, and shakes hands after one that it consents to."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(greeting)
        while said := connection.recv(4096):
            reply = answer(said)
            connection.sendall(reply)
            if tls and reply.startswith((b"220 go", b"a2 OK", b"S")):
                with suppress(OSError), tls.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(1)
                return

    return handle


def smtp(offered: bytes = b"250-mail\r\n250-PIPELINING\r\n250 STARTTLS\r\n", consent: bytes = b"220 go\r\n") -> Answer:
    return lambda said: offered if said.startswith(b"EHLO") else consent


def imap(offered: bytes = b"* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n", consent: bytes = b"a2 OK go\r\n") -> Answer:
    return lambda said: offered if b"CAPABILITY" in said else consent


GREETINGS = {"smtp": b"220-mail\r\n220 ESMTP\r\n", "imap": b"* OK ready\r\n", "postgres": b""}
GOOD: dict[str, Answer] = {"smtp": smtp(), "imap": imap(), "postgres": lambda _: b"S"}


def judged(
    authority: Authority, protocol: str, answer: Answer, greeting: bytes | None = None, leaf: Path | None = None
) -> Outcome:
    tls = servers.server_context(leaf or authority.chain(authority.ca_file.parent))
    begin = GREETINGS[protocol] if greeting is None else greeting
    using = context(Path("/"), now=datetime.now(UTC))
    with servers.listen(talking(begin, answer, tls)) as server:
        hosts = [f"{protocol}://{server.host}"]
        return evaluate(Tls, Path("/"), using=using, hosts=hosts, ca_file=str(authority.ca_file))


@pytest.mark.parametrize("protocol", GREETINGS)
def test_a_server_that_begins_tls_is_judged_as_any_other(authority: Authority, tmp_path: Path, protocol: str) -> None:
    outcome = judged(authority, protocol, GOOD[protocol])
    assert outcome.status == "passed", outcome
    assert outcome.summary.startswith(
        f"1 host sound; the next certificate to expire is that of {protocol}://127.0.0.1:"
    )
    foreign = judged(authority, protocol, GOOD[protocol], leaf=write(tmp_path, issue("mail")))
    assert [each.rule for each in foreign.findings if each.level is Level.ERROR] == ["self-signed"]


@pytest.mark.parametrize(
    ("protocol", "answer", "words"),
    [
        ("smtp", smtp(offered=b"250-mail\r\n250 SIZE\r\n"), "does not offer TLS"),
        ("smtp", smtp(offered=b"250-STARTTLS.mail\r\n250 XSTARTTLS\r\n"), "does not offer TLS"),
        ("smtp", smtp(consent=b"454 TLS not available\r\n"), "refuses it when asked"),
        ("imap", imap(offered=b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na1 OK\r\n"), "does not offer TLS"),
        ("imap", imap(consent=b"a2 BAD no\r\n"), "refuses it when asked"),
        ("postgres", lambda _: b"N", "does not offer TLS"),
        ("postgres", lambda _: b"EFATAL", "does not offer TLS"),
    ],
)
def test_a_server_that_does_not_begin_tls_fails(
    authority: Authority, protocol: str, answer: Answer, words: str
) -> None:
    outcome = judged(authority, protocol, answer)
    assert (outcome.status, outcome.examined) == ("failed", 1)
    assert {each.rule for each in outcome.findings} == {"no-starttls"}
    assert words in outcome.summary


def test_a_session_that_is_open_from_the_start_cannot_begin_tls(authority: Authority) -> None:
    assert judged(authority, "imap", imap(), b"* PREAUTH welcome\r\n").findings[0].rule == "no-starttls"


@pytest.mark.parametrize(
    ("protocol", "answer"),
    [
        ("smtp", smtp(consent=b"220 go\r\n250 injected\r\n")),
        ("imap", imap(consent=b"a2 OK go\r\n* CAPABILITY AUTH=PLAIN\r\n")),
        ("postgres", lambda _: b"SEerror"),
    ],
)
def test_plain_text_behind_the_consent_fails(authority: Authority, protocol: str, answer: Answer) -> None:
    outcome = judged(authority, protocol, answer)
    assert outcome.status == "failed"
    assert [each.rule for each in outcome.findings] == ["starttls-injection"]


def injecting(protocol: str, words: bytes, tls: ssl.SSLContext) -> servers.Handler:
    """Consents as a good server does; somebody in between adds plain text in a packet of its own (CVE-2011-0411)."""

    def handle(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(GREETINGS[protocol])
        while said := connection.recv(4096):
            reply = GOOD[protocol](said)
            connection.sendall(reply)
            if reply.startswith((b"220 go", b"a2 OK", b"S")):
                connection.sendall(words)
                with suppress(OSError), tls.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(1)
                return

    return handle


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        ("smtp", b"250-mail\r\n250 AUTH PLAIN\r\n"),
        ("imap", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na3 OK LOGIN done\r\n"),
        ("postgres", b"R\x00\x00\x00\x08\x00\x00\x00\x00"),
    ],
)
def test_plain_text_in_a_packet_behind_the_consent_is_never_taken_for_an_answer(
    authority: Authority, protocol: str, words: bytes
) -> None:
    tls = servers.server_context(authority.chain(authority.ca_file.parent))
    using = context(Path("/"), now=datetime.now(UTC))
    with servers.listen(injecting(protocol, words, tls)) as server:
        hosts = [f"{protocol}://{server.host}"]
        outcome = evaluate(Tls, Path("/"), using=using, hosts=hosts, ca_file=str(authority.ca_file))
    assert outcome.status in {"failed", "error"}, outcome
    assert "sound" not in outcome.summary


@pytest.mark.parametrize(
    ("protocol", "greeting"),
    [
        ("smtp", b"* OK ready\r\n"),
        ("smtp", b"554 no service\r\n"),
        ("imap", b"220 mail\r\n"),
        ("imap", b"* BYE overloaded\r\n"),
        ("postgres", b"220 mail\r\n"),
        ("smtp", b"220 mail\r\n220 twice\r\n"),
        ("smtp", b"2" * 70_000),
    ],
)
def test_another_protocol_is_an_error_that_names_it(authority: Authority, protocol: str, greeting: bytes) -> None:
    outcome = judged(authority, protocol, lambda _: b"", greeting)
    assert (outcome.status, outcome.examined) == ("error", 0)


@pytest.mark.parametrize("handler", [servers.closing, servers.silent])
def test_a_server_that_says_nothing_is_an_error(handler: servers.Handler) -> None:
    using = context(Path("/"), now=datetime.now(UTC), item=Item(id="tls", title="TLS", check="tls", timeout=2))
    with servers.listen(handler) as server:
        outcome = evaluate(Tls, Path("/"), using=using, hosts=[f"smtp://{server.host}"])
    assert outcome.status == "error"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("smtp://mail.deedpro.io", "smtp://mail.deedpro.io:25"),
        ("SMTP://mail.deedpro.io:587/", "smtp://mail.deedpro.io:587"),
        ("imap://[::1]", "imap://[::1]:143"),
        ("postgresql://db", "postgres://db:5432"),
        ("postgres://db:6432", "postgres://db:6432"),
    ],
)
def test_a_protocol_has_its_usual_port(text: str, shown: str) -> None:
    assert str(parse(text)) == shown


@pytest.mark.parametrize(
    "text", ["ftp://host", "smtp://", "postgres://user:pass@db/name", "imap://host:0", "http://host"]
)
def test_other_protocols_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        evaluate(Tls, Path("/"), hosts=[text])
