"""Reads the host that a checklist names: `host`, `host:port`, `[ipv6]:port` or an https URL."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from readiness_checks.web.url import LONGEST_PORT, place, read_host
from readiness_checks.web.url import parse as parse_url

_PARTS = re.compile(r"^(?:\[(?P<v6>[^\]]*)\]|(?P<name>[^:\[\]]*))(?::(?P<port>[0-9]{1,5}))?$")


@dataclass(frozen=True, order=True)
class Target:
    """One TLS endpoint as its users name it."""

    host: str
    port: int

    def __str__(self) -> str:
        return place(self.host, self.port)


def parse(text: str) -> Target:
    """Read a target; the port is 443 when it does not say.

    Raises:
        ValueError: It is none of the accepted forms.
    """
    if "://" in text:
        url = parse_url(text)
        if not url.secure:
            raise ValueError("only https URLs are served over TLS")
        return Target(url.host, url.port)
    try:
        return Target(str(ipaddress.IPv6Address(text)), 443)
    except ValueError:
        parts = _PARTS.match(text)
    if parts is None:
        raise ValueError("write `host`, `host:port`, `[ipv6]:port` or an https URL")
    port = int(parts["port"] or 443)
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
