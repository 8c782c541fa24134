"""Fetches one URL: verified TLS, limits on time and size, no retry, no proxy, no hidden redirect."""

import hashlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from readiness import __version__
from readiness.check import Context
from readiness.text import one_line
from readiness_checks.web.exchange import read, send
from readiness_checks.web.network import Deadline, DowngradeError, NetworkError, budget, connect_any, describe, resolve
from readiness_checks.web.trust import Trust, handshake_words, trust, verdict
from readiness_checks.web.url import Url, site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import HTTPHeaderDict

LONGEST = 30.0
"""Seconds that one request may take from name to last byte."""
AGENT = f"readiness/{__version__}"
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Answer:
    """What a server answered to one request."""

    url: Url
    status: int
    headers: "HTTPHeaderDict"
    """Repeated fields stay separate: `getlist`."""
    body: bytes = field(repr=False)
    milliseconds: float
    """From the search for the address to the last byte of the body."""

    @property
    def sha256(self) -> str:
        """Digest of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def kind(self) -> str:
        """Media type without parameters, lower-case."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def location(self) -> str:
        """Where it redirects to; empty when it does not."""
        return str(self.headers.get("location", "")) if self.status in REDIRECTS else ""

    @property
    def text(self) -> str:
        """The body as text, undecodable bytes replaced; a byte order mark is dropped."""
        return self.body.decode("utf-8-sig", "replace")


def shorten(context: Context, text: str, length: int = 160) -> str:
    """Make text from outside fit for a report: on one line, safe, short, and redacted before it is cut."""
    return one_line(context.redactor.text(text), limit=length)


@dataclass(frozen=True)
class Client:
    """Sends requests on behalf of one evaluation."""

    context: Context
    trust: Trust = field(default_factory=Trust)

    @classmethod
    def make(cls, context: Context, ca_file: str | None) -> "Client":
        """Make a client that trusts a private authority, or what this machine trusts.

        Raises:
            CheckError: `ca_file` cannot be read.
        """
        return cls(context, trust(context, ca_file))

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        tls = self.trust.context()
        tls.set_alpn_protocols(["http/1.1"])
        return tls

    def fetch(
        self, url: Url, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Send one request and read the whole answer; a redirect is an answer like any other.

        Raises:
            NetworkError: There is no complete answer within time and size; the text names the host or URL.
        """
        deadline = Deadline(min(budget(self.context.remaining), LONGEST))
        started = time.perf_counter()
        with self._open(url, deadline) as opened, _watch(opened, deadline), _worded(url, deadline):
            sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close", **(headers or {})}
            response = send(opened, url, method, sent, body, deadline)
            data = read(response, url, deadline)
        elapsed = (time.perf_counter() - started) * 1000
        return Answer(url, response.status, response.headers, data, elapsed)

    def follow(self, url: Url, *, headers: Mapping[str, str] | None = None, limit: int = 5) -> list[Answer]:
        """Fetch a URL and what it redirects to on the same host; the last answer is the page.

        Each Location is compared with the URL before a request is sent to it: no other host or service gets one.

        Raises:
            NetworkError: As `fetch`, or it redirects too often, in a circle, to no URL or to another host or service.
            DowngradeError: It redirects from https to http.
        """
        answers = [self.fetch(url, headers=headers)]
        while answers[-1].location:
            here = answers[-1].url
            shown = shorten(self.context, answers[-1].location)
            try:
                there = here.join(answers[-1].location)
            except ValueError as error:
                raise NetworkError(f"{here} redirects to `{shown}`: {error}", "correct the redirect") from error
            _refuse_elsewhere(here, there)
            if any(answer.url == there for answer in answers):
                raise NetworkError(f"{url} redirects in a circle, back to {there}", "correct the redirect")
            if len(answers) > limit:
                raise NetworkError(f"{url} redirects more than {limit} times", "name the page it ends at")
            answers.append(self.fetch(there, headers=headers))
        return answers

    @contextmanager
    def _open(self, url: Url, deadline: Deadline) -> "Iterator[socket.socket]":
        plain = connect_any(url.host, resolve(url.host, url.port, deadline), deadline)
        with plain:
            if not url.secure:
                yield plain
                return
            try:
                secured = self._secure(plain, url)
            except ssl.SSLError as error:
                why = verdict(error)
                remedy = why.remedy if why else "let the check `tls` examine the host"
                raise NetworkError(f"{url.authority}: no TLS connection: {handshake_words(error)}", remedy) from error
            except OSError as error:
                raise describe(error, url.authority) from error
            with secured:
                yield secured

    def _secure(self, plain: socket.socket, url: Url) -> ssl.SSLSocket:
        # In two steps: when the first one fails at the handshake, CPython 3.13 leaves a socket to the collector.
        secured = self._tls.wrap_socket(plain, server_hostname=url.host.rstrip("."), do_handshake_on_connect=False)
        try:
            secured.do_handshake()
        except BaseException:
            secured.close()
            raise
        return secured


def _refuse_elsewhere(here: Url, there: Url) -> None:
    """Refuse a redirect to another host, or to another port that is not there for the sake of TLS.

    Raises:
        NetworkError: It is one.
        DowngradeError: It leads from https to http.
    """
    if site(here.host) != site(there.host):
        raise NetworkError(
            f"{here} redirects to another host, {there.host}, which is not asked: its answer says nothing about this "
            "one",
            "name the URL of the page itself",
        )
    if here.secure and not there.secure:
        raise DowngradeError(f"{here} redirects from https to http, to {there}", "redirect to https URLs only")
    if here.secure == there.secure and here.port != there.port:
        raise NetworkError(
            f"{here} redirects to another port, {there.authority}, which is not asked: it may be another service",
            "name the URL of the page itself",
        )


@contextmanager
def _watch(opened: socket.socket, deadline: Deadline) -> "Iterator[None]":
    """End the connection at the deadline: timeouts of a socket start anew with every byte that drips in."""

    def end() -> None:
        with suppress(OSError):
            # Not SSLSocket's own, which would let the reading thread go on without TLS.
            socket.socket.shutdown(opened, socket.SHUT_RDWR)

    timer = threading.Timer(deadline.left, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _worded(url: Url, deadline: Deadline) -> "Iterator[None]":
    """Turn everything that can go wrong with an answer into one error in words."""
    from urllib3.exceptions import HTTPError

    try:
        yield
    except NetworkError:
        raise
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        if deadline.over or isinstance(error, TimeoutError):
            raise NetworkError(
                f"{url} did not answer completely within {deadline.seconds:.1f} s", "look into the log of the service"
            ) from error
        if isinstance(error, http.client.RemoteDisconnected):
            raise NetworkError(f"{url}: the connection was closed without an answer", "look into its log") from error
        if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
            raise describe(error, str(url)) from error
        what = type(error).__name__
        raise NetworkError(f"{url}: the answer is no complete HTTP ({what})", "look into its log") from error
