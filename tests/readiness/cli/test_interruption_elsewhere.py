"""Interrupted before the run, after it, twice, and at a real terminal: always 130, and no process is left."""

import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from support.program import FOREGROUND, checklist, variables
from support.thirdparty import install

_MARK = "READINESS_TEST_ELSEWHERE"
_PATIENCE = 30.0


def left(mark: str) -> list[int]:
    """Processes of ours that are still there after a moment."""
    deadline = time.monotonic() + _PATIENCE / 3
    while (found := _alive(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _alive(mark: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(_MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def until(there: Callable[[], object]) -> None:
    """Wait for something."""
    deadline = time.monotonic() + _PATIENCE
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the third party's distribution is installed."""
    return str(install(tmp_path_factory))


def start(cwd: Path, site: str, *args: str) -> subprocess.Popen[str]:
    """Start the program where the third party's plugins are."""
    return subprocess.Popen(
        [*FOREGROUND, *args],
        cwd=cwd,
        env=variables(**{_MARK: str(cwd), "PYTHONPATH": site}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_while_the_checklist_is_loaded(tmp_path: Path, site: str, sent: signal.Signals) -> None:
    path = checklist(tmp_path, "id: good, title: Good, with: $ok")
    path.write_text(path.read_text("utf-8") + "      - {id: h, title: H, check: acme-import-hang}\n", "utf-8")
    process = start(tmp_path, site, "check")
    until(lambda: len(_alive(str(tmp_path))) > 2)
    time.sleep(0.3)
    process.send_signal(sent)
    _, err = process.communicate(timeout=_PATIENCE)
    assert (process.returncode, "Traceback" in err) == (130, False)
    assert "interrupted" in err
    assert left(str(tmp_path)) == []


def test_while_a_report_is_written_the_verdict_is_already_told(tmp_path: Path, site: str) -> None:
    checklist(tmp_path, "id: good, title: Good, with: $ok")
    process = start(tmp_path, site, "check", "-o", "a.acme-hang")
    assert process.stdout is not None
    assert "GO  example" in process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 130, err
    assert left(str(tmp_path)) == []


def test_ctrl_c_pressed_again_and_again_at_a_terminal(tmp_path: Path) -> None:
    checklist(tmp_path, "id: slow, title: Slow, with: {run: 'touch started; trap \"\" INT TERM; sleep 300'}")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execve(FOREGROUND[0], [*FOREGROUND, "check"], variables(**{_MARK: str(tmp_path), "TERM": "xterm"}))  # noqa: S606 - no shell is wanted
    until((tmp_path / "started").exists)
    drawn = b""
    for _ in range(3):
        os.write(terminal, b"\x03")
        time.sleep(0.1)
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        drawn += part
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    text = drawn.decode("utf-8", "replace")
    assert os.waitstatus_to_exitcode(status) == 130, text
    assert "Traceback" not in text
    assert "interrupted" in text
    assert "\x1b[?25h" in text
    assert left(str(tmp_path)) == []
