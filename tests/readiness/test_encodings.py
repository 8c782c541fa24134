"""A secret is found in whatever encoding a program writes it, and nothing else is taken for it."""

import random
from pathlib import Path

import pytest

from readiness.leaks import Finder
from readiness.redaction import MASK, Redactor
from support.costs import costs_at_most
from support.secret_forms import ALONE, WITHIN

SECRETS = ["kJ8sLq2vX9zR4tWm", "p@ss/w0rd \"ü'<x>\\&+=%", "two words & more 9"]
ROOT = Path(__file__).parents[2]


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    made.register(*secrets)
    return made


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", ALONE)
def test_a_secret_alone_is_masked_whole_and_what_is_around_it_stays(form: str, secret: str) -> None:
    told = redactor(secret).text(f"see <b> {ALONE[form](secret)} </b>")
    assert told.replace("\\x", "").replace("=", "") == f"see <b> {MASK} </b>"


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", WITHIN)
def test_a_secret_in_a_longer_text_is_masked_there(form: str, secret: str) -> None:
    said = WITHIN[form](secret)
    told = redactor(secret).text(f"see x: {said} ok")
    assert MASK in told
    assert redactor(secret).text(told) == told
    assert len(told.replace(MASK, "")) <= len(f"see x:  ok{said}") - len(secret)


@pytest.mark.parametrize("form", ["percent", "\\u", "HTML", "JSON in JSON in JSON", "octal"])
def test_an_ordinary_word_in_an_encoding_is_masked_only_as_a_value(form: str) -> None:
    said = ALONE[form]("observatory")
    assert redactor("observatory").text(f"password={said} &amp;") == f"password={MASK} &amp;"
    assert redactor("observatory").text(f"the {said} of \\n") == f"the {said} of \\n"


@pytest.mark.parametrize("secret", ['x%41"y-5kQ2', "a\\nb\\\\c-5kQ2", "&amp;5kQ2-&#65;"])
def test_a_secret_that_looks_like_an_encoding_is_found_in_encodings(secret: str) -> None:
    for form in ("percent, all", "\\u", "HTML", "JSON in JSON in JSON", "base32"):
        assert ALONE[form](secret) not in redactor(secret).text(f"= {ALONE[form](secret)} =")
    assert redactor(secret).text(f"= {secret} =") == f"= {MASK} ="


def test_a_backslash_hides_no_escape_of_another_kind_behind_it() -> None:
    for text in (r"\&#x75;006bJ8sLq2vX9zR4tWm", r"\%75006bJ8sLq2vX9zR4tWm"):
        assert redactor("kJ8sLq2vX9zR4tWm").text(f"= {text} =") == f"= {MASK} ="


def test_text_that_is_far_from_any_escape_stays_in_its_place() -> None:
    far = "plain " * 200
    told = redactor(SECRETS[0]).text(f"{far}%6bJ8sLq2vX9zR4tWm{far}%41{far}kJ8sLq2vX9zR4tW%6D{far}")
    assert told == f"{far}{MASK}{far}%41{far}{MASK}{far}"


def test_what_holds_no_secret_is_left_as_it_is() -> None:
    """Sources, documents, lock files and samples of this repository, and twenty secrets as services make them."""
    choose = random.Random(9)  # noqa: S311  no secret
    secrets = ["".join(choose.choices("abcdefghijkmnpqrstuvwxyzABCDEFGH23456789-_", k=k)) for k in range(8, 27)]
    finder = Finder([*secrets, "correct horse battery 9"])
    files = [path for folder in ("docs", "examples", "readiness") for path in sorted((ROOT / folder).rglob("*.*"))]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()][::7]
    assert len(texts) >= 20
    assert [text[start:end] for text in texts for start, end in finder.places(text)] == []


PIECES = [
    "\\", "&#7;", "&amp;", "%25", "%61", "%2541", "=41", "=\n", "1, 2, ", '" "', "'", "+\n", "QUJDREVGR0hJSktM\n", "0x",
    "6b:4a:", "\\u006b", '\\"', "kJ8s&",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_reading_encodings_takes_time_by_the_length_of_a_text(piece: str) -> None:
    made = redactor(*SECRETS, '\\"kJ8s&&\\\\"\'Lq2/%vX""', "observatory")
    long, short = (piece * 20_000)[:40_000], (piece * 20_000)[:4_000]
    assert costs_at_most(25, lambda: made.text(long), lambda: made.text(short))
