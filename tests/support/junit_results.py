"""Test results in JUnit XML for tests: short ones, real ones of pytest, and what the check says of them."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from readiness.outcome import Outcome
from readiness.testing import context, evaluate
from readiness_checks.junit import JUnit

PASSING = '<testcase classname="a" name="one"/>'


SUITE = f'<testsuite name="s">{PASSING}</testsuite>'


TESTS = """
import pytest

@pytest.fixture
def breaks_afterwards():
    yield
    raise RuntimeError("left a mess")

def test_passes():
    pass

@pytest.mark.parametrize("kind", ["grant", "quitclaim"])
def test_deed(kind):
    pass

@pytest.mark.skip(reason="later")
def test_skipped():
    raise AssertionError

@pytest.mark.xfail
def test_known_fault():
    raise AssertionError

class TestThings:
    def test_inside(self):
        pass
"""


FAILING = """
def test_fails():
    total = 1
    assert total == 2, "sums differ"

def test_breaks_afterwards(breaks_afterwards):
    pass
"""


def write(root: Path, text: str, name: str = "junit.xml") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def junit(
    root: Path, *, paths: tuple[str, ...] = ("junit.xml",), now: datetime | None = None, **params: Any
) -> Outcome:
    moment = now or datetime.now(UTC) + timedelta(seconds=1)
    return evaluate(JUnit, root, using=context(root, now=moment), paths=list(paths), **params)


def run_pytest(root: Path, source: str, *options: str) -> None:
    (root / "tests").mkdir()
    (root / "tests" / "test_real.py").write_text(source)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--junitxml=junit.xml",
        *options,
        "tests",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True, timeout=120)


def measured(outcome: Outcome) -> dict[str, object]:
    return {measurement.name: measurement.value for measurement in outcome.measurements}


def rules(outcome: Outcome) -> list[str]:
    return [finding.rule for finding in outcome.findings]
