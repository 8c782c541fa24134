"""What the name says to which something is assigned: that it is a secret, perhaps one, or none."""

import re
from enum import IntEnum
from functools import lru_cache


class Telling(IntEnum):
    """How sure a name makes us."""

    NOTHING = 0
    PERHAPS = 1
    """Only a value that looks random is a secret."""
    TOKEN = 2
    PASSWORD = 3
    """Words are a secret, too."""


_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORDS = {
    "password", "passwd", "passwort", "passphrase", "pass", "pwd", "passcode", "contrasena", "kennwort", "pswd", "pw",
    "psw", "requirepass", "masterauth",
}  # fmt: skip
_TOKENS = {
    "secret",
    "token",
    "secrets",
    "apikey",
    "authkey",
    "credential",
    "credentials",
    "creds",
    "psk",
    "bearer",
    "jwt",
}
_OTHER_PASSES = {
    "pass": {
        "first",
        "second",
        "final",
        "render",
        "single",
        "multi",
        "two",
        "one",
        "shadow",
        "main",
        "by",
        "last",
        "all",
    },
    "password": {"one"},
}
"""Words before the last that make something else of it: passes over data, and the name of a program."""
_ENDINGS = (
    "password", "passwd", "passphrase", "secret", "apikey", "authtoken", "accesstoken", "secretkey", "privatekey",
    "accesskey", "passwort", "userpass", "dbpass", "pwd", "apitoken", "signingkey", "encryptionkey", "masterkey",
)  # fmt: skip
_KEYS = {
    "api", "access", "secret", "private", "signing", "encryption", "encrypt", "master", "auth", "account", "shared",
    "service", "session", "cookie", "jwt", "hmac", "ssh", "aes", "app", "application", "admin", "license", "storage",
    "webhook", "crypto", "cipher", "client", "consumer", "integration", "ingest", "insert", "server", "subscription",
    "deploy", "rest", "sas", "root", "machine", "functions", "function", "host", "instrumentation", "project",
}  # fmt: skip
"""Words before `key` that make it a secret."""
_WEAK = {"key", "auth", "authorization", "salt", "pepper", "hmac", "dsn", "signature", "otp", "apitoken", "pin", "sid"}
_ABOUT = {
    "name", "names", "ref", "reference", "header", "headers", "field", "fields", "label", "labels", "type", "types",
    "url", "uri", "path", "file", "filename", "dir", "id", "ids", "hash", "hashed", "digest", "length", "len", "size",
    "count", "limit", "expiry", "expires", "expire", "expiration", "ttl", "lifetime", "timeout", "age", "policy",
    "rule", "rules", "regex", "pattern", "prompt", "placeholder", "message", "error", "errors", "hint", "title",
    "text", "form", "input", "view", "route", "page", "event", "class", "style", "column", "col", "param", "params",
    "parameter", "algorithm", "alg", "provider", "endpoint", "status", "kind", "mode", "format", "prefix", "suffix",
    "index", "resource", "arn", "reset", "change", "changed", "confirmation", "confirm", "validator", "hasher",
    "encoder", "manager", "store", "cache", "list", "map", "required", "enabled", "version", "description", "desc",
    "help", "stdin", "source", "location", "template", "link", "button", "mail", "email", "subject", "selector",
    "element", "icon", "command", "cmd", "func", "function", "method", "callback", "handler", "test", "tests", "case",
    "example", "fingerprint", "checksum", "grant", "scope", "issuer", "audience", "strategy", "generator", "alias",
    "address", "addresses", "username", "login", "salt", "option", "strength", "settings", "config", "requirement",
}  # fmt: skip
"""Words that end a name which speaks about a secret, also in the plural."""
_DIGESTS = {"hashed", "hash", "digest", "checksum", "fingerprint"}
_NEVER = {
    "public", "pub", "foreign", "primary", "publishable", "csrf", "xsrf", "cancellation", "continuation",
    "pagination", "next", "syntax", "lexer", "parser", "idempotency", "translation", "i18n", "encrypted",
    "antiforgery", "websocket", "sitekey",
}  # fmt: skip
"""Words that turn a key or a token into none: `publicKeyToken`, `foreign_key`, `nextToken`."""
_SHOWN = {"public", "pub", "publishable", "encrypted", "foreign"}
"""Of these, the words that also turn `api_key` into none: `NEXT_PUBLIC_API_KEY`."""
_UNMISTAKABLE = (
    "secret", "secretkey", "apikey", "accesskey", "privatekey", "signingkey", "encryptionkey", "authtoken", "apitoken",
)  # fmt: skip
"""Endings that say what it is whatever comes before: `CSRF_SECRET`, `NEXT_PRIVATE_ENCRYPTION_KEY`."""
_OF_KEYED_HASHES = ("hashsecret", "digestsecret")
"""Endings of names of keys for a hash, and not of a hash."""
_ALGORITHMS = {"sha", "md", "rsa", "cbc", "gcm"}
"""Words between `hmac` or `aes` and `key`, beside numbers: `HMAC_SHA256_KEY`."""


@lru_cache(maxsize=65536)
def telling(name: str) -> Telling:
    """Judge a name, however its words are put together."""
    parts = [part.lower() for part in _PART.findall(name)]
    while parts and parts[-1].isdigit():
        parts.pop()
    if not parts or len(name) > 100:  # noqa: PLR2004 - no name is that long
        return Telling.NOTHING
    if parts[0] == "no":
        return Telling.NOTHING  # an option: `--no-password`
    strongest = max(_of(parts, index) for index in range(len(parts)))
    digest = not _DIGESTS.isdisjoint(parts) and not "".join(parts).endswith(_OF_KEYED_HASHES)
    if digest or parts[-1] in {"id", "ids"} or (parts[-1] == "key" and "site" in parts):
        return Telling.NOTHING
    if (strongest < Telling.PASSWORD and _never(parts)) or name in {"salt", "Salt"}:
        return Telling.NOTHING
    about = parts[-1] in _ABOUT or parts[-1].removesuffix("s") in _ABOUT
    return min(strongest, Telling.PERHAPS) if about else strongest


def _never(parts: list[str]) -> bool:
    """Whether a word of the name turns its key or token into none."""
    if _NEVER.isdisjoint(parts):
        return False
    said = "".join(parts)
    if "encrypted" in parts or not said.endswith(_UNMISTAKABLE):
        return True
    return not said.endswith(("secret", "secretkey")) and not _SHOWN.isdisjoint(parts)


def _of(parts: list[str], index: int) -> Telling:
    part = parts[index]
    last = index == len(parts) - 1
    if last and index and parts[index - 1] in _OTHER_PASSES.get(part, ()):
        return Telling.NOTHING
    if part in _PASSWORDS:
        return Telling.PASSWORD if part not in {"pass", "pw"} or last else Telling.NOTHING
    if part in _TOKENS or part.startswith("salted"):  # RFC 5802 calls so what it computes from a password
        return Telling.TOKEN
    if part.endswith(_ENDINGS):
        return Telling.PASSWORD if "pass" in part or "pwd" in part else Telling.TOKEN
    if part == "key" and last:
        before = next((word for word in parts[-2::-1] if not (word.isdigit() or word in _ALGORITHMS)), "")
        return Telling.TOKEN if before in _KEYS else Telling.PERHAPS
    return Telling.PERHAPS if part in _WEAK and last else Telling.NOTHING
