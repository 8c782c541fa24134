"""Examines one address of a TLS endpoint: OpenSSL's verification, the certificates, and the versions offered."""

import _ssl
import ipaddress
import ssl
import warnings
from dataclasses import dataclass, field, replace
from typing import Any

from readiness_checks.tls.hello import Reply, Version, ask
from readiness_checks.tls.target import Target
from readiness_checks.web.network import Address, Deadline, NetworkError, connect, describe
from readiness_checks.web.trust import Trust, handshake_words, verdict

PROBE = 10.0
"""Seconds that a server may take to answer the offer of one version."""


@dataclass(frozen=True)
class Seen:
    """What one address showed."""

    address: Address
    refusal: ssl.SSLError | None = None
    """Why a default client does not connect; None when it does."""
    version: str = ""
    """Protocol version that was agreed upon, by OpenSSL's name: `TLSv1.3`."""
    cipher: str = ""
    sent: tuple[bytes, ...] = ()
    """Certificates as the server sends them, in DER, its own first."""
    verified: tuple[bytes, ...] = ()
    """The chain that OpenSSL built from them up to a trusted certificate; empty when it found none."""
    versions: dict[Version, Reply] = field(default_factory=dict)


def look(target: Target, address: Address, trust: Trust, deadline: Deadline) -> Seen:
    """Examine one address.

    Raises:
        NetworkError: It cannot be reached, or does not speak TLS.
    """
    refusal: ssl.SSLError | None = None
    seen: Seen | None = None
    try:
        seen = _handshake(target, address, trust.context(), deadline)
    except ssl.SSLError as error:
        refusal = error
    name = "" if _is_address(target.host) else target.host.rstrip(".")
    versions = {version: _probe(target, address, version, name, deadline) for version in Version}
    if foreign := sorted({*versions.values()} & {Reply.HTTP, Reply.OTHER}):
        raise NetworkError(f"{target} does not speak TLS: it answers in {foreign[-1]}", "name the port that serves TLS")
    if refusal is not None:
        seen = _unverified(target, address, deadline)
        if seen is None and verdict(refusal) is None and Reply.OFFERED not in versions.values():
            words = handshake_words(refusal)
            raise NetworkError(f"{target}: no TLS connection: {words}", "look into the log of the server") from refusal
        # Without verification OpenSSL reports a chain all the same; nobody vouches for it.
        seen = replace(seen or Seen(address), verified=())
    return replace(seen or Seen(address), refusal=refusal, versions=versions)


def _probe(target: Target, address: Address, version: Version, name: str, deadline: Deadline) -> Reply:
    with connect(target.host, address, deadline) as opened:
        return ask(opened, version, name, Deadline(min(deadline.left, PROBE)))


def _handshake(target: Target, address: Address, context: ssl.SSLContext, deadline: Deadline) -> Seen:
    with connect(target.host, address, deadline) as plain:
        plain.settimeout(min(deadline.left, PROBE))
        try:
            with context.wrap_socket(plain, server_hostname=target.host.rstrip(".")) as secured:
                chosen = secured.cipher()
                return Seen(
                    address=address,
                    version=secured.version() or "",
                    cipher=chosen[0] if chosen else "",
                    sent=_chain(secured, "get_unverified_chain"),
                    verified=_chain(secured, "get_verified_chain"),
                )
        except ssl.SSLError:
            raise
        except TimeoutError as error:
            message = f"{target} accepted the connection, but did not answer the offer of TLS"
            raise NetworkError(message, "name the port that serves TLS, or look into its log") from error
        except OSError as error:
            raise describe(error, str(target)) from error


def _unverified(target: Target, address: Address, deadline: Deadline) -> Seen | None:
    """Connect as leniently as OpenSSL can, only to read the certificates; nothing is sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what this is for
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    try:
        return _handshake(target, address, context, deadline)
    except (ssl.SSLError, NetworkError):
        return None


def _chain(secured: ssl.SSLSocket, method: str) -> tuple[bytes, ...]:
    """Certificates of a connection in DER; public since Python 3.13, and the same below it before."""
    public = getattr(secured, method, None)
    if public is not None:
        return tuple(public())
    inner: Any = secured._sslobj  # type: ignore[attr-defined]  # noqa: SLF001  no other way before 3.13
    encoding: Any = _ssl.ENCODING_DER
    return tuple(certificate.public_bytes(encoding) for certificate in getattr(inner, method)() or ())


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
