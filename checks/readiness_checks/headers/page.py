"""A page as it was fetched, with what its HTML says about security."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from readiness_checks.web.client import Answer

if TYPE_CHECKING:
    from urllib3 import HTTPHeaderDict

MDN = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/"
"""Where each header is explained."""
_HTML = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True)
class Page:
    """The answers to one URL: the redirects, the page they end at, and the page asked for once more."""

    hops: tuple[Answer, ...]
    """All answers in their order; the last is the page."""
    again: Answer
    """The page once more, asked for on behalf of a foreign origin."""

    @property
    def answer(self) -> Answer:
        """The page itself."""
        return self.hops[-1]

    @property
    def headers(self) -> "HTTPHeaderDict":
        """Headers of the page."""
        return self.answer.headers

    def values(self, name: str) -> list[str]:
        """Values of a header, field by field, without blanks around them."""
        return [str(value).strip() for value in self.headers.getlist(name)]

    def tokens(self, name: str) -> list[str]:
        """Members of a header that is a list (RFC 9110 §5.6.1), lower-case."""
        return [part.strip().lower() for value in self.values(name) for part in value.split(",") if part.strip()]

    @cached_property
    def markup(self) -> "Markup":
        """What its HTML says."""
        return read_markup(self.answer)


@dataclass
class Markup:
    """Security in HTML."""

    policies: list[str] = field(default_factory=list)
    """Content Security Policies of meta elements in the head."""
    scripts: list[tuple[str, bool]] = field(default_factory=list)
    """Sources of scripts, and whether each has an integrity digest."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Markup()
        self._in_head = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: (value or "").strip() for name, value in reversed(attrs)}
        if tag == "body":
            self._in_head = False
        if tag == "meta" and self._in_head and values.get("http-equiv", "").lower() == "content-security-policy":
            self.found.policies.append(values.get("content", ""))
        if tag == "script" and values.get("src"):
            self.found.scripts.append((values["src"], bool(values.get("integrity"))))

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self._in_head = False


def read_markup(answer: Answer) -> Markup:
    """Read the HTML of an answer; nothing is found in anything else."""
    if answer.kind not in _HTML:
        return Markup()
    reader = _Reader()
    with suppress(AssertionError):  # the parser's answer to some broken markup; what came before it counts
        reader.feed(answer.text)
    return reader.found
