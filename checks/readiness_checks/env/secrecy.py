"""Tells which variables hold a secret, by name and value, and which only speak about one."""

import re

from readiness.redaction import looks_secret
from readiness_checks.secret_values import password

_ALSO = re.compile(r"(^|_)(PASS|PASSWD|JWT|SALT|PEPPER)$|(^|_)(ENCRYPTION|JWT|HMAC|COOKIE|SESSION)_KEY$", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(_(LENGTH|LEN|SIZE|COUNT|LIMIT|ROUNDS|ITERATIONS|COST|EXPIRY|EXPIRES?(_(IN|AT|AFTER))?|EXPIRATION|TTL|LIFETIME|TIMEOUT"
    r"|AGE|SECONDS|MINUTES|HOURS|DAYS|ENABLED|REQUIRED|DISABLED|SECURE|PARALLELISM|PORT)|TOKENS)$",
    re.IGNORECASE,
)
_AMOUNTS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?\s*(ms|s|m|h|d|w)?|true|false|yes|no|on|off", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"_(NAME|HEADER|ALGORITHM|ALG|TYPE|SCHEME|PROVIDER|BACKEND|ISSUER|AUDIENCE|URL|URI|ENDPOINT|FILE|PATH|DIR|PREFIX)$",
    re.IGNORECASE,
)


def holds_secret(name: str, value: str) -> bool:
    """Whether a variable most likely holds a secret.

    So does an address with a password. A name that only speaks about one (`ACCESS_TOKEN_EXPIRE_MINUTES`) excuses an
    amount or a switch, not a value of another kind.
    """
    if password(value):
        return True
    if not (looks_secret(name) or _ALSO.search(name)):
        return False
    return not (_DESCRIBED.search(name) or (_AMOUNT.search(name) and _AMOUNTS.fullmatch(value.strip())))
