"""Wheel and sdist build, hold what they should, and the wheel works in an environment of its own."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from support.console import ROOT, environment


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_holds_three_packages_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        metadata = next(archive.read(n).decode() for n in archive.namelist() if n.endswith("/METADATA"))
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "readiness", "readiness_checks", "readiness_reports",
    }  # fmt: skip
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_the_sdist_holds_source_tests_and_docs(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile", "requirements/dev.lock"} <= names
    assert any(name.startswith("tests/") for name in names)
    assert any(name.startswith("examples/deedpro/") for name in names)


def test_the_wheel_works_where_it_is_installed(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*pip, str(wheel)], check=True)
    for name, folder in (("readiness", "init"), ("readiness_checks", ""), ("readiness_reports", "")):
        assert (target / name / folder / "__init__.py").exists()
    (tmp_path / "notes.md").write_text("# Notes\n\nWritten.\n", encoding="utf-8")
    item = "{id: a, title: A, check: document, with: {paths: [notes.md]}}"
    (tmp_path / "readiness.yaml").write_text(
        f"version: 1\nproject: p\nsections: [{{title: S, items: [{item}]}}]\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-m", "readiness", "check", "-o", "report.html"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(target)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "report.html").exists()


def test_the_lock_pins_hashes_and_names_no_host() -> None:
    text = (ROOT / "requirements" / "dev.lock").read_text(encoding="utf-8")
    assert "://" not in text
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.strip() and not entry.lstrip().startswith("#"):
            assert "==" in entry
            assert "--hash=sha256:" in entry
