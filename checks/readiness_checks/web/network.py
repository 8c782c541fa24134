"""Opens connections within a deadline, and explains failures."""

import errno
import queue
import socket
import threading
import time
from dataclasses import dataclass

from readiness_checks.web.url import place

ATTEMPT = 10.0
"""Seconds that one address may take to accept a connection."""
_SHORTEST = 0.01


class NetworkError(Exception):
    """A host cannot be reached or does not speak the protocol; says which, why and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class NoRouteError(NetworkError):
    """This machine has no way to the address at all, for instance no IPv6."""


class DowngradeError(NetworkError):
    """A page redirects from https to http."""


class Deadline:
    """A moment until which several steps together have to be done.

    Args:
        seconds: From now.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left; a hair more than zero when it is over, because zero would mean `do not block`."""
        return max(self._at - time.monotonic(), _SHORTEST)

    @property
    def over(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._at


def budget(remaining: float) -> float:
    """Seconds to spend of what an item has left, so that time remains to answer in."""
    return max(remaining - 1.0, remaining / 2)


@dataclass(frozen=True, order=True)
class Address:
    """One address behind a host."""

    ip: str
    port: int

    @property
    def text(self) -> str:
        """`ip:port`."""
        return place(self.ip, self.port)


def resolve(host: str, port: int, deadline: Deadline) -> list[Address]:
    """Find all addresses of a host, in the resolver's order, each once.

    Raises:
        NetworkError: The name does not exist, or the resolver does not answer.
    """
    where = place(host, port)
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    # getaddrinfo knows no timeout: a thread that is left behind is the only way to bound it.
    threading.Thread(target=ask, daemon=True, name=f"resolve {host}").start()
    try:
        answer = answers.get(timeout=deadline.left)
    except queue.Empty:
        raise NetworkError(
            f"{where}: the name was not resolved within {deadline.seconds:.1f} s", "check the resolver of this machine"
        ) from None
    if isinstance(answer, list):
        return [Address(ip, port) for ip in dict.fromkeys(answer)]
    why = answer.strerror if isinstance(answer, OSError) and answer.strerror else str(answer)
    raise NetworkError(
        f"{where}: the name cannot be resolved: {why}", "correct the name, or publish its DNS record"
    ) from answer


def connect(host: str, address: Address, deadline: Deadline) -> socket.socket:
    """Open a TCP connection to one address.

    Args:
        host: The name, for the messages.
        address: Where to.
        deadline: Until when; one attempt takes ten seconds at most.

    Raises:
        NetworkError: It cannot be opened.
    """
    where = place(host, address.port) + ("" if address.ip == host else f" ({address.text})")
    try:
        opened = socket.create_connection((address.ip, address.port), timeout=min(deadline.left, ATTEMPT))
    except OSError as error:
        raise describe(error, where) from error
    opened.settimeout(deadline.left)
    return opened


def connect_any(host: str, addresses: list[Address], deadline: Deadline) -> socket.socket:
    """Open a TCP connection to the first address that accepts one.

    Raises:
        NetworkError: None does; the reason is the last one's.
    """
    last = NetworkError(f"{host} has no address", "publish its DNS record")
    for address in addresses:
        try:
            return connect(host, address, deadline)
        except NoRouteError as error:
            last = last if isinstance(last.__cause__, OSError) else error
        except NetworkError as error:
            last = error
        if deadline.over:
            break
    raise last


def describe(error: OSError, where: str) -> NetworkError:
    """Put an error of a socket into words."""
    if isinstance(error, TimeoutError):
        return NetworkError(f"{where} did not answer in time", "check that it is up and that no firewall drops packets")
    if isinstance(error, ConnectionRefusedError):
        return NetworkError(f"{where} refused the connection", "start the service, or correct the port")
    if isinstance(error, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return NetworkError(f"{where} closed the connection without an answer", "look into the log of the service")
    if error.errno in {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
        return NoRouteError(f"{where}: this machine has no route to it", "run where the network is reachable")
    return NetworkError(f"{where} cannot be reached: {error.strerror or error}", "check the host and the network")
