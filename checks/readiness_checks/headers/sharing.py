"""Judges who else can read a response: other origins through CORS (Fetch standard), and caches."""

from collections.abc import Iterator

from readiness.outcome import Finding, Level
from readiness_checks.headers.page import MDN, Page
from readiness_checks.web.client import Answer

FOREIGN = "https://readiness.invalid"
"""An origin that nobody can own (RFC 2606); no service has a reason to trust it."""
_LINK = MDN + "Access-Control-Allow-Origin"
_REMEDY = "answer with Access-Control-Allow-Origin only to the origins that need it, by a list"


def cors(page: Page) -> Iterator[Finding]:
    """Judge what other sites may read."""
    seen: set[str] = set()
    for answer in (page.answer, page.again):
        for finding in _shared(answer):
            if finding.rule not in seen:
                seen.add(finding.rule)
                yield finding


def _shared(answer: Answer) -> Iterator[Finding]:
    origins = [str(value).strip() for value in answer.headers.getlist("access-control-allow-origin")]
    credentials = str(answer.headers.get("access-control-allow-credentials", "")).strip() == "true"
    if len(origins) > 1:
        yield _fault("Access-Control-Allow-Origin is sent several times, and browsers refuse it", "cors-repeated")
    for origin in origins:
        if origin == FOREIGN and credentials:
            yield _fault("every site may read the answers that its visitors get with their cookies", "cors-credentials")
        elif origin == FOREIGN:
            yield _fault("CORS echoes every origin; `*` would say so openly", "cors-echo", Level.WARNING)
        elif origin == "*" and credentials:
            yield _fault("CORS allows every origin with credentials, which browsers refuse", "cors-credentials")
        elif origin == "null":
            yield _fault("CORS allows the origin `null`, which every sandboxed frame has", "cors-null")


def not_stored(page: Page) -> Iterator[Finding]:
    """Judge whether caches may keep the answers of an API (OWASP REST Security)."""
    if "no-store" not in page.tokens("cache-control"):
        yield Finding(
            message="Cache-Control does not say no-store: caches may keep the answer",
            rule="cache-control",
            level=Level.NOTE,
            remedy="send Cache-Control: no-store, unless the answer is the same for everybody",
            link=MDN + "Cache-Control",
        )


def _fault(message: str, rule: str, level: Level = Level.ERROR) -> Finding:
    return Finding(message=message, rule=rule, level=level, remedy=_REMEDY, link=_LINK)
