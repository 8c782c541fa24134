"""Recognises false positives: placeholders, references, labels, digests, identifiers."""

import re
from enum import Enum, auto

from readiness_checks.secret_values import guessable, placeholder


class Verdict(Enum):
    """What a candidate is."""

    SECRET = auto()
    TRIVIAL = auto()
    """A password that everybody guesses, in test data or for this machine."""
    PLACEHOLDER = auto()
    NOTHING = auto()


_REFERENCE = re.compile(
    r"^[$%@&*{<\[(]|\$\{|\{\{|^(process\.env|os\.environ|env|secrets|vars|settings|config|self|this|props|args|process)"
    r"[.(\[]|^[\w.]+[(\[].*|^[\w]+(\.[A-Za-z_]\w*)+$|^\w+\?*\.|=>|^f?['\"]|^\.{0,2}/|^~/"
)
"""How code and configuration name a value that is kept elsewhere."""
_WORDS = re.compile(r"^[A-Za-z]+([-_. /:][A-Za-z]+)*[.!?]?$")
_LABELS = re.compile(
    r"^(new|old|current|confirm|forgot|reset|hashed|access|refresh|bearer|id|api|user)?[-_ ]?"
    r"(password|passwd|pwd|token|secret|key|apikey)s?$",
    re.IGNORECASE,
)
_PLAIN = {
    "read", "write", "none", "true", "false", "null", "nil", "yes", "no", "on", "off", "required", "optional", "string",
    "str", "int", "integer", "number", "boolean", "bool", "bytes", "text", "any", "object", "undefined", "inherit",
    "always", "never", "default", "auto", "enabled", "disabled", "hidden", "bearer", "basic", "jwt", "file", "env",
}  # fmt: skip
_TEST = re.compile(
    r"(^|/)(tests?|__tests__|spec|fixtures?|e2e|testdata|mocks?)/"
    r"|(^|/)(test_[^/]*|[^/]*[._-](test|spec))\.[^/]+$|(^|/)conftest\.py$",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"@(localhost|127\.0\.0\.1|\[::1\]|db|postgres|redis|mysql|host\.docker\.internal)(?=[:/\s'\"]|$)")
_DIGEST_NAME = re.compile(r"(?i)sha-?(1|224|256|384|512)|md5|digest|checksum|integrity|fingerprint|etag|blake")
_DIGEST_LENGTHS = {32, 40, 56, 64, 96, 128}
_SHORTEST_HEX, _SHORTEST_RUN, _SHORTEST_IN_CODE = 20, 16, 6
_ALPHABET = re.compile("abcdefghij.*(qrstuvwxyz|0123456789)|0123456789.*(abcdefghij|qrstuvwxyz)", re.IGNORECASE)
"""The digits of a number system, as encoders list them."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def judge_url(value: str, whole: str, path: str = "") -> Verdict:
    """Judge a token of a known form, or the password of an address.

    Nothing around a token excuses it; only the token itself can show that it is an example.
    """
    if re.match(r"^[${<%\[*]|^x{3,}$", value, re.IGNORECASE) or "${" in value or "{{" in value:
        return Verdict.NOTHING
    if placeholder(value) or (path and re.search(r"://user(name)?:pass", whole, re.IGNORECASE)):
        return Verdict.PLACEHOLDER
    if path and guessable(value):
        return Verdict.TRIVIAL if _TEST.search(path) or _LOCAL.search(whole) else Verdict.SECRET
    return Verdict.SECRET


def judge_assignment(value: str, line: str, path: str, *, config: bool) -> Verdict:
    """Judge what is assigned to a name such as `password`.

    Args:
        value: Without quotes.
        line: The line it stands in.
        path: The file.
        config: Whether the file is configuration, where a bare word is a value, not code.
    """
    if placeholder(value):
        return Verdict.PLACEHOLDER
    address = re.match(r"^[a-z][a-z0-9+.-]*://", value, re.IGNORECASE)  # its password is judged by itself
    template = re.sub(r"\{\w*\}|%\(?\w*\)?s", "", value)
    if template != value and re.fullmatch(r"[A-Za-z_.:/-]*", template):
        return Verdict.NOTHING  # a text that is filled in elsewhere: `"tok_{}".format(…)`
    if address or not re.search(r"[A-Za-z]", value) or re.search(r"\s", value) or _is_name(value):
        return Verdict.NOTHING
    if not config and (len(value) < _SHORTEST_IN_CODE or _WORDS.match(value)):
        return Verdict.NOTHING
    if _DIGEST_NAME.search(line) and re.fullmatch(r"[0-9a-f]+", value) and len(value) in _DIGEST_LENGTHS:
        return Verdict.NOTHING
    return Verdict.TRIVIAL if _TEST.search(path) and guessable(value) else Verdict.SECRET


def _is_name(value: str) -> bool:
    """Whether a value names something: a constant, a label, an identifier, a value that is kept elsewhere."""
    named = value.lower() in _PLAIN or _LABELS.match(value) or _UUID.fullmatch(value) or _REFERENCE.search(value)
    return bool(named)


def judge_entropy(value: str, line: str) -> Verdict:
    """Judge a string that looks random but has no telling name.

    Digests of the usual lengths, git object ids among them, are no secrets; neither are identifiers and paths, whose
    parts between separators are short.
    """
    if _UUID.fullmatch(value) or _DIGEST_NAME.search(line) or _ALPHABET.search(value):
        return Verdict.NOTHING
    if re.fullmatch(r"[0-9a-fA-F]+", value):
        digest = len(value) in _DIGEST_LENGTHS or len(value) < _SHORTEST_HEX
        return Verdict.NOTHING if digest else Verdict.SECRET
    longest = max(re.split(r"[/_+=.-]", value), key=len)
    mixed = bool(re.search(r"\d", longest)) and bool(re.search(r"[A-Z]", value)) and bool(re.search(r"[a-z]", value))
    if len(longest) < _SHORTEST_RUN or not mixed:
        return Verdict.NOTHING
    return Verdict.PLACEHOLDER if placeholder(value) else Verdict.SECRET
