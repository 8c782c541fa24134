"""Finds tokens that are recognised by their form alone, as `families.toml` lists the forms."""

import base64
import binascii
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from readiness_checks.secret_values import placeholder
from readiness_checks.secrets.places import Place
from readiness_checks.secrets.randomness import made_up, random
from readiness_checks.secrets.verdict import Hit, Verdict

_EDGES = {
    "word": (r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])"),
    "dotted": (r"(?<![A-Za-z0-9_./-])", r"(?![A-Za-z0-9_./-])"),
    "assigned": (r"(?<=[\"'`=:> ])(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_./-])"),
    "none": ("", ""),
}
_SHORTEST = 14
"""Characters of the shortest token."""
_WORD = bytes(c if chr(c).isalnum() or chr(c) in "_-.+/=~:@$%&?" else 32 for c in range(128)) + b" " * 128
"""Maps all but the characters of tokens to white space."""
_SAMPLES = re.compile(
    r"(?i)example|sample|dummy|fake|placeholder|redacted|your|xxxx|test.?token|\.\.\.|0{8}|1{8}|^Eby8vdM02xNO|^6LeIxAcTAAAA"
)
_JWT_SAMPLES = ("1234567890", "John Doe")
"""What the tokens say that the pages about them show."""


@dataclass(frozen=True)
class Family:
    """One form of tokens."""

    name: str
    hint: str
    form: re.Pattern[str]
    sample: str
    random: bool
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
            table["sources"][entry["source"]],
        )
        for name, entry in table["families"].items()
    )


def _compiled(entry: dict[str, Any]) -> re.Pattern[str]:
    before, after = _EDGES[entry.get("edge", "word")]
    return re.compile(f"{before}(?:{entry['form']}){after}", re.ASCII)


def long_words(text: str) -> str:
    """The words of a text that are long enough for a token, one a line; most texts have few."""
    data = text.encode("utf-8", "replace").translate(_WORD)
    return "\n".join(dict.fromkeys(word.decode("ascii") for word in data.split() if len(word) >= _SHORTEST))


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
            yield match.start(), Hit(family.name, match[0], _verdict(family, match[0], place))


def _verdict(family: Family, token: str, place: Place) -> Verdict:
    """Nothing around a token excuses it; only the token itself can show that it is a sample."""
    if family.name == "JSON Web Token":
        return _judge_jwt(token, place)
    body = token.removeprefix(family.hint)
    if family.random and not random(body):
        return Verdict.NOTHING
    if family.sample or placeholder(token) or _SAMPLES.search(token) or made_up(max(re.split(r"[._-]", body), key=len)):
        return Verdict.PLACEHOLDER
    return Verdict.SECRET


def _judge_jwt(token: str, place: Place) -> Verdict:
    """A token that says of itself that it is a sample is none; nor is what only looks like one."""
    header, claims = (_decoded(part) for part in token.split(".")[:2])
    if not isinstance(header, dict) or not ("alg" in header or "enc" in header):
        return Verdict.NOTHING
    said = json.dumps(claims)
    if any(sample in said for sample in _JWT_SAMPLES):
        return Verdict.PLACEHOLDER
    return Verdict.SAMPLE if place.shown or (place.sample and not place.prose) else Verdict.SECRET


def _decoded(part: str) -> object:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
