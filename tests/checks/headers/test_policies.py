"""What a Content-Security-Policy protects from, wherever it is written."""

import itertools
import secrets
from collections.abc import Mapping

import pytest

from readiness.outcome import Level
from readiness_checks.headers import browser, csp_judgement, others
from readiness_checks.headers.page import Page
from readiness_checks.web.client import Answer
from readiness_checks.web.url import parse
from support.headers import GOOD, judged, over_http, rules, without
from support.servers import Reply, Request, html, serve


def page_of(headers: Mapping[str, str] | None = None, body: str = "") -> Page:
    from urllib3 import HTTPHeaderDict

    sent = HTTPHeaderDict({"Content-Type": "text/html", **(headers or {})})
    answer = Answer(parse("https://shop.example/"), 200, sent, body.encode(), 1.0)
    return Page((answer,), answer)


def levels(csp: str, rule: str) -> list[Level]:
    found = csp_judgement.judge(page_of({"Content-Security-Policy": csp}))
    return [each.level for each in found if each.rule == rule]


@pytest.mark.parametrize(
    ("csp", "reason"),
    [
        ("img-src 'self'", "neither script-src nor default-src"),
        ("script-src 'unsafe-inline'", "'unsafe-inline' allows every inline script"),
        ("default-src 'self' 'UNSAFE-INLINE'", "'unsafe-inline' allows every inline script"),
        ("script-src 'self'; script-src-attr 'unsafe-inline'", "every inline event handler"),
        ("script-src *", "* allows any host"),
        ("script-src https:", "https: allows any host"),
        ("script-src 'self' data:", "data: allows any data: URL"),
        ("script-src https://*", "https://* allows any host"),
        ("script-src *.com", "*.com allows any host"),
        ("script-src https://*.vercel.app", "every host below vercel.app"),
        ("script-src cdn.jsdelivr.net", "cdn.jsdelivr.net serves scripts that others choose"),
        ("script-src https://unpkg.com/", "https://unpkg.com/ serves"),
        ("script-src *.jsdelivr.net unpkg.com cdnjs.cloudflare.com esm.sh", "cdnjs.cloudflare.com and 1 more serve"),
        ("script-src 'none' https:", "https: allows any host"),
        ("default-src 'none'; script-src-elem *", "* allows any host"),
        ("script-src 'self'; script-src 'none', script-src *", None),
        ("script-src 'self'", None),
        ("script-src 'none'", None),
        ("script-src https://unpkg.com/vue@3.5.13/dist/vue.global.prod.js", None),
        ("script-src https://app.vercel.app", None),
        ("script-src 'nonce-2726c7f26c2726c7f26cAA' 'unsafe-inline' https: 'strict-dynamic'; base-uri 'none'", None),
        ("script-src 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' 'unsafe-inline'", None),
        ("script-src 'unsafe-inline', script-src 'self'", None),
    ],
)
def test_csp_protects_against_xss_or_says_why_not(csp: str, reason: str | None) -> None:
    replies = itertools.cycle([csp, csp.replace("2726c7f26c2726", "0000c7f26c2726")])

    def answer(_request: Request) -> Reply:
        return html(
            headers={**GOOD, "Content-Security-Policy": f"{next(replies)}; object-src 'none'; frame-ancestors 'none'"}
        )

    with serve(answer) as server:
        outcome = judged(server.url)
    if reason is None:
        assert rules(outcome) == set()
    else:
        assert rules(outcome) == {"csp-no-xss-protection"}
        assert reason in outcome.summary


def test_csp_of_several_headers_and_a_meta_element_apply_together() -> None:
    weak = "script-src *; object-src 'none'; frame-ancestors 'none'"
    headers = [*without("Content-Security-Policy").items(), ("Content-Security-Policy", weak)]
    assert rules(over_http(headers)) == {"csp-no-xss-protection"}
    assert rules(over_http([*headers, ("Content-Security-Policy", "default-src 'self'")])) == set()
    meta = '<head><meta http-equiv="Content-Security-Policy" content="script-src \'self\'; frame-ancestors *"></head>'
    assert rules(over_http(headers, body=meta)) == set()
    late = f"<head></head><body>{meta}</body>"
    assert rules(over_http(headers, body=late)) == {"csp-no-xss-protection"}
    only = without("Content-Security-Policy")
    assert rules(over_http(only, body=meta)) == {"csp-object-src", "framing-missing"}


META = "<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">"


@pytest.mark.parametrize(
    "page",
    [
        f"<head>{META}</head>",
        f"<!doctype html><html><head><title>A</title>{META}</head><body>",
        META,
        f"<title>A</title>{META}<p>B",
        f"<head></head>{META}<body>",
        f"<template><p></template><noscript><p></noscript>{META}",
        f"<script>if (a < b) {{}}</script><style>p {{}}</style>{META}",
        f"<link rel=icon href=a />{META}",
    ],
)
def test_a_policy_in_a_meta_element_of_the_head_counts(page: str) -> None:
    headers = without("Content-Security-Policy") | {"X-Frame-Options": "DENY"}
    assert rules(over_http(headers, body=page)) == set()


@pytest.mark.parametrize(
    "page",
    [
        f"<head><template>{META}</template></head>",
        f"<head><template><template></template>{META}</template></head>",
        f"<head><noscript>{META}</noscript></head>",
        f"<head><title>{META}</title></head>",
        f"<head><title/>{META}</head>",
        f"<head><style>{META}</style></head>",
        f"<head><script>{META}</script></head>",
        f"<head><!-- {META} --></head>",
        f"<p>A</p>{META}",
        f"A{META}",
        f"<head><div>{META}</div></head>",
        f"<head></head></body>{META}",
        f"<svg>{META}</svg>",
        f"<textarea>{META}</textarea>",
    ],
)
def test_a_policy_that_no_browser_reads_is_none(page: str) -> None:
    headers = without("Content-Security-Policy") | {"X-Frame-Options": "DENY"}
    assert rules(over_http(headers, body=page)) == {"csp-missing"}


@pytest.mark.parametrize(
    ("csp", "level"),
    [
        ("script-src 'nonce-{}'", Level.ERROR),
        ("script-src 'nonce-{}'; base-uri *", Level.ERROR),
        ("script-src 'nonce-{}'; base-uri https:", Level.ERROR),
        ("script-src 'nonce-{}' 'strict-dynamic'; base-uri https://*", Level.ERROR),
        ("script-src 'nonce-{}', script-src 'nonce-{}'", Level.ERROR),
        ("script-src 'nonce-{}', script-src *", Level.ERROR),
        ("script-src 'self'", Level.WARNING),
        ("script-src 'self'; base-uri *", Level.WARNING),
        ("script-src 'nonce-{}', script-src 'self'", Level.WARNING),
        ("script-src 'nonce-{}'; base-uri 'none'", None),
        ("script-src 'nonce-{}'; base-uri 'self'", None),
        ("script-src 'nonce-{}'; base-uri https://deedpro.io/", None),
        ("script-src 'nonce-{}', base-uri 'none'", None),
    ],
)
def test_scripts_with_a_nonce_need_a_base_that_nobody_moves(csp: str, level: Level | None) -> None:
    def reply(_request: Request) -> Reply:
        sent = csp.replace("{}", secrets.token_urlsafe(24)) + "; object-src 'none'; frame-ancestors 'none'"
        return html(headers={**GOOD, "Content-Security-Policy": sent})

    with serve(reply) as server:
        found = [finding.level for finding in judged(server.url).findings if finding.rule == "csp-base-uri"]
    assert found == ([level] if level else [])


def test_csp_that_is_only_reported_fails() -> None:
    headers = without("Content-Security-Policy") | {
        "Content-Security-Policy-Report-Only": GOOD["Content-Security-Policy"],
        "X-Frame-Options": "DENY",
    }
    assert rules(over_http(headers)) == {"csp-report-only"}


def test_nonce_that_never_changes_fails() -> None:
    csp = "script-src 'nonce-c3RhdGlj'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    outcome = over_http({**GOOD, "Content-Security-Policy": csp})
    assert rules(outcome) == {"csp-nonce-reused"}
    assert "csp-nonce-short" in rules(outcome, Level.WARNING)


def test_slips_in_a_csp_are_named() -> None:
    csp = "default-src self; scriptsrc 'self'; img-src *; img-src 'self'; frame-ancestors 'none'"
    outcome = over_http({**GOOD, "Content-Security-Policy": csp})
    assert {"csp-unquoted", "csp-unknown", "csp-repeated"} <= rules(outcome, Level.WARNING)
    unknown = next(each for each in outcome.findings if each.rule == "csp-unknown")
    assert unknown.remedy == "did you mean `script-src`?"


@pytest.mark.parametrize(
    ("ancestors", "options", "rule"),
    [
        (None, ["DENY"], ""),
        (None, ["sameorigin"], ""),
        (None, ["SAMEORIGIN", "SAMEORIGIN"], ""),
        (None, ["ALLOW-FROM https://example.com"], "x-frame-options-obsolete"),
        (None, ["ALLOWALL"], "x-frame-options-invalid"),
        (None, ["DENY", "SAMEORIGIN"], "x-frame-options-conflict"),
        (None, ["DENY; SAMEORIGIN"], "x-frame-options-invalid"),
        (None, [], "framing-missing"),
        ("*", ["DENY"], "frame-ancestors-open"),
        ("https:", [], "frame-ancestors-open"),
        ("https://*", [], "frame-ancestors-open"),
        ("http://*:8080", [], "frame-ancestors-open"),
        ("*:*", [], "frame-ancestors-open"),
        ("*.com", [], "frame-ancestors-open"),
        ("'self' HTTPS://*", [], "frame-ancestors-open"),
        ("*; frame-ancestors 'none'", [], "frame-ancestors-open"),
        ("https://*.deedpro.io", [], ""),
        ("https://*.vercel.app", [], ""),
        ("'self'", ["ALLOWALL"], ""),
    ],
)
def test_framing(ancestors: str | None, options: list[str], rule: str) -> None:
    csp = "default-src 'self'" + (f"; frame-ancestors {ancestors}" if ancestors else "")
    headers = [*{**GOOD, "Content-Security-Policy": csp}.items(), *(("X-Frame-Options", each) for each in options)]
    assert rules(over_http(headers)) == ({rule} if rule else set())


def test_script_of_another_host_without_a_digest_is_warned_of() -> None:
    body = (
        '<script src="/own.js"></script><script src="//cdn.example/a.js"></script>'
        '<script src="https://ok.example/b.js" integrity="sha384-x"></script><script src="https://[bad"></script>'
    )
    outcome = over_http(GOOD, body=body)
    message = next(each.message for each in outcome.findings if each.rule == "sri-missing")
    assert message.endswith("digest: cdn.example")


@pytest.mark.parametrize("before", ["<svg><style/></svg>", "<svg><script href=x /></svg>", "<math><title/></math>"])
def test_a_drawing_hides_no_script_behind_it(before: str) -> None:
    body = f'<body>{before}<script src="//cdn.example/a.js"></script>'
    assert "sri-missing" in rules(over_http(GOOD, body=body), Level.WARNING)


@pytest.mark.parametrize(
    ("csp", "level"),
    [
        ("script-src 'self'", Level.ERROR),
        ("default-src https:; script-src 'self'", Level.ERROR),
        ("default-src 'none'; object-src *", Level.ERROR),
        ("default-src 'self'", Level.WARNING),
        ("default-src", None),
        ("default-src 'self'; object-src 'none'", None),
        ("script-src 'self', object-src 'none'", None),
    ],
)
def test_what_may_be_embedded_is_closed(csp: str, level: Level | None) -> None:
    assert levels(csp, "csp-object-src") == ([level] if level else [])


@pytest.mark.parametrize(
    ("csp", "level"),
    [
        ("default-src http://shop.example", Level.ERROR),
        ("default-src 'none'; script-src ftp://shop.example", Level.ERROR),
        ("default-src 'self'; connect-src ws://shop.example", Level.ERROR),
        ("default-src 'self'; img-src http:", Level.WARNING),
        ("default-src 'self'; connect-src http://localhost:3000", None),
        ("default-src 'self'; img-src http:, default-src 'self'", None),
    ],
)
def test_sources_without_tls_are_told(csp: str, level: Level | None) -> None:
    assert levels(csp, "csp-insecure-scheme") == ([level] if level else [])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("gstatic.com", [Level.ERROR]),
        ("https://maps.googleapis.com", [Level.ERROR]),
        ("https://vimeo.com/api/", [Level.ERROR]),
        ("https://vimeo.com/api/oembed.json/", [Level.ERROR]),
        ("https://vimeo.com/player.js", []),
        ("https://www.google.com/recaptcha/", []),
        ("*.mapbox.com", [Level.ERROR]),
        ("googletagmanager.com", []),
        ("googletagmanager.com 'unsafe-eval'", [Level.ERROR]),
        ("ftp:", [Level.ERROR]),
        ("https://static.shop.example", []),
        ("https://[::1]:8000 http://[", []),
    ],
)
def test_hosts_with_known_bypasses_stop_nothing(source: str, found: list[Level]) -> None:
    assert levels(f"default-src 'none'; script-src {source}", "csp-no-xss-protection") == found


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<body>" + META, "a Content-Security-Policy outside of the head"),
        ('<meta http-equiv="X-Frame-Options" content="DENY">', "X-Frame-Options"),
        ('<meta http-equiv="Content-Security-Policy-Report-Only" content="a">', "Content-Security-Policy-Report-Only"),
        (
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'; frame-ancestors 'none'\">",
            "frame-ancestors of a Content-Security-Policy",
        ),
    ],
)
def test_what_does_nothing_in_a_meta_element_is_named(page: str, words: str) -> None:
    outcome = over_http(GOOD, body=page)
    assert [each.message for each in outcome.findings if each.rule == "csp-inert-meta"] == [
        f"a meta element does nothing: {words}"
    ]


@pytest.mark.parametrize(
    ("body", "rule", "level"),
    [
        ('<script src="http://cdn.example/a.js" integrity="sha256-YQ==">', "sri-insecure", Level.ERROR),
        ('<script src="//cdn.example/a.js" integrity="sha256-YQ==">', "sri-insecure", Level.WARNING),
        ('<script src="https://cdn.example/a.js" integrity="true">', "sri-invalid", Level.ERROR),
        ('<script src="https://cdn.example/a.js" integrity="md5-YQ==">', "sri-invalid", Level.ERROR),
        ('<script src="https://cdn.example/a.js" integrity="">', "sri-missing", Level.WARNING),
        ('<script src="https://cdn.example/a.js" integrity="md5-YQ== sha512-YQ==?x">', "", Level.NOTE),
        ('<script src="/a.js" integrity="none">', "", Level.NOTE),
    ],
)
def test_an_integrity_that_is_no_digest_is_none(body: str, rule: str, level: Level) -> None:
    found = [(each.rule, each.level) for each in others.scripts(page_of(body=body)) if each.rule.startswith("sri")]
    assert found == ([(rule, level)] if rule else [])


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("Cross-Origin-Opener-Policy", "same-origin", None),
        ("Cross-Origin-Opener-Policy", 'same-origin; report-to="coop"', None),
        ("Cross-Origin-Opener-Policy", "unsafe-none", Level.NOTE),
        ("Cross-Origin-Opener-Policy", '"same-origin"', Level.ERROR),
        ("Cross-Origin-Opener-Policy", "Same-Origin", Level.ERROR),
        ("Cross-Origin-Opener-Policy", "same-origin; report-to=coop endpoint", Level.ERROR),
        ("Cross-Origin-Opener-Policy", "same-origin, unsafe-none", Level.ERROR),
        ("Cross-Origin-Resource-Policy", "same-site", None),
        ("Cross-Origin-Resource-Policy", "cross-origin", Level.NOTE),
        ("Cross-Origin-Resource-Policy", "SAME-SITE", Level.ERROR),
        ("Cross-Origin-Embedder-Policy", "unsafe-none", None),
        ("Cross-Origin-Embedder-Policy", "REQUIRE-CORP", Level.ERROR),
    ],
)
def test_a_header_that_browsers_ignore_protects_nobody(name: str, value: str, level: Level | None) -> None:
    found = [each.level for each in others.isolation(page_of({name: value})) if each.rule == name.lower()]
    assert found == ([level] if level else [])


@pytest.mark.parametrize(
    ("header", "meta", "rule"),
    [
        ("", "no-referrer", ""),
        ("", "never", ""),
        ("no-referrer", "unsafe-url", "referrer-unsafe"),
        ("no-referrer", "always", "referrer-unsafe"),
        ("unsafe-url", "strict-origin", ""),
        ("no-referrer", "whimsy", ""),
        ("", "whimsy", "referrer-invalid"),
        ("", "", "referrer-missing"),
    ],
)
def test_a_meta_element_sets_the_referrer_policy(header: str, meta: str, rule: str) -> None:
    page = page_of({"Referrer-Policy": header} if header else {}, f'<meta name="referrer" content="{meta}">')
    assert [each.rule for each in browser.referrer(page)] == ([rule] if rule else [])
