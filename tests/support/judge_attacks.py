"""The table of docs/threats.md about the program that judges, and the tests of its rows."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs/threats.md"
_ROW = re.compile(r'^@attack\(\s*"([^"]+)"\s*\)', re.MULTILINE)

Test = TypeVar("Test", bound=Callable[..., None])


def attack(_row: str) -> Callable[[Test], Test]:
    """Say which row of the table a test is for: its first column."""
    return lambda test: test


def rows() -> list[str]:
    """The first column of the table."""
    section = TABLE.read_text(encoding="utf-8").partition("## What the program that judges withstands\n")[2]
    lines = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    return [line.removeprefix("| ").split(" | ")[0] for line in lines[1:]]


def attacks_with_a_test() -> list[str]:
    """What the tests say that they are for."""
    return [row for path in sorted(TESTS.rglob("test_*.py")) for row in _ROW.findall(path.read_text(encoding="utf-8"))]
