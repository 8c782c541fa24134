"""Texts that keep a pattern of a check busy: four times the length takes about four times the time."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from readiness_checks.document import blanks
from readiness_checks.document.sections import find
from readiness_checks.document.text import Block, Text
from readiness_checks.headers import browser
from readiness_checks.junit.formats import go_test
from readiness_checks.reading.timestamps import oldest
from readiness_checks.secrets import places
from support.costs import cpu_seconds
from support.searching import scan

DEARER = 8
"""How many times dearer a text of four times the length may be; a square is sixteen times as dear."""
LITTLE = 0.005
"""Seconds that the square of no such length takes, so that nothing is compared."""


def _sections(text: str) -> object:
    return find(Text("markdown", (Block(text, 1, lead=text),)), "Scope")


def _values(before: str, value: str, after: str) -> Callable[[int], str]:
    """Many values, each as long as values may be."""
    return lambda size: "".join(f"{before}{value * (900 // len(value))}{after}\n" for _ in range(size))


HOSTILE: dict[str, tuple[Callable[[str], object], Callable[[int], str], int]] = {
    "points of a paragraph in bold type": (_sections, lambda size: ":" * size + "x", 8_000),
    "brackets of a heading": (_sections, lambda size: "![" * size, 8_000),
    "words of a field of a letter": (blanks._DOUBLE.search, lambda size: "«" + "a_" * size, 6),
    "lines of a field of a letter": (blanks._DOUBLE.search, lambda size: "«" + "_" * size, 8_000),
    "words of a file of translations": (places._LANGUAGE.search, lambda size: "messages" + "_a" * size, 6),
    "digits of a version": (browser._VERSION.search, lambda size: "1" * size, 8_000),
    "tabs of a benchmark": (go_test._MEASURED.search, lambda size: "\t" * size, 8_000),
    "brackets of a moment": (lambda text: oldest([text], datetime.now(UTC)), lambda size: "(" * size, 50_000),
    "blanks in a value": (lambda text: scan(text, "a.env"), _values("API_SECRET=x", " ", "y"), 40),
    "calls in a value": (lambda text: scan(text, "a.env"), _values("API_SECRET=", "set ", "y"), 40),
    "brackets in a value": (lambda text: scan(text, "a.py"), _values('api_secret = "', "${[", '"'), 40),
}
"""A reader, a text of a size, and the smaller of the two sizes."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_four_times_the_length_is_about_four_times_as_dear(name: str) -> None:
    reader, text, size = HOSTILE[name]
    short, long = text(size), text(4 * size)
    took = cpu_seconds(lambda: reader(long))
    assert took < LITTLE or took < DEARER * cpu_seconds(lambda: reader(short))
