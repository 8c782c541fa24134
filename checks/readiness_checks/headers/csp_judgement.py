"""Judges the Content-Security-Policy of a page."""

from collections.abc import Iterator

from readiness.outcome import Finding, Level
from readiness.text import did_you_mean
from readiness_checks.headers import csp
from readiness_checks.headers.csp import Policy
from readiness_checks.headers.page import MDN, Page, read_markup
from readiness_checks.web.client import Answer

STRICT = (
    "allow scripts by a nonce that is new in every answer: "
    "script-src 'nonce-…' 'strict-dynamic'; object-src 'none'; base-uri 'none'"
)
_LINK = MDN + "Content-Security-Policy"
_GUIDE = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP"
_SHORTEST_NONCE = 22
"""Characters of base64 that hold 128 bits, which CSP3 §7.1 asks for."""
_SHOWN = 4


def policies(answer: Answer) -> list[Policy]:
    """Policies that a browser enforces on an answer, from its headers and its meta elements."""
    sent = [policy for value in answer.headers.getlist("content-security-policy") for policy in csp.parse(str(value))]
    written = [policy for text in read_markup(answer).policies for policy in csp.parse(text, meta=True)]
    return sent + written


def judge(page: Page) -> Iterator[Finding]:
    """Judge the policy of a page that people open."""
    found = policies(page.answer)
    if not found:
        yield _missing(page)
        yield from _inert(page)
        return
    yield from _inert(page)
    yield from _scripts(page, found)
    if all(_allows_eval(policy) for policy in found):
        yield Finding(
            message="the CSP allows eval() by 'unsafe-eval'",
            rule="csp-unsafe-eval",
            level=Level.WARNING,
            remedy="leave 'unsafe-eval' out; 'wasm-unsafe-eval' is enough for WebAssembly",
            link=_LINK,
        )
    yield from _objects(found)
    yield from _insecure(found)
    if not any(policy.holds_base for policy in found):
        yield _base(found)
    if not any("form-action" in policy.directives for policy in found):
        yield _absent("form-action", "forms can be sent anywhere", "form-action 'self'", Level.NOTE)
    for policy in found:
        yield from _spelling(policy)


def judge_api(page: Page) -> Iterator[Finding]:
    """Judge the policy of an API, whose answers nobody should open as a page (OWASP REST Security)."""
    found = policies(page.answer)
    closed = any(policy.sources("default-src") == ("'none'",) for policy in found)
    if not closed or not any(policy.forbids_framing == ("'none'",) for policy in found):
        yield Finding(
            message="the CSP does not close the answer against being opened as a page",
            rule="csp-api",
            level=Level.WARNING,
            remedy="send Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
            link="https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html",
        )
    for policy in found:
        yield from _spelling(policy)


def _missing(page: Page) -> Finding:
    if page.values("content-security-policy-report-only"):
        message, rule = (
            "the CSP is only reported, not enforced (Content-Security-Policy-Report-Only)",
            "csp-report-only",
        )
        remedy = "send it as Content-Security-Policy once its reports are clean"
    else:
        message, rule, remedy = "there is no Content-Security-Policy", "csp-missing", STRICT
    return Finding(message=message, rule=rule, remedy=remedy, link=_GUIDE)


def _inert(page: Page) -> Iterator[Finding]:
    """Name what stands in meta elements and does nothing there (CSP3 §3.3; HTML standard, "pragma directives")."""
    for words in dict.fromkeys(page.markup.inert):
        message = f"a meta element does nothing: {words}"
        yield _slip(message, "csp-inert-meta", "send it as a header")


def _scripts(page: Page, found: list[Policy]) -> Iterator[Finding]:
    """Judge the protection against XSS: all policies apply, so one that protects is enough."""
    reasons = min((list(csp.gaps(policy)) for policy in found), key=len)
    if reasons:
        more = f"; and {len(reasons) - _SHOWN} more" if len(reasons) > _SHOWN else ""
        yield Finding(
            message="the CSP gives no protection against XSS: " + "; ".join(reasons[:_SHOWN]) + more,
            rule="csp-no-xss-protection",
            remedy=STRICT,
            link=_GUIDE,
        )
        return
    nonces = set().union(*(policy.nonces for policy in found))
    if nonces & set().union(*(policy.nonces for policy in policies(page.again))):
        yield Finding(
            message="the CSP gives no protection against XSS: two answers carry the same nonce",
            rule="csp-nonce-reused",
            remedy="make a random nonce for every answer, and keep such pages out of caches",
            link=_GUIDE,
        )
    if any(len(nonce.rstrip("=")) < _SHORTEST_NONCE for nonce in nonces):
        yield Finding(
            message="the nonce of the CSP is shorter than 128 bits",
            rule="csp-nonce-short",
            level=Level.WARNING,
            remedy="make it of 16 random bytes in base64",
            link=_GUIDE,
        )


def _objects(found: list[Policy]) -> Iterator[Finding]:
    """Judge what may be embedded: all policies apply, so one that is closed is enough."""
    allowed = [policy.sources("object-src", "default-src") for policy in found]
    if ("'none'",) in allowed:
        return
    if all(sources is None or any(map(csp.opens, sources)) for sources in allowed):
        yield _absent("object-src", "anything can be embedded, from anywhere", "object-src 'none'", Level.ERROR)
    else:
        yield _absent("object-src", "plugins can be embedded", "object-src 'none'")


def _insecure(found: list[Policy]) -> Iterator[Finding]:
    """Judge sources without TLS, unless another policy has none."""
    insecure = [dict(csp.without_tls(policy)) for policy in found]
    if not all(insecure):
        return
    active = {name: source for each in insecure for name, source in each.items() if name not in csp.PASSIVE}
    name, source = next(iter((active or insecure[0]).items()))
    yield Finding(
        message=f"the CSP allows what is fetched without TLS: {source[:60]} in {name}",
        rule="csp-insecure-scheme",
        level=Level.ERROR if active else Level.WARNING,
        remedy=f"write the source with https:// in {name}",
        link=_LINK,
    )


def _base(found: list[Policy]) -> Finding:
    """No policy restricts `<base>`: with a nonce it moves marked scripts to a foreign host, and they run."""
    protecting = [policy for policy in found if not any(csp.gaps(policy))]
    if protecting and all(policy.trusts_marked_scripts for policy in protecting):
        harm = "an injected <base> makes the scripts with a nonce load from a foreign host"
        return _absent("base-uri", harm, "base-uri 'none'", Level.ERROR)
    return _absent("base-uri", "an injected <base> can redirect relative URLs", "base-uri 'none'")


def _allows_eval(policy: Policy) -> bool:
    sources = policy.sources("script-src", "default-src")
    return sources is None or "'unsafe-eval'" in sources


def _absent(name: str, harm: str, value: str, level: Level = Level.WARNING) -> Finding:
    return Finding(
        message=f"the CSP has no effective {name}: {harm}",
        rule=f"csp-{name}",
        level=level,
        remedy=f"add {value}",
        link=f"{_LINK}/{name}",
    )


def _spelling(policy: Policy) -> Iterator[Finding]:
    """Name what a browser silently ignores or reads differently."""
    for name in policy.directives:
        if name not in csp.DIRECTIVES:
            hint = did_you_mean(name, csp.DIRECTIVES) or "leave it out"
            yield _slip(f"`{name[:40]}` is no directive of a CSP, and browsers ignore it", "csp-unknown", hint)
    for name in dict.fromkeys(policy.repeated):
        remedy = "write all its sources into one"
        yield _slip(f"the CSP has {name[:40]} several times, and only the first counts", "csp-repeated", remedy)
    for name, source in csp.unquoted(policy):
        message = f"{source[:40]} in {name} of the CSP lacks its quotes, and so means a host"
        yield _slip(message, "csp-unquoted", f"write '{source[:40]}'")


def _slip(message: str, rule: str, remedy: str) -> Finding:
    return Finding(message=message, rule=rule, level=Level.WARNING, remedy=remedy, link=_LINK)
