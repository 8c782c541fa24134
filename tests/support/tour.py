"""The tour of the README, taken once in a session: its demonstrations serve the tests of the examples, too."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.console import ROOT, blocks, follow
from support.session import once
from support.system import need


@dataclass(frozen=True)
class Tour:
    """What is left when every command of the README was run, in order, in a clone of the repository."""

    clone: Path
    printed: str

    def demo(self, verdict: str) -> Path:
        """The folder in which `make demo`, or one of its variants, judged the example application."""
        return self.clone / ".demo" / f"deedpro-{verdict}"


def take(factory: pytest.TempPathFactory) -> Tour:
    """Take the tour, unless it was taken in this session."""
    need("ssh-keygen")
    folder = once(factory, "tour", _take)
    return Tour(folder / "readiness", (folder / "printed.txt").read_text(encoding="utf-8"))


def _take(folder: Path) -> None:
    _clone(folder / "readiness")
    done = follow("\n".join(blocks(ROOT / "README.md", "sh")), folder / "readiness")
    (folder / "printed.txt").write_text(done.stdout, encoding="utf-8")


def _clone(folder: Path) -> None:
    """The files of the repository as they are now, with the virtual environment that is running."""
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
