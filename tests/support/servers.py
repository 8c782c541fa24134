"""Real servers on 127.0.0.1 for tests: HTTP and HTTPS with prepared answers, and ones that misbehave."""

import json
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Handler = Callable[[socket.socket], None]
Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What a server answers; `raw` replaces everything else."""

    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    raw: bytes = b""
    delay: float = 0.0

    def bytes(self) -> bytes:
        if self.raw:
            return self.raw
        pairs = list(self.headers.items()) if isinstance(self.headers, Mapping) else list(self.headers)
        lines = [f"HTTP/1.1 {self.status} Answer", *(f"{name}: {value}" for name, value in pairs)]
        lines += [f"Content-Length: {len(self.body)}", "Connection: close", "", ""]
        return "\r\n".join(lines).encode("latin-1") + self.body


def html(text: str = "<!doctype html><title>Example</title>", headers: Headers = (), status: int = 200) -> Reply:
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    return Reply(status, [("Content-Type", "text/html; charset=utf-8"), *pairs], text.encode())


def json_reply(value: Any, status: int = 200, headers: Headers = ()) -> Reply:
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    return Reply(status, [("Content-Type", "application/json"), *pairs], json.dumps(value).encode())


@dataclass
class Server:
    """A server that runs."""

    port: int
    scheme: str = "http"
    requests: list[Request] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"


@contextmanager
def listen(handle: Handler, *, family: int = socket.AF_INET, host: str = "127.0.0.1") -> Iterator[Server]:
    """Serve raw connections, each in its thread, until the block ends."""
    listener = socket.create_server((host, 0), family=family, backlog=64)
    closing = threading.Event()

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            handle(connection)

    def serve() -> None:
        while not closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Server(listener.getsockname()[1])
    finally:
        closing.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def server_context(
    pem: Path,
    *,
    ciphers: str = "",
    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    maximum: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
) -> ssl.SSLContext:
    """Make a server's context; `ciphers` such as `ALL:@SECLEVEL=0` must come before a weak key is loaded."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if ciphers:
        context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = minimum, maximum
    context.load_cert_chain(pem)
    return context


def read_request(connection: socket.socket) -> Request | None:
    """Read one request; None when the client sent none."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return Request(method, target, headers, body)


Answers = Mapping[str, Reply] | Callable[[Request], Reply] | Reply


@contextmanager
def serve(answers: Answers, tls: ssl.SSLContext | None = None, *, host: str = "127.0.0.1") -> Iterator[Server]:
    """Serve prepared answers, by target or by a function of the request; an unknown target is 404."""
    requests: list[Request] = []

    def answer(request: Request) -> Reply:
        if isinstance(answers, Reply):
            return answers
        if callable(answers):
            return answers(request)
        return answers.get(request.target, Reply(404, (), b"not found"))

    def handle(plain: socket.socket) -> None:
        connection = tls.wrap_socket(plain, server_side=True) if tls else plain
        with connection:
            request = read_request(connection)
            if request is None:
                return
            requests.append(request)
            reply = answer(request)
            time.sleep(reply.delay)
            connection.sendall(reply.bytes())  # in one piece: a client never waits for a delayed acknowledgement
            if tls:
                with suppress(OSError):
                    connection.unwrap()  # type: ignore[attr-defined]  # it is an SSLSocket here

    with listen(handle, host=host) as server:
        server.scheme = "https" if tls else "http"
        server.requests = requests
        yield server


def silent(connection: socket.socket) -> None:
    """Accept, read and never answer."""
    while connection.recv(65536):
        pass


def closing(_connection: socket.socket) -> None:
    """Accept and close at once."""


def dripping(data: bytes, pause: float = 0.05) -> Handler:
    """Send data byte by byte, for as long as the client bears it."""

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return handle


def handshakes(tls: ssl.SSLContext) -> Handler:
    """Shake hands and hang up: all that a TLS probe needs."""

    def handle(plain: socket.socket) -> None:
        with suppress(OSError), tls.wrap_socket(plain, server_side=True) as connection:
            connection.recv(1)

    return handle


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])
