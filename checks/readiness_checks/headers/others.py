"""Judges what keeps other sites apart: their windows and documents (COOP, CORP, COEP), and their scripts (SRI)."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from readiness.outcome import Finding, Level
from readiness_checks.headers.browser import note
from readiness_checks.headers.page import MDN, Page

_WORD = r"[A-Za-z*][A-Za-z0-9:/!#$%&'*+.^_`|~-]*"
_VALUE = rf'(?:"(?:[ !#-\[\]-~]|\\["\\])*"|{_WORD}|-?[0-9]+(?:\.[0-9]+)?|:[A-Za-z0-9+/=]*:|\?[01])'
_TOKEN = re.compile(rf"^(?P<word>{_WORD})(?:;\s*[a-z*][a-z0-9_.*-]*(?:={_VALUE})?)*$")
"""A structured field that is a token with parameters (RFC 9651 §3.3)."""
_OPENER = frozenset({"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"})
_RESOURCE = frozenset({"same-origin", "same-site", "cross-origin"})
_EMBEDDER = frozenset({"require-corp", "credentialless", "unsafe-none"})
_OPEN = frozenset({"unsafe-none", "cross-origin"})
_DIGEST = re.compile(r"(?:^|\s)sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}(?:\?[!-~]*)?(?=\s|$)", re.IGNORECASE)
"""Metadata that a browser takes for a digest; all else it ignores (Subresource Integrity §3.5)."""


def isolation(page: Page) -> Iterator[Finding]:
    """Judge what keeps other sites' windows and documents apart; a header that browsers ignore protects nobody."""
    yield from _word(page, "Cross-Origin-Opener-Policy", _OPENER, "same-origin", structured=True)
    yield from _word(page, "Cross-Origin-Resource-Policy", _RESOURCE, "same-origin", structured=False)
    if page.values("cross-origin-embedder-policy"):
        yield from _word(page, "Cross-Origin-Embedder-Policy", _EMBEDDER, "require-corp", structured=True)
    if not page.values("permissions-policy"):
        name = "Permissions-Policy"
        remedy = f"send {name}: camera=(), microphone=(), geolocation=()"
        yield note(f"there is no {name}", name.lower(), remedy, name)


def _word(page: Page, name: str, known: frozenset[str], good: str, *, structured: bool) -> Iterator[Finding]:
    """Judge a header that is one word: exactly, in small letters, sent once (HTML standard, Fetch standard)."""
    value = ", ".join(page.values(name))
    match = _TOKEN.match(value) if structured else None
    word = match["word"] if match else "" if structured else value
    remedy = f"send {name}: {good}"
    if not value:
        yield note(f"there is no {name}", name.lower(), remedy, name)
    elif word not in known:
        message = f"{name} is `{value[:60]}`, which browsers do not know and ignore"
        yield Finding(message=message, rule=name.lower(), remedy=remedy, link=MDN + name)
    elif word in _OPEN and name != "Cross-Origin-Embedder-Policy":
        yield note(f"{name} is `{word}`", name.lower(), remedy, name)


def scripts(page: Page) -> Iterator[Finding]:
    """Judge scripts of other hosts: without a digest, whoever changes them runs in the page."""
    base, own = str(page.answer.url), page.answer.url.host
    foreign = [(source, digest) for source, digest in page.markup.scripts if _host(base, source) not in {"", own}]
    plain = sorted({source[:80] for source, _ in page.markup.scripts if source.lower().startswith("http://")})
    secure = page.answer.url.secure
    if plain and secure:
        yield _fault(f"scripts are loaded without TLS: {', '.join(plain[:5])}", "sri-insecure", Level.ERROR)
    relative = sorted({source[:80] for source, _ in foreign if source.startswith("//")})
    if relative:
        yield _fault(f"scripts are loaded without TLS where the page is: {', '.join(relative[:5])}", "sri-insecure")
    for rule, written, words in (
        ("sri-missing", False, "are loaded without an integrity digest"),
        ("sri-invalid", True, "have an integrity that is no digest, and that browsers ignore"),
    ):
        found = {source for source, digest in foreign if bool(digest) is written and not _DIGEST.search(digest or "")}
        hosts = sorted({urlsplit(urljoin(base, source)).netloc[:80] for source in found})
        if hosts:
            level = Level.ERROR if written else Level.WARNING
            yield _fault(f"scripts of other hosts {words}: {', '.join(hosts[:5])}", rule, level)


def _host(base: str, source: str) -> str:
    try:
        return urlsplit(urljoin(base, source)).hostname or ""
    except ValueError:
        return ""


def _fault(message: str, rule: str, level: Level = Level.WARNING) -> Finding:
    return Finding(
        message=message,
        rule=rule,
        level=level,
        remedy='add integrity="sha384-…" crossorigin="anonymous" and https://, or serve the script yourself',
        link="https://developer.mozilla.org/en-US/docs/Web/Security/Subresource_Integrity",
    )
