"""Evidence that fails never passes when it is cut off, at whatever byte: each format tells it, or enough is left."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness.check import Check
from readiness.outcome import Status
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage
from readiness_checks.dependencies import Dependencies
from readiness_checks.junit import JUnit
from support.long import LONG

TODAY = f"{datetime.now(UTC):%Y-%m-%d}T00:00:00Z"
SOURCES = ("a.py", "b.py")
HALF: dict[str, Any] = {"covered_lines": 1, "num_statements": 2, "missing_lines": 1, "percent_covered": 50.0}
FINAL: dict[str, Any] = {
    "statementMap": {"0": {"start": {"line": 1}, "end": {"line": 1}}, "1": {"start": {"line": 2}, "end": {"line": 2}}},
    "fnMap": {},
    "branchMap": {},
    "s": {"0": 1, "1": 0},
    "f": {},
    "b": {},
}
TOTAL = {"total": 2, "covered": 1, "skipped": 0, "pct": 50}
SUMMARY = {"lines": TOTAL, "statements": TOTAL, "functions": TOTAL, "branches": TOTAL}
BOTH = {key: {**TOTAL, "total": 4, "covered": 2} for key in SUMMARY}
COVERAGE = {
    "lcov": "TN:\nSF:a.py\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\nTN:\nSF:b.py\nDA:1,1\nend_of_record\n",
    "cobertura": '<coverage><packages><package><classes><class filename="a.py"><lines><line number="1" hits="1"/>'
    '<line number="2" hits="0"/></lines></class></classes></package></packages></coverage>\n',
    "coverage.py": json.dumps({
        "meta": {"version": "7", "timestamp": datetime.now(UTC).isoformat()},
        "files": {"a.py": {"executed_lines": [1], "missing_lines": [2], "summary": HALF}},
        "totals": HALF,
    }),
    "istanbul": json.dumps({name: {"path": name, **FINAL} for name in SOURCES}),
    "istanbul summary": json.dumps({"total": BOTH, **dict.fromkeys(SOURCES, SUMMARY)}),
}  # fmt: skip
JUNIT = (
    '<testsuites tests="2" failures="1"><testsuite name="s" tests="2" failures="1"><testcase name="one"/>'
    '<testcase name="two"><failure message="no"/></testcase></testsuite></testsuites>\n'
)
OSV = {
    "id": "PYSEC-1",
    "modified": TODAY,
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "a"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
    ],
}
OSV_IN_YAML = f"""id: PYSEC-1
modified: {TODAY}
affected:
- package:
    ecosystem: PyPI
    name: a
  ranges:
  - type: ECOSYSTEM
    events:
    - introduced: "0"
  versions:
  - "1.0"
details: bad
"""
REQUIREMENTS = f"a==1.0 \\\n    --hash=sha256:{'0' * 64}\nb==1.0 \\\n    --hash=sha256:{'0' * 64}\n"
LOCKS = {
    "uv.lock": """version = 1

[[package]]
name = "b"
version = "1.0"
source = { registry = "https://packages.example.com/simple" }
dependencies = [
    { name = "z" },
]
wheels = [
    { url = "https://packages.example.com/b.whl" },
]

[[package]]
name = "x"
version = "0"
source = { editable = "." }
dependencies = [
    { name = "b" },
]

[[package]]
name = "z"
version = "1.0"
source = { registry = "https://packages.example.com/simple" }
wheels = []
""",
    "poetry.lock": """[[package]]
name = "b"
version = "1.0"

[[package]]
name = "z"
version = "1.0"
files = []

[metadata]
lock-version = "2.1"
content-hash = "0"
""",
    "pdm.lock": """[metadata]
lock_version = "4.5.0"

[[package]]
name = "b"
version = "1.0"
dependencies = [
    "z>=1",
]
files = []

[[package]]
name = "z"
version = "1.0"
files = []
""",
    "pylock.toml": """lock-version = "1.0"
created-by = "pdm"

[[packages]]
name = "b"
version = "1.0"
wheels = []
dependencies = [{ name = "z" }]

[[packages]]
name = "z"
version = "1.0"
wheels = []

[tool.pdm]
targets = []
""",
}
ENDS = (b"\n", b"]", b"}", b">", b"1")
"""Behind these the sample cuts; the long run cuts behind every byte."""
pytestmark = pytest.mark.long


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in SOURCES:
        (tmp_path / name).write_text("1\n2\n")
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    for name in ("a", "z"):
        record = {**OSV, "affected": [{**OSV["affected"][0], "package": {"ecosystem": "PyPI", "name": name}}]}  # type: ignore[dict-item]  # plain JSON
        (tmp_path / f"known-{name}").mkdir()
        (tmp_path / f"known-{name}" / "x.json").write_text(json.dumps(record))
    known = {**OSV, "affected": [{"package": {"ecosystem": "PyPI", "name": "b"}, "versions": ["0.1"]}]}
    (tmp_path / "known-z" / "b.json").write_text(json.dumps(known))
    return tmp_path


def never_passes(check: type[Check], root: Path, name: str, whole: str, **params: Any) -> None:
    """Cut the file after each of its bytes; the whole of it fails, or the cuts would show nothing."""
    using = context(root, now=datetime.now(UTC) + timedelta(minutes=1))
    data = whole.encode()
    for length in range(len(data) + 1):
        if not (LONG or length % 11 == 0 or length == len(data) or data[length - 1 : length] in ENDS):
            continue
        (root / name).write_bytes(data[:length])
        outcome = evaluate(check, root, using=using, **params)
        assert outcome.status in {Status.FAILED, Status.ERROR}, f"cut at byte {length}: {data[:length][-40:]!r}"
    assert outcome.status is Status.FAILED, outcome.summary


@pytest.mark.parametrize("name", COVERAGE)
def test_coverage(root: Path, name: str) -> None:
    source = {"path": "report", "metric": "lines", "minimum": 90}
    never_passes(Coverage, root, "report", COVERAGE[name], sources=[source])


def test_results_of_tests(root: Path) -> None:
    never_passes(JUnit, root, "junit.xml", JUNIT, paths=["junit.xml"])


@pytest.mark.parametrize(("name", "record"), [("x.json", json.dumps(OSV)), ("x.yaml", OSV_IN_YAML)])
def test_advisories(root: Path, name: str, record: str) -> None:
    (root / "requirements.txt").write_text("a==1.0\n")
    (root / "database").mkdir()
    other = {**OSV, "id": "PYSEC-2", "affected": [{"package": {"ecosystem": "PyPI", "name": "a"}, "versions": ["2"]}]}
    (root / "database" / "other.json").write_text(json.dumps(other))
    never_passes(Dependencies, root, f"database/{name}", record, requirements="requirements.txt", database="database")


def test_requirements(root: Path) -> None:
    never_passes(
        Dependencies, root, "requirements.txt", REQUIREMENTS, requirements="requirements.txt", database="known-a"
    )


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files(root: Path, name: str) -> None:
    """`b` is known and clean; `z`, which only `b` needs, comes last and is not."""
    (root / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["b"]\n')
    never_passes(Dependencies, root, name, LOCKS[name], pyproject="pyproject.toml", database="known-z")
