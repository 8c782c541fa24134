"""Reads credentials in addresses, headers and calls of `curl`."""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from readiness_checks.secret_values import guessable, placeholder
from readiness_checks.secrets.fallbacks import literal
from readiness_checks.secrets.names import Telling
from readiness_checks.secrets.places import Place
from readiness_checks.secrets.randomness import made_up, random
from readiness_checks.secrets.values import judge
from readiness_checks.secrets.verdict import Given, Hit, Verdict
from readiness_checks.secrets.words import LABEL

_KIND = "Basic Auth Credentials"
_ADDRESS = re.compile(r"://([^\s/:@'\"<>\\?#,]{0,200}):([^\s/@'\"\\<>]{1,200})@([^\s/'\"@\\,)]{1,200})")
_CURL = re.compile(r"\bcurl\s[^|;&\n]{0,300}?(?:-u|--user)[\s=]?\s{0,4}[\"']?([\w.@+-]{1,80}):([^\s\"'$]{4,200})")
_PASSED = re.compile(
    r"\bsshpass\s+-p\s*[\"']?([^\s\"'$]{4,200})|\bmysql\w*\s[^|;&\n]{0,200}?\s-p([^\s\"'$]{4,200})|\bdocker\s+login\s[^|;&\n]{0,200}?-p\s+[\"']?([^\s\"'$]{4,200})|\bredis-cli\s[^|;&\n]{0,200}?-a\s+[\"']?([^\s\"'$]{4,200})"
)
_IDENTIFIED = re.compile(
    r"(?i)(?:\buser\b[^;\n]{1,120}|[\"'`%]\s{1,3})\bidentified\s+(?:with\s+\S{1,40}\s+)?by\s+(?:password\s+)?[\"']([^\"'\n]{3,200})[\"']"
)
_CONNECTED = re.compile(
    r"[\"'](?:jdbc|dbi|mysql|pgsql|sqlsrv|oci|odbc):[^\"'\n]{1,200}[\"'],\s{0,20}[\"'][^\"'\n]{1,80}[\"'],\s{0,20}[\"']([^\"'\n$]{4,200})[\"']"
    r"|\bauth\s?=\s?\(\s?[\"'][^\"'\n]{1,80}[\"'],\s{0,20}[\"']([^\"'\n$]{4,200})[\"']\s?\)",
    re.IGNORECASE,
)
"""The address of a database, a user and a password, as JDBC, DBI and PDO take them; user and password of `requests`."""
_HEADER = re.compile(
    r"(?i)\bauthorization\b[\"'\\]{0,3}\s{0,4}[:=,]?\s{0,4}[\"'`\\]{0,3}(bearer|basic|token)\s{1,4}"
    r"([A-Za-z0-9+/=_.~-]{8,1000})"
)
_PGPASS = re.compile(r"(?m)^[^\s:#]{1,200}:(?:\d+|\*):[^\s:]{1,60}:[^\s:]{1,60}:(?P<value>\S{4,200})$")
_LOCAL = re.compile(
    r"(?i)^(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|db|postgres\w*|redis|mysql|mariadb|mongo\w*|rabbit\w*|database|host\.docker\.internal|[\w-]+)(?=[:/?]|$)"
)
_RESERVED = re.compile(
    r"(?i)(^|\.)example(\.(com|org|net|edu))?(?=[:/?]|$)|\.(test|invalid|example)(?=[:/?]|$)|^(host|hostname|server|proxy|foo|bar|a|b|c|x|h)(?=[:/?]|$)"
)
_BLANK = re.compile(
    r"(?i)^\$[A-Za-z_]+$|^%[A-Za-z_]+%$|^\[[\w -]*\]?$|^\*+$|^x{3,}$|^\.+$|^:+"
    r"|\$[{(]|[{}<>|]|%s|^.?(?:%[0-9a-f]{2}.?){3,}$"
)
"""A blank of a template instead of a password, or a test of escapes."""
_NAMED = re.compile(r"(?i)^(user(name)?|login|u|usr|foo|name|me|usuario|id)$")
_SHORTEST = 8
_OF_STANDARDS = {"aladdin", "s6bhdrkqt3"}
"""Users in the headers that RFC 7617 and RFC 6749 show."""


def credentials(text: str, low: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Passwords in addresses and in calls of programs, with their places."""
    if "://" in text:
        for match in _ADDRESS.finditer(text):
            verdict = _in_address(match[1], match[2], match[3])
            if verdict is not Verdict.NOTHING:
                yield match.start(), Hit(_KIND, literal(match[2]) or match[2], verdict)
    for word, pattern in (
        ("curl", _CURL),
        ("sshpass", _PASSED),
        ("mysql", _PASSED),
        ("docker", _PASSED),
        ("redis-cli", _PASSED),
        ("identified", _IDENTIFIED),
        *((scheme, _CONNECTED) for scheme in ("jdbc:", "dbi:", "mysql:", "pgsql:", "sqlsrv:", "oci:", "odbc:", "auth")),
    ):
        if word in low:
            for match in pattern.finditer(text):
                value = next(group for group in reversed(match.groups()) if group)
                verdict = judge(Given(value, "password", Telling.PASSWORD), place)
                if verdict is not Verdict.NOTHING:
                    yield match.start(), Hit(_KIND, value, verdict)


def headers(text: str, low: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Credentials in headers of authorization, with their places, whatever stands around them."""
    if "authorization" in low:
        for match in _HEADER.finditer(text):
            hit = judge_credentials(match[1], match[2], place)
            if hit is not None:
                yield match.start(2), hit


def of_postgres(text: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Passwords in a file `.pgpass`."""
    for match in _PGPASS.finditer(text):
        verdict = judge(Given(match["value"], "password", Telling.PASSWORD), place)
        if verdict is not Verdict.NOTHING:
            yield match.start("value"), Hit(_KIND, match["value"], verdict)


def _in_address(user: str, password: str, host: str) -> Verdict:
    password = literal(password) or password
    if _BLANK.search(password) or re.search(r"[${]", host):
        return Verdict.NOTHING
    plain, address = unquote(password), f"://{user}:{password}@{host}"
    label = (LABEL.search(plain) and not re.search(r"\d", plain)) or "[" in user
    if label or placeholder(address) or placeholder(password) or made_up(password):
        return Verdict.PLACEHOLDER
    if random(password):
        return Verdict.SAMPLE if _RESERVED.search(host) else Verdict.SECRET
    if _RESERVED.search(host) or _NAMED.match(user):
        return Verdict.TRIVIAL if guessable(password) else Verdict.SAMPLE
    local = _LOCAL.search(host) is not None and (guessable(password) or "." not in host)
    return Verdict.TRIVIAL if local else Verdict.SECRET


def judge_credentials(scheme: str, value: str, place: Place) -> Hit | None:
    """Judge what stands in a header of authorization."""
    value = value.strip().strip("\"'").split(" ")[0].split("\\")[0]
    if scheme.lower() == "basic":
        return _basic(value)
    verdict = judge(Given(value, "authorization", Telling.TOKEN, sure=False), place)
    if verdict is Verdict.NOTHING or len(value) < _SHORTEST:
        return None
    return Hit("Secret Keyword", value, verdict, name="authorization")


def _basic(value: str) -> Hit | None:
    if _BLANK.search(value):
        return None
    try:
        user, _, password = base64.b64decode(value + "=" * (-len(value) % 4)).decode().partition(":")
    except (binascii.Error, ValueError):
        return Hit(_KIND, value, Verdict.SECRET) if random(value) else None
    if not password or not password.isprintable():
        return None
    sample = user.lower() in _OF_STANDARDS or guessable(password) or placeholder(password)
    return Hit(_KIND, value, Verdict.SAMPLE if sample else Verdict.SECRET)
