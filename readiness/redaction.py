"""Masks the values of secrets in all output."""

import re
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from readiness import spellings
from readiness.leaks import LONG, Finder

if TYPE_CHECKING:
    from pydantic import BaseModel

MASK = "[redacted]"
SHORTEST = 4
"""Characters; a shorter value would mask half of every text and hides nothing."""
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

    A value that is an ordinary word, or shorter than eight characters (six where it has letters and digits), is masked
    only where it stands as a value: behind `=`, `:`, `=>`, `-p` or the name of a secret, in the credentials of a URL or
    a header, or alone in its line; and in base64 and hex.

    Threads may share it.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        """Register the values of all variables in `environ` whose names look secret."""
        self._lock = threading.RLock()
        self._values: set[str] = set()
        self._spared: set[str] = set()
        self._known: Finder | None = None
        for name, value in (environ or {}).items():
            if looks_secret(name) and len(value) >= LONG:
                self.register(value)

    @property
    def values(self) -> frozenset[str]:
        """The registered values themselves; for the pipe between processes only."""
        with self._lock:
            return frozenset(self._values)

    def register(self, *values: str) -> None:
        """Mask these values from now on; each of their lines and the password in them, too."""
        whole = [part for value in values for part in (value, *spellings.parts(value))]
        fresh = {part for value in whole for part in (value, *value.splitlines()) if len(part.strip()) >= SHORTEST}
        with self._lock:
            if not fresh <= self._values:
                self._values |= fresh
                self._known = None

    def spare(self, *texts: str) -> None:
        """Leave what these texts say readable from now on: names that everybody knows, such as that of the project.

        A value that equals such a text, or a word of it, is masked only behind the name of a secret (`password=…`) and
        in URLs: anywhere else, a mask would garble the text and tell what it hides.
        """
        fresh = {word for text in texts for word in _words(text)}
        with self._lock:
            if not fresh <= self._spared:
                self._spared |= fresh
                self._known = None

    def text(self, text: str) -> str:
        """Mask every registered value in a text."""
        known = self._compiled()
        if known is not None:
            text = _without(text, known.places(text))
        return _URL_PASSWORD.sub(rf"\1:{MASK}@", text) if "://" in text else text

    def _compiled(self) -> Finder | None:
        with self._lock:
            if self._known is None and self._values:
                known = frozenset(value for value in self._values if _normal(value) in self._spared)
                self._known = Finder(self._values, known)
            return self._known

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
        if name in _PATHS and all(_PATH.fullmatch(path) for path in ([old] if isinstance(old, str) else old)):
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
    ("id", "item", "items", "unblocks", "needs", "check", "severity", "phase", "operator", "schema_version", "commit",
     "project", "release", "environment", "branch", "checklist", "section", "sections", "title", "item_text", "owner",
     "controls", "role", "principal", "ref", "file")
)  # fmt: skip
"""Fields that name things rather than tell about them: what the checklist and git say, which is no secret."""
_PATHS = frozenset(("path", "covers"))
"""Fields that hold paths of files, which git shows as well."""
_PATH = re.compile(r"[^\s:=]*")
"""What such a field may hold to be left as it is."""
_DIGESTS = frozenset(("sha256", "checklist_sha256", "record"))
"""Fields with a grammar that a mask would break; one that holds a secret is emptied."""


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with a mask in place of some of its parts, which may overlap."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [text[at:start], MASK]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _normal(text: str) -> str:
    """A text without regard to case and to what stands between its words."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _words(text: str) -> Iterable[str]:
    """A text and its words; a value that has none of a word's characters is never spared."""
    return filter(None, map(_normal, (text, *re.split(r"[\W_]+", text), *text.split())))
