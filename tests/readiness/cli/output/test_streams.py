"""Streams that are closed or full: the verdict does not change, and what cannot be told is never a pass."""

import json
import subprocess
from pathlib import Path

import pytest

from support.program import PROGRAM, checklist, readiness_process, variables

PASS = "id: good, title: Good, with: $ok"
FAIL = "id: bad, title: Bad, with: $no"
FULL = "/dev/full"


def in_shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `readiness` is the program."""
    script = f'readiness() {{ {" ".join(PROGRAM)} "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script],
        cwd=cwd,
        env=variables(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"readiness check good > {FULL}", 4),
        (f"readiness check good --format json > {FULL}", 4),
        (f"readiness check bad > {FULL}", 1),
        (f"readiness list > {FULL}", 4),
        (f"readiness --version > {FULL}", 4),
        (f"readiness check --help > {FULL}", 4),
    ],
)
def test_a_full_standard_output_is_said_and_never_0(tmp_path: Path, line: str, code: int) -> None:
    checklist(tmp_path, PASS, FAIL)
    done = in_shell(line, tmp_path)
    assert done.returncode == code
    assert "cannot be written: No space left on device" in done.stderr
    assert "internal error" not in done.stderr
    if "check" in line and "help" not in line:
        assert "GO  example" in done.stderr


@pytest.mark.parametrize(("words", "code"), [("check good", 0), ("check bad", 1), ("check nope", 2), ("chekc", 2)])
@pytest.mark.parametrize("where", [f"2> {FULL}", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_full_or_closed_standard_error_changes_no_exit_code(
    tmp_path: Path, words: str, code: int, where: str
) -> None:
    checklist(tmp_path, PASS, FAIL)
    assert in_shell(f"readiness {words} {where}", tmp_path).returncode == code


def test_what_is_printed_to_a_closed_output_lands_in_no_file(tmp_path: Path) -> None:
    checklist(tmp_path, PASS)
    assert in_shell("readiness check -o run.json >&- 2>&-", tmp_path).returncode == 0
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["verdict"]["word"] == "GO"


@pytest.mark.parametrize(
    ("args", "code"), [(["check", "-f", "nope.yaml"], 2), (["explain", "nope"], 2), (["--bogus"], 2), (["list"], 0)]
)
def test_an_ascii_terminal_gets_ascii(tmp_path: Path, args: list[str], code: int) -> None:
    done = readiness_process(*args, cwd=tmp_path, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}, code=code)
    assert (done.stdout + done.stderr).isascii()
