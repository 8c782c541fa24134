"""Evidence that fails does not pass with one line dropped, doubled or swapped, or with one digit changed."""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.outcome import Status
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage
from readiness_checks.junit import JUnit
from support.failing_evidence import FAILING, SOURCES, counted
from support.long import LONG

COVERAGE = {"sources": [{"path": "report", "metric": "lines", "minimum": 90}]}
SAYS_OTHERWISE = {
    "lcov": r"DA:",
    "cobertura": r"<line number",
    "clover": r"<line num",
    "opencover": r"<SequencePoint",
}
"""Where a digit is a line or how often it was run: with another, two entries are of one line, and it was run."""
STEP = 1 if LONG else 17
pytestmark = pytest.mark.long


def in_lines(text: str) -> str:
    """A document with something small in each line."""
    try:
        return json.dumps(json.loads(text), indent=1)
    except ValueError:
        return re.sub("><", ">\n<", text)


def changed_lines(text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        yield f"without {line!r}", "".join(lines[:at] + lines[at + 1 :])
        yield f"twice {line!r}", "".join(lines[: at + 1] + lines[at:])
        yield f"after the next {line!r}", "".join([*lines[:at], *lines[at + 1 : at + 2], line, *lines[at + 2 :]])


def changed_digits(text: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer("[0-9]", text):
        line = text[text.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
        for digit in sorted({"0", "1", "9", str((int(found[0]) + 1) % 10)} - {found[0]}):
            yield line, text[: found.start()] + digit + text[found.end() :]


def status(root: Path, text: str, *, coverage: bool) -> Status:
    (root / "report").write_text(text)
    using = context(root, now=datetime.now(UTC) + timedelta(minutes=1))
    if coverage:
        return evaluate(Coverage, root, using=using, **COVERAGE).status
    return evaluate(JUnit, root, using=using, paths=["report"]).status


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in SOURCES:
        (tmp_path / name).write_text("1\n2\n")
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    return tmp_path


@pytest.mark.parametrize("name", FAILING["junit"])
def test_results_of_tests(root: Path, name: str) -> None:
    text = FAILING["junit"][name]
    text = text if text.count("\n") > 1 else in_lines(text)
    assert status(root, text, coverage=False) is Status.FAILED
    for what, changed in [*changed_lines(text), *changed_digits(text)][::STEP]:
        assert status(root, changed, coverage=False) in {Status.FAILED, Status.ERROR}, what


@pytest.mark.parametrize("name", counted())
def test_coverage_with_totals(root: Path, name: str) -> None:
    text = in_lines(counted()[name])
    assert status(root, text, coverage=True) is Status.FAILED
    digits = [
        (line, changed) for line, changed in changed_digits(text) if not re.match(SAYS_OTHERWISE.get(name, "$"), line)
    ]
    for what, changed in [*changed_lines(text), *digits][::STEP]:
        assert status(root, changed, coverage=True) in {Status.FAILED, Status.ERROR}, what
