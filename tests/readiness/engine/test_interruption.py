import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from readiness import processes
from readiness.report import Report
from support.runs import survivors

DRIVER = """
import signal
import sys
from pathlib import Path
from readiness import run
from readiness.checklist import Checklist, Item, Section, Service
from readiness.engine import Host, ItemFinished, ItemStarted

items = [Item(id="quick", title="t", check="acme-good")]
items += [Item(id="probe", title="t", check="acme-probe", params={"port": 1})]
items += [Item(id=f"hang{n}", title="t", check="acme-hang") for n in range(3)]
items += [Item(id="later", title="t", check="acme-good", needs=("hang0",))]
if "patient" in sys.argv:  # what comes after the run is not the run's: by default it would end this process
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
services = {"idle": Service(run="trap '' TERM; sleep 600 & sleep 600", timeout=600, ready="http://127.0.0.1:9/")}
host = Host()
print(host.mark, flush=True)
done = set()
def listen(event):
    if isinstance(event, ItemFinished):
        done.add("finished")
    if isinstance(event, ItemStarted) and event.item.check == "acme-hang":
        done.add(event.item.id)
    if len(done) == 4:
        print("busy", flush=True)
        done.add("said")
report = run(Checklist(version=1, project="p", services=services, sections=(Section(title="s", items=tuple(items)),)),
             host=host, jobs=8, listener=listen)
Path(sys.argv[1]).write_text(report.model_dump_json())
sys.exit(130 if report.interrupted else 0)
"""


@contextmanager
def busy(environ: Mapping[str, str], answer: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A run in a process of its own, at work on items that hang."""
    command = [sys.executable, "-c", DRIVER, str(answer), *words]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        mark = process.stdout.readline().strip()
        try:
            assert process.stdout.readline() == "busy\n"
            deadline = time.monotonic() + 60
            while len(processes.marked(mark)) < 10 and time.monotonic() < deadline:
                time.sleep(0.05)
            assert len(processes.marked(mark)) >= 10, "workers, their children, a service"
            yield process, mark
        finally:
            process.kill()
            processes.kill_marked(mark)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("times", [1, 5])
def test_an_interruption_ends_everything_and_tells_what_was_known(
    environ: Mapping[str, str], tmp_path: Path, number: signal.Signals, times: int
) -> None:
    answer = tmp_path / "report.json"
    with busy(environ, answer, *["patient"] * (times > 1)) as (process, mark):
        for _ in range(times):
            os.kill(process.pid, number)
            time.sleep(0.05)
        assert process.wait(timeout=60) == 130
        assert survivors(mark, patience=0) == []
    report = Report.model_validate_json(answer.read_text())
    assert report.interrupted
    assert report.verdict.word == "INCOMPLETE"
    assert "the run was interrupted" in report.verdict.reason
    found = {result.item.id: result.outcome for result in report.results}
    assert found["quick"].status == "passed"
    assert {found[name].status for name in ("hang0", "hang1", "hang2", "later", "probe")} == {"error"}
    assert found["later"].summary == "interrupted before it was evaluated"


def test_nothing_survives_an_engine_that_is_killed(environ: Mapping[str, str], tmp_path: Path) -> None:
    with busy(environ, tmp_path / "report.json") as (process, mark):
        process.kill()
        process.wait()
        assert survivors(mark, patience=10) == []
