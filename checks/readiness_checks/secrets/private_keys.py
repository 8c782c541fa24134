"""Finds private keys: in PEM, as PuTTY writes them, and in base64."""

import base64
import binascii
import re
from collections.abc import Iterator

from readiness_checks.secrets.places import Place
from readiness_checks.secrets.randomness import wordlike
from readiness_checks.secrets.verdict import Hit, Verdict

_KIND = "Private Key"
_HEAD = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]:")
_BODY = re.compile(r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{24,}")
_LINES = 12
"""Lines between the first line of a key and its body: encryption, comment and version headers."""
_WORDLIKE = 0.5
"""Share of usual neighbours that a name in code has, and no line of base64."""
_LENGTH = 2000
_ENCODED = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,}")
_ENCODED_HINT = "LS0tLS1CRUdJTi"
_HEADER_LENGTH = 80
_NAME = 80
_MADE_UP = re.compile(r"(?i)(?:fake|dummy|sample|example)\w*[^\w\n]")
"""The name of the key says that it is made up."""
_RAILS = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")


def private_keys(text: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Private keys with their places; a key of a test is a warning, for most tests of TLS have one."""
    verdict = Verdict.TRIVIAL if place.shown else Verdict.SECRET
    if "-----BEGIN" in text or "PuTTY-User" in text:
        for match in _HEAD.finditer(text):
            body = _body(text[match.end() : match.end() + _LENGTH])
            if body:
                told = _MADE_UP.search(
                    text, max(text.rfind("\n", 0, match.start()), match.start() - _NAME), match.start()
                )
                yield match.start(), Hit(_KIND, body, Verdict.TRIVIAL if told else verdict)
    if _ENCODED_HINT in text:
        for match in _ENCODED.finditer(text):
            if _holds_key(match[0][:_HEADER_LENGTH]):
                yield match.start(), Hit(_KIND, match[0], verdict)


def of_rails(text: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """The key that a file of Rails holds alone, which decrypts its credentials."""
    key = text.strip()
    if _RAILS.fullmatch(key):
        yield text.index(key), Hit(_KIND, key, Verdict.TRIVIAL if place.shown else Verdict.SECRET)


def _body(text: str) -> str:
    """Find the first piece of a key; empty where only the first line of one is mentioned, as code does."""
    for line in text.partition("-----END")[0].split("\n")[: _LINES + 1]:
        for match in _BODY.finditer(line):
            if wordlike(match[0]) < _WORDLIKE:
                return match[0]
    return ""


def _holds_key(value: str) -> bool:
    try:
        return b"PRIVATE KEY" in base64.b64decode(value)
    except (binascii.Error, ValueError):
        return False
