import itertools
import re
import secrets
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.headers import Headers, check, transport
from readiness_checks.headers.page import Page
from readiness_checks.web.client import Answer, Client
from readiness_checks.web.network import NetworkError
from readiness_checks.web.url import Url, parse
from support import servers
from support.certificates import Authority
from support.servers import Reply, Request, html, serve

GUIDE_CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline' *.googletagmanager.com "
    "*.google-analytics.com; style-src 'self' 'unsafe-inline' fonts.googleapis.com; font-src 'self' fonts.gstatic.com; "
    "img-src 'self' data: *.google-analytics.com *.googletagmanager.com; "
    "connect-src 'self' *.render.com *.sentry.io *.google-analytics.com;"
)
GUIDE = {
    "X-DNS-Prefetch-Control": "on",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-XSS-Protection": "1; mode=block",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "origin-when-cross-origin",
    "Content-Security-Policy": GUIDE_CSP,
}
GOOD = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def tls(authority: Authority) -> Any:
    return servers.server_context(authority.chain(authority.ca_file.parent))


def judged(*urls: str, authority: Authority | None = None, timeout: float = 30, **params: Any) -> Outcome:
    if authority:
        params["ca_file"] = str(authority.ca_file)
    using = context(Path("/"), item=Item(id="headers", title="Headers", check="headers", timeout=timeout))
    return evaluate(Headers, Path("/"), using=using, urls=list(urls), **params)


def rules(outcome: Outcome, level: Level = Level.ERROR) -> set[str]:
    return {finding.rule for finding in outcome.findings if finding.level is level}


def over_http(headers: Any, *, body: str = "<!doctype html>", **params: Any) -> Outcome:
    with serve(html(body, headers)) as server:
        return judged(server.url, **params)


def without(*names: str, **changes: str) -> dict[str, str]:
    return {name: value for name, value in GOOD.items() if name not in names} | changes


def test_good_headers_pass_over_tls(authority: Authority, tls: Any) -> None:
    with serve(html(headers=GOOD), tls) as server:
        outcome = judged(server.url, authority=authority)
    assert outcome.status == "passed", outcome
    assert (outcome.examined, outcome.unit) == (11, "tests")
    assert outcome.findings == ()
    assert [(each.name, each.value, each.met) for each in outcome.measurements] == [("HSTS max-age", 31_536_000, True)]
    assert "Content-Security-Policy sound" in outcome.evidence[0].excerpt
    assert outcome.evidence[0].sha256


def test_header_set_of_the_deployment_guide(authority: Authority, tls: Any) -> None:
    with serve(html(headers=GUIDE), tls) as server:
        outcome = judged(server.url, authority=authority)
    assert outcome.status == "failed"
    assert rules(outcome) == {"csp-no-xss-protection"}
    csp = outcome.findings[0]
    assert csp.message.startswith("the CSP gives no protection against XSS: 'unsafe-inline' allows every inline script")
    assert "*.googletagmanager.com, *.google-analytics.com serve scripts that others choose" in csp.message
    assert "nonce" in csp.remedy
    assert "'strict-dynamic'" in csp.remedy
    assert rules(outcome, Level.WARNING) == {"referrer-weak", "csp-unsafe-eval", "csp-object-src", "csp-base-uri"}
    referrer = next(each for each in outcome.findings if each.rule == "referrer-weak")
    assert "strict-origin-when-cross-origin" in referrer.remedy
    assert "x-xss-protection" in rules(outcome, Level.NOTE)
    sound = outcome.evidence[0].excerpt
    assert all(f"{name} sound" in sound for name in ("Strict-Transport-Security", "framing", "X-Content-Type-Options"))
    assert all(finding.url == server.url and finding.remedy for finding in outcome.findings)


def test_no_headers_at_all_fail_one_by_one(authority: Authority, tls: Any) -> None:
    with serve(html(), tls) as server:
        outcome = judged(server.url, authority=authority)
    assert rules(outcome) == {"hsts-missing", "csp-missing", "framing-missing", "nosniff"}


@pytest.mark.parametrize(
    ("value", "rule", "level"),
    [
        ("max-age=0", "hsts-short", Level.ERROR),
        ("max-age=15767999; includeSubDomains", "hsts-short", Level.ERROR),
        ("max-age=15768000; includeSubDomains", "hsts-short", Level.WARNING),
        ("max-age=31536000", "hsts-subdomains", Level.WARNING),
        ("max-age=31536000; preload", "hsts-preload", Level.WARNING),
        ("includeSubDomains", "hsts-malformed", Level.ERROR),
        ("max-age=one year", "hsts-malformed", Level.ERROR),
        ("max-age=31536000, max-age=1", "hsts-malformed", Level.ERROR),
        ("max-age=31536000; max-age=31536000", "hsts-malformed", Level.ERROR),
        ("max-age=-1", "hsts-malformed", Level.ERROR),
        ('MAX-AGE="31536000" ; INCLUDESUBDOMAINS;', "", Level.ERROR),
    ],
)
def test_strict_transport_security(authority: Authority, tls: Any, value: str, rule: str, level: Level) -> None:
    with serve(html(headers={**GOOD, "Strict-Transport-Security": value}), tls) as server:
        outcome = judged(server.url, authority=authority)
    assert rules(outcome, level) >= ({rule} if rule else set())
    assert (outcome.status == "failed") is (level is Level.ERROR and bool(rule))


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
        return html(headers={**GOOD, "Content-Security-Policy": f"{next(replies)}; frame-ancestors 'none'"})

    with serve(answer) as server:
        outcome = judged(server.url)
    if reason is None:
        assert rules(outcome) == set()
    else:
        assert rules(outcome) == {"csp-no-xss-protection"}
        assert reason in outcome.summary


def test_csp_of_several_headers_and_a_meta_element_apply_together() -> None:
    weak = "script-src *; frame-ancestors 'none'"
    headers = [*without("Content-Security-Policy").items(), ("Content-Security-Policy", weak)]
    assert rules(over_http(headers)) == {"csp-no-xss-protection"}
    assert rules(over_http([*headers, ("Content-Security-Policy", "default-src 'self'")])) == set()
    meta = '<head><meta http-equiv="Content-Security-Policy" content="script-src \'self\'; frame-ancestors *"></head>'
    assert rules(over_http(headers, body=meta)) == set()
    late = f"<head></head><body>{meta}</body>"
    assert rules(over_http(headers, body=late)) == {"csp-no-xss-protection"}
    only = without("Content-Security-Policy")
    assert rules(over_http(only, body=meta)) == {"framing-missing"}


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
    headers = {
        **GOOD,
        "Content-Security-Policy": "script-src 'nonce-c3RhdGlj'; base-uri 'none'; frame-ancestors 'none'",
    }
    outcome = over_http(headers)
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


@pytest.mark.parametrize(
    ("value", "rule", "level"),
    [
        ("unsafe-url", "referrer-unsafe", Level.ERROR),
        ("no-referrer-when-downgrade", "referrer-weak", Level.WARNING),
        ("nonsense", "referrer-missing", Level.WARNING),
        ("no-referrer, unsafe-url", "referrer-unsafe", Level.ERROR),
        ("unsafe-url, strict-origin", "", Level.ERROR),
    ],
)
def test_referrer_policy(value: str, rule: str, level: Level) -> None:
    outcome = over_http({**GOOD, "Referrer-Policy": value})
    assert {each for each in rules(outcome, level) if each.startswith("referrer")} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("value", "fails"), [("nosniff", False), ("NOSNIFF, x", False), ("x, nosniff", True), ("", True)]
)
def test_nosniff(value: str, *, fails: bool) -> None:
    assert ("nosniff" in rules(over_http({**GOOD, "X-Content-Type-Options": value}))) is fails


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("session=v; Secure; HttpOnly; SameSite=Lax", set()),
        ("session=v; Secure; HttpOnly; SameSite=None; Partitioned; Path=/", set()),
        ("__Host-id=v; Secure; HttpOnly; SameSite=Strict; Path=/", set()),
        ("session=v; HttpOnly; SameSite=Lax", {"cookie-secure"}),
        ("session=v; Secure; SameSite=Lax", {"cookie-httponly"}),
        ("theme=v; Secure; SameSite=Lax", set()),
        ("csrftoken=v; Secure; SameSite=Lax", set()),
        ("a=v; HttpOnly; SameSite=None", {"cookie-samesite", "cookie-secure"}),
        ("a=v; HttpOnly; SameSite=Lax; Partitioned", {"cookie-partitioned", "cookie-secure"}),
        ("__Host-id=v; Secure; HttpOnly; SameSite=Lax; Path=/; Domain=example.com", {"cookie-prefix"}),
        ("__Secure-id=v; HttpOnly; SameSite=Lax", {"cookie-prefix", "cookie-secure"}),
        ("session=; Max-Age=0", set()),
        ("session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", set()),
    ],
)
def test_cookies(authority: Authority, tls: Any, cookie: str, expected: set[str]) -> None:
    headers = [*GOOD.items(), ("Set-Cookie", "fine=1; Secure; HttpOnly; SameSite=Lax"), ("Set-Cookie", cookie)]
    with serve(html(headers=headers), tls) as server:
        outcome = judged(server.url, authority=authority)
    assert rules(outcome) == expected


def test_value_of_a_cookie_is_never_shown() -> None:
    outcome = over_http([*GOOD.items(), ("Set-Cookie", "session=topsecretvalue")])
    assert outcome.status == "failed"
    assert "topsecretvalue" not in outcome.model_dump_json()


@pytest.mark.parametrize(
    ("allowed", "credentials", "rule", "level"),
    [
        ("echo", "true", "cors-credentials", Level.ERROR),
        ("*", "true", "cors-credentials", Level.ERROR),
        ("null", "", "cors-null", Level.ERROR),
        ("echo", "", "cors-echo", Level.WARNING),
        ("*", "", "", Level.ERROR),
        ("https://app.example.com", "true", "", Level.ERROR),
    ],
)
def test_cors(allowed: str, credentials: str, rule: str, level: Level) -> None:
    def answer(request: Request) -> Reply:
        origin = request.headers.get("origin", "") if allowed == "echo" else allowed
        extra = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": credentials}
        return html(headers=GOOD | {name: value for name, value in extra.items() if value})

    with serve(answer) as server:
        outcome = judged(server.url)
    assert {each for each in rules(outcome, level) if each.startswith("cors")} == ({rule} if rule else set())


def test_outdated_and_telling_headers_are_only_noted() -> None:
    outcome = over_http(GOOD | {"Server": "nginx/1.22.1", "X-Powered-By": "Express", "Expect-CT": "x"})
    assert outcome.status == "passed"
    assert {"version-told", "expect-ct"} <= rules(outcome, Level.NOTE)


def test_script_of_another_host_without_a_digest_is_warned_of() -> None:
    body = (
        '<script src="/own.js"></script><script src="//cdn.example/a.js"></script>'
        '<script src="https://ok.example/b.js" integrity="sha384-x"></script><script src="https://[bad"></script>'
    )
    outcome = over_http(GOOD, body=body)
    message = next(each.message for each in outcome.findings if each.rule == "sri-missing")
    assert message.endswith("digest: cdn.example")


def test_broken_markup_does_not_stop_the_judgement() -> None:
    assert over_http(GOOD, body="<![foo <!DOCTYPE [<!ENTITY <script src=").status == "passed"


def test_baseline_for_an_api() -> None:
    closed = {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }
    assert rules(over_http(closed, baseline="api"), Level.WARNING) == {"no-tls"}
    outcome = over_http({"X-Content-Type-Options": "nosniff"}, baseline="api")
    assert outcome.status == "passed"
    assert "csp-api" in rules(outcome, Level.WARNING)
    assert rules(over_http({}, baseline="api")) == {"nosniff"}


def test_required_headers() -> None:
    headers = {"X-Request-Id": "abc", "Empty": ""}
    assert over_http(headers, baseline="none", require=["x-request-id"]).status == "passed"
    assert over_http(headers, baseline="none", require={"X-Request-Id": "^a"}).status == "passed"
    wrong = over_http(headers, baseline="none", require={"X-Request-Id": "^b", "Empty": "", "Absent": ""})
    assert wrong.status == "failed"
    assert len(wrong.findings) == 3
    assert wrong.examined == 3


def test_redirects_are_followed_and_judged(authority: Authority, tls: Any) -> None:
    with serve(html(headers=GOOD), tls) as secure, serve(Reply(301, {"Location": f"{secure.url}/"})) as plain:
        outcome = judged(plain.url, authority=authority)
        assert outcome.status == "passed"
        assert outcome.findings == ()
    with serve(html(headers=GOOD)) as plain, serve(Reply(302, {"Location": plain.url}), tls) as secure:
        outcome = judged(secure.url, authority=authority)
        assert outcome.status == "failed"
        assert rules(outcome) == {"redirect-downgrade"}
        assert plain.requests == []


@pytest.mark.parametrize("first", ["/", "/twice"])
@pytest.mark.parametrize("host", ["127.0.0.2", "127.0.0.1"])
def test_no_request_leaves_for_another_host_or_port(host: str, first: str) -> None:
    """Neither at the first redirect nor behind one that stays."""
    with serve(html(headers=GOOD), host=host) as other:
        away = {"/": f"http://{host}:{other.port}/secret", "/twice": "/"}
        with serve(lambda request: Reply(302, {"Location": away[request.target]})) as own:
            outcome = judged(f"{own.url}{first}", baseline="none", require=["X-Frame-Options"])
    assert outcome.status == "error"
    assert f"redirects to another {'host' if host == '127.0.0.2' else 'port'}, 127.0.0." in outcome.summary
    assert other.requests == []


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        ("https://example.com/", "https://www.example.com/start", ""),
        ("https://www.example.com./", "https://example.com/", ""),
        ("http://example.com:8080/", "https://example.com:8443/", ""),
        ("http://example.com/", "http://example.com:80/other", ""),
        ("http://example.com/", "http://example.com.evil.test/", "another host, example.com.evil.test"),
        ("http://example.com/", "http://wwwexample.com/", "another host"),
        ("http://example.com/", "http://[::1]/", "another host, ::1"),
        ("http://example.com/", "http://2130706433/", "is neither a host name nor an address"),
        ("http://example.com/", "http://example.com:6379/", "another port, example.com:6379"),
        ("https://example.com/", "https://example.com:8443/", "another port"),
        ("https://example.com/", "http://example.com/", "from https to http"),
        ("http://example.com/", "http://user:word@example.com/", "holds no credentials"),
        ("http://example.com/", "//evil.test/", "another host, evil.test"),
    ],
)
def test_each_redirect_is_compared_before_it_is_followed(
    monkeypatch: pytest.MonkeyPatch, here: str, there: str, words: str
) -> None:
    from urllib3 import HTTPHeaderDict

    asked: list[str] = []

    def fetch(_client: Client, url: Url, **_options: Any) -> Answer:
        asked.append(str(url))
        moved = len(asked) == 1
        headers = HTTPHeaderDict({"Location": there}) if moved else HTTPHeaderDict()
        return Answer(url, 302 if moved else 200, headers, b"", 1.0)

    monkeypatch.setattr(Client, "fetch", fetch)
    client = Client.make(context(Path("/"), item=Item(id="headers", title="Headers", check="headers")), None)
    if not words:
        assert [str(answer.url) for answer in client.follow(parse(here))] == asked
        assert len(asked) == 2
        return
    with pytest.raises(NetworkError, match=re.escape(words)):
        client.follow(parse(here))
    assert asked == [here]


def test_page_of_another_host_is_not_taken_for_the_one_that_was_named(authority: Authority, tls: Any) -> None:
    def answer(request: Request) -> Reply:
        there = f"https://localhost:{request.headers['host'].rpartition(':')[2]}/login"
        return html(headers=GOOD) if request.target == "/login" else Reply(302, {"Location": there})

    with serve(answer, tls) as server:
        outcome = judged(server.url, authority=authority)
    assert outcome.status == "error"
    assert "redirects to another host, localhost" in outcome.summary


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        (["http://example.com", "https://example.com"], set()),
        (["http://example.com", "https://example.com", "https://www.example.com"], {"redirect-away"}),
        (["http://example.com", "https://www.example.com"], {"redirect-host", "redirect-away"}),
        (["http://example.com"], {"no-tls"}),
    ],
)
def test_way_to_tls(urls: list[str], expected: set[str]) -> None:
    from urllib3 import HTTPHeaderDict

    answers = [Answer(parse(url), 200, HTTPHeaderDict(), b"", 1.0) for url in urls]
    assert {each.rule for each in transport.redirects(Page(tuple(answers), answers[-1]))} == expected


def test_flood_of_findings_is_cut_with_the_worst_first() -> None:
    csp = ";".join(f"x{number} y" for number in range(2000))
    outcome = over_http({**GOOD, "Content-Security-Policy": csp})
    assert len(outcome.findings) == check.MOST_FINDINGS
    assert outcome.findings[0].level is Level.ERROR
    assert outcome.status == "failed"


@pytest.mark.parametrize(
    ("location", "words"),
    [("/", "redirects in a circle"), ("ftp://example.com/", "redirects to `ftp://example.com/`: a URL begins with")],
)
def test_redirect_that_leads_nowhere_is_an_error(location: str, words: str) -> None:
    with serve(Reply(302, {"Location": location})) as server:
        outcome = judged(f"{server.url}/")
    assert outcome.status == "error"
    assert words in outcome.summary


def test_too_many_redirects_are_an_error() -> None:
    numbers = itertools.count()
    with serve(lambda _: Reply(302, {"Location": f"/{next(numbers)}"})) as server:
        outcome = judged(f"{server.url}/start")
    assert outcome.status == "error"
    assert "redirects more than 5 times" in outcome.summary


@pytest.mark.parametrize("status", [404, 500, 401])
def test_page_that_is_not_the_one_that_was_meant_is_an_error(status: int) -> None:
    with serve(html(headers=GOOD, status=status)) as server:
        outcome = judged(server.url)
        assert outcome.status == "error"
        assert outcome.examined == 0
        assert f"answers {status}, expected 2xx" in outcome.summary
        assert judged(server.url, expect_status=status).status == "passed"


def test_page_that_is_down_does_not_hide_behind_one_that_is_sound_nor_hide_a_defect() -> None:
    down = f"http://127.0.0.1:{servers.free_port()}"
    with serve(html(headers=GOOD)) as good, serve(html()) as bad:
        assert judged(down).status == "error"
        outcome = judged(good.url, down)
        assert outcome.status == "error"
        assert f"{down.removeprefix('http://')} refused the connection" in outcome.summary
        both = judged(good.url, bad.url, down)
        assert both.status == "failed"
        assert "1 page could not be judged" in both.summary


@pytest.mark.parametrize(
    "params",
    [
        {"urls": []},
        {"urls": ["example.com"]},
        {"baseline": "none"},
        {"require": {"X": "("}},
        {"require": ["bad name"]},
        {"baseline": "strict"},
    ],
)
def test_wrong_parameters_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Headers, tmp_path, **{"urls": ["https://example.com"], **params})


def test_urls_statuses_and_required_headers_may_be_written_shortly(tmp_path: Path) -> None:
    with serve(html(headers={"X-One": "0", "X-Two": "b"}, status=401)) as server:
        for require, status in (
            ("X-One", "passed"),
            ({"X-One": 0, "X-Two": None}, "passed"),
            ({"X-One": 1}, "failed"),
            ("X-Three", "failed"),
        ):
            for expected in ("401", [200, 401], "4XX"):
                params: dict[str, Any] = {
                    "urls": server.url,
                    "baseline": "none",
                    "require": require,
                    "expect_status": expected,
                }
                assert evaluate(Headers, tmp_path, **params).status == status
        wrong = evaluate(Headers, tmp_path, urls=server.url, expect_status=[200, 204])
        assert "answers 401, expected 200 or 204" in wrong.summary
