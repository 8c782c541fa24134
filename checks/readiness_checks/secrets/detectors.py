"""Finds secrets in the lines of a file: known tokens, private keys, credentials, and what telling names are given."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from readiness_checks.secrets.assignments import assignments
from readiness_checks.secrets.documented import Documented
from readiness_checks.secrets.families import families, long_words, tokens
from readiness_checks.secrets.headers import credentials, headers, of_postgres
from readiness_checks.secrets.kubernetes import of_kubernetes
from readiness_checks.secrets.nameless import nameless
from readiness_checks.secrets.places import Place, Syntax, place_of
from readiness_checks.secrets.private_keys import of_rails, private_keys
from readiness_checks.secrets.public import public
from readiness_checks.secrets.standing import standing
from readiness_checks.secrets.verdict import Hit, Verdict

_OTHERS = 6
"""Private keys, credentials in addresses, in headers, assignments, Secrets of Kubernetes, and random values."""
_TOKEN = 14
"""Characters from which on one value within another is the same token, whatever else is read with it."""
_DATA, _OF_DATA = 200_000, re.compile(r"(?i)\.(json|xml|txt|sql|html?)$")
"""Characters from which on such a file is data, and no settings."""
_NAMED_SETTINGS = re.compile(
    r"(?i)(^|/)(app)?(settings?|config(uration)?|secrets?|credentials|application|parameters)(\.[\w-]+)*\.(json|xml)$"
)
"""Settings by their name, however long somebody makes them."""
_DOCUMENTED = Place(Syntax.TEXT, aside=True)
"""A text for readers within code."""
_RAILS = re.compile(r"(^|/)(master|credentials/\w+)\.key$")


def count() -> int:
    """How many detectors there are."""
    return len(families()) + _OTHERS


def scan(path: str, lines: Iterable[tuple[int, str]], *, binary: bool = False) -> Iterator[Hit]:
    """Search numbered lines of one file; in a binary file only for tokens of a known form and private keys.

    Of findings that overlap, the most specific stays.
    """
    numbered = list(lines)
    pieces = [line for _, line in numbered]
    text = "\n".join(pieces)
    starts: list[int] = []
    taken: dict[int, list[Hit]] = {}
    for place, found in _candidates(path, text, binary=binary):
        hit = found
        if hit.verdict is Verdict.SECRET and public(path, text, place, hit.kind, hit.value):
            hit = replace(hit, verdict=Verdict.PUBLIC)
        starts = starts or _starts(pieces)
        index = bisect_right(starts, place) - 1
        others = taken.setdefault(index, [])
        if hit.verdict is not Verdict.NOTHING and not any(_told(hit, other) for other in others):
            others.append(hit)
            yield replace(hit, line=numbered[index][0])


def _told(hit: Hit, other: Hit) -> bool:
    """Whether another finding in the line tells this one; a short sample is not what a secret that begins so is."""
    if other.verdict is Verdict.ASIDE and hit.verdict is Verdict.SECRET:
        return False
    shorter, longer = sorted((hit.value, other.value), key=len)
    alike = other.verdict is Verdict.SECRET or hit.verdict is not Verdict.SECRET
    return shorter in longer if alike or len(shorter) >= _TOKEN else shorter == longer


def _starts(pieces: list[str]) -> list[int]:
    return [0, *accumulate(len(piece) + 1 for piece in pieces)][:-1]


def _candidates(path: str, text: str, *, binary: bool) -> Iterator[tuple[int, Hit]]:
    place = place_of(path)
    if len(text) > _DATA and _OF_DATA.search(path) and not _NAMED_SETTINGS.search(path):
        place = replace(place, aside=not place.production)
    words = long_words(text)
    yield from private_keys(text, place)
    yield from tokens(text, words, place)
    if binary:
        return
    low = text.lower()
    if len(low) != len(text):  # a few letters have a lower case of another length
        low = re.sub("[A-Z]+", lambda match: match[0].lower(), text)
    documented = Documented(path, text)
    for at, hit in _by_their_place(path, text, low, words, place):
        shown = hit.verdict is Verdict.SECRET and documented.covers(at)
        yield at, replace(hit, verdict=standing(hit, _DOCUMENTED if shown else place))


def _by_their_place(path: str, text: str, low: str, words: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """What is a secret by what stands before it."""
    yield from credentials(text, low, place)
    if _RAILS.search(path):
        yield from of_rails(text, place)
    if path.lower().endswith("pgpass"):
        yield from of_postgres(text, place)
    yield from headers(text, low, place)
    yield from assignments(text, low, place)
    if path.lower().endswith((".yaml", ".yml", ".json", ".tpl", ".tmpl")):
        yield from of_kubernetes(text, place)
    yield from nameless(text, words, place)
