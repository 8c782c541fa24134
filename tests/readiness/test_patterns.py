"""No regular expression of this program takes time by the square of a text that somebody else wrote."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]  # the only reader of patterns there is
from time import process_time
from typing import Any

import pytest

from support.costs import cpu_seconds
from support.long import LONG

ROOT = Path(__file__).parents[2]
SIZE = 6_000
"""Characters of the shorter text."""
LITTLE = 0.02
"""Seconds that are not looked at: what takes them for so long a text is no danger for a file of the largest size."""
DEARER = 2.9
"""How many times dearer a text of twice the length may be."""
BOUNDED = {
    "readiness/diagnosis/machine.py": "the metadata of this distribution",
    "readiness/evidence/configuration/command_changes.py": "blanks are joined before",
    "readiness/evidence/configuration/pipelines.py": "the name of a variable",
    "readiness/evidence/weakened_tests/languages/base.py": "the head of a handler is cut, a tag is a word",
    "readiness/evidence/weakened_tests/vague_matchers.py": "the name of a method",
    "readiness/init/results.py": "a path of this machine, which the system bounds",
    "readiness/init/variables.py": "a path of this machine, which the system bounds",
}
"""Modules of which a pattern takes time by the square, and why nobody can give it a long text."""
OPEN = {
    "checks/readiness_checks/document/sections.py",
    "checks/readiness_checks/headers/browser.py",
    "checks/readiness_checks/junit/formats/go_test.py",
    "checks/readiness_checks/reading/timestamps.py",
    "checks/readiness_checks/secrets/assignments.py",
    "checks/readiness_checks/secrets/harmless.py",
    "readiness/policy/commands/programs.py",
    "readiness/records/storage/allowed_signers.py",
    "readiness/text.py",
}
"""Modules of which a pattern takes time by the square, and nobody has looked yet how long a text it can get."""
HOW = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


@dataclass(frozen=True)
class Pattern:
    """A regular expression in the source."""

    text: str
    flags: int
    methods: frozenset[str]
    """How it is used."""
    place: str


def _flags(call: ast.Call) -> int:
    found = 0
    for node in [*call.args[1:], *(keyword.value for keyword in call.keywords)]:
        for part in ast.walk(node):
            flag = getattr(re, part.attr, None) if isinstance(part, ast.Attribute) else None
            found |= flag if isinstance(flag, re.RegexFlag) else 0
    return found


def patterns(path: Path) -> Iterator[Pattern]:
    """The expressions of a module that are written as one literal."""
    source = path.read_text(encoding="utf-8")
    place = path.relative_to(ROOT).as_posix()
    tree = ast.parse(source)
    names = {
        id(node.value): target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        literal = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if not of_re or node.func.attr not in {"compile", *HOW} or not isinstance(literal, str | bytes):
            continue
        text = literal if isinstance(literal, str) else literal.decode("latin-1")
        used = {node.func.attr}
        if node.func.attr == "compile":
            name = names.get(id(node), "")
            used = {how for how in HOW if name and re.search(rf"\b{name}\.{how}\b", source)} or {"search"}
        yield Pattern(text, _flags(node), frozenset(used), f"{place}:{node.lineno}")


ALL = [
    found
    for folder in ("readiness", "checks/readiness_checks", "reports/readiness_reports")
    for path in sorted((ROOT / folder).rglob("*.py"))
    for found in patterns(path)
]


def _spoken(tree: Any) -> Iterator[str]:
    """Characters and words that a parsed pattern names, from the left."""
    for op, value in tree:
        match str(op):
            case "LITERAL":
                yield chr(value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from _spoken(value[2])
            case "SUBPATTERN":
                yield from _spoken(value[3])
            case "ATOMIC_GROUP":
                yield from _spoken(value)
            case "ASSERT" | "ASSERT_NOT":
                yield from _spoken(value[1])
            case "BRANCH":
                for branch in value[1]:
                    yield "".join(chr(one) for kind, one in branch if str(kind) == "LITERAL")
                    yield from _spoken(branch)
            case "IN":
                yield from (chr(one) for kind, one in value if str(kind) == "LITERAL")
                yield from (chr(one[0]) for kind, one in value if str(kind) == "RANGE")


def words(pattern: Pattern) -> Iterator[str]:
    """What a text is made of that keeps a pattern busy: its own literals and classes, blanks, and pairs of them."""
    own = list(dict.fromkeys(filter(None, _spoken(_parser.parse(pattern.text, pattern.flags)))))[:30]
    yield from dict.fromkeys((" ", "\n", "a", "1", "\\", "a ", " \n", "a.", '"', "'", "(", "[", "{", "-", *own))
    yield from dict.fromkeys(one + other for one in own[:10] for other in ("a", " ", "\n", "("))


def use(pattern: Pattern, word: str, size: int, how: str) -> Callable[[], Any]:
    compiled = re.compile(pattern.text, pattern.flags)
    text = (word * (size // len(word) + 1))[:size] + "\x7f"
    calls: dict[str, Callable[[], Any]] = {
        "match": lambda: compiled.match(text),
        "fullmatch": lambda: compiled.fullmatch(text),
        "search": lambda: compiled.search(text),
    }
    return calls.get(how, lambda: sum(1 for _ in compiled.finditer(text)))


def grows(pattern: Pattern) -> str:
    """For which text a pattern takes time by the square of its length; empty when for none."""
    for how in sorted(pattern.methods):
        for word in words(pattern):
            short, long = (use(pattern, word, size, how) for size in (SIZE, 2 * SIZE))
            begun = process_time()
            short()
            if process_time() - begun > LITTLE and cpu_seconds(long) > DEARER * cpu_seconds(short):
                return f"{how} in {word!r} repeated"
    return ""


@pytest.mark.long
@pytest.mark.parametrize("pattern", ALL if LONG else ALL[::100], ids=lambda pattern: pattern.place)
def test_a_pattern_takes_time_by_the_length_of_a_text(pattern: Pattern) -> None:
    assert pattern.place.partition(":")[0] in {*BOUNDED, *OPEN} or not grows(pattern)


def test_the_patterns_are_found() -> None:
    assert len(ALL) > 500
    assert {"search", "fullmatch", "sub"} <= {how for pattern in ALL for how in pattern.methods}
