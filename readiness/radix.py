"""Finds secrets in base64, base32 and hex: alone or within a longer text, and however these are broken into lines."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

SHORTEST = 8
"""Bytes of a secret from which on its digits are searched for across whatever stands between them."""
_HEAD = 10
"""Digits that any core has; in base64 no fewer stand for eight bytes alone."""
_PADDING = re.compile("={0,6}")
_JOINT = re.compile(r"[\"'`]\s{0,80}+(?:[+-]\s{0,80}+)?[\"'`]|(?m:^)[ \t]{0,80}+[+>-]")
"""What stands between two lines of digits, and is a digit of base64 by itself: `" + "` in programs, `+` in patches."""
_PREFIX = re.compile(r"0[xX](?=[0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class _Radix:
    """A way to write bytes in digits (RFC 4648)."""

    name: str
    bits: int
    """Of a digit."""
    encode: Callable[[bytes], bytes]
    digits: bytes
    """Which there are, and behind them other ways to write some of them."""
    standard: bytes
    """What each of these stands for."""

    @cached_property
    def known(self) -> frozenset[str]:
        """Its digits, in every way to write them."""
        return frozenset(self.digits.decode())

    @cached_property
    def _table(self) -> tuple[bytes, bytes]:
        return bytes.maketrans(self.digits, self.standard), bytes(set(range(256)) - set(self.digits))

    def squeezed(self, raw: bytes) -> bytes:
        """The digits of a text alone, in the standard way to write them."""
        return raw.translate(*self._table)

    def cores(self, secret: bytes) -> Iterator[tuple[bytes, bool, bool]]:
        """The digits that no neighbour changes, for each way in which bytes before can shift them.

        With each: whether the digits before it and behind it hold a part of the secret, too.
        """
        for shift in range(5 if self.bits == 5 else 3 if self.bits == 6 else 1):  # noqa: PLR2004  bits of base32 and 64
            ends = (shift + len(secret)) * 8
            digits = self.encode(b"\0" * shift + secret)
            yield digits[-(-shift * 8 // self.bits) : ends // self.bits], shift > 0, ends % self.bits > 0


_UPPER, _LOWER, _DECIMAL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz", b"0123456789"
_RADIXES = (
    _Radix("base64", 6, base64.b64encode, _UPPER + _LOWER + _DECIMAL + b"+/-_", _UPPER + _LOWER + _DECIMAL + b"+/+/"),
    _Radix("base32", 5, base64.b32encode, _UPPER + b"234567" + _LOWER, _UPPER + b"234567" + _UPPER),
    _Radix("hex", 4, base64.b16encode, _DECIMAL + b"ABCDEFabcdef", _DECIMAL + b"ABCDEFABCDEF"),
)


_Core = tuple[bytes, bool, bool]


class Cores:
    """The digits of some secrets, to be found in texts."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Compute the digits of those that are long enough: in UTF-8, and for base64 as PowerShell encodes commands."""
        raws = [secret.encode("utf-8", "surrogateescape") for secret in secrets if self.knows(secret)]
        wide = [raw.decode("utf-8", "surrogateescape").encode("utf-16-le", "surrogatepass") for raw in raws]
        self._of = [
            _CoresOfRadix(radix, [*raws, *(wide if radix.name == "base64" else ())]) for radix in _RADIXES if raws
        ]

    @staticmethod
    def knows(secret: str) -> bool:
        """Whether a secret is long enough."""
        return len(secret.encode("utf-8", "surrogateescape")) >= SHORTEST

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the digits of a secret begin and end in a text.

        Takes time by the length of the text.
        """
        if self._of and len(text) >= _HEAD:
            for written in dict.fromkeys((text, _blanked(_JOINT, text))):
                for cores in self._of:
                    yield from cores.spans(written)


class _CoresOfRadix:
    def __init__(self, radix: _Radix, raws: Iterable[bytes]) -> None:
        self._radix = radix
        self._cores: Sequence[_Core] = list(dict.fromkeys(core for raw in raws for core in radix.cores(raw)))
        self._heads = {core[:_HEAD] for core, *_ in self._cores}

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        written = _blanked(_PREFIX, text) if self._radix.name == "hex" else text
        digits = self._radix.squeezed(written.encode("utf-8", "replace"))
        if len(digits) < len(self._cores) and self._heads.isdisjoint(
            digits[at : at + _HEAD] for at in range(len(digits) - _HEAD + 1)
        ):
            return
        places: list[int] = []
        for core, before, behind in self._cores:
            at = digits.find(core)
            while at >= 0:
                places = places or [at for at, char in enumerate(written) if char in self._radix.known]
                yield _span(written, places, (at, at + len(core)), (before, behind))
                at = digits.find(core, at + len(core))


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """A text with blanks in place of what matches."""
    return pattern.sub(lambda found: " " * len(found[0]), text)


def _span(text: str, places: list[int], found: tuple[int, int], wider: tuple[bool, bool]) -> tuple[int, int]:
    """Where digits stand, with the neighbours that hold a part of the secret, and the padding."""
    (first, last), (before, behind) = found, wider
    start, end = places[first], places[last - 1] + 1
    if before and first and places[first - 1] == start - 1:
        start -= 1
    if behind and last < len(places) and places[last] == end:
        end += 1
    padding = _PADDING.match(text, end)
    return start, padding.end() if behind and padding else end
