"""Opens connections, and speaks what comes before TLS: STARTTLS of SMTP and IMAP, the SSLRequest of PostgreSQL.

RFC 3207 (SMTP), RFC 9051 §6.2.1 (IMAP), PostgreSQL "Message Flow", SSL Session Encryption. What arrives in plain text
behind the consent of the server could have been put there by anybody in between (NO STARTTLS, USENIX Security 2021;
CVE-2021-23222): it is a defect of the server, and no TLS is begun.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from readiness_checks.tls.target import Target
from readiness_checks.web.network import Address, Deadline, NetworkError, connect, describe

_LONGEST = 2**16
_SSL_REQUEST = (8).to_bytes(4, "big") + (80_877_103).to_bytes(4, "big")
_REPLY = re.compile(rb"[0-9]{3}(?P<more>[ -]?)")


class StartTlsError(NetworkError):
    """The server speaks the protocol, and does not begin TLS as it should."""

    def __init__(self, rule: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.rule = rule


@contextmanager
def begin(target: Target, address: Address, deadline: Deadline) -> Iterator[socket.socket]:
    """Open a connection on which the client speaks TLS next.

    Raises:
        NetworkError: It cannot be opened, or something else answers.
        StartTlsError: The server does not begin TLS, or sends plain text behind its consent.
    """
    with connect(target.host, address, deadline) as opened:
        if target.protocol:
            _Talk(target, opened, deadline).upgrade()
        yield opened


class _Talk:
    """Lines in plain text, read up to their end and no further."""

    def __init__(self, target: Target, opened: socket.socket, deadline: Deadline) -> None:
        self._target, self._opened, self._deadline = target, opened, deadline
        self._data = b""

    def upgrade(self) -> None:
        """Ask for TLS.

        Raises:
            StartTlsError: It is refused.
            NetworkError: No answer, or one in another protocol.
        """
        {"smtp": self._smtp, "imap": self._imap, "postgres": self._postgres}[self._target.protocol]()
        if self._data:
            raise StartTlsError(
                "starttls-injection",
                "plain text follows its consent to TLS, as if somebody in between had added it",
                "update the server: it has to discard or refuse what comes before TLS",
            )

    def _smtp(self) -> None:
        self._expect(self._reply(), b"220", "greets")
        offered = self._expect(self._ask(b"EHLO readiness.invalid\r\n"), b"250", "answers EHLO")
        if not any(line[4:].strip().upper() == b"STARTTLS" for line in offered):
            raise self._not_offered()
        if not self._ask(b"STARTTLS\r\n")[-1].startswith(b"220"):
            raise self._refused()

    def _imap(self) -> None:
        greeting = self._line()
        if greeting.upper().startswith(b"* PREAUTH"):
            raise self._not_offered()
        self._expect([greeting], b"* OK", "greets")
        if not any(b"STARTTLS" in line.upper().split() for line in self._tagged(b"a1", b"CAPABILITY")[:-1]):
            raise self._not_offered()
        if not self._tagged(b"a2", b"STARTTLS")[-1].upper().startswith(b"A2 OK"):
            raise self._refused()

    def _postgres(self) -> None:
        self._send(_SSL_REQUEST)
        answer = self._take(1)
        if answer in {b"N", b"E"}:
            raise self._not_offered()
        if answer != b"S":
            raise self._foreign(answer)

    def _tagged(self, tag: bytes, command: bytes) -> list[bytes]:
        self._send(tag + b" " + command + b"\r\n")
        lines = [self._line()]
        while not lines[-1].lower().startswith(tag + b" "):
            lines.append(self._line())
        return lines

    def _ask(self, command: bytes) -> list[bytes]:
        self._send(command)
        return self._reply()

    def _reply(self) -> list[bytes]:
        """The lines of one reply of SMTP (RFC 5321 §4.2.1)."""
        lines = [self._line()]
        while (match := _REPLY.match(lines[-1])) and match["more"] == b"-":
            lines.append(self._line())
        return lines

    def _line(self) -> bytes:
        while b"\n" not in self._data:
            self._receive()
        line, _, self._data = self._data.partition(b"\n")
        return line.rstrip(b"\r")

    def _take(self, count: int) -> bytes:
        while len(self._data) < count:
            self._receive()
        taken, self._data = self._data[:count], self._data[count:]
        return taken

    def _receive(self) -> None:
        try:
            self._opened.settimeout(self._deadline.left)
            chunk = b"" if self._deadline.over else self._opened.recv(4096)
        except OSError as error:
            raise describe(error, str(self._target)) from error
        if not chunk or len(self._data) > _LONGEST:
            raise NetworkError(f"{self._target} ended before TLS began", "look into the log of the server")
        self._data += chunk

    def _send(self, data: bytes) -> None:
        if self._data:
            raise self._foreign(self._data)
        try:
            self._opened.sendall(data)
        except OSError as error:
            raise describe(error, str(self._target)) from error

    def _expect(self, lines: list[bytes], start: bytes, what: str) -> list[bytes]:
        if lines[-1].upper().startswith(start):
            return lines
        shown = ascii(lines[-1][:60].decode("latin-1"))
        raise NetworkError(f"{self._target} {what} with {shown}, not with {start.decode()}", "name the right port")

    def _foreign(self, data: bytes) -> NetworkError:
        shown = ascii(data[:20].decode("latin-1"))
        return NetworkError(f"{self._target} does not speak {self._target.protocol}: {shown}", "name the right port")

    def _not_offered(self) -> StartTlsError:
        remedy = "switch TLS on in the server, with its certificate and key"
        return StartTlsError("no-starttls", "it does not offer TLS: whoever is in between reads along", remedy)

    def _refused(self) -> StartTlsError:
        remedy = "look into the log of the server: its certificate or key may be missing"
        return StartTlsError("no-starttls", "it offers STARTTLS, and refuses it when asked", remedy)
