"""Examines one address of a TLS endpoint: OpenSSL's verification, the certificates, and the versions offered."""

import _ssl
import ipaddress
import ssl
import warnings
from dataclasses import dataclass, field, replace
from typing import Any

from readiness_checks.tls.hello import Reply, Version, ask
from readiness_checks.tls.questions import PROBE, Answers, Questions
from readiness_checks.tls.starttls import begin
from readiness_checks.tls.target import Target
from readiness_checks.web.network import Address, Deadline, NetworkError, describe
from readiness_checks.web.trust import Trust, ended_by_server, handshake_words, verdict


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
    suites: Answers = field(default_factory=Answers)
    wants_certificate: bool = False
    """Whether it lets in only clients with a certificate, so that the connection ended there."""


def look(target: Target, address: Address, trust: Trust, deadline: Deadline) -> Seen:
    """Examine one address.

    Raises:
        NetworkError: It cannot be reached, or does not speak TLS.
    """
    seen = _handshake(target, address, trust.context(), deadline)
    name = "" if _is_address(target.host) else target.host.rstrip(".")
    versions = {version: _probe(target, address, version, name, deadline) for version in Version}
    if foreign := sorted({*versions.values()} & {Reply.HTTP, Reply.OTHER}):
        raise NetworkError(f"{target} does not speak TLS: it answers in {foreign[-1]}", "name the port that serves TLS")
    offered = [version for version, reply in versions.items() if reply is Reply.OFFERED]
    questions = Questions(target, address, offered[-1], name, deadline) if offered else None
    refusal = seen.refusal
    wants_certificate = False
    if refusal is not None and ended_by_server(refusal) and seen.verified and questions is not None:
        wants_certificate = questions.asks_certificate()
    if refusal is not None and not wants_certificate:
        lenient = _unverified(target, address, deadline)
        if lenient is None and verdict(refusal) is None and not offered:
            words = handshake_words(refusal)
            raise NetworkError(f"{target}: no TLS connection: {words}", "look into the log of the server") from refusal
        lenient = lenient or Seen(address)
        if not lenient.sent and questions is not None:
            lenient = replace(lenient, sent=questions.certificates())
        # Without verification OpenSSL reports a chain all the same; nobody vouches for it.
        seen = replace(lenient, verified=(), refusal=refusal)
    elif wants_certificate:
        seen = replace(seen, refusal=None, version="TLSv1.2")
    answers = questions.suites() if questions is not None else Answers()
    old = next((version for version in offered if version is not Version.TLS_1_2), None)
    if questions is not None and old is not None and (suite := questions.cbc(old)) is not None:
        answers = replace(answers, old_cbc=(old, suite))
    return replace(seen, versions=versions, suites=answers, wants_certificate=wants_certificate)


def _probe(target: Target, address: Address, version: Version, name: str, deadline: Deadline) -> Reply:
    with begin(target, address, deadline) as opened:
        return ask(opened, version, name, Deadline(min(deadline.left, PROBE)))


def _handshake(target: Target, address: Address, context: ssl.SSLContext, deadline: Deadline) -> Seen:
    with begin(target, address, deadline) as plain:
        plain.settimeout(min(deadline.left, PROBE))
        try:
            # In two steps: what the server has shown can be read although it ends the handshake then.
            with context.wrap_socket(
                plain, server_hostname=target.host.rstrip("."), do_handshake_on_connect=False
            ) as secured:
                refusal: ssl.SSLError | None = None
                try:
                    secured.do_handshake()
                except ssl.SSLError as error:
                    refusal = error
                chosen = secured.cipher() if refusal is None else None
                return Seen(
                    address=address,
                    refusal=refusal,
                    version=(secured.version() or "") if refusal is None else "",
                    cipher=chosen[0] if chosen else "",
                    sent=_chain(secured, "get_unverified_chain"),
                    verified=_chain(secured, "get_verified_chain"),
                )
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
        seen = _handshake(target, address, context, deadline)
    except NetworkError:
        return None
    return seen if seen.refusal is None else None


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
