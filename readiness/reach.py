"""Finds the variables and hosts that the parameters of items refer to, and whether they exist."""

import socket
import threading
import time
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_CONNECT = 3.0
"""Seconds to reach a host."""
_PATIENCE = 6.0
"""Seconds for all hosts together: a name server that is silent is bounded by no other limit."""
_HOST_KEYS = frozenset(("url", "urls", "hosts"))


class Address(NamedTuple):
    """A place in the network."""

    host: str
    port: int

    def __str__(self) -> str:
        """Write it as one does in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def variables(params: Any) -> set[str]:
    """Names of variables of the process that parameters refer to: `env: NAME`, and the keys of `required`."""
    return _names(params, process=not (isinstance(params, dict) and (params.get("source") == "file")))


def _names(node: Any, *, process: bool) -> set[str]:
    found: set[str] = set()
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "env" and isinstance(value, str):
                found.add(value)
            elif key == "required" and isinstance(value, dict) and process:
                found |= set(value)
            else:
                found |= _names(value, process=process)
    elif isinstance(node, list | tuple):
        for value in node:
            found |= _names(value, process=process)
    return found


def addresses(node: Any, key: str = "") -> set[Address]:
    """Hosts and ports that parameters name under `url`, `urls` and `hosts`."""
    if isinstance(node, dict):
        return {found for name, value in node.items() for found in addresses(value, str(name))}
    if isinstance(node, list | tuple):
        return {found for value in node for found in addresses(value, key)}
    if isinstance(node, str) and key in _HOST_KEYS:
        found = address(node if "://" in node else f"https://{node}")
        return {found} if found else set()
    return set()


def address(url: str) -> Address | None:
    """The place that a URL names; None when it names none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80}.get(parts.scheme, 443)
    except ValueError:
        return None
    return Address(parts.hostname, port) if parts.hostname else None


def unreachable(asked: Iterable[Address]) -> dict[Address, str]:
    """Connect to all at once and hang up; why not, for each that cannot be reached."""
    found = dict.fromkeys(asked, f"no answer within {_PATIENCE:g} s")
    threads = [threading.Thread(target=_try, args=(place, found), daemon=True) for place in found]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + _PATIENCE
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))
    return {place: why for place, why in found.items() if why}


def _try(place: Address, found: dict[Address, str]) -> None:
    try:
        with socket.create_connection(place, timeout=_CONNECT):
            found[place] = ""
    except (OSError, UnicodeError) as error:
        found[place] = f"cannot be reached: {getattr(error, 'strerror', None) or error}"
