"""Judges cookies as they are set: Secure, HttpOnly, SameSite and the promises of their names (RFC 6265bis)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from readiness.outcome import Finding, Level
from readiness_checks.headers.page import MDN, Page

_LINK = MDN + "Set-Cookie"
_CREDENTIAL = re.compile(r"(?i)sess|sid($|[^a-z])|auth|token|jwt|login|remember|credential")
_READ_BY_SCRIPTS = re.compile(r"(?i)csrf|xsrf")
_NAME_SHOWN = 60


@dataclass(frozen=True)
class Cookie:
    """A cookie without its value, which nothing here needs and nothing may show."""

    name: str
    attributes: dict[str, str]
    """By lower-case name; the last of a name counts."""

    @property
    def removed(self) -> bool:
        """Whether the header deletes it."""
        age = self.attributes.get("max-age", "")
        return bool(re.fullmatch(r"-\d+|0+", age)) or ("1970" in self.attributes.get("expires", "") and not age)


def parse(value: str) -> Cookie:
    """Read one Set-Cookie field; the standard library would drop those with an attribute it does not know."""
    pair, *rest = value.split(";")
    name = pair.partition("=")[0].strip() if "=" in pair else ""
    attributes = {}
    for piece in rest:
        key, _, text = piece.partition("=")
        attributes[key.strip().lower()] = text.strip()
    return Cookie(name, attributes)


def judge(page: Page) -> Iterator[Finding]:
    """Judge every cookie that is set on the way to a page and by it."""
    seen: set[tuple[str, str]] = set()
    for answer in (*page.hops, page.again):
        for value in answer.headers.getlist("set-cookie"):
            cookie = parse(str(value))
            if cookie.removed:
                continue
            for finding in _faults(cookie, secure=answer.url.secure):
                if (finding.rule, cookie.name) not in seen:
                    seen.add((finding.rule, cookie.name))
                    yield finding


def _faults(cookie: Cookie, *, secure: bool) -> Iterator[Finding]:
    has, site = cookie.attributes, cookie.attributes.get("samesite", "").lower()
    if "secure" not in has:
        if site == "none":
            yield _fault(cookie, "says SameSite=None without Secure, and is refused", "cookie-samesite", "add Secure")
        if "partitioned" in has:
            yield _fault(cookie, "says Partitioned without Secure, and is refused", "cookie-partitioned", "add Secure")
        words = "lacks Secure, and is sent without TLS too" if secure else "is set without TLS"
        yield _fault(cookie, words, "cookie-secure", "set it over https, with Secure")
    if "httponly" not in has and not _READ_BY_SCRIPTS.search(cookie.name):
        level = Level.ERROR if _CREDENTIAL.search(cookie.name) else Level.WARNING
        yield _fault(cookie, "lacks HttpOnly, so that scripts can read it", "cookie-httponly", "add HttpOnly", level)
    if site not in {"strict", "lax", "none"}:
        means_nothing = "samesite" in has
        words = f"has SameSite={site[:20]}, which means nothing" if means_nothing else "lacks SameSite"
        serious = means_nothing or _READ_BY_SCRIPTS.search(cookie.name)
        level = Level.ERROR if serious else Level.WARNING
        yield _fault(cookie, words, "cookie-samesite", "add SameSite=Lax or Strict", level)
    yield from _promises(cookie)


def _promises(cookie: Cookie) -> Iterator[Finding]:
    """Judge the prefixes of a name, by which browsers refuse a cookie that does not keep them."""
    name, has = cookie.name.lower(), cookie.attributes
    remedy = "keep the promise of the prefix, or rename the cookie"
    if name.startswith(("__secure-", "__host-")) and "secure" not in has:
        yield _fault(cookie, "promises Secure by its name, and is refused without", "cookie-prefix", remedy)
    if name.startswith("__host-") and (has.get("path") != "/" or has.get("domain")):
        words = "promises Path=/ and no Domain by its name, and is refused otherwise"
        yield _fault(cookie, words, "cookie-prefix", remedy)


def _fault(cookie: Cookie, words: str, rule: str, remedy: str, level: Level = Level.ERROR) -> Finding:
    message = f"the cookie `{cookie.name[:_NAME_SHOWN]}` {words}"
    return Finding(message=message, rule=rule, level=level, remedy=remedy, link=_LINK)
