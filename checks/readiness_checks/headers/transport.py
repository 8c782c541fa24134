"""Judges how a page is reached: redirects to TLS, and Strict-Transport-Security (RFC 6797)."""

import re
from collections.abc import Iterator

from readiness.outcome import Finding, Level, Measurement
from readiness_checks.headers.page import MDN, Page

HALF_YEAR, YEAR = 15_768_000, 31_536_000
"""Seconds: what Mozilla's HTTP Observatory asks for at least, and what browsers' preload lists ask for."""
_LINK = MDN + "Strict-Transport-Security"
_DIRECTIVE = re.compile(r'^([A-Za-z0-9!#$%&\'*+.^_`|~-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s";]+)))?$')
_GOOD = f"send Strict-Transport-Security: max-age={YEAR}; includeSubDomains"


def redirects(page: Page) -> Iterator[Finding]:
    """Judge where the URL leads."""
    first, last = page.hops[0].url, page.answer.url
    if not last.secure:
        yield Finding(
            message=f"{last} is served without TLS",
            rule="no-tls",
            level=Level.WARNING if last.loopback else Level.ERROR,
            remedy="redirect http to https, and serve the page there",
        )
    elif not first.secure and not (page.hops[1].url.secure and page.hops[1].url.host == first.host):
        yield Finding(
            message=f"{first} does not redirect to https on the same host first",
            rule="redirect-host",
            level=Level.WARNING,
            remedy=f"redirect to https://{first.host} first, so that its HSTS takes effect",
        )
    if last.host != first.host:
        yield Finding(
            message=f"{first} redirects to {last.host}; it is that host that was judged",
            rule="redirect-away",
            level=Level.WARNING,
            remedy="name the URL of the page itself",
        )


def read_hsts(value: str) -> dict[str, str] | None:
    """Read a header; None when it is not well-formed, so that browsers ignore it (RFC 6797 §6.1)."""
    found: dict[str, str] = {}
    for piece in value.split(";"):
        if not piece.strip():
            continue
        match = _DIRECTIVE.match(piece.strip())
        if match is None or match[1].lower() in found:
            return None
        found[match[1].lower()] = match[2] if match[2] is not None else match[3] or ""
    return found if found.get("max-age", "").isdecimal() else None


def hsts(page: Page) -> Iterator[Finding | Measurement]:
    """Judge Strict-Transport-Security; browsers ignore it over http."""
    if not page.answer.url.secure:
        message = "Strict-Transport-Security cannot be judged: without TLS, browsers ignore it"
        yield Finding(message=message, rule="hsts-no-tls", level=Level.NOTE, remedy="name the https URL", link=_LINK)
        return
    values = page.values("strict-transport-security")
    if not values:
        yield _fault("there is no Strict-Transport-Security", "hsts-missing")
        return
    if len(values) > 1:
        yield _fault(
            "Strict-Transport-Security is sent several times; only the first counts", "hsts-repeated", warn=True
        )
    directives = read_hsts(values[0])
    if directives is None:
        yield _fault(f"Strict-Transport-Security is malformed, and so ignored: {values[0][:80]}", "hsts-malformed")
        return
    seconds = int(directives["max-age"][:12])
    yield Measurement(name="HSTS max-age", value=seconds, unit="s", operator=">=", threshold=HALF_YEAR)
    if seconds < YEAR:
        message = f"Strict-Transport-Security holds for {seconds} s; a year is recommended, half a year required"
        yield _fault(message, "hsts-short", warn=seconds >= HALF_YEAR)
    if "includesubdomains" not in directives:
        yield _fault("Strict-Transport-Security leaves subdomains out", "hsts-subdomains", warn=True)
    if "preload" in directives and (seconds < YEAR or "includesubdomains" not in directives):
        message = "Strict-Transport-Security says preload without a year or without includeSubDomains"
        yield _fault(message, "hsts-preload", warn=True)


def _fault(message: str, rule: str, *, warn: bool = False) -> Finding:
    level = Level.WARNING if warn else Level.ERROR
    return Finding(message=message, rule=rule, level=level, remedy=_GOOD, link=_LINK)
