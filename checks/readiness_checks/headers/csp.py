"""Reads Content Security Policies (W3C CSP Level 3) and finds what stops a policy from preventing XSS."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from readiness_checks.headers import bypasses
from readiness_checks.web.url import is_loopback

KEYWORDS = frozenset(
    {"self", "none", "unsafe-inline", "unsafe-eval", "unsafe-hashes", "strict-dynamic", "report-sample"}
    | {"wasm-unsafe-eval", "inline-speculation-rules"}
)
FETCH = frozenset(
    {"default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem"}
    | {"style-src-attr", "img-src", "font-src", "connect-src", "media-src", "object-src", "frame-src", "child-src"}
    | {"worker-src", "manifest-src", "prefetch-src", "fenced-frame-src"}
)
DIRECTIVES = FETCH | {
    *("base-uri", "form-action", "frame-ancestors", "sandbox", "report-uri", "report-to", "navigate-to"),
    *("upgrade-insecure-requests", "block-all-mixed-content", "plugin-types", "referrer", "reflected-xss"),
    *("require-trusted-types-for", "trusted-types", "require-sri-for", "webrtc"),
}
PASSIVE = frozenset({"img-src", "media-src"})
"""What is shown, and does not act."""
META_IGNORES = frozenset({"frame-ancestors", "report-uri", "report-to", "sandbox"})
_HASH = re.compile(r"^'sha(256|384|512)-[A-Za-z0-9+/_-]+={0,2}'$", re.IGNORECASE)
_NONCE = re.compile(r"^'nonce-([A-Za-z0-9+/_-]+={0,2})'$", re.IGNORECASE)
HOST = re.compile(r"^(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>[^/:]+)(?::(?:[0-9]+|\*))?(?P<path>/.*)?$")
ANY_HOST = "any host"
"""What `opens` says of a source that every site meets."""
_ANY = {"*": ANY_HOST, "https:": ANY_HOST, "http:": ANY_HOST, "ftp:": ANY_HOST, "data:": "any data: URL"}


@dataclass(frozen=True)
class Policy:
    """One policy."""

    directives: Mapping[str, tuple[str, ...]]
    """Sources by directive; the first of a name counts."""
    repeated: tuple[str, ...] = ()

    def sources(self, *names: str) -> tuple[str, ...] | None:
        """Sources of the first of these directives that is there; None where nothing is restricted.

        `'none'` beside other sources is ignored, as in CSP3 §6.7.2.5.
        """
        for name in names:
            if name in self.directives:
                found = tuple(source.lower() for source in self.directives[name])
                named = tuple(s for s in found if s != "'none'")
                return named if len(found) > 1 and named else ("'none'",) if len(found) != 1 else found
        return None

    @property
    def elements(self) -> tuple[str, ...] | None:
        """Where script elements may come from."""
        return self.sources("script-src-elem", "script-src", "default-src")

    @property
    def handlers(self) -> tuple[str, ...] | None:
        """What inline event handlers are allowed by."""
        return self.sources("script-src-attr", "script-src", "default-src")

    @property
    def nonces(self) -> set[str]:
        """Nonces of its scripts, as they are written."""
        names = ("script-src-elem", "script-src", "default-src")
        found = next((self.directives[name] for name in names if name in self.directives), ())
        return {match[1] for source in found if (match := _NONCE.match(source))}

    @property
    def trusts_marked_scripts(self) -> bool:
        """Whether scripts run because the page marks them (a nonce) or such a script loads them, from wherever."""
        return "'strict-dynamic'" in (self.elements or ()) or bool(self.nonces)

    @property
    def holds_base(self) -> bool:
        """Whether it stops an injected `<base>` from moving relative URLs to any host."""
        sources = self.sources("base-uri")
        return sources is not None and not any(map(opens, sources))

    @property
    def forbids_framing(self) -> tuple[str, ...] | None:
        """Sources of frame-ancestors; None where it has none."""
        return self.sources("frame-ancestors")


def parse(text: str, *, meta: bool = False) -> list[Policy]:
    """Read the policies of one header field or meta element; commas separate policies.

    Args:
        text: The value.
        meta: Whether it comes from a meta element, in which some directives are ignored (CSP3 §3.3).
    """
    found = []
    for part in text.split(","):
        directives: dict[str, tuple[str, ...]] = {}
        repeated = []
        for piece in part.split(";"):
            name, *sources = piece.split() or [""]
            name = name.lower()
            if not name or (meta and name in META_IGNORES):
                continue
            if name in directives:
                repeated.append(name)
            else:
                directives[name] = tuple(sources)
        if directives:
            found.append(Policy(directives, tuple(repeated)))
    return found


def gaps(policy: Policy) -> Iterator[str]:
    """Reasons why a policy does not prevent XSS; none if it does."""
    elements, handlers = policy.elements, policy.handlers
    if elements is None or handlers is None:
        yield "scripts are not restricted, as there is neither script-src nor default-src"
        return
    if _inline(elements):
        yield "'unsafe-inline' allows every inline script"
    elif _inline(handlers):
        yield "'unsafe-inline' allows every inline event handler"
    if "'strict-dynamic'" in elements:
        return
    for source in elements:
        reason = opens(source)
        if reason:
            yield f"{source} allows {reason}"
    may_eval = "'unsafe-eval'" in elements
    shared = [each for each in elements if not opens(each) and bypasses.serves_others(each, may_eval=may_eval)]
    if shared:
        more = f" and {len(shared) - 3} more" if len(shared) > 3 else ""  # noqa: PLR2004  as many as a line holds
        verb = "serves" if len(shared) == 1 else "serve"
        yield f"{', '.join(shared[:3])}{more} {verb} scripts that others choose (JSONP, Angular, tag manager, uploads)"


def _inline(sources: tuple[str, ...]) -> bool:
    """Whether sources allow all inline behaviour (CSP3 §6.7.3.2)."""
    closed = any(source == "'strict-dynamic'" or _NONCE.match(source) or _HASH.match(source) for source in sources)
    return "'unsafe-inline'" in sources and not closed


def opens(source: str) -> str:
    """Hosts of others that a source in small letters covers as a whole; empty when it names hosts."""
    if source in _ANY:
        return _ANY[source]
    parts = HOST.match(source)
    host = "" if parts is None or source.startswith("'") else parts["host"]
    if host == "*" or (host.startswith("*.") and "." not in host[2:]):
        return ANY_HOST
    rented = bypasses.rented(host)
    return f"every host below {rented}, where anybody gets one" if rented else ""


def without_tls(policy: Policy) -> Iterator[tuple[str, str]]:
    """Directives with a source that is fetched without TLS from another machine."""
    for name in policy.directives.keys() & FETCH:
        for source in policy.directives[name]:
            scheme, _, rest = source.lower().partition(":")
            host = rest.removeprefix("//").partition("/")[0].partition(":")[0]
            if scheme in {"http", "ftp", "ws"} and not is_loopback(host):
                yield name, source
                break


def unquoted(policy: Policy) -> Iterator[tuple[str, str]]:
    """Directives with a keyword that lacks its quotes and so means a host."""
    for name, sources in policy.directives.items():
        if name in FETCH or name in {"base-uri", "form-action", "frame-ancestors"}:
            for source in sources:
                if source.lower() in KEYWORDS or source.lower().startswith(("nonce-", "sha256-", "sha384-", "sha512-")):
                    yield name, source
