"""A repository whose tests ran under coverage.py once, and a copy for each test."""

import shutil
from pathlib import Path

import pytest

from support.measured_project import HALF, run_tests
from support.repositories import commit_all


@pytest.fixture(scope="session")
def measured_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("measured")
    backend = root / "backend"
    (backend / "pkg").mkdir(parents=True)
    (backend / "tests").mkdir()
    (backend / "pkg" / "__init__.py").touch()
    (backend / "pkg" / "half.py").write_text(HALF)
    (backend / "pkg" / "full.py").write_text("def full():\n    return 1\n")
    imports = "from pkg.half import covered\nfrom pkg.full import full\n"
    (backend / "tests" / "test_it.py").write_text(f"{imports}\n\ndef test_them():\n    assert covered(1) == full()\n")
    (root / ".gitignore").write_text(".coverage\ncoverage.*\nlcov.info\n__pycache__/\n")
    commit_all(root)
    run_tests(backend)
    return root


@pytest.fixture
def project(measured_once: Path, tmp_path: Path) -> Path:
    """A copy, with dates kept; the data file still names the files of the original by their absolute paths."""
    return Path(shutil.copytree(measured_once, tmp_path / "project"))
