"""Judges the headers that protect browsers: framing, sniffing, referrer; and those that are outdated."""

import re
from collections.abc import Callable, Iterator

from readiness.outcome import Finding, Level
from readiness_checks.headers.csp import ANY_HOST, opens
from readiness_checks.headers.csp_judgement import policies
from readiness_checks.headers.page import MDN, Page

_REFERRER_GOOD = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
_REFERRER_WEAK = frozenset({"origin", "origin-when-cross-origin", "no-referrer-when-downgrade"})
_OLD_REFERRERS = {
    "never": "no-referrer",
    "default": "strict-origin-when-cross-origin",
    "always": "unsafe-url",
    "origin-when-crossorigin": "origin-when-cross-origin",
}
_OBSOLETE = {
    "public-key-pins": "browsers no longer support it",
    "expect-ct": "browsers no longer need it",
    "feature-policy": "Permissions-Policy replaces it",
    "x-webkit-csp": "Content-Security-Policy replaces it",
    "x-content-security-policy": "Content-Security-Policy replaces it",
}
_TELLING = ("server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator")
_VERSION = re.compile(r"\d\.\d|/\d")


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
    if len(values) > 1 and values[0] == "nosniff":
        message = "X-Content-Type-Options is sent several times; browsers take the first"
        yield note(message, "nosniff-repeated", "send it once", "X-Content-Type-Options")
    if values[:1] != ["nosniff"]:
        is_there = f"X-Content-Type-Options is `{values[0][:40]}`" if values else "there is no X-Content-Type-Options"
        yield Finding(
            message=f"{is_there}: browsers may guess another type for the content",
            rule="nosniff",
            remedy="send X-Content-Type-Options: nosniff",
            link=MDN + "X-Content-Type-Options",
        )


def referrer(page: Page) -> Iterator[Finding]:
    """Judge Referrer-Policy: the last word that a browser knows counts.

    It may stand in the header (Referrer Policy §8.1) or, behind that, in a meta element (HTML standard, "referrer").
    """
    written = [_OLD_REFERRERS.get(word, word) for text in page.markup.referrers if (word := text.strip().lower())]
    words = [*page.tokens("referrer-policy"), *written]
    known = [word for word in words if word in _REFERRER_GOOD | _REFERRER_WEAK | {"unsafe-url"}]
    word, level = (known[-1] if known else ""), Level.WARNING
    if word in _REFERRER_GOOD:
        return
    if not word and (words or page.values("referrer-policy")):
        shown = ", ".join(words)[:60]
        message, rule, level = (
            f"Referrer-Policy is `{shown}`, which browsers do not know",
            "referrer-invalid",
            Level.ERROR,
        )
    elif not word:
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


def outdated(page: Page) -> Iterator[Finding]:
    """Note headers that do nothing or harm, and those that tell versions."""
    if any(not value.startswith("0") for value in page.values("x-xss-protection")):
        message = "X-XSS-Protection is deprecated: browsers dropped its filter, which could itself be abused"
        yield note(message, "x-xss-protection", "leave it out, or send X-XSS-Protection: 0", "X-XSS-Protection")
    for name, why in _OBSOLETE.items():
        if page.values(name):
            yield note(f"{name.title()} is obsolete: {why}", name, "leave it out", "")
    for name in _TELLING:
        told = next((value for value in page.values(name) if _VERSION.search(value)), "")
        if told:
            message = f"{name.title()} tells a version: {told[:60]}"
            yield note(message, "version-told", "configure the server to leave versions out", "")


def note(message: str, rule: str, remedy: str, header: str) -> Finding:
    """A finding that fails nothing; its link is about a header, if one is given."""
    link = MDN + header if header else ""
    return Finding(message=message, rule=rule, level=Level.NOTE, remedy=remedy, link=link)
