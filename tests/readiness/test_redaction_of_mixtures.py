"""Secrets within up to three encodings, one in the other, are masked; what stands around them differs each time."""

import base64
import html
import json
import quopri
from collections.abc import Callable
from random import Random
from urllib.parse import quote

import pytest

from readiness.leaks import Finder
from readiness.redaction import MASK, Redactor
from support.costs import costs_at_most
from support.long import often

SECRETS = ("kJ8sLq2vX9zR4tWm", "p@ss/w0rd \"ü'<x>\\&+=%", "two words & more 9")
BEFORE = ("", "", "", "user:", "a=", '{"k": "', "xxx", "yyyyy")
BEHIND = ("", "", "", " and", "\n", '"}', "z", "wwww")


def seeded(name: str) -> Random:
    """The same numbers in every run."""
    return Random(name)  # noqa: S311  no secret comes of it


def percent(text: str, random: Random) -> str:
    """Some of the characters percent-encoded."""
    plain = text.replace("%", "%25")
    return "".join(
        "".join(f"%{byte:02X}" for byte in char.encode()) if char != "%" and random.random() < 0.4 else char
        for char in plain
    )


ENCODINGS: dict[str, Callable[[str, Random], str]] = {
    "plain": lambda text, _: text,
    "url": lambda text, _: quote(text, safe=""),
    "percent": percent,
    "base64": lambda text, _: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text, _: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base32": lambda text, _: base64.b32encode(text.encode()).decode(),
    "hex": lambda text, random: random.choice((str.upper, str.lower))(text.encode().hex()),
    "json": lambda text, random: json.dumps(text, ensure_ascii=random.random() < 0.5)[1:-1],
    "html": lambda text, _: html.escape(text),
    "quoted-printable": lambda text, random: quopri.encodestring(
        text.encode(), quotetabs=random.random() < 0.5
    ).decode(),
}


def mixed(secret: str, random: Random) -> tuple[str, str]:
    """A secret in one to three encodings, and their names."""
    names = random.choices(list(ENCODINGS), k=random.randint(1, 3))
    text = secret
    for name in names:
        text = ENCODINGS[name](random.choice(BEFORE) + text + random.choice(BEHIND), random)
    return f"see x={text} ok", ">".join(names)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_any_mixture_of_encodings_is_masked(secret: str) -> None:
    random, redactor = seeded(secret), Redactor()
    redactor.register(secret)
    tries = often(170, 3_000)
    left = [(name, text) for text, name in (mixed(secret, random) for _ in range(tries)) if text == redactor.text(text)]
    assert len(left) < tries / 100, left


@pytest.mark.parametrize("how", ["hex", "base32", "base64"])
def test_the_text_around_a_mixture_stays(how: str) -> None:
    redactor = Redactor()
    redactor.register(SECRETS[0])
    inner = ENCODINGS[how](f"user:{SECRETS[0]}", seeded("inner"))
    outer = base64.b32encode(f"first {inner} last".encode()).decode()
    said = redactor.text(f"before {outer} behind")
    assert said.startswith("before ")
    assert said.endswith(" behind")
    assert MASK in said


@pytest.mark.parametrize("how", ["hex", "base32", "base64"])
@pytest.mark.parametrize("shape", ["bytes", "text with other bytes"])
def test_runs_of_digits_take_time_by_their_length(how: str, shape: str) -> None:
    finder = Finder(SECRETS)

    def run(size: int) -> str:
        raw = seeded("bytes").randbytes(size)
        raw = raw if shape == "bytes" else bytes(255 if at % 20 == 0 else 97 + byte % 26 for at, byte in enumerate(raw))
        encode = {"hex": base64.b16encode, "base32": base64.b32encode, "base64": base64.b64encode}[how]
        return encode(raw).decode()

    short, long = run(8_000), run(32_000)
    assert costs_at_most(8, lambda: finder.places(long), lambda: finder.places(short))
