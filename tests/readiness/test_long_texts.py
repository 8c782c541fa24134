"""What the process that judges reads itself takes time by the length of a text, whoever wrote it."""

import base64
from collections.abc import Callable

import pytest

from readiness import known_names
from readiness.evidence.change import ChangedFile
from readiness.evidence.configuration import commands
from readiness.evidence.reading import find_weakenings
from readiness.init import results, variables
from readiness.policy.commands import interpreters, programs, sections
from readiness.records.model import globs
from readiness.records.ssh.wire import string
from readiness.records.storage.allowed_signers import parse_roster
from readiness.text import safe
from support.costs import cpu_seconds

DEARER = 8
"""How many times dearer a text of four times the length may be; a square is sixteen times as dear."""
LITTLE = 0.005
"""Seconds that the square of no such length takes, so that nothing is compared."""


def _line(number: int) -> str:
    """A line of allowed_signers with a key of its own, which nobody has the private half of."""
    blob = string(b"ssh-ed25519") + string(number.to_bytes(32, "big"))
    options = 'namespaces="signoff@readiness",valid-before="20300101Z"'
    return f"p{number}@example.com {options} ssh-ed25519 {base64.b64encode(blob).decode()}\n"


def _of_tox(command: str) -> None:
    """A change of what tox runs, to which a long command is added."""
    before, after = (f"[testenv]\ncommands =\n    pytest {one}\n".encode() for one in ("", command))
    assert find_weakenings([ChangedFile("tox.ini", before, after)])


HOSTILE: dict[str, tuple[Callable[[str], object], Callable[[int], str], int]] = {
    "blanks before the cut": (lambda text: safe(text, limit=len(text) - 1), lambda size: " " * size + "x ab", 6_000),
    "an option of a script": (programs.RULES.fullmatch, lambda size: "-" + "config" * size + "!", 1_500),
    "an option without a name": (programs.RULES.search, lambda size: "-" * size + "!", 3_000),
    "an option of a reader": (programs.CONFIGURATION.search, lambda size: "-" * size + "!", 6_000),
    "slashes of a value of the checklist": (known_names._PATH.fullmatch, lambda size: "/" * size + " ", 3_000),
    "blanks in a rule of make": (sections._RULE.fullmatch, lambda size: "a" + " " * size + "b", 1_500),
    "an import without a name": (interpreters._JAVASCRIPT.findall, lambda size: "from" + " " * size, 1_500),
    "words of an example of variables": (variables._EXAMPLE.search, lambda size: "." + "a_" * size + "!", 1_500),
    "words of a file of results": (results._BEFORE.fullmatch, lambda size: "junit" + "-test-result" * size, 500),
    "results of other jobs": (commands.GATE.search, lambda size: "needs.a.result " * size, 500),
    "a long command": (_of_tox, lambda size: "--" * size, 10_000),
    "a name with many stars": (globs.compiled("**/*" + "a*" * 8 + "b").fullmatch, lambda size: "a" * size, 1_000),
    "folders with many stars": (globs.compiled("**/a/" * 6 + "b").fullmatch, lambda size: "a/" * size, 1_000),
    "signers": (lambda text: parse_roster(text.encode()), lambda size: "".join(map(_line, range(size))), 1_000),
}
"""A reader, a text of a size, and the smaller of the two sizes."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_four_times_the_length_is_about_four_times_as_dear(name: str) -> None:
    reader, text, size = HOSTILE[name]
    short, long = text(size), text(4 * size)
    took = cpu_seconds(lambda: reader(long))
    assert took < LITTLE or took < DEARER * cpu_seconds(lambda: reader(short))


@pytest.mark.parametrize(("before", "after", "times"), [("", "x", 1), ("x", "x", 0), ("x", "", 1), ("x", "y", 1)])
def test_a_command_that_is_too_long_to_be_compared_may_stay_and_not_change(before: str, after: str, times: int) -> None:
    sides = (f"[testenv]\ncommands =\n    pytest\n    {one * 5_000}\n".encode() for one in (before, after))
    texts = [found.text for found in find_weakenings([ChangedFile("tox.ini", *sides)])]
    assert sum("more than 4,000 characters" in text for text in texts) == times
