"""The text of a file, whatever its encoding; a few bytes that are no text do not make it binary."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_NO_TEXT = bytes({*range(9), 11, *range(14, 27), *range(28, 32), 127})
_HIGH = bytes(range(128, 256))
_MOST_CONTROLS = 0.05
_LEAST_TEXT = 0.7
"""Share of printable characters of ASCII from which on a file with NUL bytes is text."""
_SHORTEST = 8
"""Characters of a line that may hold a secret."""
_LEAST_NULS = 0.3
"""Share of NUL bytes among every second byte that only UTF-16 has."""


def lines_of(data: bytes) -> tuple[list[str], bool]:
    """Lines of a file, and whether it is binary; bytes that are no text are left out of a text.

    Behind the lines of UTF-16 and UTF-32 follow those that only a program sees that reads bytes: a mark in front of
    plain text makes other characters of it, and hides nothing from a shell.
    """
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "") or _wide(data)
    text, binary = _decoded(data, encoding)
    lines = _LINE_END.split(text)
    return (lines + _plain(data, set(lines)) if encoding.startswith(("utf-16", "utf-32")) else lines), binary


def _plain(data: bytes, known: set[str]) -> list[str]:
    """Lines of ASCII in bytes without their NUL, except for those that are known."""
    lines = _LINE_END.split(data.replace(b"\0", b"").decode("latin-1").lstrip("\xfe\xff"))
    return [line for line in lines if line not in known and len(line) >= _SHORTEST and line.isascii()]


def _decoded(data: bytes, encoding: str) -> tuple[str, bool]:
    if b"\0" in data and not encoding:
        plain = data.replace(b"\0", b"")
        if not is_text(plain):
            return data.decode("latin-1"), True
        data = plain
    try:
        return data.decode(encoding or "utf-8").replace("\0", ""), False
    except UnicodeDecodeError:
        return data.decode("latin-1").replace("\0", ""), False


def _wide(data: bytes) -> str:
    """UTF-16 without a mark at its beginning, as NUL bytes at every second place show it."""
    if b"\0" not in data:
        return ""
    even, odd = data[::2], data[1::2]
    if odd.count(0) > len(odd) * _LEAST_NULS and even.count(0) == 0:
        return "utf-16-le"
    if even.count(0) > len(even) * _LEAST_NULS and odd.count(0) == 0:
        return "utf-16-be"
    return ""


def is_text(data: bytes) -> bool:
    """Whether bytes without NUL are mostly text."""
    if len(data) - len(data.translate(None, _NO_TEXT)) > len(data) * _MOST_CONTROLS:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return len(data.translate(None, _HIGH)) >= len(data) * _LEAST_TEXT
    return True
