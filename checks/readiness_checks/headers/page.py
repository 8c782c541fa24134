"""A page as it was fetched, with what its HTML says about security."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from readiness_checks.headers.csp import META_IGNORES
from readiness_checks.reading.html_input import PageReader, prepared
from readiness_checks.web.client import Answer

if TYPE_CHECKING:
    from urllib3 import HTTPHeaderDict

MDN = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/"
"""Where each header is explained."""
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_INERT = frozenset(
    {"title", "textarea", "style", "script", "noscript", "noframes", "iframe", "noembed", "xmp", "template"}
)
"""Elements whose content is text for a browser that runs scripts, and templates."""
_HEADERS_ONLY = frozenset(
    {"content-security-policy-report-only", "x-frame-options", "strict-transport-security", "x-content-type-options"}
    | {"permissions-policy", "cross-origin-opener-policy", "referrer-policy"}
)
"""Headers that mean nothing as the pragma of a meta element."""
_DRAWINGS = frozenset({"svg", "math"})
_OF_A_HEAD = frozenset({"html", "head", "base", "basefont", "bgsound", "link", "meta"}) | (
    _INERT - {"textarea", "iframe", "noembed", "xmp"}
)


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
    inert: list[str] = field(default_factory=list)
    """What meta elements say that browsers ignore there."""
    referrers: list[str] = field(default_factory=list)
    """Referrer policies of meta elements, in their order."""
    scripts: list[tuple[str, str | None]] = field(default_factory=list)
    """Sources of scripts, and the integrity of each as it is written; None where it has none."""


class _Reader(PageReader):
    """Finds what is in the document, as browsers that run scripts build it (HTML standard, "tree construction").

    A head ends where the first text or element stands that belongs to a body, whether `<body>` is written or not. What
    is in a template or in text is no element of the document.
    """

    def __init__(self, *, xml: bool = False) -> None:
        super().__init__()
        self.found = Markup()
        self._xml = xml
        self._in_head = True
        self._inside = ""
        """The element whose content is text or a template; empty where elements count."""
        self._depth = 0
        """How many of its kind are open."""
        self._drawings = 0
        """How many `<svg>` and `<math>` are open: in them, a slash closes as it does in XML."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._inside:
            self._depth += tag == self._inside == "template"
            return
        self._drawings += tag in _DRAWINGS
        values = {name: (value or "").strip() for name, value in reversed(attrs)}
        self._in_head = self._in_head and tag in _OF_A_HEAD
        if tag == "meta":
            self._meta(values)
        if tag == "script" and values.get("src"):
            self.found.scripts.append((values["src"], values.get("integrity")))
        if tag in _INERT:
            self._inside, self._depth = tag, 1

    def _meta(self, values: dict[str, str]) -> None:
        pragma, content = values.get("http-equiv", "").lower(), values.get("content", "")
        if pragma == "content-security-policy" and self._in_head:
            self.found.policies.append(content)
            names = {piece.split()[0].lower() for piece in content.replace(",", ";").split(";") if piece.split()}
            self.found.inert += [f"{name} of a Content-Security-Policy" for name in sorted(names & META_IGNORES)]
        elif pragma == "content-security-policy":
            self.found.inert.append("a Content-Security-Policy outside of the head")
        elif pragma in {
            "content-security-policy-report-only",
            "x-frame-options",
            "strict-transport-security",
        } or pragma in {
            "x-content-type-options",
            "permissions-policy",
            "cross-origin-opener-policy",
            "referrer-policy",
        }:
            self.found.inert.append(pragma.title())
        if values.get("name", "").lower() == "referrer":
            self.found.referrers.append(content)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._xml or self._drawings:  # elsewhere in HTML a slash before `>` closes nothing
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside:
            self._depth -= tag == self._inside
            self._inside = self._inside if self._depth else ""
        elif tag in _DRAWINGS:
            self._drawings = max(0, self._drawings - 1)
        elif tag in {"body", "html", "br"}:
            self._in_head = False

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip(" \t\n\f\r"):
            self._in_head = False


def read_markup(answer: Answer) -> Markup:
    """Read the HTML of an answer; nothing is found in anything else."""
    if answer.kind not in _HTML:
        return Markup()
    reader = _Reader(xml=answer.kind != "text/html")
    reader.feed(prepared(answer.text))
    return reader.found
