"""Tells base64 of a text from base64 of a key: a key is of random bytes, which no reader can read."""

import base64
import binascii
import re

from readiness_checks.secrets.names import Telling, telling
from readiness_checks.secrets.randomness import made_up, random

_NAMES = re.compile(r"[A-Za-z_][\w.-]*")
_REST = re.compile(r"[^A-Za-z0-9+/_=-]+")
_URL_SAFE = str.maketrans("-_", "+/")
_LONGEST = 4096


def encodes_text(value: str) -> bool:
    """Whether a value is base64 of a text of which no piece looks random and no name tells of a secret."""
    if len(value) > _LONGEST:
        return False
    try:
        data = base64.b64decode(value.translate(_URL_SAFE) + "=" * (-len(value) % 4), validate=True)
        text = data.decode("ascii").strip()
    except (binascii.Error, ValueError):
        return False
    if not text or not all(char.isprintable() or char.isspace() for char in text):
        return False
    if any(telling(name) >= Telling.TOKEN for name in _NAMES.findall(text)):
        return False
    return not any(random(piece) and not made_up(piece) for piece in _REST.split(text))
