"""Judges a value alone: whether it is a placeholder, contains a secret, and why that secret is weak."""

import math
import re
import string
from collections import Counter
from urllib.parse import unquote, urlsplit

from readiness import looks_secret

SHORTEST = 16
"""Characters that a secret needs when its rule names no other number: 64 bits in hexadecimal digits."""
_BITS_PER_CHARACTER = 2.5
_COMMON = frozenset({
    "password", "passwd", "pass", "pwd", "passphrase", "secret", "secrets", "secretkey", "supersecret",
    "topsecret", "mysecret", "jwtsecret", "jwtsecretkey", "token", "key", "apikey", "admin", "administrator",
    "root", "user", "guest", "test", "testing", "tester", "dev", "development", "staging", "production", "prod",
    "demo", "default", "letmein", "welcome", "qwerty", "qwertyuiop", "asdf", "asdfgh", "zxcvbn", "login",
    "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "redis", "rabbitmq", "minio", "minioadmin",
    "elastic", "grafana", "django", "fastapi", "flask", "rails", "laravel", "sample", "example", "dummy", "fake",
    "foo", "bar", "foobar", "temp", "temporary", "master", "access", "auth", "jwt", "session", "super", "app",
    "my", "abc", "hunter", "monkey", "dragon", "iloveyou", "keyboardcat", "none", "null", "nil", "undefined",
    "true", "false", "securepassword", "securepwd", "strongpassword", "adminpassword", "mypassword", "testpassword",
    "rootpassword", "userpassword", "dbpassword", "secretpassword", "defaultpassword", "complexpassword",
})  # fmt: skip
_LINES = (string.ascii_lowercase, string.digits * 3, "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890" * 2)
_PLACEHOLDERS: tuple[tuple[str, str], ...] = (
    (r"change[-_ ]?(this|me|it)", "it asks to be changed"),
    (r"replace[-_ ]?(this|me|it|with)", "it asks to be replaced"),
    (
        r"(?<![a-z])(insert|put|add|enter|paste|set)[-_ ](your|the|here|an?|key|secret|token|password)(?![a-z])",
        "it asks for a value",
    ),
    (r"(?<![a-z])your[-_ ]+[a-z]", "it says `your …`"),
    (
        r"(?<![a-z])your(domain|company|app|name|password|secret|key|token|site|project|api|org|host|server)",
        "it says `your…`",
    ),
    (r"(?<![a-z])my[-_ ]?(super[-_ ]?)?(secret|password|api[-_ ]?key|token)(?![a-z])", "it says `my …`"),
    (r"(goes|is)?[-_ ]here$", "it says `… here`"),
    (r"(?<![a-z0-9])x{3,}(?![a-z0-9])|x{5,}", "it has a run of x"),
    (r"^(ua|ga?)-0{4,}", "it is an id of zeros"),
    (r"^<[^<>]*>$|^\[[a-z][^\[\]]*\]$|^\{\{.*\}\}$|^%[a-z_]+%$|^\{[a-z_ -]+\}$", "it is a blank of a template"),
    (r"://<[^<>]*>|://[^/\s]*[<>{}]", "its address has a blank of a template"),
    (r"://user(name)?:pass(word|wd)?@", "it says `user:password`"),
    (r"@(host|hostname|server)(:|/|$)|:(port)(/|$)", "it says `host` or `port`"),
    (r"super[-_ ]?secret", "it says `super secret`"),
    (r"placeholder", "it says `placeholder`"),
    (r"(?<![a-z])example[-_ ]?(public|secret|private|api)?[-_ ]?(key|token|secret|password)", "it says `example`"),
    (r"[A-Z0-9]EXAMPLE(KEY)?$", "it ends in EXAMPLE"),
    (
        r"(^|[@./])example\.(com|net|org)(?![a-z0-9-]|\.[a-z])|\.(example|invalid)(?=[:/]|$)",
        "its domain is reserved for examples (RFC 2606)",
    ),
    (r"^(todo|tbd|tba|fixme|undefined|n/a|\.{3,}|…|\?+|\*{3,})$", "it stands for a missing value"),
)
PLACEHOLDERS = tuple(pattern for pattern, _ in _PLACEHOLDERS)
"""Regular expressions, in any case, that find a placeholder in a value without white space around it."""
_PLACEHOLDER_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _PLACEHOLDERS)
_SAYS_OF_ITSELF: tuple[tuple[str, str], ...] = (
    (r"^django-insecure-", "Django writes it for development alone"),
    (r"(?<![a-z])insecure(?![a-z])", "it says that it is insecure"),
    (
        r"(do|should|must)[-_ ]?not[-_ ]?(be[-_ ]?)?used?(?![a-z])|(?<![a-z])not[-_ ]for[-_ ]prod",
        "it says not to use it",
    ),
    (
        r"(?:should|must|has[-_ ]to|needs[-_ ]to)[-_ ]be[-_ ](changed|updated|replaced|set)(?![a-z])",
        "it asks to be changed",
    ),
    (
        r"(?<![a-z])(generate|create|get|obtain|pick)[-_ ](an?|the|one|new|your|some|it|random|with|from|by)(?![a-z])",
        "it says how to get one",
    ),
    (
        r"(?<![a-z0-9])[0-9]{1,4}[-_ ]?(random[-_ ]?)?(char(acter)?s?|bytes?|bits?|alphanumerics?)(?![a-z])",
        "it says how long one has to be",
    ),
    (
        r"^my[-_ ]?((super|own|new|app|db|jwt)[-_ ]?)*((secret|password|phrase|api|key|token)[-_ ]?)+[0-9!]{0,4}$",
        "it says `my …`",
    ),
)
"""What published defaults and samples of secrets say, in any case, and nobody makes up for a real one."""
_SAYING_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _SAYS_OF_ITSELF)
_LONGEST_PLACEHOLDER = 4096
_SECRET_NAMES = re.compile(
    r"(^|_)(PASS|PASSWD|JWT|SALT|PEPPER)$|(^|_)(ENCRYPTION|JWT|HMAC|COOKIE|SESSION)_KEY$", re.IGNORECASE
)
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


def placeholder(value: str) -> str:
    """Say why a value is a placeholder; empty when it does not look like one."""
    text = value.strip()[:_LONGEST_PLACEHOLDER]
    return next((reason for pattern, reason in _PLACEHOLDER_PATTERNS if pattern.search(text)), "")


def holds_secret(name: str, value: str) -> bool:
    """Whether a variable most likely holds a secret.

    So does an address with a password. A name that only speaks about one (`ACCESS_TOKEN_EXPIRE_MINUTES`) excuses an
    amount or a switch, not a value of another kind.
    """
    if password(value):
        return True
    if not (looks_secret(name) or _SECRET_NAMES.search(name)):
        return False
    return not (_DESCRIBED.search(name) or (_AMOUNT.search(name) and _AMOUNTS.fullmatch(value.strip())))


def weak(value: str, *, shortest: int) -> str:
    """Say why a secret is weak; empty when nothing speaks against it.

    For an address with a password the password is judged, by half the length, for the address itself is no secret.

    Args:
        value: The secret.
        shortest: Characters that it needs.
    """
    inner = password(value)
    if inner is not None:
        value, shortest = inner, min(shortest, SHORTEST // 2)
        if not value:
            return "its address has an empty password"
    return _says(value) or _guessable(value) or _short(value, shortest)


def guessable(value: str) -> str:
    """Say why a secret is easily guessed, whatever its length has to be; empty when it is not."""
    inner = password(value)
    value = value if inner is None else inner
    return _says(value) or _guessable(value)


def password(value: str) -> str | None:
    """Password of an address that has one."""
    if "://" not in value:
        return None
    try:
        password = urlsplit(value).password
    except ValueError:
        return None
    return None if password is None else unquote(password)


def _says(value: str) -> str:
    """What a secret says of itself; empty when it says nothing."""
    text = value[:_LONGEST_PLACEHOLDER]
    return next((reason for pattern, reason in _SAYING_PATTERNS if pattern.search(text)), "")


def _guessable(value: str) -> str:
    if not value:
        return ""
    plain = value.lower()
    stem = plain.rstrip(string.digits + string.punctuation)
    letters = re.sub(r"[^a-z]", "", stem.translate(str.maketrans("@0134$5", "aoieass")))
    if {plain, re.sub(r"[^a-z]", "", plain), letters} & _COMMON or (plain.isdecimal() and len(plain) < SHORTEST):
        return "it is one of the first that is tried"
    words = [word for word in re.split(r"[\W_]+", plain) if word]
    if words and all(re.sub(r"\d{1,4}$", "", word) in _COMMON for word in words):
        return "it is made of words that are tried first"
    if len(value) > 1 and re.fullmatch(r"(.{1,8}?)\1+", value, re.DOTALL):
        return "it repeats itself"
    if any(plain in line or plain in line[::-1] for line in _LINES):
        return "it is a row of the alphabet or the keyboard"
    return ""


def _short(value: str, shortest: int) -> str:
    if len(value) < shortest:
        return f"it has {len(value)} characters, {shortest} are needed"
    bits = -sum(count * math.log2(count / len(value)) for count in Counter(value).values())
    if bits < _BITS_PER_CHARACTER * shortest:
        return "it uses too few different characters"
    return ""
