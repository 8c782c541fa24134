"""The README is true: every command of it is run, in order, in a clone of the repository."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.console import ROOT, blocks, follow

README = ROOT / "README.md"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the repository as they are now, with the virtual environment that is running."""
    folder = tmp_path_factory.mktemp("clone") / "readiness"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
            (folder / name).chmod((ROOT / name).stat().st_mode)
    (folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    for name in (".locked", ".installed"):  # where other means made the environment: its set-up is not what is tested
        (Path(sys.prefix) / name).touch()
    for name in ("requirements/dev.lock", "pyproject.toml"):
        os.utime(folder / name, (0, 0))
    return folder


def test_the_tour_can_be_followed(clone: Path) -> None:
    done = follow("\n".join(blocks(README, "sh")), clone)
    assert "NO_GO" in done.stdout
    assert "report.html" in done.stdout
    assert 'Good "signoff@readiness" signature' in done.stdout


def test_the_python_of_the_readme_runs(clone: Path) -> None:
    folder = clone / "examples" / "one-item"
    folder.mkdir()
    (folder / "notes.md").write_text("# Notes\n\nWritten.\n", encoding="utf-8")
    item = "{id: a, title: A, check: document, with: {paths: [notes.md]}}"
    (folder / "readiness.yaml").write_text(
        f"version: 1\nproject: p\nsections: [{{title: S, items: [{item}]}}]\n", encoding="utf-8"
    )
    (code,) = blocks(README, "python")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("GO ")


def test_the_two_commands_are_make_targets() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for command in re.findall(r"(?m)(?:^|`)make ([a-z][a-z-]*)", README.read_text(encoding="utf-8")):
        assert command in targets


def test_the_fast_set_is_there() -> None:
    (names,) = re.findall(r"^FAST := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in names.split() if not (ROOT / name).exists()] == []


def test_the_picture_is_there() -> None:
    for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / name).read_bytes().startswith(b"\x89PNG")
