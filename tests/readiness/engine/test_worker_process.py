"""A worker process that cannot be started or asked, or that says nothing, is told as it is."""

import os
import sys

import pytest

from readiness.engine import worker_process
from readiness.engine.protocol import DiedError, WorkerError
from readiness.engine.worker_process import WorkerProcess, _signal, for_python
from readiness.report import Plugin

PLUGIN = Plugin(name="a", entry_point="a:A", distribution="a", version="1")


def started(monkeypatch: pytest.MonkeyPatch, *program: str) -> WorkerProcess:
    monkeypatch.setattr(worker_process, "_PROGRAM", program)
    return WorkerProcess(dict(os.environ), "mark", lambda *_: None)


def test_a_program_that_is_not_there_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerError, match="a worker process cannot be started: "):
        started(monkeypatch, "/nonexistent/python")


@pytest.mark.parametrize(
    ("code", "what"), [("raise SystemExit(7)", "exit"), ("import os; os.kill(os.getpid(), 9)", "SIGKILL")]
)
def test_one_that_ends_before_it_is_ready_did_not_come_up(
    monkeypatch: pytest.MonkeyPatch, code: str, what: str
) -> None:
    worker = started(monkeypatch, sys.executable, "-I", "-S", "-c", code)
    try:
        with pytest.raises(WorkerError, match="a worker process did not come up: it ") as caught:
            worker.wait_ready()
    finally:
        worker.kill()
        worker.release()
    assert what in str(caught.value)
    assert not worker.alive


def test_what_is_too_large_to_be_asked_is_refused_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = started(monkeypatch, sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)")
    monkeypatch.setattr("readiness.engine.protocol.LARGEST", 10)
    try:
        with pytest.raises(WorkerError, match="cannot be asked: "):
            worker.ask("describe", PLUGIN, timeout=5)
    finally:
        worker.kill()
        worker.release()


def test_nothing_can_be_asked_of_one_that_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = started(monkeypatch, sys.executable, "-I", "-S", "-c", "")
    try:
        with pytest.raises(DiedError):
            worker.ask("describe", PLUGIN, timeout=30)
    finally:
        worker.kill()
        worker.release()


def test_a_signal_without_a_name_is_told_by_its_number() -> None:
    assert (_signal(9), _signal(99)) == ("SIGKILL", "99")


def test_without_a_python_path_the_environment_stays_as_it_is() -> None:
    assert for_python({"A": "1"}) == {"A": "1"}
