"""The README is true: every command of it is run, in order, in a clone of the repository."""

import re
import subprocess
import sys
from pathlib import Path

from support.console import ROOT, blocks
from support.tour import Tour

README = ROOT / "README.md"


def test_the_tour_can_be_followed(tour: Tour) -> None:
    assert tour.printed.count("(as expected)") == 3
    assert "NO_GO" in tour.printed
    assert "report.html" in tour.printed
    assert 'Good "signoff@readiness" signature' in tour.printed


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n\nWritten.\n", encoding="utf-8")
    item = "{id: a, title: A, check: document, with: {paths: [notes.md]}}"
    (tmp_path / "readiness.yaml").write_text(
        f"version: 1\nproject: p\nsections: [{{title: S, items: [{item}]}}]\n", encoding="utf-8"
    )
    (code,) = blocks(README, "python")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
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
