"""Judges a value that is assigned to a telling name: a secret, a sample, a placeholder, or nothing of the kind."""

import base64
import binascii
import re

from readiness_checks.secret_values import guessable, placeholder
from readiness_checks.secrets.harmless import LABEL, PASSPHRASE, harmless
from readiness_checks.secrets.names import Telling
from readiness_checks.secrets.places import Place, Syntax
from readiness_checks.secrets.randomness import made_up, random, random_inside, wordlike
from readiness_checks.secrets.verdict import Given, Verdict

_KNOWN_SAMPLES = (
    "6LeIxAcTAAAA", "Eby8vdM02xNO", "2YotnFZFEjr1zCsicMWpAA", "tGzv3JOkF0XG5Qx2TlKWIA", "9djdj82h48djs9d2",
    "kkk9d7dh3k39sjv7", "h480djs93hd8",
)  # fmt: skip
"""What is published as a sample: by reCAPTCHA, the emulator of Azure Storage, RFC 6749 and RFC 5849."""
_SAYS_SO = re.compile(r"(?i)random.?string")
_LONGEST = 4096
_WORDLIKE = 0.5
_WORDS = re.compile(r"^[^\W\d_]+(?:[-_. /:,'\u2019&]+[^\W\d_]+)*[-_.!?:\u2026*]*$")
_EXPRESSION = re.compile(r"[\[\]{}()<>*]")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"(?i)(?:0x)?[0-9a-f]+")
_DIGEST = re.compile(
    r"(?i)sha-?(1|224|256|384|512)|md5|digest|checksum|integrity|fingerprint|etag|blake|commit|revision"
)
_ISSUED = ("token", "apikey", "secret", "password", "authkey", "accesskey", "licensekey")
"""Names whose value may be a UUID that somebody issued."""
_LONG_PASSWORD, _LONG_TOKEN = 12, 32
"""Characters of what is a secret even in tests, where most is made up."""


def judge(given: Given, place: Place) -> Verdict:
    """Judge an assigned value."""
    if len(given.value) > _LONGEST or harmless(given):
        return Verdict.NOTHING
    value = given.value
    if (
        placeholder(value)
        or value.startswith(_KNOWN_SAMPLES)
        or _SAYS_SO.search(value)
        or "..." in value
        or "\u2026" in value
    ):
        return Verdict.PLACEHOLDER
    telling = given.telling >= Telling.TOKEN and given.sure
    if _UUID.fullmatch(value):
        return Verdict.SECRET if telling and _issued(given.name) and not place.sample else Verdict.NOTHING
    digest = _HEX.fullmatch(value) is not None
    none = digest and (_DIGEST.search(given.name) or not telling)
    if not none and random(value) and (telling or random_inside(value)):
        return _random(given, place, digest=digest)
    if none or not telling or (place.language and not re.search(r"\d", value)):
        return Verdict.NOTHING
    return _guessable(given, place) if guessable(value) else _worded(given, place)


def _issued(name: str) -> bool:
    return re.sub(r"[^a-z]", "", name.lower()).endswith(_ISSUED)


def _random(given: Given, place: Place, *, digest: bool) -> Verdict:
    """Judge what looks random: in documentation a sample; in tests, too, unless it is long or a password."""
    if _says_nothing(given.value):
        return Verdict.SAMPLE
    named = given.telling >= Telling.TOKEN and given.sure
    least = _LONG_PASSWORD if place.prose or given.telling >= Telling.PASSWORD else _LONG_TOKEN
    tested = place.sample and (not named or len(given.value) < least or (digest and not place.prose))
    return Verdict.SAMPLE if place.shown or tested else Verdict.SECRET


def _says_nothing(value: str) -> bool:
    """Whether a value is base64 of a name and a password that everybody uses."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return False
    last = text.rpartition(":")[2]
    return text.isprintable() and bool(guessable(last) or placeholder(last) or _WORDS.match(last))


def _settings(given: Given, place: Place) -> bool:
    """Whether a bare word is a value."""
    return not given.quoted and place.syntax in {Syntax.LINES, Syntax.SHELL}


def _guessable(given: Given, place: Place) -> Verdict:
    settings = _settings(given, place)
    if not settings and (_WORDS.match(given.value) or _EXPRESSION.search(given.value)):
        return Verdict.NOTHING
    local = place.sample or place.development or given.commented or not (given.quoted or settings)
    return Verdict.TRIVIAL if local else Verdict.SECRET


def _worded(given: Given, place: Place) -> Verdict:
    """Judge what is made of words or rows, perhaps with digits and signs."""
    value = given.value
    if made_up(value):
        return Verdict.PLACEHOLDER
    numbers = len(re.findall(r"\d", value))
    words = _WORDS.match(value) is not None
    named = given.telling < Telling.PASSWORD and numbers < 2 and wordlike(value) >= _WORDLIKE  # noqa: PLR2004 - `name-1`
    if (words or named) and not _phrase(given, place):
        return Verdict.NOTHING
    if LABEL.search(value) and not numbers:
        return Verdict.NOTHING
    if place.sample or given.commented:
        return Verdict.SAMPLE
    return Verdict.TRIVIAL if words and place.development else Verdict.SECRET


def _phrase(given: Given, place: Place) -> bool:
    """Whether words are a passphrase: several of them, or anything that a file of settings gives as a password."""
    if LABEL.search(given.value):
        return False
    if given.telling < Telling.PASSWORD:
        several = len(re.split(r"[-_. ]", given.value)) > 3  # noqa: PLR2004 - three words are a name
        return several and "secret" in given.name.lower() and PASSPHRASE.match(given.value) is not None
    return _settings(given, place) or PASSPHRASE.match(given.value) is not None
