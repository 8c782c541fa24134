"""Judges the headers that protect browsers: framing, sniffing, referrer, isolation, third-party scripts."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

from readiness.outcome import Finding, Level
from readiness_checks.headers.csp import ANY_HOST, opens
from readiness_checks.headers.csp_judgement import policies
from readiness_checks.headers.page import MDN, Page

_REFERRER_GOOD = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
_REFERRER_WEAK = frozenset({"origin", "origin-when-cross-origin", "no-referrer-when-downgrade"})
_OBSOLETE = {
    "public-key-pins": "browsers no longer support it",
    "expect-ct": "browsers no longer need it",
    "feature-policy": "Permissions-Policy replaces it",
    "x-webkit-csp": "Content-Security-Policy replaces it",
    "x-content-security-policy": "Content-Security-Policy replaces it",
}
_TELLING = ("server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator")
_VERSION = re.compile(r"\d+\.\d+|/\d+")


def framing(page: Page) -> Iterator[Finding]:
    """Judge the protection against clickjacking: frame-ancestors, and X-Frame-Options where there is none."""
    ancestors = [sources for policy in policies(page.answer) if (sources := policy.forbids_framing) is not None]
    options = page.tokens("x-frame-options")
    remedy = "send Content-Security-Policy: frame-ancestors 'none' (or 'self'), and X-Frame-Options: DENY"
    link = MDN + "Content-Security-Policy/frame-ancestors"

    def fault(message: str, rule: str, level: Level = Level.ERROR) -> Finding:
        return Finding(message=message, rule=rule, level=level, remedy=remedy, link=link)

    if ancestors:
        yield from _framed_by(ancestors, fault)
        if options and {"deny"} == set(options) and ("'none'",) not in ancestors:
            message = "X-Frame-Options says DENY, but frame-ancestors, which counts, allows some"
            yield fault(message, "framing-conflict", Level.NOTE)
        return
    if not options:
        yield fault("every site may frame the page: neither frame-ancestors nor X-Frame-Options", "framing-missing")
    elif any(option.startswith("allow-from") for option in options):
        yield fault("X-Frame-Options: ALLOW-FROM is obsolete, and browsers ignore it", "x-frame-options-obsolete")
    elif not set(options) <= {"deny", "sameorigin"}:
        yield fault(f"X-Frame-Options is `{', '.join(options)[:60]}`, which means nothing", "x-frame-options-invalid")
    elif len(set(options)) > 1:
        yield fault("X-Frame-Options is sent with two values that disagree", "x-frame-options-conflict")
    elif len(options) > 1:
        yield fault("X-Frame-Options is sent several times", "x-frame-options-repeated", Level.NOTE)


def _framed_by(ancestors: list[tuple[str, ...]], fault: Callable[..., Finding]) -> Iterator[Finding]:
    """Judge whom frame-ancestors lets in: all policies apply, so one that is closed is enough."""
    opened = [set(filter(None, map(opens, sources))) for sources in ancestors]
    if all(ANY_HOST in one for one in opened):
        yield fault("frame-ancestors lets every site frame the page", "frame-ancestors-open")
    elif all(opened):
        others = min(set().union(*opened) - {ANY_HOST})
        yield fault(f"frame-ancestors lets others frame the page: {others}", "frame-ancestors-shared", Level.WARNING)


def nosniff(page: Page) -> Iterator[Finding]:
    """Judge X-Content-Type-Options; only the first value counts (Fetch standard, "determine nosniff")."""
    values = page.tokens("x-content-type-options")
    if values[:1] != ["nosniff"]:
        is_there = f"X-Content-Type-Options is `{values[0][:40]}`" if values else "there is no X-Content-Type-Options"
        yield Finding(
            message=f"{is_there}: browsers may guess another type for the content",
            rule="nosniff",
            remedy="send X-Content-Type-Options: nosniff",
            link=MDN + "X-Content-Type-Options",
        )


def referrer(page: Page) -> Iterator[Finding]:
    """Judge Referrer-Policy; the last word that a browser knows counts (Referrer Policy §8.1)."""
    known = [
        word for word in page.tokens("referrer-policy") if word in _REFERRER_GOOD | _REFERRER_WEAK | {"unsafe-url"}
    ]
    word, level = (known[-1] if known else ""), Level.WARNING
    if word in _REFERRER_GOOD:
        return
    if not word:
        message, rule = "there is no Referrer-Policy that browsers know; their defaults differ", "referrer-missing"
    elif word == "unsafe-url":
        message, rule, level = (
            "Referrer-Policy: unsafe-url gives whole URLs to every site",
            "referrer-unsafe",
            Level.ERROR,
        )
    else:
        message, rule = f"Referrer-Policy: {word} gives away more than needed, even without TLS", "referrer-weak"
        if word == "no-referrer-when-downgrade":
            message = "Referrer-Policy: no-referrer-when-downgrade gives whole URLs to other sites"
    yield Finding(
        message=message,
        rule=rule,
        level=level,
        remedy="send Referrer-Policy: strict-origin-when-cross-origin",
        link=MDN + "Referrer-Policy",
    )


def isolation(page: Page) -> Iterator[Finding]:
    """Note what keeps other sites' windows and documents apart: COOP, CORP, Permissions-Policy."""
    wanted = {
        "Cross-Origin-Opener-Policy": (
            "same-origin",
            {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"},
        ),
        "Cross-Origin-Resource-Policy": ("same-origin", {"same-origin", "same-site"}),
    }
    for name, (good, accepted) in wanted.items():
        word = next(iter(page.tokens(name)), "").partition(";")[0].strip().strip('"')
        if word not in accepted:
            is_there = f"{name} is `{word[:40]}`" if word else f"there is no {name}"
            yield _note(is_there, name.lower(), f"send {name}: {good}", name)
    embedder = next(iter(page.tokens("cross-origin-embedder-policy")), "").partition(";")[0].strip().strip('"')
    if embedder and embedder not in {"require-corp", "credentialless", "unsafe-none"}:
        message = f"Cross-Origin-Embedder-Policy is `{embedder[:40]}`, which means nothing"
        name = "Cross-Origin-Embedder-Policy"
        yield _note(message, name.lower(), f"send {name}: require-corp", name)
    if not page.values("permissions-policy"):
        name = "Permissions-Policy"
        remedy = f"send {name}: camera=(), microphone=(), geolocation=()"
        yield _note(f"there is no {name}", name.lower(), remedy, name)


def outdated(page: Page) -> Iterator[Finding]:
    """Note headers that do nothing or harm, and those that tell versions."""
    if any(not value.startswith("0") for value in page.values("x-xss-protection")):
        message = "X-XSS-Protection is deprecated: browsers dropped its filter, which could itself be abused"
        yield _note(message, "x-xss-protection", "leave it out, or send X-XSS-Protection: 0", "X-XSS-Protection")
    for name, why in _OBSOLETE.items():
        if page.values(name):
            yield _note(f"{name.title()} is obsolete: {why}", name, "leave it out", "")
    for name in _TELLING:
        told = next((value for value in page.values(name) if _VERSION.search(value)), "")
        if told:
            message = f"{name.title()} tells a version: {told[:60]}"
            yield _note(message, "version-told", "configure the server to leave versions out", "")


def scripts(page: Page) -> Iterator[Finding]:
    """Judge scripts of other hosts: without a digest, whoever changes them runs in the page."""
    base, own = str(page.answer.url), page.answer.url.host
    open_hosts = sorted(
        {
            urlsplit(urljoin(base, source)).netloc[:80]
            for source, digest in page.markup.scripts
            if not digest and _host(base, source) not in {"", own}
        }
    )
    if open_hosts:
        yield Finding(
            message=f"scripts of other hosts are loaded without an integrity digest: {', '.join(open_hosts[:5])}",
            rule="sri-missing",
            level=Level.WARNING,
            remedy='add integrity="sha384-…" crossorigin="anonymous", or serve the script yourself',
            link="https://developer.mozilla.org/en-US/docs/Web/Security/Subresource_Integrity",
        )


def _host(base: str, source: str) -> str:
    try:
        return urlsplit(urljoin(base, source)).hostname or ""
    except ValueError:
        return ""


def _note(message: str, rule: str, remedy: str, header: str) -> Finding:
    link = MDN + header if header else ""
    return Finding(message=message, rule=rule, level=Level.NOTE, remedy=remedy, link=link)
