"""The check `headers` asked about pages of a server of its own, and headers that are good."""

from pathlib import Path
from typing import Any

from readiness.checklist import Item
from readiness.outcome import Level, Outcome
from readiness.testing import context, evaluate
from readiness_checks.headers import Headers
from support.certificates import Authority
from support.servers import html, serve

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
