"""One request and its answer over a connection that is open."""

import http.client
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from readiness_checks.web.network import Deadline, NetworkError
from readiness_checks.web.url import Url

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

BODY_LIMIT = 2**20
"""Bytes of a body that are read, after decompression; a larger answer is refused."""
_CHUNK = 65_536
_MOST_INTERIM = 20
_INTERIM = 100


class _LastLine:
    """A stream that remembers the last line that was read of it."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.line = stream, b""

    def readline(self, limit: int = -1) -> bytes:
        self.line = self.stream.readline(limit)
        return self.line

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class _FinalResponse(http.client.HTTPResponse):
    """A response behind any number of interim ones, which a client has to read past (RFC 9110 §15.2)."""

    def begin(self) -> None:
        """Read the head.

        Raises:
            http.client.IncompleteRead: It has no end, which the library takes for the head of an answer without a body.
        """
        stream = self.fp
        watched: Any = _LastLine(stream)
        self.fp = watched
        super().begin()
        if watched.line not in {b"\r\n", b"\n"}:
            raise http.client.IncompleteRead(b"")
        if self.fp is watched:
            self.fp = stream

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM):
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]  # it is no public method
            if line[1] == http.HTTPStatus.SWITCHING_PROTOCOLS:
                raise http.client.HTTPException("it switches to a protocol that nobody asked for")
            if not _INTERIM <= line[1] < http.HTTPStatus.OK:
                return line
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException(f"more than {_MOST_INTERIM} interim answers")


def send(
    opened: socket.socket, url: Url, method: str, headers: Mapping[str, str], body: bytes | None, deadline: Deadline
) -> "HTTPResponse":
    """Send a request over an open connection; the answer's head, its body still to be read."""
    from urllib3.connection import HTTPConnection

    connection: Any = HTTPConnection(url.host, url.port, timeout=deadline.left)
    connection.sock, connection.response_class = opened, _FinalResponse
    named = {name.lower() for name in headers}
    host = {} if "host" in named else {"Host": url.origin.partition("://")[2]}
    connection.request(method, url.target, body=body, headers={**host, **headers}, preload_content=False)
    response: HTTPResponse = connection.getresponse()
    return response


def read(response: "HTTPResponse", url: Url, deadline: Deadline) -> bytes:
    """Read a body.

    Raises:
        NetworkError: It is larger than `BODY_LIMIT`.
        TimeoutError: The deadline is over.
    """
    data = bytearray()
    while chunk := response.read(_CHUNK, decode_content=True):
        data += chunk
        if len(data) > BODY_LIMIT:
            raise NetworkError(f"{url} answers with more than {BODY_LIMIT} bytes", "name a smaller page")
        if deadline.over:
            break
    if deadline.over:
        raise TimeoutError  # what looks like the end may be the connection that was ended at the deadline
    return bytes(data)
