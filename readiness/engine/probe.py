"""Asks whether a URL answers: only to know that a service is up, never to judge it."""

import http.client
import socket
import ssl
from urllib.parse import SplitResult, urlsplit

_TIMEOUT = 2.0
_BELOW = 500
"""A status below this means ready: 401 and 404 are answers of the service, 502 and 503 of what stands before it."""


class UrlError(ValueError):
    """A URL that cannot be asked."""


def occupied(url: str) -> bool:
    """Whether something listens where a URL points to.

    Raises:
        UrlError: It is not an http or https URL with a host.
    """
    _, host, port = _split(url)
    try:
        with socket.create_connection((host, port), timeout=_TIMEOUT):
            return True
    except OSError:
        return False


def answers(url: str) -> bool:
    """Whether a GET is answered with a status below 500; no proxy, no redirect followed, no certificate verified.

    Certificates are judged by the check `tls`; a service with a bad one must be up for that.

    Raises:
        UrlError: It is not an http or https URL with a host.
    """
    parts, host, port = _split(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, port, timeout=_TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return connection.getresponse().status < _BELOW
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


def _split(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UrlError(f"`{url}` is not a URL: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UrlError(f"`{url}` is not an http or https URL")
    return parts, parts.hostname, port or (443 if parts.scheme == "https" else 80)
