"""Ctrl-C: what was known is printed, the exit code is 130, and no process is left."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from support.program import FOREGROUND, checklist, variables

_MARK = "READINESS_TEST_INTERRUPTION"
_PATIENCE = 30.0


def _ours(value: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(_MARK) == value and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_everything_and_prints_what_was_known(tmp_path: Path, sent: signal.Signals) -> None:
    mark = f"{tmp_path}-{sent}"
    service = "services: {idle: {run: 'sleep 300'}}"
    slow = "id: slow, title: Slow, needs: [good], with: {run: 'touch started; sleep 300 & setsid sleep 300; wait'}"
    checklist(tmp_path, "id: good, title: Good, with: $ok", slow, top=service)
    process = subprocess.Popen(
        [*FOREGROUND, "check", "-o", "run.json"],
        cwd=tmp_path,
        env=variables(**{_MARK: mark}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + _PATIENCE
    while not (tmp_path / "started").exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    assert len(_ours(mark)) > 2
    os.kill(process.pid, sent)
    try:
        out, err = process.communicate(timeout=_PATIENCE)
    finally:
        for survivor in _ours(mark) if process.poll() is None else []:
            survivor.kill()
    assert process.returncode == 130, err
    assert "the run was interrupted" in out
    assert "2 items: 1 error, 1 passed" in out
    assert (tmp_path / "run.json").exists()
    assert "Traceback" not in err
    assert _ours(mark) == []
