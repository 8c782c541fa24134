from typing import Any

import pytest

from readiness.outcome import Level
from readiness_checks.headers import check
from support.certificates import Authority
from support.headers import GOOD, judged, over_http, rules
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
    ("value", "rule", "level"),
    [
        ("unsafe-url", "referrer-unsafe", Level.ERROR),
        ("no-referrer-when-downgrade", "referrer-weak", Level.WARNING),
        ("nonsense", "referrer-invalid", Level.ERROR),
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


def test_flood_of_findings_is_cut_with_the_worst_first() -> None:
    csp = ";".join(f"x{number} y" for number in range(2000))
    outcome = over_http({**GOOD, "Content-Security-Policy": csp})
    assert len(outcome.findings) == check.MOST_FINDINGS
    assert outcome.findings[0].level is Level.ERROR
    assert outcome.status == "failed"
