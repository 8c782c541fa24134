"""Pages that walk a reader through commands: each prints what the page says, whatever the digests of the day are."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.console import ROOT, blocks, environment
from support.system import need

_ID = re.compile(r"\b[0-9a-f]{7,64}\b")
_SHORTEST = 7
"""Characters by which git shortens an id."""
WALKS = ["life-of-a-sign-off.md", "evidence-weakening.md", "signed-evidence.md"]


def steps(page: Path) -> list[tuple[str, str]]:
    """Commands of a page, each with what the page says that it prints."""
    found: list[tuple[str, str]] = []
    for block in blocks(page, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), ""))
            else:
                command, said = found[-1]
                found[-1] = (command, f"{said}{line}\n")
    return found


def printed(commands: list[str], folder: Path) -> Iterator[str]:
    """What each command prints; `cd` holds for those after it."""
    before = ""
    for command in commands:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", before + command],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        before += f"{command}\n" if command.startswith("cd ") else ""
        yield done.stdout


def renamed(text: str) -> str:
    """Digests and commit ids by the order in which they turn up, so that the same one has the same name throughout."""
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        number = names.setdefault(match[0][:_SHORTEST], f"{len(names) + 1}")
        return f"<{number}{'x' * (len(match[0]) - 2 - len(number))}>"

    return _ID.sub(name, text)


@pytest.mark.parametrize("name", WALKS)
def test_every_command_of_the_walk_prints_what_the_page_says(name: str, tmp_path: Path) -> None:
    need("ssh-keygen")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    walk = steps(ROOT / "docs" / name)
    assert len(walk) >= 10, "the page has lost its commands"
    commands = [command for command, _said in walk]
    shown = "".join(f"$ {command}\n{said}" for command, said in walk)
    seen = "".join(f"$ {command}\n{out}" for command, out in zip(commands, printed(commands, tmp_path), strict=True))
    assert renamed(seen) == renamed(shown)


def test_the_same_id_has_the_same_name_and_another_one_has_not() -> None:
    assert renamed("1111111a 2222222b 1111111a") == "<1xxxxx> <2xxxxx> <1xxxxx>"
    assert renamed("1111111a 1111111a") != renamed("1111111a 2222222b")
