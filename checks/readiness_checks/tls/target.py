"""Reads the host that a checklist names: `host`, `host:port`, `[ipv6]:port`, an https URL, or one with STARTTLS."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from readiness_checks.web.url import LONGEST_PORT, place, read_host
from readiness_checks.web.url import parse as parse_url

_PARTS = re.compile(r"^(?:\[(?P<v6>[^\]]*)\]|(?P<name>[^:\[\]]*))(?::(?P<port>[0-9]{1,5}))?$")


_HTTPS = 443
PORTS = {"smtp": 25, "imap": 143, "postgres": 5432}
"""The usual port of each protocol that begins TLS by a command (RFC 3207, RFC 9051, PostgreSQL)."""
_PROTOCOLS = {**{name: name for name in PORTS}, "postgresql": "postgres"}


@dataclass(frozen=True, order=True)
class Target:
    """One TLS endpoint as its users name it."""

    host: str
    port: int
    protocol: str = ""
    """What is spoken before TLS begins: `smtp`, `imap` or `postgres`; empty where nothing is."""

    def __str__(self) -> str:
        return (f"{self.protocol}://" if self.protocol else "") + place(self.host, self.port)


def parse(text: str) -> Target:
    """Read a target; the port is 443 when it does not say.

    Raises:
        ValueError: It is none of the accepted forms.
    """
    scheme, separator, rest = text.partition("://")
    if separator and (protocol := _PROTOCOLS.get(scheme.lower())) is not None:
        port = PORTS[protocol]
        found = _endpoint(rest.rstrip("/"), port)
        return Target(found.host, found.port, protocol)
    if separator:
        url = parse_url(text)
        if not url.secure:
            raise ValueError("only https URLs are served over TLS; with STARTTLS write smtp://, imap:// or postgres://")
        return Target(url.host, url.port)
    return _endpoint(text, _HTTPS)


def _endpoint(text: str, usual: int) -> Target:
    """Read a host with or without a port.

    Raises:
        ValueError: It is neither.
    """
    try:
        return Target(str(ipaddress.IPv6Address(text)), usual)
    except ValueError:
        parts = _PARTS.match(text)
    if parts is None:
        raise ValueError("write `host`, `host:port`, `[ipv6]:port` or an https URL")
    port = int(parts["port"] or usual)
    if not 0 < port <= LONGEST_PORT:
        raise ValueError(f"a port is a number from 1 to {LONGEST_PORT}")
    if parts["v6"] is not None:
        return Target(str(ipaddress.IPv6Address(parts["v6"])), port)
    return Target(read_host(parts["name"]), port)


def _check(text: str) -> str:
    parse(text)
    return text


TargetText = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_check)]
"""A parameter that names a TLS endpoint."""
