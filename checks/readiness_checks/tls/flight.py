"""Reads what a server answers to a handmade ClientHello, up to where it waits for the client (RFC 5246 §7.3)."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from readiness_checks.tls.hello import past_warnings
from readiness_checks.web.network import Deadline

_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO, _SERVER_KEY_EXCHANGE, _CERTIFICATE_REQUEST, _HELLO_DONE, _CERTIFICATE_STATUS = 2, 12, 13, 14, 22
_CERTIFICATE, _NAMED_CURVE, _WIDTH = 11, 3, 3
_RECORD_HEADER, _MESSAGE_HEADER, _SESSION = 5, 4, 34
_LONGEST = 2**17
"""Bytes of one answer that are read; chains of certificates take some thousand."""


class NoFlight(Enum):
    """Why there is none."""

    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Flight:
    """What a server chose and asked for."""

    suite: int
    dh_bits: int | None = None
    """Length of the prime, where the suite uses ephemeral DH over one."""
    asks_certificate: bool = False
    """Whether it wants to see a certificate of the client."""
    group: int | None = None
    """The named group of an ephemeral key exchange over a curve."""
    compresses: bool = False
    extensions: frozenset[int] = frozenset()
    """Extensions that it agreed to."""
    stapled: bool = False
    """Whether it sent an answer about revocation with its certificate."""
    certificates: tuple[bytes, ...] = ()
    """Its chain in DER, its own first."""


def exchange(opened: socket.socket, hello: bytes, *, prime: bool, deadline: Deadline) -> Flight | NoFlight:
    """Send a ClientHello over an open connection and read the answer.

    Args:
        opened: The connection.
        hello: Bytes that offer one version and some suites.
        prime: Whether only suites with a prime were offered, so that the key exchange begins with it.
        deadline: Until when to wait.
    """
    data = b""
    try:
        opened.settimeout(deadline.left)
        with suppress(BrokenPipeError):
            opened.sendall(hello)
        while not deadline.over and len(data) < _LONGEST and not _is_whole(data):
            opened.settimeout(deadline.left)
            chunk = opened.recv(16384)
            if not chunk:
                break
            data = past_warnings(data + chunk)
    except TimeoutError:
        return _read(data, prime=prime) or NoFlight.UNKNOWN
    except ConnectionResetError:
        return _read(data, prime=prime) or NoFlight.REFUSED
    except OSError:
        return NoFlight.UNKNOWN
    return _read(data, prime=prime) or NoFlight.REFUSED


def _is_whole(data: bytes) -> bool:
    return (len(data) > _RECORD_HEADER + 1 and data[0] == _ALERT) or any(
        kind == _HELLO_DONE for kind, _ in _messages(data)
    )


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Handshake messages with their kinds, put together from the records that carry them."""
    joined, at = bytearray(), 0
    while len(data) - at >= _RECORD_HEADER and data[at] == _HANDSHAKE:
        length = int.from_bytes(data[at + 3 : at + _RECORD_HEADER], "big")
        joined += data[at + _RECORD_HEADER : at + _RECORD_HEADER + length]
        at += _RECORD_HEADER + length
    start = 0
    while len(joined) - start >= _MESSAGE_HEADER:
        length = int.from_bytes(joined[start + 1 : start + _MESSAGE_HEADER], "big")
        end = start + _MESSAGE_HEADER + length
        if end > len(joined):
            return
        yield joined[start], bytes(joined[start + _MESSAGE_HEADER : end])
        start = end


def _read(data: bytes, *, prime: bool) -> Flight | None:
    """The flight in an answer; None where there is no whole ServerHello."""
    found = dict(reversed(list(_messages(data))))
    hello = found.get(_SERVER_HELLO, b"")
    suite = _SESSION + 1 + hello[_SESSION] if len(hello) > _SESSION else 0
    if not suite or len(hello) < suite + 2:
        return None
    key = found.get(_SERVER_KEY_EXCHANGE, b"")
    length = int.from_bytes(key[:2], "big") if prime else 0
    bits = int.from_bytes(key[2 : 2 + length], "big").bit_length() if length and len(key) >= 2 + length else None
    return Flight(
        suite=int.from_bytes(hello[suite : suite + 2], "big"),
        dh_bits=bits,
        asks_certificate=_CERTIFICATE_REQUEST in found,
        group=int.from_bytes(key[1:3], "big") if not prime and key[:1] == bytes([_NAMED_CURVE]) else None,
        compresses=hello[suite + 2 : suite + 3] not in {b"", b"\x00"},
        extensions=frozenset(_extensions(hello[suite + 3 :])),
        certificates=tuple(_certificates(found.get(_CERTIFICATE, b""))),
        stapled=len(found.get(_CERTIFICATE_STATUS, b"")) > _MESSAGE_HEADER,
    )


def _certificates(data: bytes) -> Iterator[bytes]:
    rest = data[3:]
    while len(rest) > _WIDTH:
        length = int.from_bytes(rest[:_WIDTH], "big")
        yield rest[_WIDTH : _WIDTH + length]
        rest = rest[_WIDTH + length :]


def _extensions(data: bytes) -> Iterator[int]:
    """Numbers of the extensions at the end of a ServerHello."""
    rest = data[2:]
    while len(rest) >= _MESSAGE_HEADER:
        yield int.from_bytes(rest[:2], "big")
        rest = rest[_MESSAGE_HEADER + int.from_bytes(rest[2:4], "big") :]
