"""Evidence that fails never passes when it is cut off, at whatever byte: each format tells it, or enough is left."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness.check import Check, Context
from readiness.outcome import Status
from readiness.testing import context, evaluate
from readiness_checks.coverage import Coverage
from readiness_checks.dependencies import Dependencies
from readiness_checks.junit import JUnit
from support.failing_evidence import FAILING, SOURCES, data_of_coverage_py, format_modules
from support.long import LONG

TODAY = f"{datetime.now(UTC):%Y-%m-%d}T00:00:00Z"
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
CHECKS: dict[str, tuple[type[Check], dict[str, Any]]] = {
    "coverage": (Coverage, {"sources": [{"path": "report", "metric": "lines", "minimum": 90}]}),
    "junit": (JUnit, {"paths": ["report"]}),
}
"""How each check whose formats are modules is asked about a file of the name `report`."""
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


def _in_a_minute(root: Path) -> Context:
    """A context with all of its time, in which what was written just now is not of the future."""
    return context(root, now=datetime.now(UTC) + timedelta(minutes=1))


def never_passes(check: type[Check], root: Path, name: str, whole: str, **params: Any) -> None:
    """Cut the file after each of its bytes; the whole of it fails, or the cuts would show nothing."""
    data = whole.encode()
    for length in range(len(data) + 1):
        if not (LONG or length % 11 == 0 or length == len(data) or data[length - 1 : length] in ENDS):
            continue
        (root / name).write_bytes(data[:length])
        outcome = evaluate(check, root, using=_in_a_minute(root), **params)
        assert outcome.status in {Status.FAILED, Status.ERROR}, f"cut at byte {length}: {data[:length][-40:]!r}"
    assert outcome.status is Status.FAILED, outcome.summary


def test_every_format_has_a_sample_that_is_cut() -> None:
    """One that is missing belongs into `tests/support/failing_evidence.py`."""
    cut = {(check, name.partition(" ")[0]) for check, samples in FAILING.items() for name in samples}
    assert set(format_modules()) <= cut
    assert len(set(format_modules())) >= 4, "the formats were not found"


@pytest.mark.parametrize(("check", "name"), [(check, name) for check, samples in FAILING.items() for name in samples])
def test_formats(root: Path, check: str, name: str) -> None:
    judge, params = CHECKS[check]
    never_passes(judge, root, "report", FAILING[check][name], **params)


def test_data_of_coverage_py(root: Path) -> None:
    """It is a database of many pages, and a process reads each of them: a few cuts are tried."""
    (root / "a.py").write_text("a = 1\nb = 2\n")
    whole = data_of_coverage_py()
    pages = range(0, len(whole), 512 if LONG else 8192)
    judge, params = CHECKS["coverage"]
    for length in (*pages, len(whole) - 1):
        (root / "report").write_bytes(whole[:length])
        outcome = evaluate(judge, root, using=_in_a_minute(root), **params)
        assert outcome.status in {Status.FAILED, Status.ERROR}, f"cut at byte {length}"
    (root / "report").write_bytes(whole)
    assert evaluate(judge, root, using=_in_a_minute(root), **params).status is Status.FAILED


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
