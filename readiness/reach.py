"""Finds the variables and hosts that the parameters of items refer to, and whether they exist."""

import socket
import threading
import time
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_ONE_HOST = 3.0
"""Seconds to reach a host."""
_ALL_HOSTS = 6.0
"""Seconds for all hosts together: a name server that is silent is bounded by no other limit."""
_PORTS = {"http": 80, "smtp": 25, "imap": 143, "postgres": 5432, "postgresql": 5432}
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
    return _variable_names(params, of_process=not (isinstance(params, dict) and (params.get("source") == "file")))


def _variable_names(value: Any, *, of_process: bool) -> set[str]:
    found: set[str] = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "env" and isinstance(inner, str):
                found.add(inner)
            elif key == "required" and isinstance(inner, dict) and of_process:
                found |= set(inner)
            else:
                found |= _variable_names(inner, of_process=of_process)
    elif isinstance(value, list | tuple):
        for inner in value:
            found |= _variable_names(inner, of_process=of_process)
    return found


def addresses(value: Any, key: str = "") -> set[Address]:
    """Hosts and ports that parameters name under `url`, `urls` and `hosts`; `key` holds the value."""
    if isinstance(value, dict):
        return {found for name, inner in value.items() for found in addresses(inner, str(name))}
    if isinstance(value, list | tuple):
        return {found for inner in value for found in addresses(inner, key)}
    if isinstance(value, str) and key in _HOST_KEYS:
        found = address(value if "://" in value else f"https://{value}")
        return {found} if found else set()
    return set()


def address(url: str) -> Address | None:
    """The place that a URL names; None when it names none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 443)
    except ValueError:
        return None
    return Address(parts.hostname, port) if parts.hostname else None


def unreachable(places: Iterable[Address]) -> dict[Address, str]:
    """Connect to all at once and hang up; why not, for each that cannot be reached."""
    reasons = dict.fromkeys(places, f"no answer within {_ALL_HOSTS:g} s")
    threads = [threading.Thread(target=_connect, args=(place, reasons), daemon=True) for place in reasons]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + _ALL_HOSTS
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))
    return {place: reason for place, reason in reasons.items() if reason}


def _connect(place: Address, reasons: dict[Address, str]) -> None:
    try:
        with socket.create_connection(place, timeout=_ONE_HOST):
            reasons[place] = ""
    except (OSError, UnicodeError) as error:
        reasons[place] = f"cannot be reached: {getattr(error, 'strerror', None) or error}"
