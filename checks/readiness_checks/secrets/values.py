"""Judges a value that is assigned to a telling name: a secret, a sample, a placeholder, or nothing of the kind."""

import base64
import binascii
import re

from readiness_checks.secret_values import guessable, placeholder
from readiness_checks.secrets.encoded import encodes_text
from readiness_checks.secrets.harmless import harmless
from readiness_checks.secrets.names import Telling
from readiness_checks.secrets.places import Place, Syntax
from readiness_checks.secrets.randomness import made_up, random, random_inside, slug, undisguised, wordlike
from readiness_checks.secrets.verdict import Given, Verdict
from readiness_checks.secrets.words import LABEL, PASSPHRASE, names_something

_KNOWN_SAMPLES = (
    "6LeIxAcTAAAA", "Eby8vdM02xNO", "2YotnFZFEjr1zCsicMWpAA", "tGzv3JOkF0XG5Qx2TlKWIA", "9djdj82h48djs9d2",
    "kkk9d7dh3k39sjv7", "h480djs93hd8", "JBSWY3DPEHPK3PXP", "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM", "t1meMa$heen",
)  # fmt: skip
"""What is published as a sample: by reCAPTCHA, of one-time passwords, the emulators of Azure Storage and
Cosmos DB, RFC 6749, RFC 5849 and RFC 7643."""
_SAYS_SO = re.compile(
    r"(?i)(?<![a-z])example[-_]?(?:pass|secret|token|key)|^\W*(?:redacted|masked|censored|filtered)\W*$|random.?string|(?<![a-z])(?:dummy|fake|foobar|placeholder)(?![a-z])|(?-i:(?:Dummy|Fake|Placeholder)(?![a-z])|(?<=[A-Z])EXAMPLE(?![A-Z])|(?<![A-Z])EXAMPLE(?=KEY))"
)
_MADE_UP_NAME = re.compile(
    r"(?i)fake|dummy|mock|sample|example|placeholder|(?<![a-z])(?:foo|test)(?![a-z])|(?-i:[tT]est(?=[A-Z_])|(?<=[a-z_])Test(?![a-z]))"
)
"""Names that say of their value that it is made up."""
_LONGEST, _LONG, _KEY = 4096, 200, 40
_ONE_PIECE = re.compile(r"[\w+/.~%:-]+=*")
"""What a value has to be whose length is no password's: structure and texts of programs are read piece by piece."""
_WORDLIKE = 0.5
_WORDS = re.compile(r"^[^\W\d_]+(?:[-_. /:,'\u2019&]+[^\W\d_]+)*[-_.!?:\u2026*]*$")
_EXPRESSION = re.compile(r"[\[\]{}()<>*]")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"(?i)(?:0x)?[0-9a-f]+")
_DIGEST = re.compile(
    r"(?i)sha-?(1|224|256|384|512)|md5|digest|checksum|integrity|fingerprint|etag|blake|commit|revision"
)
_KEYED = re.compile(r"(?i)(?:hmac.*key|secret)$")
"""Names of keys in which an algorithm is named as well: `HMAC_SHA256_KEY`."""
_ISSUED = ("token", "apikey", "secret", "password", "authkey", "accesskey", "licensekey")
"""Names whose value may be a UUID that somebody issued."""
_PRODUCT = re.compile(r"([a-z]{4,})[-_]?(\d{0,6})[!$#@]?")
_COUNTED = {"123", "1234", "12345", "123456"}
_SHORTEST_BASE64 = 8
_FEW_OTHERS = 6
"""Digits and signs in a password that everybody guesses; with more of them nobody does."""
_OWN_WORD = re.compile(r"(?i)passw(?:ord|ort|d)|secret")
"""Words that people write into passwords that everybody guesses: `Shop_password_1!`."""
_LONG_PASSWORD = 12
"""Characters from which on a random password is not one that everybody tries."""
_CURSOR = re.compile(r"(?i)page_?token$")
"""A name of what the next page of a list begins with: https://google.aip.dev/158."""


def judge(given: Given, place: Place) -> Verdict:
    """Judge an assigned value."""
    value = given.value
    text = place.language and not (value.isascii() and re.search(r"\d", value))  # in whatever language
    long = len(value) > _LONG and not _ONE_PIECE.fullmatch(value)
    if len(value) > _LONGEST or long or text or harmless(given) or _begins_page(given):
        return Verdict.NOTHING
    if (
        placeholder(value)
        or placeholder(undisguised(value))
        or value.startswith(_KNOWN_SAMPLES)
        or _SAYS_SO.search(value)
        or "..." in value
        or "\u2026" in value
    ):
        return Verdict.PLACEHOLDER
    telling = given.telling >= Telling.TOKEN and given.sure
    if _UUID.fullmatch(value):
        issued = telling and _issued(given.name) and not made_up(value.rpartition("-")[2])
        return Verdict.NOTHING if not issued else Verdict.SAMPLE if given.commented else Verdict.SECRET
    weak = (
        bool(guessable(value))
        or _encodes_weak(value)
        or (given.telling is Telling.PASSWORD and _of_product(value, place))
        or (_OWN_WORD.search(value) is not None and not random(value) and not slug(value) and _few_others(value))
    )
    digest = _HEX.fullmatch(value) is not None
    of_digest = _DIGEST.search(given.name) is not None and not _KEYED.search(given.name)
    none = digest and (of_digest or not telling)
    short = given.telling < Telling.PASSWORD and given.quoted and len(value) < _KEY
    piece = short and _EXPRESSION.search(value[1:]) and not random_inside(value)  # no token has brackets
    if not none and not weak and not piece and random(value) and (telling or random_inside(value)):
        made = _says_nothing(value) or _MADE_UP_NAME.search(given.name.rpartition(".")[2])
        perhaps = given.telling < Telling.TOKEN and (place.code or place.syntax is Syntax.TEXT)
        return Verdict.SAMPLE if made else Verdict.ASIDE if perhaps else Verdict.SECRET
    if none or not telling:
        return Verdict.NOTHING
    return _guessable(given, place) if weak else _worded(given, place)


def _begins_page(given: Given) -> bool:
    """Whether a value says where the next page of a list begins."""
    return _CURSOR.search(given.name) is not None and encodes_text(given.value)


def _of_product(value: str, place: Place) -> bool:
    """Whether a password is the name of the product with a few digits, or a word and 1, 2, 3: what is tried first."""
    match = _PRODUCT.fullmatch(value.lower())
    if match is None:
        return False
    counted = match[2] in _COUNTED and wordlike(match[1]) >= _WORDLIKE
    return match[1] in place.words or counted


def _few_others(value: str) -> bool:
    """Whether a value has few digits and signs beside its letters."""
    return len(re.findall(r"[^A-Za-z]", value)) <= _FEW_OTHERS


def _everybodys(value: str, place: Place) -> bool:
    """Whether nothing is told by a password because it is tried first: a word or two with few digits and signs."""
    return (
        (_few_others(value) and not (random(value) and len(value) > _LONG_PASSWORD))
        or made_up(value)
        or _of_product(value, place)
    )


def _issued(name: str) -> bool:
    plain = re.sub(r"[^a-z]", "", name.lower())
    return plain.endswith(_ISSUED) and not plain.endswith("requesttoken")  # AWS: makes a request idempotent


def _says_nothing(value: str) -> bool:
    """Whether a value is base64 of a name and a password that everybody uses."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii").strip()
    except (binascii.Error, ValueError):
        return False
    last = text.rpartition(":")[2]
    return text.isprintable() and bool(guessable(last) or placeholder(last) or _WORDS.match(last))


def _encodes_weak(value: str) -> bool:
    """Whether a value is base64 of a word that is tried first, as in a Secret of Kubernetes."""
    if len(value) < _SHORTEST_BASE64 or not value.endswith("="):
        return False
    try:
        text = base64.b64decode(value, validate=True).decode("ascii").strip()
    except (binascii.Error, ValueError):
        return False
    return text.isalpha() and bool(guessable(text))


def _settings(given: Given, place: Place) -> bool:
    """Whether a bare word is a value."""
    return not given.quoted and place.syntax in {Syntax.LINES, Syntax.SHELL}


def _guessable(given: Given, place: Place) -> Verdict:
    if given.value.rstrip("]}),;").lower() in {"true", "false", "null", "none"}:
        return Verdict.NOTHING  # `{secret: true}`
    settings = _settings(given, place)
    if not settings and (_WORDS.match(given.value) or _EXPRESSION.search(given.value)):
        return Verdict.NOTHING
    if re.search(r"(?i)key$", given.name) and given.value.lower() in given.name.lower():
        return Verdict.NOTHING  # a key of a Secret of Kubernetes
    if place.checklist and given.value.rstrip("},") == "secret":
        return Verdict.NOTHING  # the rule of a variable of `env`
    if given.telling < Telling.PASSWORD and "secret" not in given.name.lower():
        return Verdict.TRIVIAL  # nobody issues such a token
    local = place.throwaway or place.composed or given.commented or not (given.quoted or settings)
    return Verdict.TRIVIAL if local or (_everybodys(given.value, place) and not place.production) else Verdict.SECRET


def _worded(given: Given, place: Place) -> Verdict:
    """Judge what is made of words or rows, perhaps with digits and signs."""
    value = given.value
    if made_up(value):
        return Verdict.PLACEHOLDER
    if _EXPRESSION.search(value) and not _settings(given, place):
        return Verdict.NOTHING  # code, or a piece of it
    if given.telling < Telling.PASSWORD and len(value) < _LONG_PASSWORD and not _settings(given, place):
        return Verdict.SAMPLE  # nobody issues so short a token
    numbers = len(re.findall(r"\d", value))
    words = _WORDS.match(value) is not None
    name = given.telling < Telling.PASSWORD or names_something(value, given.name)
    if name and slug(value) and not _settings(given, place):
        return Verdict.SECRET if words and _phrase(given, place) else Verdict.NOTHING
    named = given.telling < Telling.PASSWORD and numbers < 2  # noqa: PLR2004 - `name-1`
    phrase = (words or named) and _phrase(given, place)
    if not phrase and (words or named or (LABEL.search(value) and not numbers)):
        return Verdict.NOTHING
    return Verdict.SAMPLE if given.commented else Verdict.SECRET


def _phrase(given: Given, place: Place) -> bool:
    """Whether words are a passphrase: several of them, or anything that a file of settings gives as a password."""
    settings = _settings(given, place)
    several = PASSPHRASE.match(given.value) is not None and not names_something(given.value, given.name)
    if given.telling < Telling.PASSWORD:
        return several and "." not in given.value and len(re.split(r"[-_ ]", given.value)) > 3  # noqa: PLR2004 - three words are a name
    if several and 0 < given.value.count(" ") < 3:  # noqa: PLR2004 - `passwd: files ldap systemd`
        return False
    return several or (settings and " " not in given.value and not LABEL.search(given.value))
