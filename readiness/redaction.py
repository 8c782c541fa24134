"""Masks the values of secrets in all output."""

import base64
import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from pydantic import BaseModel

MASK = "[redacted]"
SHORTEST = 4
"""Characters; a shorter value would mask half of every text and hides nothing."""
_SHORTEST_GUESSED = 8
_SECRET_NAME = re.compile(
    r"(?i)(secret|token|passw(or)?d|passphrase|credential|private_?key|api_?key|access_?key|signing_?key|(^|_)(auth|dsn|pat|pwd)($|_))"
)
_NO_SECRETS = frozenset(("PWD", "OLDPWD", "SSH_AUTH_SOCK"))
"""Paths that every shell has in its environment; masking them would blacken every place in a report."""
_URL_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):([^\s/@]+)@")


def looks_secret(name: str) -> bool:
    """Whether a variable of this name most likely holds a secret."""
    return name not in _NO_SECRETS and _SECRET_NAME.search(name) is not None


class Redactor:
    """Masks registered values, in every spelling in which they usually leak, and passwords in URLs.

    Threads may share it.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        """Register the values of all variables in `environ` whose names look secret."""
        self._lock = threading.RLock()
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        for name, value in (environ or {}).items():
            if looks_secret(name) and len(value) >= _SHORTEST_GUESSED:
                self.register(value)

    @property
    def values(self) -> frozenset[str]:
        """The registered values themselves; for the pipe between processes only."""
        with self._lock:
            return frozenset(self._values)

    def register(self, *values: str) -> None:
        """Mask these values from now on; each of their lines, too, when there are several."""
        fresh = {part for value in values for part in (value, *value.splitlines()) if len(part.strip()) >= SHORTEST}
        with self._lock:
            if not fresh <= self._values:
                self._values |= fresh
                self._pattern = None

    def text(self, text: str) -> str:
        """Mask every registered value in a text."""
        pattern = self._compiled()
        if pattern is not None:
            text = pattern.sub(MASK, text)
        return _URL_PASSWORD.sub(rf"\1:{MASK}@", text) if "://" in text else text

    def _compiled(self) -> re.Pattern[str] | None:
        with self._lock:
            if self._pattern is None and self._values:
                spellings = sorted({s for value in self._values for s in _spellings(value)}, key=len, reverse=True)
                self._pattern = re.compile("|".join(map(re.escape, spellings)))
            return self._pattern

    def data(self, value: Any) -> Any:
        """Mask every string in JSON-like data, the keys of objects included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return value

    def model(self, value: "_Model") -> "_Model":
        """Mask every text in a pydantic model and in what it holds; what has a fixed grammar keeps it."""
        changed: dict[str, Any] = {}
        for name in type(value).model_fields:
            old = getattr(value, name)
            new = self._field(name, old)
            if new is not old:
                changed[name] = new
        return value.model_copy(update=changed) if changed else value

    def _field(self, name: str, old: Any) -> Any:
        if name in _STRUCTURE and not hasattr(type(old), "model_fields"):
            return old
        if name in _DIGESTS and isinstance(old, str):
            return old if self.text(old) == old else ""
        return self._inside(old)

    def _inside(self, old: Any) -> Any:
        """Mask what is inside a value; the very same object when there was nothing to mask."""
        if type(old) is str:  # not an enumeration's word
            new: Any = self.text(old)
            return old if new == old else new
        if hasattr(type(old), "model_fields"):
            return self.model(old)
        if isinstance(old, Mapping):
            new = {self._inside(key): self._inside(item) for key, item in old.items()}
            return new if any(a is not b or old[a] is not new[b] for a, b in zip(old, new, strict=False)) else old
        if isinstance(old, list | tuple):
            new = [self._inside(item) for item in old]
            return type(old)(new) if any(a is not b for a, b in zip(old, new, strict=True)) else old
        return old


_Model = TypeVar("_Model", bound="BaseModel")

_STRUCTURE = frozenset(
    ("id", "item", "unblocks", "needs", "check", "severity", "phase", "operator", "schema_version", "commit")
)
"""Fields that name things rather than tell about them: ids and words of the checklist file, which is no secret."""
_DIGESTS = frozenset(("sha256", "checklist_sha256", "record"))
"""Fields with a grammar that a mask would break; one that holds a secret is emptied."""


def _spellings(value: str) -> Iterable[str]:
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(value, safe="", errors="surrogateescape")
    yield quote_plus(value, errors="surrogateescape")
    encoded = base64.b64encode(value.encode("utf-8", "surrogateescape")).decode()
    yield encoded
    if len(encoded.rstrip("=")) > SHORTEST:
        yield encoded.rstrip("=")
    yield base64.urlsafe_b64encode(value.encode("utf-8", "surrogateescape")).decode()
