"""A zoo of TLS servers on 127.0.0.1, each with one property, and what has to be said of it: `tls_accuracy.py` asks."""

import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from support import servers
from support.certificates import Authority, Identity, issue, sign_again, write

_DAY = timedelta(days=1)
_LAX = "ALL:!aNULL:!eNULL:@SECLEVEL=0"
_MODERN = "ECDHE-RSA-AES128-GCM-SHA256"


@dataclass(frozen=True)
class Exhibit:
    """One server: how it handles a connection, and the rules of errors that are right (`error`: nothing is known)."""

    name: str
    handle: servers.Handler | None
    right: frozenset[str]
    host: str = "127.0.0.1"
    private: bool = True
    """Whether the zoo's authority is named in `ca_file`."""


def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


class Zoo:
    """Makes the exhibits in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority.make(folder)
        self.signer = issue("RSA root", authority=True, key=_rsa(2048), end=3650 * _DAY)
        both = self.authority.root.pem + self.signer.pem
        self.authority.ca_file.write_text(both)

    def _serving(
        self, leaf: Identity, *chain: Identity, ciphers: str = "", **options: ssl.TLSVersion
    ) -> servers.Handler:
        return servers.handshakes(servers.server_context(write(self.folder, leaf, *chain), ciphers=ciphers, **options))

    def chains(self) -> Iterator[Exhibit]:
        """49 certificates and chains."""
        yield from self._keys()
        yield from self._names()
        yield from self._dates()
        yield from self._orders()
        yield from self._signatures()

    def _keys(self) -> Iterator[Exhibit]:
        middle = self.authority.intermediate
        sound: dict[str, Callable[[], ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey]] = {
            "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
            "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
            "RSA 2048": lambda: _rsa(2048),
            "RSA 3072": lambda: _rsa(3072),
            "RSA 4096": lambda: _rsa(4096),
        }
        for name, make in sound.items():
            yield self._one(f"key {name}", issue("localhost", middle, key=make()), middle)
        for bits in (1024, 1536):
            leaf = issue("localhost", middle, key=_rsa(bits))
            yield self._one(f"key RSA {bits}", leaf, middle, right={"weak-key"}, ciphers=_LAX)
        small = issue("localhost", middle, key=ec.generate_private_key(ec.SECP224R1()))
        yield self._one("key P-224", small, middle, right={"weak-key", "no-connection"}, ciphers=_LAX)
        ancient = issue("localhost", middle, key=dsa.generate_private_key(2048))
        # Without parameters for DH, which Python's server has not, it can serve nobody.
        yield self._one("key DSA", ancient, middle, right={"error"}, ciphers=_LAX)
        weak = issue("weak intermediate", self.authority.root, authority=True, key=_rsa(1024))
        right = {"weak-key"}
        yield self._one("weak intermediate", issue("localhost", weak), weak, right=right, ciphers=_LAX)

    def _names(self) -> Iterator[Exhibit]:
        middle = self.authority.intermediate
        for name, names, host, right in (
            ("address", ["127.0.0.1"], "127.0.0.1", ""),
            ("name", ["localhost"], "localhost", ""),
            ("one of many", [*(f"a{i}.example" for i in range(50)), "localhost"], "localhost", ""),
            ("capitals", ["LOCALHOST"], "localhost", ""),
            ("another host", ["shop.example"], "localhost", "host-mismatch"),
            ("another address", ["127.0.0.2"], "127.0.0.1", "host-mismatch"),
            ("common name alone", [], "localhost", "host-mismatch"),
            ("address as a name", ["localhost"], "127.0.0.1", "host-mismatch"),
            ("wildcard for one label", ["*.localhost"], "localhost", "host-mismatch"),
            ("wildcard for everything", ["*"], "localhost", "host-mismatch"),
            ("part of a label", ["local*"], "localhost", "host-mismatch"),
        ):
            leaf = issue("localhost", middle, names=names)
            yield self._one(f"names: {name}", leaf, middle, right={right} - {""}, host=host)

    def _dates(self) -> Iterator[Exhibit]:
        middle, root = self.authority.intermediate, self.authority.root
        for name, start, end, right in (
            ("90 days, new", 0.0, 90.0, ""),
            ("6 days, half over", -3.0, 3.0, ""),
            ("90 days, 31 left", -59.0, 31.0, ""),
            ("90 days, 29 left", -61.0, 29.0, "certificate-expires-soon"),
            ("6 days, 1 left", -5.0, 1.0, "certificate-expires-soon"),
            ("expired an hour ago", -30.0, -0.04, "certificate-expired"),
            ("expired a year ago", -700.0, -365.0, "certificate-expired"),
            ("valid from tomorrow", 1.0, 90.0, "certificate-not-yet-valid"),
            ("ten years, private", -1.0, 3650.0, ""),
        ):
            leaf = issue("localhost", middle, start=timedelta(days=start, hours=-1), end=timedelta(days=end))
            yield self._one(f"dates: {name}", leaf, middle, right={right} - {""})
        old = issue("old intermediate", root, authority=True, start=-100 * _DAY, end=-1 * _DAY)
        expired = {"certificate-expired"}
        yield self._one("dates: intermediate expired", issue("localhost", old), old, right=expired)
        soon = issue("ending intermediate", root, authority=True, start=-900 * _DAY, end=5 * _DAY)
        ends = {"certificate-expires-soon"}
        yield self._one("dates: intermediate ends soon", issue("localhost", soon, end=4 * _DAY), soon, right=ends)

    def _orders(self) -> Iterator[Exhibit]:
        middle, root = self.authority.intermediate, self.authority.root
        leaf = issue("localhost", middle)
        other = issue("other root", authority=True)
        second = issue("second intermediate", middle, authority=True)
        yield self._one("chain: complete", leaf, middle)
        yield self._one("chain: two intermediates", issue("localhost", second), second, middle)
        yield self._one("chain: from the root", issue("localhost", root))
        yield self._one("chain: root sent", leaf, middle, root)
        yield self._one("chain: out of order", issue("localhost", second), middle, second)
        yield self._one("chain: a stranger behind", leaf, middle, other)
        yield self._one("chain: no intermediate", leaf, right={"no-issuer"})
        yield self._one("chain: first of two missing", issue("localhost", second), middle, right={"no-issuer"})
        yield self._one("chain: wrong intermediate", leaf, other, right={"no-issuer"})
        yield self._one("chain: self-signed", issue("localhost"), right={"self-signed"})
        yield self._one("chain: other root", issue("localhost", other), other, right={"self-signed"})
        child = issue("localhost", leaf)
        yield self._one("chain: issued by a leaf", child, leaf, middle, right={"not-an-authority"})
        yield self._one(
            "chain: an authority as a server",
            issue("localhost", middle, authority=True),
            middle,
            right={"host-mismatch"},
        )

    def _signatures(self) -> Iterator[Exhibit]:
        for digest in ("sha1", "md5"):
            plain = issue("localhost", self.signer, key=_rsa(2048))
            broken = sign_again(plain, self.signer, digest)
            yield self._one(f"signature {digest}", broken, right={"weak-signature"}, ciphers=_LAX)
        middle = issue("RSA intermediate", self.signer, authority=True, key=_rsa(2048))
        broken = sign_again(middle, self.signer, "sha1")
        yield self._one(
            "signature sha1 above", issue("localhost", middle), broken, right={"weak-signature"}, ciphers=_LAX
        )

    def _one(
        self,
        name: str,
        leaf: Identity,
        *chain: Identity,
        right: set[str] | None = None,
        host: str = "127.0.0.1",
        ciphers: str = "",
    ) -> Exhibit:
        return Exhibit(name, self._serving(leaf, *chain, ciphers=ciphers), frozenset(right or ()), host)

    def versions(self) -> Iterator[Exhibit]:
        """9 settings of versions."""
        leaf, middle = issue("localhost", self.authority.intermediate), self.authority.intermediate
        tls = ssl.TLSVersion
        old, cbc = {"old-version", "cbc-in-old-version"}, {"old-version", "cbc-in-old-version", "no-connection"}
        for lowest, highest, right in (
            (tls.TLSv1_3, tls.TLSv1_3, set[str]()),
            (tls.TLSv1_2, tls.TLSv1_3, set[str]()),
            (tls.TLSv1_2, tls.TLSv1_2, set[str]()),
            (tls.TLSv1_1, tls.TLSv1_3, old),
            (tls.TLSv1, tls.TLSv1_3, old),
            (tls.TLSv1, tls.TLSv1_2, old),
            (tls.TLSv1_1, tls.TLSv1_2, old),
            (tls.TLSv1, tls.TLSv1, cbc),
            (tls.TLSv1_1, tls.TLSv1_1, cbc),
        ):
            handle = self._serving(leaf, middle, ciphers=_LAX, minimum=lowest, maximum=highest)
            yield Exhibit(f"{lowest.name} to {highest.name}", handle, frozenset(right))

    def suites(self) -> Iterator[Exhibit]:
        """12 settings of suites."""
        leaf, middle = issue("localhost", self.authority.intermediate, key=_rsa(2048)), self.authority.intermediate
        for ciphers, right in (
            (_MODERN, ""),
            ("ECDHE+CHACHA20", ""),
            ("ECDHE-RSA-AES256-SHA", "no-connection"),
            (f"{_MODERN}:AES128-SHA", ""),
            (f"{_MODERN}:AES256-GCM-SHA384", ""),
            (f"{_MODERN}:CAMELLIA128-SHA", ""),
            (f"{_MODERN}:NULL-SHA256", "no-encryption"),
            (f"{_MODERN}:NULL-MD5", "no-encryption"),
            (f"{_MODERN}:ECDHE-RSA-NULL-SHA", "no-encryption"),
            (f"{_MODERN}:AECDH-AES128-SHA", "no-authentication"),
            (f"AECDH-AES256-SHA:{_MODERN}", "no-authentication"),
            ("AES128-GCM-SHA256", "no-connection"),
        ):
            handle = self._serving(leaf, middle, ciphers=f"{ciphers}:@SECLEVEL=0", maximum=ssl.TLSVersion.TLSv1_2)
            yield Exhibit(ciphers, handle, frozenset({right} - {""}))

    def misbehaving(self) -> Iterator[Exhibit]:
        """16 servers that do not do what they should; none of them passes, save those that only look odd."""
        leaf, middle = issue("localhost", self.authority.intermediate, key=_rsa(2048)), self.authority.intermediate
        shake = self._serving(leaf, middle)
        unknown = frozenset({"error"})
        hello = (
            b"\x16\x03\x03\x00\x31\x02\x00\x00\x2d\x03\x03"
            + bytes(32)
            + b"\x00\xc0\x2f\x00\x00\x05\xff\x01\x00\x01\x00"
        )
        yield Exhibit("port closed", None, unknown)
        yield Exhibit("closes at once", servers.closing, unknown)
        yield Exhibit("says nothing", servers.silent, unknown)
        yield Exhibit("resets", _reset, unknown)
        for name, data in (
            ("speaks HTTP", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            ("speaks SMTP", b"220 mail ESMTP\r\n"),
            ("speaks SSH", b"SSH-2.0-OpenSSH_9.6\r\n"),
            ("noise", bytes(range(1, 200))),
            ("an alert alone", b"\x15\x03\x03\x00\x02\x02\x28"),
            ("half a hello", hello[:20]),
            ("a hello alone", hello),
            ("a record without end", b"\x16\x03\x03\xff\xff" + bytes(100)),
            ("bytes that drip", b""),
        ):
            handle = servers.dripping(b"\x16\x03\x03" * 40, 0.05) if not data else _saying(data)
            # Who agrees to a version and goes away has a defect; of the others nothing is known.
            yield Exhibit(name, handle, frozenset({"no-connection"}) if "hello" in name else unknown)
        strict = servers.server_context(write(self.folder, leaf, middle), maximum=ssl.TLSVersion.TLSv1_2)
        strict.verify_mode = ssl.CERT_REQUIRED
        strict.load_verify_locations(self.authority.ca_file)
        yield Exhibit("wants a certificate", servers.handshakes(strict), frozenset())
        yield Exhibit("slow to answer", _late(shake), frozenset())
        yield Exhibit("warns of the name first", _warning(shake), frozenset())


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def _saying(data: bytes) -> servers.Handler:
    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(data)

    return handle


def _late(shake: servers.Handler) -> servers.Handler:
    def handle(connection: socket.socket) -> None:
        time.sleep(0.3)
        shake(connection)

    return handle


def _warning(shake: servers.Handler) -> servers.Handler:
    def handle(connection: socket.socket) -> None:
        first = connection.recv(3, socket.MSG_PEEK)
        if first:
            with suppress(OSError):
                connection.sendall(b"\x15\x03\x03\x00\x02\x01\x70")
        shake(connection)

    return handle
