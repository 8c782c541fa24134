"""Reads URLs as a client sends them: http or https, a host, no credentials."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urljoin, urlsplit

from pydantic import AfterValidator, Field

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"^(?=.{1,253}\.?$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?$")
_SAFE = "/?:@!$&'()*+,;=-._~%[]"
LONGEST_PORT = 65_535


@dataclass(frozen=True)
class Url:
    """A URL in its parts."""

    scheme: str
    host: str
    """A name in ASCII, or an address without brackets; lower-case."""
    port: int
    target: str
    """Path and query, percent-encoded: what stands in the request line."""

    @property
    def secure(self) -> bool:
        """Whether it is fetched over TLS."""
        return self.scheme == "https"

    @property
    def loopback(self) -> bool:
        """Whether it never leaves this machine."""
        return is_loopback(self.host)

    @property
    def authority(self) -> str:
        """`host:port`, with brackets around an IPv6 address."""
        return place(self.host, self.port)

    @property
    def origin(self) -> str:
        """Scheme, host and, unless it is the scheme's own, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.origin + self.target

    def join(self, location: str) -> "Url":
        """Follow a reference, as in a Location header.

        Raises:
            ValueError: It leads to no http or https URL.
        """
        return parse(urljoin(str(self), quote(location.strip(), safe=_SAFE + "#")))


def place(host: str, port: int) -> str:
    """`host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def site(host: str) -> str:
    """A host without `www.` before it and the dot of the root behind it: one page is usually served under both."""
    return host.rstrip(".").removeprefix("www.")


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine (RFC 6761 §6.3 for names)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def read_host(text: str) -> str:
    """Read a host: a name in ASCII, an IPv4 address, or an IPv6 address without brackets.

    Raises:
        ValueError: It is none of them.
    """
    host = text.casefold() if text.isascii() else text
    if not host:
        raise ValueError("the host is missing")
    if not host.isascii():
        raise ValueError(f"write the host `{text}` in its ASCII form, which begins with `xn--` (RFC 5891)")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        if _HOST.match(host) is None or host.rstrip(".").rsplit(".", 1)[-1].isdigit():
            raise ValueError(f"`{text}` is neither a host name nor an address") from None
    return host


def parse(text: str) -> Url:
    """Read a URL; a fragment is dropped, as it is never sent.

    Raises:
        ValueError: It is not http or https, has no host, holds credentials, blanks or control characters.
    """
    if re.search(r"[\x00-\x20\x7f\\]", text):
        raise ValueError("a URL holds no blank, control character or backslash")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"not a URL: {error}") from None
    if parts.scheme not in _PORTS:
        raise ValueError("a URL begins with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("a URL holds no credentials: send them in a header whose value comes from the environment")
    if port == 0:
        raise ValueError("port 0 is no port")
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return Url(parts.scheme, read_host(parts.hostname or ""), port or _PORTS[parts.scheme], target)


def _check(text: str) -> str:
    parse(text)
    return text


WebUrl = Annotated[
    str,
    # No format or pattern in the schema: an editor sees `${api}/health`, before it is resolved.
    Field(min_length=1, max_length=2000),
    AfterValidator(_check),
]
"""A parameter that is an http or https URL."""
