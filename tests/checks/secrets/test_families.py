"""A token is judged by itself: its checksum, the words in it, and nothing that stands around it."""

import base64
import json
import zlib

import pytest

from readiness_checks.secrets.verdict import Verdict
from support.made_up import B62, run_of
from support.searching import scan, secrets_in

ISSUED = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"
"""An expired token that its owner published to show how GitHub makes the checksum."""
DIGITS = B62[52:] + B62[:52]


def with_checksum(prefix: str, body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    return prefix + body + digits.rjust(6, "0")


@pytest.mark.parametrize("path", ["app.py", "tests/test_a.py", "docs/guide.md", "examples/a.ts"])
@pytest.mark.parametrize(
    "token", [ISSUED, with_checksum("npm_", run_of(30)), with_checksum("gho_", "fake" + run_of(22) + "xxxx")]
)
def test_a_token_with_the_checksum_of_its_vendor_is_a_secret_everywhere(path: str, token: str) -> None:
    assert secrets_in(f'send("{token}")', path) == [token]


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("tests/test_a.py", Verdict.SAMPLE),
        ("docs/guide.py", Verdict.SAMPLE),
        ("app.py", Verdict.SECRET),
        ("notes.md", Verdict.SECRET),
    ],
)
@pytest.mark.parametrize("prefix", ["ghp_" + run_of(12), "npm_" + run_of(12), "xoxb-" + "1234567890-"])
def test_a_wrong_checksum_or_a_row_makes_a_token_a_sample_where_samples_are_shown(
    path: str, verdict: Verdict, prefix: str
) -> None:
    assert [hit.verdict for hit in scan(f'send("{prefix}{run_of(24)}")', path)] == [verdict]


@pytest.mark.parametrize("word", ["fake", "Your", "dummy", "xxxx"])
def test_a_short_word_that_chance_puts_into_a_token_does_not_make_it_a_sample(word: str) -> None:
    token = "ghp_" + run_of(14) + word + run_of(36 - 14 - len(word), seed="rest")
    assert secrets_in(f'send("{token}")') == [token]


@pytest.mark.parametrize(
    "token",
    [
        "glpat-" + "fake-" + run_of(20),
        "ghp_" + "yourTokenHere" + "yourTokenHere" + "abcdefgh12",
        "ghp_" + "fake" * 9,
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
    ],
)
def test_words_alone_and_what_is_not_random_beside_a_word_make_a_token_a_sample(token: str) -> None:
    assert [hit.verdict for hit in scan(f'send("{token}")')] == [Verdict.PLACEHOLDER]


def token_of(claims: dict[str, object]) -> str:
    parts: list[object] = [{"alg": "HS256"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, run_of(43)])


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        ({"sub": "17", "exp": 1_600_000_000}, Verdict.SAMPLE),
        ({"sub": "17", "exp": 32_000_000_000}, Verdict.SECRET),
        ({"sub": "17"}, Verdict.SECRET),
        ({"sub": "17", "exp": "never"}, Verdict.SECRET),
    ],
)
def test_a_web_token_that_has_expired_is_a_note(claims: dict[str, object], verdict: Verdict) -> None:
    assert [hit.verdict for hit in scan(f'send("{token_of(claims)}")')] == [verdict]


def test_a_short_form_within_a_file_in_base64_is_no_token() -> None:
    form = "YC" + run_of(38)
    data = run_of(120, seed="before") + "/" + form + "/" + run_of(120, seed="behind")
    assert scan(f'"data": "{data}"', "a.har") == []
    assert secrets_in(f'send("{form}")') == [form]
