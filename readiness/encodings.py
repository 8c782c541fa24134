"""Reads what a text says in escapes, quoted-printable, base64 and numbers, and knows where each character stands."""

import base64
import binascii
import html
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
_GAP = "\0"
"""What stands for a part that is left out."""
_LETTERS = dict(zip("abefnrtv", "\a\b\x1b\f\n\r\t\v", strict=True))
_QUOTED = re.compile(rf"=(?:(?P<broken>[ \t]{{0,8}}\r?\n)|(?P<byte>{_HEX}{{2}}(?:={_CONTINUED}){{0,3}}))")
"""Quoted-printable (RFC 2045, 6.7)."""
_RUN = "[A-Za-z0-9+/_-]{16,}"
_BASE64 = re.compile(
    rf"{_RUN}(?:\r?\n[ \t]{{0,80}}{_RUN})*(?:\r?\n[ \t]{{0,80}}[A-Za-z0-9+/_-]{{1,15}}(?=\s|=|$))?={{0,2}}"
)
_NUMBERS = re.compile(r"(?<![\w.])[0-9]{1,3}(?:[,;\s]{1,8}[0-9]{1,3}){5,}(?![\w.])")
"""Bytes in decimal, as programs print lists and buffers."""


@dataclass(frozen=True, slots=True)
class View:
    """A text, and for each of its characters where in the original what stands for it begins and ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def whole(text: str) -> View:
    """A text as it is."""
    return View(text, range(len(text)), range(1, len(text) + 1))


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


class _Writer:
    """Writes a view of what another view says."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._text: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def copy(self, start: int, end: int) -> None:
        """Take a part as it is."""
        self._text.append(self._view.text[start:end])
        self._starts.extend(self._view.starts[start:end])
        self._ends.extend(self._view.ends[start:end])

    def between(self, start: int, end: int, around: int) -> None:
        """Take what is between two parts; only its begin and its end when it is long."""
        kept = around if start else 0
        if end - start > kept + around:
            self.copy(start, start + kept)
            start = end - around
            self.say(_GAP, start - 1, start)
        self.copy(start, end)

    def say(self, said: str, start: int, end: int) -> None:
        """What a part stands for."""
        self._text.append(said)
        self._starts.extend([self._view.starts[start]] * len(said))
        self._ends.extend([self._view.ends[end - 1]] * len(said))

    def spell(self, said: str, encoding: str, parts: Sequence[tuple[int, int]]) -> None:
        """What bytes say, as a line; with the part that each of them stands for."""
        at = 0
        for char in said:
            behind = at + len(char.encode(encoding))
            self.say(char, parts[at][0], parts[behind - 1][1])
            at = behind
        if parts:
            self.say("\n", *parts[-1])

    def done(self) -> View | None:
        """What was written; None when it is nothing."""
        text = "".join(self._text)
        return View(text, self._starts, self._ends) if text else None


def _replaced(view: View, pattern: re.Pattern[str], said: Callable[[re.Match[str]], str], around: int) -> View | None:
    """A view of what each match stands for, with the text around it; None when nothing changes."""
    writer, at, changed = _Writer(view), 0, False
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


def _texts_in_base64(view: View, _around: int) -> View | None:
    """What is a text in base64 (RFC 4648, both alphabets), each in a line of its own."""
    writer = _Writer(view)
    for found in _BASE64.finditer(view.text):
        if not _decoded(writer, view.text, *found.span()) and "\n" in found[0]:
            for one in re.finditer(_RUN, found[0]):
                _decoded(writer, view.text, found.start() + one.start(), found.start() + one.end())
    return writer.done()


def _decoded(writer: _Writer, text: str, start: int, end: int) -> bool:
    """Write what one base64 stands for; False if that is no text."""
    places = [at for at in range(start, end) if text[at] not in "\r\n\t ="]
    digits = "".join(text[at] for at in places).translate(_STANDARD)
    try:
        data = base64.b64decode(digits + "=" * (-len(digits) % 4))
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-8"  # PowerShell encodes its commands so
        said = data.decode(encoding)
    except (binascii.Error, ValueError):
        return False
    if not all(char.isprintable() or char.isspace() for char in said):
        return False
    parts = [(places[at * 8 // 6], places[(at * 8 + 7) // 6] + 1) for at in range(len(data))]
    writer.spell(said, encoding, parts)
    return True


def _of_numbers(view: View, _around: int) -> View | None:
    """What bytes say that are written as decimal numbers, each list in a line of its own."""
    writer = _Writer(view)
    for found in _NUMBERS.finditer(view.text):
        numbers = list(re.finditer("[0-9]+", found[0]))
        data = bytes(code if code < _LATIN_1 else 0 for code in (int(number[0]) for number in numbers))
        parts = [(found.start() + number.start(), found.start() + number.end()) for number in numbers]
        said = _of_bytes(data)
        writer.spell(said, "latin-1" if len(said) == len(data) else "utf-8", parts)
    return writer.done()


_STANDARD = str.maketrans("-_", "+/")
_DECODERS: Sequence[Callable[[View, int], View | None]] = (_unescaped, _unquoted, _texts_in_base64, _of_numbers)
