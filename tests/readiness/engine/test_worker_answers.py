"""Whatever a worker answers but the one answer that was asked for is an error: wrong, half, twice or out of order."""

import json
import os
from pathlib import Path

import pytest

from readiness.engine import Host, worker_process
from readiness.engine.protocol import LARGEST, LENGTH, GarbageError, Reply, WorkerError, pack
from readiness.engine.worker_process import WorkerProcess
from readiness.outcome import Outcome, Status
from readiness.report import Plugin
from readiness.testing import context
from support.speaking_workers import READY, WAIT, speak

PLUGIN = Plugin(name="a", entry_point="a:A", distribution="a", version="1")
PASSED = Outcome(status=Status.PASSED, summary="forged", examined=1, unit="files")
IMPORTED = pack(Reply(id=1, kind="imported"))
GOOD = pack(Reply(id=2, kind="evaluated", outcome=PASSED))


def framed(**said: object) -> bytes:
    body = json.dumps(said).encode()
    return LENGTH.pack(len(body)) + body


OUTCOME = PASSED.model_dump(mode="json")
WRONG = {
    "to the request before": pack(Reply(id=1, kind="evaluated", outcome=PASSED)),
    "to a request to come": pack(Reply(id=3, kind="evaluated", outcome=PASSED)),
    "to another verb": pack(Reply(id=2, kind="imported", outcome=PASSED)),
    "ready again": pack(Reply(id=2, kind="ready", outcome=PASSED)),
    "without an outcome": pack(Reply(id=2, kind="evaluated")),
    "refused without a reason": pack(Reply(id=2, kind="refused")),
    "refused to another": pack(Reply(id=9, kind="refused", refused="because")),
    "refused, then passed": pack(Reply(id=2, kind="refused", refused="because")) + GOOD,
    "a kind that is none": framed(id=2, kind="passed", outcome=OUTCOME),
    "a field too many": framed(id=2, kind="evaluated", outcome=OUTCOME, verdict="GO"),
    "a status that is none": framed(id=2, kind="evaluated", outcome={**OUTCOME, "status": "fine"}),
    "passed of nothing examined": framed(id=2, kind="evaluated", outcome={**OUTCOME, "examined": -1}),
    "a number for a text": framed(id="2", kind=3),
    "no object": LENGTH.pack(2) + b"[]",
    "no JSON": LENGTH.pack(4) + b"pass",
    "nothing in a frame": LENGTH.pack(0),
    "longer than any answer": LENGTH.pack(LARGEST + 1) + b"x",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_an_error_and_ends_the_worker(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    speak(monkeypatch, READY, IMPORTED, WRONG[name])
    with Host(environ=dict(os.environ)) as host:
        outcome, _ = host.evaluate(PLUGIN, context(Path.cwd()).facts)
    assert outcome.status is Status.ERROR
    assert "forged" not in outcome.summary


@pytest.mark.parametrize("size", [1, LENGTH.size, LENGTH.size + 1, len(GOOD) - 1])
def test_half_an_answer_is_none(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    speak(monkeypatch, READY, IMPORTED, GOOD[:size], then="")
    with Host(environ=dict(os.environ)) as host:
        outcome, _ = host.evaluate(PLUGIN, context(Path.cwd()).facts)
    assert outcome.status is Status.ERROR
    assert "ended the process with exit code 0" in outcome.summary


@pytest.mark.parametrize(
    ("answer", "then"),
    [(GOOD[:-1], WAIT), (b"", WAIT), (b"", "while True: connection.sendall(bytes.fromhex(parts[1]))")],
    ids=["half", "silence", "endless"],
)
def test_an_answer_that_does_not_come_in_time_is_none(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, then: str
) -> None:
    secrets = pack(Reply(id=2, kind="secrets", secrets=("s3cr3t-value",)))
    speak(monkeypatch, READY, IMPORTED, answer, then=then.replace("parts[1]", repr(secrets.hex())))
    facts = context(Path.cwd()).facts
    hurried = facts.model_copy(update={"item": facts.item.model_copy(update={"timeout": 0.3})})
    with Host(environ=dict(os.environ)) as host:
        outcome, _ = host.evaluate(PLUGIN, hurried)
    assert outcome.status is Status.ERROR
    assert "timed out after 0.3 s" in outcome.summary


def test_one_that_hangs_up_and_lives_on_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, READY, IMPORTED, b"", then="connection.close(); time.sleep(60)")
    with Host(environ=dict(os.environ)) as host:
        outcome, _ = host.evaluate(PLUGIN, context(Path.cwd()).facts)
    assert outcome.status is Status.ERROR
    assert "hung up" in outcome.summary


def test_who_answers_twice_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer would be taken for that of the next item."""
    again = pack(Reply(id=3, kind="evaluated", outcome=PASSED))
    speak(monkeypatch, READY, IMPORTED, GOOD + again, then="time.sleep(60)")
    worker = WorkerProcess(dict(os.environ), "mark", lambda *_: None)
    try:
        worker.wait_ready()
        worker.ask("import", PLUGIN, timeout=30)
        worker.ask("evaluate", PLUGIN, timeout=30, facts=context(Path.cwd()).facts)
        assert not worker.alive
    finally:
        worker.kill()
        worker.release()


def test_an_answer_before_the_question_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, READY + IMPORTED + GOOD, b"", b"")
    worker = WorkerProcess(dict(os.environ), "mark", lambda *_: None)
    try:
        worker.wait_ready()
        assert not worker.alive
    finally:
        worker.kill()
        worker.release()


def test_secrets_are_learned_before_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = pack(Reply(id=2, kind="secrets", secrets=("s3cr3t-value",)))
    speak(monkeypatch, READY, IMPORTED, secrets + GOOD)
    with Host(environ={}) as host:
        outcome, _ = host.evaluate(PLUGIN, context(Path.cwd()).facts)
        assert outcome == PASSED
        assert host.redactor.text("s3cr3t-value") != "s3cr3t-value"


def test_a_text_of_a_reporter_that_is_nothing_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, READY, pack(Reply(id=1, kind="rendered")))
    worker = WorkerProcess(dict(os.environ), "mark", lambda *_: None)
    try:
        worker.wait_ready()
        with pytest.raises(GarbageError, match="gave the answer `rendered` to another question"):
            worker.ask("render", PLUGIN, timeout=30)
    finally:
        worker.kill()
        worker.release()


def test_one_that_is_never_ready_did_not_come_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "_STARTUP", 0.3)
    speak(monkeypatch, READY[:-1])
    worker = WorkerProcess(dict(os.environ), "mark", lambda *_: None)
    try:
        with pytest.raises(WorkerError, match="did not come up: it took too long"):
            worker.wait_ready()
    finally:
        worker.kill()
        worker.release()
