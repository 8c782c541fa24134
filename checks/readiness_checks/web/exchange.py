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
_BODILESS = frozenset({204, 304})
_CHUNK = 65_536
_MOST_INTERIM = 20
_INTERIM = 100


class _FinalResponse(http.client.HTTPResponse):
    """A response behind any number of interim ones, which a client has to read past (RFC 9110 §15.2)."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM):
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]  # it is no public method
            if not _INTERIM <= line[1] < http.HTTPStatus.OK or line[1] == http.HTTPStatus.SWITCHING_PROTOCOLS:
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


def refuse_cut(response: "HTTPResponse", data: bytes, method: str) -> None:
    """Refuse an answer whose head was cut off, which the library takes for a complete one without a body.

    Raises:
        http.client.IncompleteRead: Nothing says how long the body is, and there is none.
    """
    framed = "content-length" in response.headers or "transfer-encoding" in response.headers
    if not data and not framed and method != "HEAD" and response.status not in _BODILESS:
        raise http.client.IncompleteRead(b"")
