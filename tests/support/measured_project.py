"""A repository whose tests ran under coverage.py, and the check `coverage` on what that wrote."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from readiness.outcome import Outcome
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage

HALF = """
def covered(x):
    if x:
        return 1
    return 2


def never_called():
    return 3
"""
FORMATS = ("coverage.json", "coverage.xml", "lcov.info", ".coverage")


def run_tests(folder: Path) -> None:
    """Run a small test suite under coverage.py, and write every format that it has."""
    tool = [sys.executable, "-m", "coverage"]
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    steps = (
        ["run", "--branch", "--source=pkg", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        ["json", "-q"],
        ["xml", "-q"],
        ["lcov", "-q", "-o", "lcov.info"],
    )
    for step in steps:
        subprocess.run([*tool, *step], cwd=folder, env=variables, check=True, capture_output=True, timeout=120)


def coverage(
    root: Path,
    path: str = "backend/coverage.json",
    metric: str = "lines",
    minimum: float = 70,
    now: datetime | None = None,
    **params: Any,
) -> Outcome:
    using = context(root, now=now or datetime.now(UTC) + timedelta(seconds=1), environ=os.environ)
    return evaluate(
        Coverage, root, using=using, sources=[{"path": path, "metric": metric, "minimum": minimum}], **params
    )


def value(outcome: Outcome) -> object:
    return outcome.measurements[0].value


def age(path: Path, hours: float) -> None:
    then = datetime.now(UTC).timestamp() - hours * 3600
    os.utime(path, (then, then))
