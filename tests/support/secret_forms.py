"""The forms in which a secret leaks: how programs write a text, wholly or some of its characters."""

import base64
import html
import json
import quopri
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, quote_plus

Form = Callable[[str], str]
BREAKS = {
    "LF": "\n", "CRLF": "\r\n", "indented": "\n        ", "JSON": "\\n", "JSON CRLF": "\\r\\n", "JSON in JSON": "\\\\n",
    "strings": '" +\n "', "quoted-printable": "=\n", "percent": "%0A", "patch": "\n+", "YAML": "\n  - ", "mail": "\n> ",
}  # fmt: skip
"""What stands between lines of base64."""
BETWEEN_HEX = (":", " ", "-", ", ", "\\x", ", 0x", "\n        ", "\\n")


def _every_third(write: Form) -> Form:
    """Some of the characters are written otherwise."""
    return lambda text: "".join(write(char) if at % 3 else char for at, char in enumerate(text))


def _each(pattern: str) -> Form:
    """Each byte by a pattern of `%`."""
    return lambda text: "".join(pattern % byte for byte in text.encode())


def _utf_16(pattern: str) -> Form:
    return lambda text: "".join(pattern % unit for char in text for unit in _units(char))


def _units(char: str) -> Iterator[int]:
    raw = char.encode("utf-16-be")
    yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def _string(text: str) -> str:
    return json.dumps(text)[1:-1]


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _base32(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def _hex(between: str) -> Form:
    return lambda text: text.encode().hex("|").replace("|", between)


def _wrapped(width: int, between: str, before: int) -> Form:
    def write(text: str) -> str:
        said = _base64("y" * before + text + "z" * 40)
        return between.join(said[at : at + width] for at in range(0, len(said), width))

    return write


def _shifted(encode: Form, count: int) -> Form:
    return lambda text: encode("x" * count + text + " and more")


ALONE: Mapping[str, Form] = {
    "base32": _base32,
    "base32 without padding": lambda text: _base32(text).rstrip("="),
    "base32, lower case": lambda text: _base32(text).lower(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "percent": _every_third(_each("%%%02x")),
    "percent, twice": _every_third(_each("%%25%02X")),
    "percent, all": _each("%%%02x"),
    "form": quote_plus,
    "\\u": _every_third(_utf_16("\\u%04x")),
    "%u": _every_third(_utf_16("%%u%04X")),
    "\\x": _every_third(_each("\\x%02x")),
    "octal": _every_third(_each("\\%03o")),
    "\\u{}": _every_third(lambda char: f"\\u{{{ord(char):x}}}"),
    "\\U": _every_third(lambda char: f"\\U{ord(char):08x}"),
    "HTML": _every_third(lambda char: f"&#{ord(char)};"),
    "HTML, hex": _every_third(lambda char: f"&#x{ord(char):X};"),
    "HTML in HTML": lambda text: html.escape(html.escape(_every_third(lambda char: f"&#{ord(char)};")(text))),
    "JSON in JSON in JSON": lambda text: _string(_string(_string(text))),
    "percent in JSON": lambda text: _string(_every_third(_each("%%%02X"))(text)),
    "JSON in a URL": lambda text: quote(_string(text), safe=""),
    "JSON in HTML": lambda text: html.escape(_string(text)),
    "HTML in JSON": lambda text: _string(html.escape(text)),
    "JSON in a URL in HTML": lambda text: html.escape(quote(_string(text), safe='"\\')),
    "shell": lambda text: "".join(char if char.isalnum() else f"\\{char}" for char in text),
    "continued line": lambda text: f"{text[:6]}\\\n    {text[6:]}",
    "decimal": lambda text: ", ".join(map(str, text.encode())),
    **{f"hex with {between!r}": _hex(between) for between in BETWEEN_HEX},
}  # fmt: skip
"""What is masked whole, and nothing besides."""
WITHIN: Mapping[str, Form] = {
    **{f"base32 behind {count}": _shifted(_base32, count) for count in range(5)},
    **{f"base64 behind {count}": _shifted(_base64, count) for count in range(3)},
    "base64 of a login": lambda text: _base64(f"admin:{text}"),
    "base64 of JSON": lambda text: _base64(json.dumps({"password": text})),
    "base64 of a URL": lambda text: _base64(f"postgres://app:{quote(text, safe='')}@db/x"),
    "base64 in base64": lambda text: _base64(json.dumps({"auths": {"host": {"auth": _base64(f"ci:{text}")}}})),
    "base64 of UTF-16": lambda text: base64.b64encode(f"echo {text} ok".encode("utf-16-le")).decode(),
    "quoted-printable": lambda text: quopri.encodestring(b"a" * 68 + text.encode() + b" and more").decode(),
    "quoted-printable, all": lambda text: "a=\r\n=3D" + _each("=%02X")(text),
    **{
        f"base64 in lines of {width}, {name}, behind {before}": _wrapped(width, between, before)
        for width in (64, 76)
        for name, between in BREAKS.items()
        for before in (40, 48, 53)
    },
}
"""What holds the secret beside other text."""
