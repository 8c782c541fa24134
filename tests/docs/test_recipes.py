"""Each recipe of CONTRIBUTING works on a copy of the source tree, and touches no more files than it says."""

import os
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from support.console import ROOT, follow

PAGE = ROOT / "CONTRIBUTING.md"
GENERATED = ("docs/checks/", "docs/schema/", "docs/architecture.md")
_STEP = re.compile(
    r"^(?:Write `(?P<new>[^`]+)`|Add to `(?P<old>[^`]+)` below `(?P<below>[^`]+)`):\n\n```\w+\n(?P<text>.*?)^```$"
    r"|^```sh\n(?P<commands>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SETUP = """
import pathlib, tomllib
entry_points = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["project"]["entry-points"]
folder = pathlib.Path("readiness-0.dist-info")
folder.mkdir(exist_ok=True)
(folder / "METADATA").write_text("Metadata-Version: 2.1\\nName: readiness\\nVersion: 0\\n")
(folder / "entry_points.txt").write_text("".join(
    f"[{group}]\\n" + "".join(f"{name} = {value}\\n" for name, value in points.items())
    for group, points in entry_points.items()
))
"""
"""Does to the copy what `make setup` does to a clone: makes its entry points known."""


def steps(title: str) -> Iterator[dict[str, str | None]]:
    """The steps of the recipe below a heading: files to write, lines to add, commands to run."""
    _before, heading, rest = PAGE.read_text(encoding="utf-8").partition(f"\n### {title}\n")
    assert heading, f"CONTRIBUTING has no recipe `{title}`"
    for match in _STEP.finditer(re.split(r"^#{2,3} ", rest, flags=re.MULTILINE)[0]):
        yield match.groupdict()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the source tree with its bytecode; its packages go before those that are installed."""
    unneeded = shutil.ignore_patterns("node_modules", "fixtures", ".*")
    for name in ("readiness", "checks", "reports", "docs", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unneeded)
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def digests(tree: Path) -> dict[str, str]:
    """Digest of every file that a person would write."""
    names = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}
    return {
        name: sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not re.search(r"(^|/)(__pycache__|\.)|\.dist-info/", name) and not name.startswith(GENERATED)
    }


def apply(title: str, tree: Path) -> str:
    """Follow a recipe; what its commands printed."""
    printed = ""
    for step in steps(title):
        if step["commands"]:
            printed += run(step["commands"], tree)
        elif step["new"]:
            assert not (tree / step["new"]).exists()
            (tree / step["new"]).write_text(step["text"] or "", encoding="utf-8")
        else:
            place = tree / str(step["old"])
            before, line, after = place.read_text(encoding="utf-8").partition(f"{step['below']}\n")
            assert line, f"{step['old']} has no line `{step['below']}`"
            place.write_text(before + line + str(step["text"]) + after, encoding="utf-8")
    return printed


def run(commands: str, tree: Path) -> str:
    """Run commands in the copy."""
    paths = os.pathsep.join(str(tree / name) for name in ("", "checks", "reports", "tests"))
    functions = """make() { python -c "$SETUP"; }; readiness() { python -P -m readiness "$@"; }\n"""
    return follow(functions + commands, tree, PYTHONPATH=paths, SETUP=SETUP).stdout


def follow_recipe(title: str, tree: Path, most: int) -> str:
    """Follow a recipe and count the files that it touches; what its commands printed."""
    run("make setup", tree)
    before = digests(tree)
    printed = apply(title, tree)
    after = digests(tree)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    assert len(changed) <= most, changed
    assert re.search(r"\d passed", printed)
    return printed


def test_a_built_in_check_takes_four_files_and_its_page_is_generated(tree: Path) -> None:
    assert "The licence file names an allowed licence" in follow_recipe("A built-in check", tree, 4)
    page = (tree / "docs" / "checks" / "license.md").read_text(encoding="utf-8")
    assert "| `allowed` | list of string | required |" in page


def test_a_reporter_takes_two_files(tree: Path) -> None:
    assert "jsonl" in follow_recipe("A reporter", tree, 2)


def test_a_coverage_format_takes_two_files(tree: Path) -> None:
    assert "4 passed" in follow_recipe("An evidence format", tree, 2)
