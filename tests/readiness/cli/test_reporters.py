"""Reporters of somebody else, well and badly behaved: the verdict is told, other files are written, never exit 0."""

import json
from pathlib import Path

import psutil
import pytest

from readiness.engine.host import Host
from readiness.plugins import PluginError
from readiness.report import Plugin
from support.program import checklist, readiness
from support.reports import go
from support.thirdparty import install

PASS = "id: good, title: Good, with: $ok"
BAD = {
    "leave": "crashed: SystemExit",
    "end": "ended the process with exit code 0",
    "interrupt": "crashed: KeyboardInterrupt",
    "garbage": "gave int, not text",
    "nothing": "gave nothing, not text",
    "absent": "cannot be imported",
}


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment in which the third party's distribution is installed."""
    return {"PYTHONPATH": str(install(tmp_path_factory))}


def test_a_reporter_of_a_third_party_works_by_suffix_and_by_format(tmp_path: Path, installed: dict[str, str]) -> None:
    checklist(tmp_path, PASS)
    readiness("check", "-o", "report.acme", cwd=tmp_path, env=installed, code=0)
    assert (tmp_path / "report.acme").read_text("utf-8") == "example: GO\n"
    assert readiness("check", "--format", "acme", cwd=tmp_path, env=installed, code=0).stdout == "example: GO\n"


@pytest.mark.parametrize(("name", "why"), BAD.items())
def test_a_bad_reporter_never_exits_0_and_stops_no_other(
    tmp_path: Path, installed: dict[str, str], name: str, why: str
) -> None:
    checklist(tmp_path, PASS)
    done = readiness("check", "-o", f"a.acme-{name}", "-o", "run.json", cwd=tmp_path, env=installed, code=4)
    assert "GO  example" in done.stdout
    assert "wrote run.json" in done.stdout
    assert why in done.stderr
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["verdict"]["word"] == "GO"
    assert not (tmp_path / f"a.acme-{name}").exists()


def test_a_bad_reporter_does_not_change_a_no_go(tmp_path: Path, installed: dict[str, str]) -> None:
    checklist(tmp_path, "id: bad, title: Bad, with: $no")
    readiness("check", "-o", "a.acme-end", cwd=tmp_path, env=installed, code=1)


def test_where_the_page_cannot_be_printed_the_verdict_is_on_standard_error(
    tmp_path: Path, installed: dict[str, str]
) -> None:
    checklist(tmp_path, PASS)
    done = readiness("check", "-q", "--format", "acme-leave", cwd=tmp_path, env=installed, code=4)
    assert done.stdout == ""
    assert "GO  example" in done.stderr


def test_what_a_reporter_prints_does_not_reach_standard_output(tmp_path: Path, installed: dict[str, str]) -> None:
    checklist(tmp_path, PASS)
    done = readiness("check", "--format", "acme-chatter", cwd=tmp_path, env=installed, code=0)
    assert done.stdout == "example: GO\n"
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "300.25"]]


def test_report_refuses_with_a_bad_reporter(tmp_path: Path, installed: dict[str, str]) -> None:
    checklist(tmp_path, PASS)
    readiness("check", "-o", "run.json", cwd=tmp_path, code=0)
    readiness("report", "run.json", "-o", "a.acme-end", cwd=tmp_path, env=installed, code=2)
    readiness("report", "run.json", "--format", "acme-end", cwd=tmp_path, env=installed, code=2)


def test_a_reporter_that_hangs_is_ended(installed: dict[str, str]) -> None:
    plugin = Plugin(
        name="acme-hang", entry_point="acme_readiness.reporter:hang", distribution="acme-readiness", version="2.3"
    )
    with Host(environ={**installed}, import_timeout=3) as host, pytest.raises(PluginError, match="took too long"):
        host.render(plugin, go())
