"""Keeps the values of secrets out of everything that leaves the process."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "[redacted]"
SHORTEST = 4
"""Characters; a shorter value would mask half of every text and hides nothing."""
_SHORTEST_GUESSED = 8
_SECRET_NAME = re.compile(
    r"(?i)(secret|token|passw(or)?d|passphrase|credential|private_?key|api_?key|access_?key|signing_?key|(^|_)(auth|dsn|pat|pwd)($|_))"
)
_URL_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):([^\s/@]+)@")


def looks_secret(name: str) -> bool:
    """Whether a variable of this name most likely holds a secret."""
    return _SECRET_NAME.search(name) is not None


class Redactor:
    """Masks registered values, in every spelling in which they usually leak, and passwords in URLs."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        """Register the values of all variables in `environ` whose names look secret."""
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        for name, value in (environ or {}).items():
            if looks_secret(name) and len(value) >= _SHORTEST_GUESSED:
                self.register(value)

    @property
    def values(self) -> frozenset[str]:
        """The registered values themselves; for the pipe between processes only."""
        return frozenset(self._values)

    def register(self, *values: str) -> None:
        """Mask these values from now on; each of their lines, too, when there are several."""
        fresh = {part for value in values for part in (value, *value.splitlines()) if len(part.strip()) >= SHORTEST}
        if not fresh <= self._values:
            self._values |= fresh
            self._pattern = None

    def text(self, text: str) -> str:
        """Mask every registered value in a text."""
        if self._pattern is None and self._values:
            spellings = sorted({s for value in self._values for s in _spellings(value)}, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, spellings)))
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        return _URL_PASSWORD.sub(rf"\1:{MASK}@", text) if "://" in text else text

    def data(self, value: Any) -> Any:
        """Mask every string in JSON-like data, the keys of objects included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return value


def _spellings(value: str) -> Iterable[str]:
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(value, safe="")
    yield quote_plus(value)
    encoded = base64.b64encode(value.encode("utf-8", "surrogateescape")).decode()
    yield encoded
    if len(encoded.rstrip("=")) > SHORTEST:
        yield encoded.rstrip("=")
    yield base64.urlsafe_b64encode(value.encode("utf-8", "surrogateescape")).decode()
