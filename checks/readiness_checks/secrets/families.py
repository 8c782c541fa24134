"""Finds tokens that are recognised by their form alone, as `families.toml` lists the forms."""

import base64
import binascii
import json
import re
import string
import time
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from readiness_checks.secret_values import placeholder
from readiness_checks.secrets.places import Place
from readiness_checks.secrets.randomness import made_up, random, row
from readiness_checks.secrets.verdict import Hit, Verdict

_EDGES = {
    "word": (r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])"),
    "dotted": (r"(?<![A-Za-z0-9_./-])", r"(?![A-Za-z0-9_./-])"),
    "assigned": (r"(?<=[\"'`=:> ])(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_./+=-])"),
    "none": ("", ""),
}
_WORD = re.compile(r"[A-Za-z0-9_.+/=~:@$%&?-]{14}[A-Za-z0-9_.+/=~:@$%&?-]*+")
"""What a token may be made of, as long as the shortest one."""
_SAMPLES = re.compile(
    r"(?i)example|sample|placeholder|redacted|xxxxx|test.?token|\.\.\.|0{8}|1{8}|^Eby8vdM02xNO|^6LeIxAcTAAAA"
)
_SHORT_SAMPLES = re.compile(r"(?i)(?:dummy|fake|your|xxxx)")
"""Words of samples that chance puts into one of some ten thousand real tokens."""
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")
_LINE_OF_DATA = re.compile(r"[A-Za-z0-9+/]{60,80}={0,2}")
"""A line of a file in base64, as RFC 7468 and RFC 4880 write it."""
_DATA = 80
"""Characters of base64 beside a form that are a file."""
_SMALL = 3
_CHECKSUM, _WITH_CHECKSUM = 6, 40
"""Characters of a checksum, and of a token that ends in one."""
_JWT_SAMPLES = ("1234567890", "John Doe", "//example.com/", ".example.com/")
"""What the tokens say that the pages about them show."""


@dataclass(frozen=True)
class Family:
    """One form of tokens."""

    name: str
    hint: str
    form: re.Pattern[str]
    sample: str
    random: bool
    checksum: bool
    """Whether the last six characters are the CRC-32 of those before, in base 62."""
    source: str


@cache
def families() -> tuple[Family, ...]:
    """Read the table."""
    table = tomllib.loads((files(__package__) / "families.toml").read_text("utf-8"))
    return tuple(
        Family(
            name,
            entry["hint"],
            _compiled(entry),
            entry.get("sample", ""),
            entry.get("random", False),
            entry.get("checksum", False),
            table["sources"][entry["source"]],
        )
        for name, entry in table["families"].items()
    )


def _compiled(entry: dict[str, Any]) -> re.Pattern[str]:
    before, after = _EDGES[entry.get("edge", "word")]
    return re.compile(f"{before}(?:{entry['form']}){after}", re.ASCII)


def long_words(text: str) -> str:
    """The words of a text that are long enough for a token, one a line; most texts have few."""
    return "\n".join(dict.fromkeys(_WORD.findall(text)))


def tokens(text: str, words: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Tokens in a text, with their places in it.

    Args:
        text: What is searched.
        words: Its long words.
        place: Where it stands.
    """
    for family in families():
        if family.hint not in (text if " " in family.hint else words):
            continue
        if " " not in family.hint and family.form.pattern[:4] != "(?<=" and not family.form.search(words):
            continue
        for match in family.form.finditer(text):
            if family.random and _in_data(text, match):
                continue
            yield match.start(), Hit(family.name, match[0], _verdict(family, match[0], place))


def _in_data(text: str, match: re.Match[str]) -> bool:
    """Whether a short form is a piece of a file in base64: chance writes one into every large picture."""
    begin, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    line = text[begin : end if end >= 0 else len(text)].strip(" \t\r\"',+;\\") if match.start() - begin < _DATA else ""
    if len(line) > len(match[0]) and _LINE_OF_DATA.fullmatch(line):
        return True
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    if not set(around) & {"+", "/"}:
        return False
    return any(
        len(side) == _DATA and _BASE64.fullmatch(side)
        for side in (text[max(0, match.start() - _DATA) : match.start()], text[match.end() : match.end() + _DATA])
    )


def _structured(token: str) -> bool:
    """Whether a short form is base64 of a record of numbers: a third of its bytes are nearly zero."""
    if not _BASE64.fullmatch(token):
        return False
    data = base64.b64decode(token[: len(token) // 4 * 4])
    return sum(byte < _SMALL for byte in data) * 3 > len(data)


def _verdict(family: Family, token: str, place: Place) -> Verdict:
    """Nothing around a token excuses it; only the token itself can show that it is a sample."""
    if family.name == "JSON Web Token":
        return _judge_jwt(token, place)
    body = token.removeprefix(family.hint)
    if family.random and (not random(body) or _structured(token)):
        return Verdict.NOTHING
    issued = _checksum_holds(body.rpartition("_")[2]) if family.checksum and len(token) == _WITH_CHECKSUM else None
    if issued:
        return Verdict.SECRET
    if family.sample or placeholder(token) or _says_sample(token, body):
        return Verdict.PLACEHOLDER
    made = issued is False or any(map(row, re.split(r"[._:/-]", body)))
    short = family.random and (place.shown or place.readme)
    return Verdict.SAMPLE if short or (made and place.shown) else Verdict.SECRET


def _checksum_holds(body: str) -> bool:
    """Whether a vendor issued a token: chance gives the right checksum once in four thousand million times."""
    rest, number = zlib.crc32(body[:-_CHECKSUM].encode()), ""
    for _ in range(_CHECKSUM):
        rest, digit = divmod(rest, len(_BASE62))
        number = _BASE62[digit] + number
    return body.endswith(number)


def _says_sample(token: str, body: str) -> bool:
    """Whether words or rows in a token show that it is a sample; a short word counts if the rest is not random."""
    parts = re.split(r"[._:-]", body)
    if _SAMPLES.search(token) or made_up(max(parts, key=len)):
        return True
    word = _SHORT_SAMPLES.search(body)
    if not word:
        return False
    alone = not re.match(r"[A-Za-z0-9]", body[: word.start()][-1:]) and not re.match(r"[A-Za-z0-9]", body[word.end() :])
    return alone or not random(max(re.split(r"[._-]", body.replace(word[0], ".")), key=len))


def _judge_jwt(token: str, place: Place) -> Verdict:
    """A token that says of itself that it is a sample or has expired is none; nor is what only looks like one."""
    header, claims = (_decoded(part) for part in token.split(".")[:2])
    if not isinstance(header, dict) or not ("alg" in header or "enc" in header):
        return Verdict.NOTHING
    said = json.dumps(claims)
    if any(sample in said for sample in _JWT_SAMPLES):
        return Verdict.PLACEHOLDER
    end = claims.get("exp") if isinstance(claims, dict) else None  # RFC 7519, section 4.1.4
    expired = isinstance(end, int | float) and end < time.time()
    return Verdict.SAMPLE if place.shown or place.readme or expired else Verdict.SECRET


def _decoded(part: str) -> object:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
