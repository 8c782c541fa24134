"""A confined process writes below its folders only; where that cannot be done, nothing runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from readiness.isolation import confinement
from readiness.isolation.confinement import VARIABLE, ConfinementError

FOLDER = "allowed"


def run(folder: Path, code: str, *, told: str | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a program of Python in a folder, confined to the folder `allowed` in it, or as it is told."""
    (folder / FOLDER).mkdir(exist_ok=True)
    environ = {**os.environ, VARIABLE: json.dumps([str(folder / FOLDER)]) if told is None else told}
    command = confinement.command([sys.executable, "-I", "-S", "-c", code], environ)
    return subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A file that is not to be touched, in a folder of its own."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").write_text("as it was", encoding="utf-8")
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "mine").write_text("mine", encoding="utf-8")
    return tmp_path


FORBIDDEN = {
    "write": "open('kept/file', 'w')",
    "append": "open('kept/file', 'a')",
    "truncate": "os.truncate('kept/file', 0)",
    "make a file": "open('kept/new', 'x')",
    "make a folder": "os.mkdir('kept/new')",
    "make a link": "os.symlink('file', 'kept/new')",
    "make a pipe": "os.mkfifo('kept/new')",
    "remove": "os.remove('kept/file')",
    "remove a folder": "os.rmdir('kept')",
    "rename within": "os.rename('kept/file', 'kept/other')",
    "rename from outside": "os.rename('kept/file', 'allowed/file')",
    "rename to outside": "os.rename('allowed/mine', 'kept/file')",
    "link from outside": "os.link('kept/file', 'allowed/file')",
    "through a link": "os.symlink('../kept/file', 'allowed/way'); open('allowed/way', 'w')",
    "beside the folder": "open('allowed-too', 'w')",
    "from a child": "sys.exit(os.spawnl(os.P_WAIT, sys.executable, 'python', '-ISc', 'open(\"kept/file\", \"w\")'))",
}


@pytest.mark.parametrize("way", FORBIDDEN)
def test_nothing_outside_of_its_folders_changes(there: Path, way: str) -> None:
    done = run(there, f"import os, sys\n{FORBIDDEN[way]}")
    assert done.returncode == 1
    assert "Permission denied" in done.stderr or "cross-device" in done.stderr
    assert sorted(path.name for path in (there / "kept").iterdir()) == ["file"]
    assert (there / "kept/file").read_text(encoding="utf-8") == "as it was"
    assert (there / FOLDER / "mine").read_text(encoding="utf-8") == "mine"


def test_below_its_folders_it_does_all_of_that_and_devices_work(there: Path) -> None:
    code = """
import os, pathlib
os.chdir("allowed")
os.mkdir("a")
pathlib.Path("a/file").write_text("x")
os.truncate("a/file", 0)
os.link("a/file", "a/second")
os.symlink("file", "a/third")
os.rename("a/file", "mine")
pathlib.Path("/dev/null").write_text("x")
pathlib.Path("/dev/shm/readiness-confined").write_text("x")
os.remove("/dev/shm/readiness-confined")
print(pathlib.Path("../kept/file").read_text(), os.environ.get("READINESS_CONFINED_TO"))
"""
    done = run(there, code)
    assert (done.returncode, done.stdout) == (0, "as it was None\n"), done.stderr


@pytest.mark.parametrize("told", ['["/nonexistent/folder"]', "[", "no list", '{"a": 1}', "[1]", "7", "null"], ids=str)
def test_where_it_cannot_be_done_nothing_runs(there: Path, told: str) -> None:
    done = run(there, "print('it ran')", told=told)
    assert done.returncode != 0
    assert "it ran" not in done.stdout


def test_no_folder_at_all_is_none_that_it_may_write_to(there: Path) -> None:
    assert run(there, "open('allowed/mine', 'w')", told="[]").returncode == 1


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    environ = {**os.environ, VARIABLE: json.dumps([str(tmp_path)])}
    command = confinement.command(["/nonexistent/program"], environ)
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "/nonexistent/program: No such file or directory\n")


def test_a_command_of_nobody_who_is_confined_stays_as_it_is() -> None:
    assert confinement.command(["make", "test"], {}) == ["make", "test"]


@pytest.mark.parametrize("version", [0, -1])
def test_a_system_without_landlock_is_told(monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    monkeypatch.setattr(confinement, "_version", lambda: version)
    assert not confinement.available()
    with pytest.raises(ConfinementError, match="this system has no Landlock"):
        confinement.confine(["/"])


def test_another_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not confinement.available()


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfinementError, match=r"`.*gone` cannot be opened: No such file or directory"):
        confinement.confine([str(tmp_path / "gone")])


def test_who_is_told_nothing_is_not_confined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    confinement.confine_as_told()
    (tmp_path / "file").touch()
