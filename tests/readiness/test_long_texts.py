"""What the process that judges reads itself takes time by the length of a text, whoever wrote it."""

import base64
from collections.abc import Callable

import pytest

from readiness.policy.commands import programs
from readiness.records.ssh.wire import string
from readiness.records.storage.allowed_signers import parse_roster
from readiness.text import one_line, safe
from support.costs import cpu_seconds

DEARER = 3.2
"""How many times dearer a text of twice the length may be; a square is four times as dear."""


def _line(number: int) -> str:
    """A line of allowed_signers with a key of its own, which nobody has the private half of."""
    blob = string(b"ssh-ed25519") + string(number.to_bytes(32, "big"))
    options = 'namespaces="signoff@readiness",valid-before="20300101Z"'
    return f"p{number}@example.com {options} ssh-ed25519 {base64.b64encode(blob).decode()}\n"


HOSTILE: dict[str, tuple[Callable[[str], object], Callable[[int], str], int]] = {
    "blanks before the cut": (lambda text: safe(text, limit=len(text) - 1), lambda size: " " * size + "x ab", 6_000),
    "blanks of a line": (one_line, lambda size: " " * size + "x", 50_000),
    "an option of a script": (programs.RULES.fullmatch, lambda size: "-" + "config" * size + "!", 1_500),
    "an option without a name": (programs.RULES.search, lambda size: "-" * size + "!", 3_000),
    "an option of a reader": (programs.CONFIGURATION.search, lambda size: "-" * size + "!", 6_000),
    "signers": (lambda text: parse_roster(text.encode()), lambda size: "".join(map(_line, range(size))), 3_000),
}
"""A reader, a text of a size, and the smaller of two sizes."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_twice_the_length_is_twice_as_dear(name: str) -> None:
    reader, text, size = HOSTILE[name]
    short, long = text(size), text(2 * size)
    assert cpu_seconds(lambda: reader(long)) < DEARER * cpu_seconds(lambda: reader(short))
