"""Reads the texts that stand in runs of digits: base64, base32, hex, and bytes in decimal."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from readiness.text_views import View, Writer

_LATIN_1 = 0x100
_SAYABLE = "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]"
_TEXT = re.compile(rf"{_SAYABLE}{{8,}}+")
"""What may be a text among bytes that are none as a whole: as long as the shortest value that is no ordinary word."""
_RUN = "[A-Za-z0-9+/_-]{16,}"
_BASE64 = re.compile(
    rf"{_RUN}(?:\r?\n[ \t]{{0,80}}{_RUN})*(?:\r?\n[ \t]{{0,80}}[A-Za-z0-9+/_-]{{1,15}}(?=\s|=|$))?={{0,2}}"
)
_NUMBERS = re.compile(r"(?<![\w.])[0-9]{1,3}(?:[,;\s]{1,8}[0-9]{1,3}){5,}(?![\w.])")
"""Bytes in decimal, as programs print lists and buffers."""


@dataclass(frozen=True)
class _Digits:
    """A way to write bytes in digits (RFC 4648)."""

    runs: re.Pattern[str]
    line: re.Pattern[str]
    """One line of a run."""
    bits: int
    """Of a digit."""
    group: int
    """Digits that stand for whole bytes."""
    standard: Mapping[int, int]
    decode: Callable[[str], bytes]


_OF_64 = _Digits(_BASE64, re.compile(_RUN), 6, 4, str.maketrans("-_", "+/"), base64.b64decode)
_RUN_OF_32 = re.compile("[A-Z2-7]{16,}={0,6}|[a-z2-7]{16,}={0,6}")
_OF_32 = _Digits(_RUN_OF_32, _RUN_OF_32, 5, 8, {}, lambda digits: base64.b32decode(digits, casefold=True))
_RUN_OF_16 = re.compile("[0-9A-Fa-f]{16,}")
_OF_16 = _Digits(_RUN_OF_16, _RUN_OF_16, 4, 2, {}, bytes.fromhex)


def in_base64(view: View, _around: int) -> View | None:
    """What is a text in base64, in both alphabets, each in a line of its own."""
    return _in(_OF_64, view)


def in_base32(view: View, _around: int) -> View | None:
    """What is a text in base32, in capitals or small letters, each in a line of its own."""
    return _in(_OF_32, view)


def in_hex(view: View, _around: int) -> View | None:
    """What is a text in hex, each in a line of its own."""
    return _in(_OF_16, view)


def _in(kind: _Digits, view: View) -> View | None:
    writer = Writer(view)
    for found in kind.runs.finditer(view.text):
        if not _whole(kind, writer, *found.span()):
            for one in kind.line.finditer(found[0]):
                _parts(kind, writer, found.start() + one.start(), found.start() + one.end())
    return writer.done()


def _whole(kind: _Digits, writer: Writer, start: int, end: int) -> bool:
    """Write what a run stands for; False if that is no text."""
    places = [at for at in range(start, end) if writer.text[at] not in "\r\n\t ="]
    data = _bytes(kind, "".join(writer.text[at] for at in places))
    encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-8"  # PowerShell encodes its commands so
    try:
        said = data.decode(encoding)
    except ValueError:
        return False
    if not all(char.isprintable() or char.isspace() for char in said):
        return False
    writer.spell(said, encoding, [_part(kind, at, places) for at in range(len(data))])
    return True


def _parts(kind: _Digits, writer: Writer, start: int, end: int) -> None:
    """Write the texts that stand somewhere in a run, whatever digits stand before and behind them."""
    for shift in range(kind.group):
        digits = range(start + shift, end)
        data = _bytes(kind, writer.text[start + shift : end].rstrip("="))
        for text, first in _texts(data):
            parts = (_part(kind, first + at, digits) for at in range(len(text.encode())))
            writer.spell(text, "utf-8", list(parts))


def _texts(data: bytes) -> Iterator[tuple[str, int]]:
    """The texts among bytes, and where each begins."""
    said = data.decode("utf-8", "surrogateescape")
    at = before = 0
    for found in _TEXT.finditer(said):
        at += len(said[before : found.start()].encode("utf-8", "surrogateescape"))
        before = found.start()
        yield found[0], at


def _bytes(kind: _Digits, digits: str) -> bytes:
    """The bytes that digits stand for, without the rest of a last one."""
    whole = len(digits) * kind.bits // 8
    padding = "A" * (-len(digits) % kind.group)
    try:
        return kind.decode(digits.translate(kind.standard) + padding)[:whole]
    except ValueError:
        return b""


def _part(kind: _Digits, byte: int, places: "list[int] | range") -> tuple[int, int]:
    """Where the digits of a byte begin and end."""
    return places[byte * 8 // kind.bits], places[(byte * 8 + 7) // kind.bits] + 1


def in_numbers(view: View, _around: int) -> View | None:
    """What bytes say that are written as decimal numbers, each list in a line of its own."""
    writer = Writer(view)
    for found in _NUMBERS.finditer(view.text):
        numbers = list(re.finditer("[0-9]+", found[0]))
        data = bytes(code if code < _LATIN_1 else 0 for code in (int(number[0]) for number in numbers))
        parts = [(found.start() + number.start(), found.start() + number.end()) for number in numbers]
        try:
            said, encoding = data.decode(), "utf-8"
        except UnicodeDecodeError:
            said, encoding = data.decode("latin-1"), "latin-1"
        writer.spell(said, encoding, parts)
    return writer.done()
