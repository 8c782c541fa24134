"""Offers a server one old protocol version, with a handmade ClientHello.

The local OpenSSL may be unable to offer an old version, and its refusal looks like the server's. These bytes do not
depend on it: a ServerHello of the version that was asked for means that the server offers it (RFC 2246 §7.4.1,
RFC 5246 §7.4.1).
"""

import os
import re
import socket
import struct
from contextlib import suppress
from enum import Enum, StrEnum

from readiness_checks.web.network import Deadline


class Version(Enum):
    """Protocol versions by their number on the wire, oldest first."""

    SSL_3_0 = 0x0300
    TLS_1_0 = 0x0301
    TLS_1_1 = 0x0302
    TLS_1_2 = 0x0303

    @property
    def text(self) -> str:
        """As people write it."""
        return self.name.replace("_", " ", 1).replace("_", ".")


class Reply(StrEnum):
    """What a server makes of the offer of one version."""

    OFFERED = "offered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HTTP = "plain HTTP"
    """It answered, and not in TLS."""
    OTHER = "another protocol"


_ALERT, _HANDSHAKE, _SERVER_HELLO = 21, 22, 2
_RECORD_HEADER, _HELLO_START = 5, 11
_WARNING = re.compile(rb"(?:\x15\x03.\x00\x02\x01[^\x00])+", re.DOTALL)
"""Alerts after which a server goes on (RFC 5246 §7.2), such as that it does not know the name; not that it closes."""
_WHOLE_ALERT = 7
SUITES = (
    *(0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x009C, 0x009D, 0x009E, 0x009F),
    *(0xC009, 0xC00A, 0xC013, 0xC014, 0xC023, 0xC024, 0xC027, 0xC028, 0xC008, 0xC012, 0xC007, 0xC011),
    *(0x002F, 0x0035, 0x003C, 0x003D, 0x0033, 0x0039, 0x0067, 0x006B, 0x0032, 0x0038, 0x0041, 0x0084, 0x0096),
    *(0x000A, 0x0016, 0x0013, 0x0005, 0x0004, 0x0009, 0x0015),
)
"""Any suite that a server of that age may insist on, with every kind of certificate: it is never used."""
_RENEGOTIATION = 0x00FF
"""Says that the client knows RFC 5746, which some servers require."""
STATUS_REQUEST, SESSION_TICKET, RENEGOTIATION_INFO = 5, 35, 0xFF01
"""Extensions by their IANA numbers."""
GROUPS = (0x001D, 0x0017, 0x0018, 0x0019, 0x0015)
_SIGNATURES = (
    0x0403,
    0x0503,
    0x0603,
    0x0804,
    0x0805,
    0x0806,
    0x0401,
    0x0501,
    0x0601,
    0x0203,
    0x0201,
    0x0202,
    0x0303,
    0x0402,
)


def client_hello(
    version: Version,
    name: str,
    suites: tuple[int, ...] = SUITES,
    *,
    groups: tuple[int, ...] = GROUPS,
    details: bool = False,
) -> bytes:
    """Bytes that offer exactly one version.

    Args:
        version: The version.
        name: Host for the server name extension (RFC 6066 §3); empty for an address.
        suites: Cipher suites; those that most servers know when not given.
        groups: Groups for ECDHE.
        details: Whether to offer compression, session tickets and stapled answers about revocation, too.
    """
    extensions = b""
    if version is not Version.SSL_3_0:
        if name:
            host = name.encode("ascii")
            extensions += _extension(0, _sized(2, b"\x00" + _sized(2, host)))
        extensions += _extension(10, _sized(2, _words(groups)))
        extensions += _extension(11, _sized(1, b"\x00"))
        if details:  # RFC 6066 §8: a request for OCSP without conditions; RFC 5077 §3.2: no ticket yet
            extensions += _extension(STATUS_REQUEST, b"\x01\x00\x00\x00\x00") + _extension(SESSION_TICKET, b"")
    if version is Version.TLS_1_2:
        extensions += _extension(13, _sized(2, _words(_SIGNATURES)))
    body = (
        struct.pack(">H", version.value)
        + os.urandom(32)
        + b"\x00"
        + _sized(2, _words((*suites, _RENEGOTIATION)))
        + (b"\x02\x01\x00" if details else b"\x01\x00")
    )
    if extensions:
        body += _sized(2, extensions)
    first = min(version, Version.TLS_1_0, key=lambda v: v.value).value
    return struct.pack(">BH", _HANDSHAKE, first) + _sized(2, b"\x01" + _sized(3, body))


def _sized(width: int, data: bytes) -> bytes:
    return len(data).to_bytes(width, "big") + data


def _words(values: tuple[int, ...]) -> bytes:
    return struct.pack(f">{len(values)}H", *values)


def _extension(kind: int, data: bytes) -> bytes:
    return struct.pack(">H", kind) + _sized(2, data)


def ask(opened: socket.socket, version: Version, name: str, deadline: Deadline) -> Reply:
    """Offer a version on an open connection and read the beginning of the answer.

    A closed connection is a refusal, as some servers send no alert; silence is not.
    """
    data = b""
    try:
        opened.settimeout(deadline.left)
        with suppress(BrokenPipeError):
            opened.sendall(client_hello(version, name))
        while len(data) < _HELLO_START and not deadline.over:
            opened.settimeout(deadline.left)
            chunk = opened.recv(_HELLO_START - len(data))
            if not chunk:
                return classify(data, version) if data else Reply.REFUSED
            data = past_warnings(data + chunk)
            if data.startswith(b"\x15") and len(data) >= _WHOLE_ALERT:
                break
    except TimeoutError:
        return classify(data, version) if data else Reply.UNKNOWN
    except ConnectionResetError:
        return classify(data, version) if data else Reply.REFUSED
    except OSError:
        return Reply.UNKNOWN
    return classify(data, version)


def past_warnings(data: bytes) -> bytes:
    """An answer without the warnings that it begins with."""
    found = _WARNING.match(data)
    return data[found.end() :] if found else data


def classify(data: bytes, version: Version) -> Reply:
    """Tell what the first bytes of an answer mean."""
    if data[:5].upper() == b"HTTP/":
        return Reply.HTTP
    if len(data) < _RECORD_HEADER or data[1] != Version.SSL_3_0.value >> 8:
        return Reply.OTHER if data and data[0] not in {_ALERT, _HANDSHAKE} else Reply.UNKNOWN
    if data[0] == _ALERT:
        return Reply.REFUSED
    if data[0] == _HANDSHAKE and len(data) >= _HELLO_START and data[5] == _SERVER_HELLO:
        chosen = int.from_bytes(data[9:11], "big")
        return Reply.OFFERED if chosen == version.value else Reply.REFUSED
    return Reply.UNKNOWN if data[0] == _HANDSHAKE else Reply.OTHER
