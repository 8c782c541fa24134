import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
import pytest

from readiness import processes

SLEEP = "import time; time.sleep(600)"


def test_runs_a_command_to_its_end(tmp_path: Path) -> None:
    done = processes.run(["sh", "-c", "echo out; echo err >&2; pwd; exit 3"], cwd=tmp_path, timeout=60)
    assert (done.exit_code, done.timed_out, done.truncated) == (3, False, False)
    assert done.stdout == f"out\n{tmp_path}\n".encode()
    assert done.stderr == b"err\n"
    assert done.duration > 0


def test_merges_both_streams_in_order(tmp_path: Path) -> None:
    done = processes.run(["sh", "-c", "echo 1; echo 2 >&2; echo 3"], cwd=tmp_path, timeout=60, merge=True)
    assert (done.stdout, done.stderr) == (b"1\n2\n3\n", b"")


def test_keeps_the_end_of_much_output(tmp_path: Path) -> None:
    done = processes.run(["sh", "-c", "yes 123456789 | head -n 1000; echo end"], cwd=tmp_path, timeout=60, limit=100)
    assert done.truncated
    assert len(done.stdout) == 100
    assert done.stdout.endswith(b"123456789\nend\n")


def test_a_signal_is_an_exit_code_as_the_shell_counts(tmp_path: Path) -> None:
    assert processes.run(["sh", "-c", "kill -TERM $$"], cwd=tmp_path, timeout=60).exit_code == 143


def test_a_command_out_of_time_is_never_a_success(tmp_path: Path) -> None:
    done = processes.run([sys.executable, "-c", SLEEP], cwd=tmp_path, timeout=0.3)
    assert done.timed_out
    assert done.exit_code == 137


def test_kills_the_grandchildren_of_a_command_out_of_time(tmp_path: Path) -> None:
    mark = uuid.uuid4().hex
    script = f"{sys.executable} -c '{SLEEP}' & {sys.executable} -c '{SLEEP}' & wait"
    env = {**os.environ, processes.MARK: mark}
    done = processes.run(["bash", "-c", script], cwd=tmp_path, env=env, timeout=1.0)
    assert done.timed_out
    assert processes.marked(mark) == []


def test_a_daemon_that_holds_the_output_open_does_not_hang_the_caller(tmp_path: Path) -> None:
    mark = uuid.uuid4().hex
    env = {**os.environ, processes.MARK: mark}
    done = processes.run(["bash", "-c", "sleep 600 & echo started"], cwd=tmp_path, env=env, timeout=60)
    assert (done.exit_code, done.stdout) == (0, b"started\n")
    assert processes.kill_marked(mark) == 1
    assert processes.marked(mark) == []


def test_gives_nothing_to_read(tmp_path: Path) -> None:
    assert processes.run(["cat"], cwd=tmp_path, timeout=60).exit_code == 0


@pytest.mark.parametrize("args", [["/nonexistent"], ["."]])
def test_raises_for_what_cannot_be_run(tmp_path: Path, args: list[str]) -> None:
    with pytest.raises(OSError, match=r"No such file|Permission denied"):
        processes.run(args, cwd=tmp_path, timeout=60)


def test_finds_marked_processes_that_left_family_and_session() -> None:
    mark = uuid.uuid4().hex
    again = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True)"
    subprocess.run([sys.executable, "-c", again], env={**os.environ, processes.MARK: f"{mark}.1"}, check=True)
    assert len(processes.marked(mark)) == 1
    assert processes.marked(mark[:-1]) == [], "half a mark is no mark"
    spared = processes.marked(mark)[0].pid
    assert processes.kill_marked(mark, spare={spared}) == 0
    assert processes.kill_marked(mark) == 1
    assert not psutil.pid_exists(spared) or psutil.Process(spared).status() == psutil.STATUS_ZOMBIE


def test_killing_leaves_the_exit_status_to_the_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as process:
        processes.kill_tree(process.pid)
        assert process.wait() == -9


def test_killing_what_is_gone_is_no_error() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    processes.kill_tree(process.pid)


@pytest.mark.parametrize("command", ["false | true", "false; true", "true | false", "exit 1"])
def test_a_failure_anywhere_fails_a_command_line(tmp_path: Path, command: str) -> None:
    assert processes.run(processes.shell_command(command), cwd=tmp_path, timeout=60).exit_code == 1


def test_a_command_line_reads_no_start_up_files(tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_text("echo rc\n")
    (tmp_path / ".bash_profile").write_text("echo profile\n")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    began = time.monotonic()
    done = processes.run(processes.shell_command("echo it"), cwd=tmp_path, env=env, timeout=60)
    assert (done.exit_code, done.stdout) == (0, b"it\n")
    assert done.duration <= time.monotonic() - began
