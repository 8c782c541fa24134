"""Reports of coverage that tests write, and the check `coverage` as it judges them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from readiness.outcome import Outcome, Status
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage

SOURCE = "\n".join(f"line {number}" for number in range(1, 21)) + "\n"
"""Twenty lines."""


def measure(
    root: Path,
    report: object,
    metric: str = "lines",
    minimum: float = 0,
    *,
    sources: Sequence[str] = ("src/a.js",),
    name: str = "report",
    **source: Any,
) -> Outcome:
    """Judge one report, written beside sources of twenty lines each."""
    return judge(root, {name: report}, metric, minimum, sources=sources, path=name, **source)


def judge(
    root: Path,
    reports: Mapping[str, object],
    metric: str = "lines",
    minimum: float = 0,
    *,
    sources: Sequence[str] = ("src/a.js",),
    **source: Any,
) -> Outcome:
    """Judge several reports as one source."""
    for place in sources:
        write(root, place, SOURCE)
    for place, report in reports.items():
        write(root, place, report if isinstance(report, bytes | str) else json.dumps(report))
    using = context(root, now=datetime.now(UTC) + timedelta(seconds=2))
    asked = {"metric": metric, "minimum": minimum, **source}
    return evaluate(Coverage, root, using=using, sources=[asked])


def write(root: Path, place: str, content: bytes | str) -> None:
    """Write one file, unless it is there as it is."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def value(outcome: Outcome) -> object:
    """The percentage of a source that passes."""
    assert outcome.status is Status.PASSED, outcome.summary
    return outcome.measurements[0].value


def values(root: Path, report: object, sources: Sequence[str] = ("src/a.js",)) -> dict[str, object]:
    """The percentage of each metric that a report measures."""
    found: dict[str, object] = {}
    for metric in ("lines", "branches", "functions", "statements"):
        outcome = measure(root, report, metric, sources=sources)
        if outcome.status is Status.PASSED:
            found[metric] = outcome.measurements[0].value
        else:
            assert "does not measure" in outcome.summary, outcome.summary
    return found


def refused(outcome: Outcome, said: str) -> None:
    """Make sure that a report is an error, and that it says why and what to do."""
    assert outcome.status is Status.ERROR, outcome.summary
    assert said in outcome.summary
    assert outcome.remedy
