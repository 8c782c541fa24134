"""Reads what a text says in escapes, quoted-printable and runs of digits, and in such within these."""

import html
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from readiness import digit_runs
from readiness.text_views import View, Writer, whole

_DEPTH = 4
"""Encodings within encodings that are read; escapes that only repeat themselves (`%2525`, `\\\\\\\\n`) count once."""
_MOST = 8
"""How often as much as the text itself is read at most: a text that is made of encodings costs no more."""
_LATIN_1 = 0x100
_BYTE = 0xDC00
"""What PEP 383 adds to a byte that is no UTF-8."""
_HEX = "[0-9A-Fa-f]"
_PERCENT = r"%(?:25){0,16}"
_BACKSLASH = r"\\{1,64}"
_CONTINUED = "[89ABab][0-9A-Fa-f]"
_ESCAPE = re.compile(
    rf"(?P<percent>{_PERCENT}{_HEX}{{2}}(?:{_PERCENT}{_CONTINUED}){{0,3}})"
    rf"|(?P<byte>{_BACKSLASH}x{_HEX}{{2}}(?:{_BACKSLASH}x{_CONTINUED}){{0,3}})"
    rf"|(?P<octal>{_BACKSLASH}[0-3][0-7]{{2}}(?:{_BACKSLASH}2[0-7]{{2}}){{0,3}})"
    rf"|(?P<unit>(?:(?:{_BACKSLASH}|{_PERCENT})u[Dd][89ABab]{_HEX}{{2}})?(?:{_BACKSLASH}|{_PERCENT})u{_HEX}{{4}})"
    rf"|{_BACKSLASH}(?:U(?P<long>{_HEX}{{8}})|u\{{(?P<braced>{_HEX}{{1,6}})\}})"
    r"|(?P<reference>&(?:amp;){0,16}(?:\#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});?|[A-Za-z][A-Za-z0-9]{1,30};))"
    rf"|{_BACKSLASH}(?P<broken>\r?\n[ \t]*)"
    rf"|{_BACKSLASH}(?P<letter>[abefnrtv])"
    rf"|{_BACKSLASH}(?P<sign>(?:(?!&(?:\#|[A-Za-z][A-Za-z0-9]{{1,30}};)|%{_HEX}{{2}})[^\w\\])?)"
)
"""RFC 3986, JSON (RFC 8259), Python, JavaScript, C and shells, and HTML; of each what encloses itself, too."""
_LETTERS = dict(zip("abefnrtv", "\a\b\x1b\f\n\r\t\v", strict=True))
_QUOTED = re.compile(rf"=(?:(?P<broken>[ \t]{{0,8}}\r?\n)|(?P<byte>{_HEX}{{2}}(?:={_CONTINUED}){{0,3}}))")
"""Quoted-printable (RFC 2045, 6.7)."""


def views(text: str, around: int) -> Iterator[View]:
    """A text as it is, and what it says in every encoding that is known, and in encodings within these.

    Takes time by the length of the text.

    Args:
        text: The text.
        around: So many characters that are not encoded are seen with each that is.
    """
    level, seen, left = [whole(text)], {text}, _MOST * len(text)
    for depth in range(_DEPTH + 1):
        fresh: list[View] = []
        for view in level:
            yield view
            for decode in _DECODERS if depth < _DEPTH else ():
                said = decode(view, around) if left > 0 else None
                if said is not None and said.text not in seen:
                    seen.add(said.text)
                    left -= len(view.text)
                    fresh.append(said)
        level = fresh


def unescaped(text: str) -> str:
    """A text without escapes: what all ways to escape it have in common."""
    view: View | None = whole(text)
    for _ in range(_DEPTH):
        if view is not None:
            text = view.text
            view = _unescaped(view, len(text))
    return text


def _replaced(view: View, pattern: re.Pattern[str], said: Callable[[re.Match[str]], str], around: int) -> View | None:
    """A view of what each match stands for, with the text around it; None when nothing changes."""
    writer, at, changed = Writer(view), 0, False
    for found in pattern.finditer(view.text):
        one = said(found)
        if one != found[0]:
            writer.between(at, found.start(), around)
            writer.say(one, *found.span())
            changed, at = True, found.end()
    if changed:
        writer.copy(at, at + around)
    return writer.done()


def _unescaped(view: View, around: int) -> View | None:
    return _replaced(view, _ESCAPE, _character, around) if any(sign in view.text for sign in "%\\&") else None


def _character(found: re.Match[str]) -> str:
    """What one escape stands for; itself when it stands for nothing."""
    kind = found.lastgroup or ""
    return "" if kind == "broken" else _SAID[kind](found[kind]) or found[0]


def _code_point(said: str) -> str:
    number = int(said, 16)
    return chr(number) if number <= sys.maxunicode else ""


def _units(said: str) -> str:
    units = "".join(re.findall(f"u({_HEX}{{4}})", said))
    return _no_surrogates(bytes.fromhex(units).decode("utf-16-be", "surrogatepass"))


_SAID: Mapping[str, Callable[[str], str]] = {
    "percent": lambda said: _of_bytes(bytes.fromhex(re.sub(_PERCENT + "(?=..)", "", said))),
    "byte": lambda said: _of_bytes(bytes.fromhex(re.sub(r"(?<!\\)\\++x", "", said))),
    "octal": lambda said: _of_bytes(bytes(int(number, 8) for number in re.findall("[0-7]{3}", said))),
    "unit": _units,
    "long": _code_point,
    "braced": _code_point,
    "reference": lambda said: _no_surrogates(html.unescape(re.sub("&(?:amp;)+", "&", said))),
    "letter": _LETTERS.__getitem__,
    "sign": lambda said: said or "\\",
}


def _of_bytes(data: bytes) -> str:
    """What bytes say in UTF-8, or else in Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _no_surrogates(text: str) -> str:
    """A text in which bytes that were read as PEP 383 says are characters of Latin-1."""
    return "".join(chr(ord(char) - _BYTE) if 0 <= ord(char) - _BYTE < _LATIN_1 else char for char in text)


def _unquoted(view: View, around: int) -> View | None:
    return _replaced(view, _QUOTED, _of_quoted, around) if "=" in view.text else None


def _of_quoted(found: re.Match[str]) -> str:
    return _of_bytes(bytes.fromhex(found["byte"].replace("=", ""))) if found["byte"] else ""


_DECODERS: Sequence[Callable[[View, int], View | None]] = (
    _unescaped, _unquoted, digit_runs.in_base64, digit_runs.in_base32, digit_runs.in_hex, digit_runs.in_numbers
)  # fmt: skip
