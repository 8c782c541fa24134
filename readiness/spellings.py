"""The spellings of a secret as one regular expression: plain, escaped, quoted; a short one in hex and base64, too."""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

_SHORTEST_CORE = 6
"""Characters of base64 that have to stand for a secret alone; fewer could be anything."""
_SHORTEST_BASE64 = 5
"""Characters of a whole base64 without its padding."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_SIMPLE = re.compile(r"[A-Za-z0-9]+")
_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", '"': '"', "\\": "\\", "/": "/", "'": "'"}
"""What stands behind a backslash in JSON, JavaScript, Python and shells."""
_ESCAPED_BY_ITSELF = "\"'/"
"""Of these, what an escape leaves is the character itself, which may be escaped again, for instance as `&quot;`."""
_ASCII = 128
_ASTRAL = 0x10000
_BYTE = 0xDC00
"""What PEP 383 adds to a byte that is no UTF-8."""


_SLASHES = r"(?:\\{1,16}+|(?<=\\))"
"""Backslashes before an escape: JSON within JSON doubles them each time (RFC 8259), up to four times here; those of the
secret itself may have been read before. Possessive: no text costs more than its length."""
_AMPERSAND = "&(?:amp;){0,3}"
"""What begins a character reference, in HTML within HTML, too."""
_BETWEEN = r"\W{0,4}+(?:0?x)?+"
"""What stands between two bytes in hex: nothing, or as in fingerprints, dumps, lists and strings of programs."""


def literal(secret: str) -> str:
    """The source of a regular expression that finds a secret as it is, and as formats of text write it.

    Each of its characters may be percent-encoded (RFC 3986), escaped as in JSON (RFC 8259) and Python, or written as a
    character reference of HTML.
    """
    return "".join(piece if _SIMPLE.fullmatch(piece) else _character(piece) for piece in _pieces(secret))


def encoded(secret: str) -> str:
    """The source of a regular expression that finds a secret in hex, in either case, and in base64.

    Base64 (RFC 4648, both alphabets) is found alone or in the middle of a longer text, for instance `user:secret`.
    """
    raw = secret.encode("utf-8", "surrogateescape")
    in_hex = _BETWEEN.join(raw.hex(" ").split())
    return "|".join([f"(?i:{in_hex})", *_in_base64(raw)])


def parts(secret: str) -> Iterator[str]:
    """What else a secret says that is one by itself: the password of a URL, or of `user:password` in base64."""
    if "://" in secret:
        try:
            password = urlsplit(secret).password
        except ValueError:
            password = None
        if password:
            yield password
            yield unquote(password)
    scheme, _, rest = secret.strip().rpartition(" ")
    if scheme.casefold() in {"", "basic"} and _BASE64.fullmatch(rest):
        user, colon, password = _decoded(rest).partition(":")
        if user and colon and password:
            yield password


def _decoded(text: str) -> str:
    """What a base64 stands for; empty when that is no text."""
    try:
        found = base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
    return found if found.isprintable() else ""


def _pieces(secret: str) -> Iterator[str]:
    """Runs of letters and digits, which nothing escapes, runs of backslashes, and every other character alone."""
    for match in re.finditer(r"[A-Za-z0-9]+|\\+|.", secret, re.DOTALL):
        yield match[0]


def _character(char: str) -> str:
    """All ways to write one character, or a run of backslashes."""
    code = ord(char[0])
    if _BYTE + _ASCII <= code < _BYTE + 2 * _ASCII:
        return _no_utf8(code - _BYTE)
    found = [_percent(char[0]), _reference(code), *_escaped(char[0], code)]
    if char[0] == "\\":
        return f"(?:(?:{'|'.join(found)}){{{len(char)}}}|\\\\{{{len(char)},{16 * len(char)}}}+)"
    if char == " ":
        found.append("\\+")  # in forms (application/x-www-form-urlencoded)
    named = html.escape(char)
    found += [_AMPERSAND + named[1:], re.escape(char)] if named != char else [re.escape(char)]
    return f"{_SLASHES}?+(?:{'|'.join(found)})" if char in _ESCAPED_BY_ITSELF else f"(?:{'|'.join(found)})"


def _reference(code: int) -> str:
    return f"{_AMPERSAND}\\#(?:0*{code}|[xX]0*(?i:{code:x}));"


def _no_utf8(byte: int) -> str:
    """All ways to write a byte that is no UTF-8: as it is (PEP 383), lost, as Latin-1, and escaped."""
    raw = [chr(_BYTE + byte), "\ufffd", _character(chr(byte)), f"%(?i:{byte:02x})"]
    escapes = [f"\\\\x(?i:{byte:02x})", f"\\\\{byte:03o}", f"\\\\u(?i:{_BYTE + byte:04x})"]
    return f"(?:{'|'.join([*raw, *escapes])})"


def _escaped(char: str, code: int) -> Iterator[str]:
    """A character behind a backslash."""
    if char in _ESCAPES and char != "\\" and char not in _ESCAPED_BY_ITSELF:
        yield _SLASHES + _ESCAPES[char]
    if code < 2 * _ASCII:
        yield f"{_SLASHES}x(?i:{code:02x})"
    if code < _ASTRAL:
        yield f"{_SLASHES}u(?i:{code:04x})"
    else:
        high, low = 0xD800 + ((code - _ASTRAL) >> 10), 0xDC00 + ((code - _ASTRAL) & 0x3FF)
        yield f"{_SLASHES}u(?i:{high:04x}){_SLASHES}u(?i:{low:04x})"
        yield f"{_SLASHES}U(?i:{code:08x})"


def _percent(char: str) -> str:
    return "".join(f"%(?:25){{0,3}}(?i:{byte:02x})" for byte in char.encode("utf-8", "surrogateescape"))


def _in_base64(raw: bytes) -> Iterator[str]:
    """Alone, whole; and for each of the three ways in which bytes before it can shift it, what no neighbour changes."""
    whole = base64.b64encode(raw).decode()
    bare = whole.rstrip("=")
    yield f"{_alphabets(bare)}{'=' * (len(whole) - len(bare))}"
    if len(bare) >= _SHORTEST_BASE64:
        yield _alphabets(bare)
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode()
        core = encoded[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        if len(core) >= _SHORTEST_CORE:
            before = "[A-Za-z0-9+/_-]?" if shift else ""
            behind = "[A-Za-z0-9+/_-]?={0,2}" if (shift + len(raw)) % 3 else ""
            yield f"{before}{_alphabets(core)}{behind}"


def _alphabets(text: str) -> str:
    return re.escape(text).replace("\\+", "[+-]").replace("/", "[/_]")
