"""Asks a server what it agrees to beyond its versions, one handmade ClientHello for each question."""

from dataclasses import dataclass, replace
from itertools import chain

from readiness_checks.tls.flight import Flight, NoFlight, exchange
from readiness_checks.tls.hello import GROUPS, RENEGOTIATION_INFO, SESSION_TICKET, SUITES, Version, client_hello
from readiness_checks.tls.starttls import begin
from readiness_checks.tls.suites import (
    CBC,
    CERTIFIED,
    DIFFIE_HELLMAN,
    ELLIPTIC,
    WEAK_GROUPS,
    Weakness,
    numbers,
    weakness,
)
from readiness_checks.tls.target import Target
from readiness_checks.web.network import Address, Deadline

PROBE = 10.0
"""Seconds that a server may take to answer one offer."""


@dataclass(frozen=True)
class Answers:
    """What a server agreed to."""

    weak: tuple[int, ...] = ()
    """Weak cipher suites, one for each weakness."""
    dh_bits: int | None = None
    """Length of the prime that it uses for ephemeral DH; None where it does not."""
    weak_group: int | None = None
    """A curve below 224 bits that it agreed to."""
    insecure_renegotiation: bool = False
    compresses: bool = False
    tickets: bool = False
    """Whether it agrees to session tickets."""
    stapled: bool | None = None
    """Whether it sends an answer about revocation with its certificate; None where that was not seen."""
    old_cbc: tuple[Version, int] | None = None
    """The oldest version below TLS 1.2 in which it agreed to a suite in CBC mode, and the suite."""
    unanswered: tuple[str, ...] = ()
    """What it gave no usable answer to."""


@dataclass(frozen=True)
class Questions:
    """Questions to one address of a server."""

    target: Target
    address: Address
    version: Version
    """The newest version below TLS 1.3 that it offers."""
    name: str
    """For the server name extension; empty for an address."""
    deadline: Deadline

    def suites(self) -> Answers:
        """Ask about weak suites until it agrees to no further one, then about its DH, its curves and its extensions."""
        agreed, unanswered = self._weak()
        primes = self._offer(DIFFIE_HELLMAN, prime=True)
        groups = self._offer(ELLIPTIC, groups=WEAK_GROUPS)
        if groups is NoFlight.REFUSED:  # a server whose key is on a curve wants to see that one, too
            groups = self._offer(ELLIPTIC, groups=(*WEAK_GROUPS, *CERTIFIED))
        details = self._offer(SUITES, details=True)
        for answer, what in ((primes, "suites with DH"), (groups, "small curves"), (details, "its extensions")):
            if answer is NoFlight.UNKNOWN:
                unanswered.append(what)
        bits = primes.dh_bits if isinstance(primes, Flight) and primes.suite in DIFFIE_HELLMAN else None
        group = groups.group if isinstance(groups, Flight) and groups.group in WEAK_GROUPS else None
        found = Answers(tuple(agreed), bits, group, unanswered=tuple(dict.fromkeys(unanswered)))
        if not isinstance(details, Flight):
            return found
        return replace(
            found,
            insecure_renegotiation=RENEGOTIATION_INFO not in details.extensions,
            compresses=details.compresses,
            tickets=SESSION_TICKET in details.extensions,
            stapled=details.stapled,
        )

    def _weak(self) -> tuple[list[int], list[str]]:
        agreed, unanswered = list[int](), list[str]()
        asked = set(Weakness) - {Weakness.NO_FORWARD_SECRECY}
        for group in (asked, {Weakness.NO_FORWARD_SECRECY}):
            while group:
                answer = self._offer(tuple(chain.from_iterable(numbers(one) for one in Weakness if one in group)))
                if answer is NoFlight.UNKNOWN:
                    unanswered.append("weak cipher suites")
                found = weakness(answer.suite) if isinstance(answer, Flight) else None
                if not isinstance(answer, Flight) or found not in group:
                    break
                agreed.append(answer.suite)
                group.discard(found)
        return agreed, unanswered

    def cbc(self, version: Version) -> int | None:
        """The suite in CBC mode that it agrees to in a version; None where it agrees to none."""
        answer = self._offer(CBC, version=version)
        return answer.suite if isinstance(answer, Flight) and answer.suite in CBC else None

    def certificates(self) -> tuple[bytes, ...]:
        """The chain that it shows, in DER, where no library of this machine can connect."""
        answer = self._offer(SUITES)
        return answer.certificates if isinstance(answer, Flight) else ()

    def asks_certificate(self) -> bool:
        """Whether it wants to see a certificate of the client."""
        answer = self._offer(SUITES)
        return isinstance(answer, Flight) and answer.asks_certificate

    def _offer(
        self,
        suites: tuple[int, ...],
        *,
        prime: bool = False,
        groups: tuple[int, ...] = GROUPS,
        details: bool = False,
        version: Version | None = None,
    ) -> Flight | NoFlight:
        hello = client_hello(version or self.version, self.name, suites, groups=groups, details=details)
        with begin(self.target, self.address, self.deadline) as opened:
            return exchange(opened, hello, prime=prime, deadline=Deadline(min(self.deadline.left, PROBE)))
