"""Recognises assigned values that are no secrets: references, expressions, texts for people, what is public."""

import re

from readiness_checks.secrets.randomness import irregular, random, random_inside
from readiness_checks.secrets.verdict import Given
from readiness_checks.secrets.words import LABEL, PASSPHRASE

_REFERENCE = re.compile(
    r"""^(?:
      \$\{.*|\$\(.*|\$\[.*|\$[A-Z_][A-Z0-9_]*|\$[a-z_]+(?:[.\[-].*)?|\$[a-z]+[A-Z][A-Za-z]*|%[A-Za-z_]+%|%[a-z_:]+\(.*\)%|%\{.*|%\([\w.]+\)s?|\$\$?\d
      |[@&*!:][A-Za-z_]+(?:[./-][A-Za-z_]+)*|@?\{\{.*|<[%?=$].*|<[^<>]*>.*|\#\{.*|\[[\w\s.-]*\](?:/[gip]*)?|__\w+__|@\w+@
      |(?:vault|op|ref|secret|ssm|sops|aws|gcp|arn|env|file|kms|keyring|akv|awssm|projects|urn|data|classpath)[:+/].*
      |(?:process\.env|os\.environ|os\.getenv|ENV|env|secrets|vars|var|local|data|module|settings|config|self|this|props
        |args|process|Configuration|import\.meta|System)[.(\[].*|--?[a-z][a-z-]*|&\#?\w+;
      |ENC\(.*|ENC\[.*|EJ\[\d:.*|(?:npm|workspace|patch|portal|link|catalog):.*|(?:id|src|type|name)=[\w.,=-]*|\{crypt\}.*|\{(?i:crypt)\}\$.*|\{(?i:cipher|bcrypt|noop|ldap|(?:s?sha|s?md|argon|pbkdf|scrypt)[\w@-]*)\}.*|%24[({].*|vault:v\d+:.*|\$ANSIBLE_VAULT.*
      |@[\w.]*(?:\["[^"\n]*"\]|\([^()\n]*\))
      |\{[A-Za-z_][\w.]*[\[(]|--[a-z][a-z-]*=.*|\*{1,3}[A-Za-z_]+[),;]{0,3}|\*[0-9A-F]{40}|md5[0-9a-f]{32}|[\w.@-]+:\$(?:2[abxy]|apr1|[156y])\$.*
      |\$(?:2[abxy]|argon2\w*|pbkdf2[\w-]*|scrypt|[156]|y|apr1|P|S|H)\$.*|pbkdf2_sha\w+\$.*|(?:sha|md)\d+[:$-].*
    )$""",
    re.VERBOSE | re.DOTALL,
)
"""Names of what is kept elsewhere, what is encrypted, and hashes of passwords."""
_PUBLIC = re.compile(
    r"^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2|AAAA[BCE][23]Nza"
    r"|-----BEGIN (?:CERT|PUBLIC|RSA PUBLIC|SSH2 PUBLIC|PGP PUBLIC)"
    r"|LS0tLS1CRUdJTiBDRVJU|LS0tLS1CRUdJTiBQVUJ|LS0tLS1CRUdJTiBSU0EgUFVC|MII[BCDEFG]|MFkwEwYHKoZIzj0CAQ|MHYwEAYHKoZIzj0CAQ|MCowBQYDK2V|AQIAAA5mAAAApAAA|age1|pk_(?:live|test)_|phc_|eyJ(?:hbGci|0eXAi)Oi[\w-]{4,60}$|Ag[A-D][A-Za-z0-9+/]{200})"
)
_TEMPLATE = re.compile(
    r"\$\{[^}]*\}|\{\{.*?\}\}|<%.*?%>|#\{[^}]*\}|%\([\w.]+\)[sd]|%[sdvq]|\$\([^)]*\)|\{[\w.:!\[\]]*\}|<[A-Z_]+>"
    r"|\$[A-Za-z_]\w*"
)
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://|^(?:mailto|data|urn|jdbc):")
_PATH = re.compile(
    r"^(?:\.{0,2}/|~/|[A-Za-z]:\\|\.\\)[\w.@\\/ *$-]*$|^[\w.-]+(?:/[\w.-]+)+/?$|^[\w ]+(?:\\[\w ]+)+$"
    r"|^[\w./-]+\.(?:pem|key|crt|txt|json|ya?ml|py|js|ts|env|conf|jks|p12|pfx|html?|php|go|rb|java|log|sock|md)$"
)
_CALL = re.compile(
    r"^[A-Za-z_$][\w.$:>-]*\??[(\[].*$|^(?:new|await|lambda|function|def|async|return|not|typeof)\b.*|.*=>.*|^\(.*\)$",
    re.DOTALL,
)
_TYPED = re.compile(
    r"[a-z]{3,12}\(\d{1,5}(?:,\s?\d{1,5})?\)|\{\s*(?:[\"'].*|[^{}]*[.(:].*)\}|v?\d{1,5}(?:\.\d{1,5}){2,}(?:[-+][A-Za-z][\w.+-]*)?",
    re.DOTALL,
)
"""A type of a column, an object or an expression in braces, a version (semver.org)."""
_OUTSIDE = re.compile(r"[)\]}]+[,;][A-Za-z_$][\w$]*[=.(].*", re.DOTALL)
"""Code between two texts, in what a program put together."""
_CODES = re.compile(
    r"[A-Z]{2,8}-?\d{0,4}(?:[,\s:]+[A-Z]{2,8}-?\d{0,4})+|[A-Z]\w{2,20}[wW]ith[A-Z]\w{2,30}(?:/\w{1,20})*"
)
"""Names of algorithms: `HS256,RS256`, and those of Java, `PBKDF2WithHmacSHA256`."""
_UNCLOSED = re.compile(r"[^()\[\]]*[(\[][^()\[\]]*")
_DOTTED = re.compile(r"^[A-Za-z_$]\w*(?:(?:\.|::|->|\?\.)[A-Za-z_$]\w*)+[;,)]*$")
_RULES = re.compile(
    r"^[a-z_]+(?::[\w,.*/-]+)?(?:\|[a-z_]+(?::[\w,.*/-]+)?)+$|^(?:required|nullable|sometimes|string|min|max)[|:].*"
)
_ROUTE = re.compile(r"^/?[\w/-]+#\w+$|^:[a-z_]\w*$|^[a-z_]+(?:[/:.@-][a-z_]+)+$")
_PATTERN = re.compile(
    r"\[[^\]]*[A-Za-z0-9]-[A-Za-z0-9][^\]]*\]|\{\d+,\d*\}|\\\\?[dwsb]|\(\?[:=!P]|\^\(|\)\$$|(?:%[0-9A-Fa-f]{2}.*){4}"
)
"""A regular expression, or text in the spelling of addresses."""
_PLAIN = {
    "read", "write", "none", "true", "false", "null", "nil", "yes", "no", "on", "off", "required", "optional", "string",
    "str", "int", "integer", "number", "boolean", "bool", "bytes", "text", "any", "object", "undefined", "inherit",
    "always", "never", "default", "auto", "enabled", "disabled", "hidden", "bearer", "basic", "jwt", "file", "env",
    "varchar", "unset", "empty", "plain", "token", "ifnotpresent", "generated", "external", "internal", "map", "at+jwt",
}  # fmt: skip
_REVERSED = re.compile(r"(?:com|org|net|io|dev|edu)(?:\.[a-z][a-z0-9_]*)+\.[A-Za-z_]\w*")
_WEAK_DEFAULTS = {"password", "passwd", "secret"}
_SHORTEST, _SHORTEST_BARE = 6, 5
_KEY = 40
"""Characters that no text with blanks has in one piece."""
_SENTENCE = 10
"""Letters of another script that are more than a word."""

_OTHER_SCRIPT = re.compile(r"(?:(?![\u0000-\u036f\u1e00-\u1eff])[^\W\d_]){2}")
"""Letters that are not Latin: passwords that programs make have none, texts for people begin or end with them."""


def harmless(given: Given) -> bool:
    """Whether a value is none of a secret, whatever its name says."""
    value, plain = given.value, given.value.lower()
    if len(value) < (_SHORTEST if given.quoted else _SHORTEST_BARE) or not re.search(r"[^\W\d_]", value):
        return True
    if (
        any(form.fullmatch(value) for form in (_TYPED, _OUTSIDE))
        or _CODES.fullmatch(value)
        or plain in _PLAIN
        or (_own_name(plain, given.name) and not _weak_default(given))
    ):
        return True
    if any(pattern.match(value) for pattern in (_REFERENCE, _PUBLIC, _ADDRESS, _RULES)) or _PATTERN.search(value):
        return True
    if (_ROUTE.match(value) and LABEL.search(value)) or _reversed(value):
        return True
    if not given.quoted and (_is_call(value) or (_DOTTED.match(value) and not re.search(r"\d", value))):
        return True
    foreign = given.quoted and _OTHER_SCRIPT.search(value) is not None and _names_only(value)
    return foreign or _text(value) or _filled_in(value) or _is_path(value)


def _reversed(value: str) -> bool:
    """Whether it is the name of an action, a package or a setting, after the domain of who gives it."""
    return _REVERSED.fullmatch(value) is not None and not any(
        random(part) or irregular(part[8:]) for part in value.split(".")
    )


def _own_name(plain: str, name: str) -> bool:
    """Whether the value repeats its name: `client_secret: "client_secret"`."""
    return re.sub(r"[^a-z0-9]", "", name.lower()).endswith(re.sub(r"[^a-z0-9]", "", plain))


def _weak_default(given: Given) -> bool:
    """Whether a line of settings gives a password that is the last word of its name: `DB_PASSWORD=password`."""
    return not given.quoted and given.name.isupper() and given.value.lower() in _WEAK_DEFAULTS and "_" in given.name


def _is_call(value: str) -> bool:
    """Whether it is an expression; a bracket that nothing closes may be a sign of a password."""
    if _CALL.match(value) is None:
        return False
    return value.endswith(("(", "[")) or not (_UNCLOSED.fullmatch(value) and random(value))


def _is_path(value: str) -> bool:
    if value.startswith("/") and len(re.findall(r"/[A-Za-z]{4,}(?=/)", value)) > 1:
        return True
    if not _PATH.match(value):
        return False
    longest = max(re.split(r"[/\\]", value), key=len)
    return not (random(longest) or (len(longest) > _SHORTEST and irregular(longest)))


def _text(value: str) -> bool:
    """Whether people are to read it: a sentence, or words of another language."""
    foreign = sum(char.isalpha() and not char.isascii() for char in value)
    if foreign >= _SENTENCE and foreign * 2 > len(value):
        return True  # some scripts part their words by nothing
    words = value.split()
    if len(words) < 2:  # noqa: PLR2004 - white space separates two
        return False
    return not PASSPHRASE.match(value) and not all(random(word) for word in words)


def _names_only(value: str) -> bool:
    """Whether what is of our alphabet in a text of another script names something: `OAuth2`, `Gateway-ID`."""
    ours = re.sub(r"[^\x21-\x7e]+", " ", value)
    return len(re.findall(r"\d", ours)) < 2 and not any(map(random_inside, ours.split()))  # noqa: PLR2004 - `OAuth2`


def _filled_in(value: str) -> bool:
    """Whether the program puts it together; what remains beside the blanks has to be a secret by itself."""
    if value[0] in "$%" and value[1:].isalnum() and irregular(value[1:]):
        return False
    rest = _TEMPLATE.sub(_unnamed, value)
    if rest == value or random_inside(rest):
        return False
    if len(value) >= _KEY and not re.search(r"[\s{]|://", value) and random(value):
        return False  # a key of Django, in which signs stand among letters
    blanks = sum(_unnamed(match) == "" for match in _TEMPLATE.finditer(value))
    return len(rest) < _SHORTEST or blanks > 1 or "{" in value or not re.search(r"[A-Za-z]\d|\d[A-Za-z]", rest)


def _unnamed(blank: re.Match[str]) -> str:
    """Nothing for a blank; what no program names a variable stays: `g7R$Hk4s9eh`."""
    return blank[0] if blank[0][1:].isalnum() and irregular(blank[0][1:]) else ""
