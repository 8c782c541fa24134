import socket
import sys
from pathlib import Path

import pytest

from readiness import run
from readiness.checklist import Service
from readiness.engine import Event, Host, ItemFinished, ServiceFailed, ServiceReady, ServiceStarting, ServiceStopped
from readiness.engine.services import Services
from readiness.outcome import Status
from readiness.report import Report, Result
from support.runs import checklist, item, survivors

SERVER = (
    "import sys, http.server as h\n"
    "class H(h.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        self.send_response(int(sys.argv[2])); self.end_headers()\n"
    "    def log_message(self, *a):\n"
    "        print('asked', flush=True)\n"
    "h.HTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()\n"
)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number: int = server.getsockname()[1]
        return number


def serve(port: int, status: int = 200, before: str = "", **fields: float) -> Service:
    program = (sys.executable, "-c", before + "\n" + SERVER, str(port), str(status))
    return Service.model_validate({"run": program, "ready": f"http://127.0.0.1:{port}/health", **fields})


def evaluate(host: Host, port: int, service: Service, seconds: float = 0.0) -> tuple[Report, list[Event]]:
    events: list[Event] = []
    items = (item("probe", "acme-probe", params={"port": port, "seconds": seconds}), item("offline"))
    report = run(checklist(*items, services={"api": service}), host=host, listener=events.append)
    assert survivors(host.mark + ".service0", patience=0) == [], "stopped as soon as the run is over"
    return report, events


def result(report: Report, identifier: str) -> Result:
    return next(result for result in report.results if result.item.id == identifier)


def names(events: list[Event]) -> list[str]:
    kinds = (ServiceStarting, ServiceReady, ServiceFailed, ServiceStopped)
    return [type(event).__name__ for event in events if isinstance(event, kinds)]


def test_a_service_starts_when_the_sign_offs_are_judged(host: Host, port: int) -> None:
    events: list[Event] = []
    items = (item("probe", "acme-probe", params={"port": port}), item("signed", "signoff", params={"role": "legal"}))
    run(checklist(*items, services={"api": serve(port)}), host=host, listener=events.append)
    order = [type(event).__name__ for event in events]
    signed = next(n for n, one in enumerate(events) if isinstance(one, ItemFinished) and one.result.item.id == "signed")
    assert signed < order.index("ServiceStarting")


@pytest.mark.parametrize("status", [200, 302, 401, 404])
def test_a_service_is_up_for_the_items_that_use_it_and_gone_afterwards(host: Host, port: int, status: int) -> None:
    report, events = evaluate(host, port, serve(port, status))
    assert report.verdict.word == "GO"
    assert names(events) == ["ServiceStarting", "ServiceReady", "ServiceStopped"]
    assert report.notices == ()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=20)


def test_is_not_started_when_no_selected_item_uses_it(host: Host, tmp_path: Path) -> None:
    service = Service(run=("touch", str(tmp_path / "started")))
    report = run(checklist(item("offline"), services={"api": service}), host=host)
    assert report.verdict.word == "GO"
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    ("run_it", "words"),
    [
        ("echo it breaks; exit 3", "ended with exit code 3"),
        ("false | cat", "ended with exit code 1"),
        ("kill -9 $$", "was ended by signal SIGKILL"),
        (("/nonexistent/program",), "cannot be started"),
        ((), "cannot be started"),
    ],
)
@pytest.mark.parametrize("ready", [True, False])
def test_a_service_that_does_not_come_up_is_an_error_of_its_items_only(
    host: Host, port: int, run_it: str | tuple[str, ...], words: str, *, ready: bool
) -> None:
    service = Service(run=run_it, ready=f"http://127.0.0.1:{port}/" if ready else "")
    report, events = evaluate(host, port, service)
    outcome = result(report, "probe").outcome
    assert outcome.status is Status.ERROR
    assert "service `api`" in outcome.summary
    assert words in outcome.summary
    assert result(report, "offline").status is Status.PASSED
    assert any(words in notice for notice in report.notices)
    assert "ServiceFailed" in names(events)
    if "echo" in str(run_it):
        assert outcome.evidence[0].excerpt == "it breaks"


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (Service(run="sleep 60", ready="http://127.0.0.1:9/", timeout=0.5), "did not answer below 500 within 0.5 s"),
        (Service(run="sleep 60", ready="ftp://127.0.0.1/"), "is not an http or https URL"),
        (Service(run="sleep 60", ready="http://127.0.0.1:99999/"), "is not a URL"),
        (Service(run="sleep 60", ready="http://a..b:80/"), "names no host that can be looked up"),
        (Service(run="sleep 60", cwd="nowhere"), "its folder `nowhere` does not exist"),
    ],
)
def test_says_why_a_service_is_not_ready(host: Host, port: int, service: Service, words: str) -> None:
    report, _ = evaluate(host, port, service)
    assert words in result(report, "probe").outcome.summary
    assert result(report, "probe").status is Status.ERROR


def test_a_fault_of_the_engine_while_services_start_ends_the_run_with_an_error(
    host: Host, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Services) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Services, "start", fail)
    report, _ = evaluate(host, port, serve(port))
    assert result(report, "probe").status is Status.ERROR
    assert "RuntimeError: can't start new thread" in result(report, "probe").outcome.summary
    assert result(report, "offline").status is Status.PASSED


def test_one_that_answers_500_is_not_ready(host: Host, port: int) -> None:
    report, _ = evaluate(host, port, serve(port, 503, timeout=1.0))
    assert "did not answer below 500" in result(report, "probe").outcome.summary


def test_a_stale_server_is_never_judged(host: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stale:
        port = stale.getsockname()[1]
        report, _ = evaluate(host, port, serve(port))
    outcome = result(report, "probe").outcome
    assert outcome.status is Status.ERROR
    assert f"something else already answers at http://127.0.0.1:{port}/health" in outcome.summary


def test_without_a_url_it_has_to_stay_up(host: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        report, _ = evaluate(host, server.getsockname()[1], Service(run="sleep 60"))
    assert report.verdict.word == "GO"


def test_what_was_answered_while_a_service_died_is_not_trusted(host: Host, port: int) -> None:
    dies = """
import os, socket, socketserver
def end_when_nothing_is_asked(self, request, address):
    request.settimeout(1)
    try:
        return bool(request.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        os._exit(7)
socketserver.BaseServer.verify_request = end_when_nothing_is_asked
"""
    report, _ = evaluate(host, port, serve(port, before=dies), seconds=3)
    outcome = result(report, "probe").outcome
    assert outcome.status is Status.ERROR
    assert "cannot be trusted: during the run, service `api`: it ended with exit code 7" in outcome.summary
    assert result(report, "offline").status is Status.PASSED
    assert report.verdict.word == "INCOMPLETE"


def test_one_that_ignores_being_asked_is_ended_with_its_children(host: Host, port: int) -> None:
    stubborn = "import signal, subprocess\nsignal.signal(15, signal.SIG_IGN)\n"
    child = "subprocess.Popen(['sleep', '600'], start_new_session=True)"
    service = serve(port, before=stubborn + child)
    report = run(checklist(item("probe", "acme-probe", params={"port": port}), services={"api": service}), host=host)
    assert survivors(host.mark + ".service0", patience=0) == []
    assert report.verdict.word == "GO"


def test_its_log_is_bounded(host: Host, port: int) -> None:
    loud = "import os\nfor _ in range(30): os.write(1, b'x' * 1_000_000)\nos.write(1, b' the end')\nraise SystemExit(1)"
    report, _ = evaluate(host, port, serve(port, before=loud))
    (evidence,) = result(report, "probe").outcome.evidence
    assert evidence.excerpt.endswith("the end")
    assert len(evidence.excerpt) <= 16_500


def test_one_job_at_a_time_is_enough(host: Host, port: int) -> None:
    items = [item(f"probe{n}", "acme-probe", params={"port": port}) for n in range(3)] + [item("offline")]
    report = run(checklist(*items, services={"api": serve(port)}), host=host, jobs=1)
    assert report.verdict.word == "GO"


def test_all_services_are_started_side_by_side_and_the_bad_one_is_named(host: Host, port: int) -> None:
    services = {"slow": Service(run="sleep 60", ready="http://127.0.0.1:9/", timeout=60), "bad": Service(run="exit 4")}
    items = (item("probe", "acme-probe", params={"port": port}), item("below", needs=("probe",)))
    report = run(checklist(*items, services=services), host=host)
    outcome = result(report, "probe").outcome
    assert "service `bad`: it ended with exit code 4" in outcome.summary
    assert "slow" not in outcome.summary
    assert result(report, "below").status is Status.SKIPPED
    assert report.duration < 30
