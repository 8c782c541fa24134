"""Asks a server which weak cipher suites it agrees to, one handmade ClientHello for each question."""

from dataclasses import dataclass
from itertools import chain

from readiness_checks.tls.flight import Flight, NoFlight, exchange
from readiness_checks.tls.hello import SUITES, Version, client_hello
from readiness_checks.tls.suites import DIFFIE_HELLMAN, Weakness, numbers, weakness
from readiness_checks.tls.target import Target
from readiness_checks.web.network import Address, Deadline, connect

PROBE = 10.0
"""Seconds that a server may take to answer one offer."""


@dataclass(frozen=True)
class Answers:
    """What a server agreed to."""

    weak: tuple[int, ...] = ()
    """Weak cipher suites, one for each weakness."""
    dh_bits: int | None = None
    """Length of the prime that it uses for ephemeral DH; None where it does not."""
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
        """Ask about weak suites until it agrees to no further one, and about its DH."""
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
        primes = self._offer(DIFFIE_HELLMAN, prime=True)
        if primes is NoFlight.UNKNOWN:
            unanswered.append("suites with DH")
        bits = primes.dh_bits if isinstance(primes, Flight) and primes.suite in DIFFIE_HELLMAN else None
        return Answers(tuple(agreed), bits, tuple(dict.fromkeys(unanswered)))

    def asks_certificate(self) -> bool:
        """Whether it wants to see a certificate of the client."""
        answer = self._offer(SUITES)
        return isinstance(answer, Flight) and answer.asks_certificate

    def _offer(self, suites: tuple[int, ...], *, prime: bool = False) -> Flight | NoFlight:
        hello = client_hello(self.version, self.name, suites)
        with connect(self.target.host, self.address, self.deadline) as opened:
            return exchange(opened, hello, prime=prime, deadline=Deadline(min(self.deadline.left, PROBE)))
