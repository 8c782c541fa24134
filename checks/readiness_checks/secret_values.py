"""Says why a secret is weak: short, guessable, repetitive."""

import math
import re
import string
from collections import Counter
from urllib.parse import unquote, urlsplit

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
    "true", "false",
})  # fmt: skip
_LINES = (string.ascii_lowercase, string.digits * 3, "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890" * 2)


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
    return _guessable(value) or _short(value, shortest)


def guessable(value: str) -> str:
    """Say why a secret is easily guessed, whatever its length has to be; empty when it is not."""
    inner = password(value)
    return _guessable(value if inner is None else inner)


def password(value: str) -> str | None:
    """Password of an address that has one."""
    if "://" not in value:
        return None
    try:
        password = urlsplit(value).password
    except ValueError:
        return None
    return None if password is None else unquote(password)


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
