"""An item may take so much memory: what reads for it ends in time, and says so."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from readiness import memory_limit, processes
from readiness.engine import Host
from readiness.memory_limit import LEAST, lifted, limited, was_exceeded
from readiness.outcome import Status
from readiness.testing import context
from support.runs import evaluate

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory")
MUCH = 600_000_000
"""Bytes that a process of Python has only when it may have more than `LEAST`."""
NOTHING_LEFT = "needed more memory than the 256 MB that the item may take"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as host:
        yield host


def in_use() -> int:
    return psutil.Process().memory_info().data


def take() -> list[str]:
    """A program that takes more than this process has and a part of `MUCH`."""
    return [sys.executable, "-c", f"bytearray({in_use() + MUCH})"]


def test_what_asks_for_more_is_refused_and_the_limit_goes_afterwards() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(MemoryError), limited(in_use() + MUCH // 2):
        bytearray(MUCH)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert len(bytearray(MUCH)) == MUCH


def test_a_lower_limit_of_the_system_stays() -> None:
    code = "import resource; resource.setrlimit(resource.RLIMIT_DATA, (10**8, 10**8))\n"
    code += "from readiness.memory_limit import limited\n"
    code += "with limited(10**9): print(resource.getrlimit(resource.RLIMIT_DATA))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(100000000, 100000000)"


@pytest.mark.parametrize(("limit_memory", "ends_well"), [(True, False), (False, True)])
def test_a_program_that_reads_is_limited_and_a_command_is_not(limit_memory: bool, ends_well: bool) -> None:  # noqa: FBT001  a parameter of the test
    with limited(in_use() + MUCH // 2):
        done = processes.run(take(), cwd=Path.cwd(), timeout=60, limit_memory=limit_memory)
        with pytest.raises(MemoryError):
            bytearray(MUCH)
    assert (done.exit_code == 0) == ends_well, done.stderr
    assert was_exceeded(done.stderr) != ends_well


def test_lifting_a_limit_that_is_not_there_changes_nothing() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with lifted():
        assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_a_check_learns_that_the_program_that_reads_for_it_had_too_little(tmp_path: Path) -> None:
    with limited(in_use() + MUCH // 2):
        assert context(tmp_path).run(take()).exit_code == 0
        with pytest.raises(MemoryError):
            context(tmp_path).run(take(), reads=True)
        assert context(tmp_path).run([sys.executable, "-c", "raise SystemExit(1)"], reads=True).exit_code == 1


@pytest.mark.parametrize(
    ("said", "exceeded"),
    [
        (b"Traceback\nMemoryError", True),
        (b"memory allocation of 4096 bytes failed", True),
        (b"terminate called after throwing an instance of 'std::bad_alloc'", True),
        (b"fatal: Out of memory, malloc failed (tried to allocate 9 bytes)", True),
        (b"ValueError: MemoryError was not raised", False),
        (b"", False),
    ],
)
def test_last_words_tell_that_memory_was_used_up(said: bytes, exceeded: bool) -> None:  # noqa: FBT001  a parameter of the test
    assert was_exceeded(said) == exceeded


@pytest.mark.parametrize(
    ("check", "content", "params"),
    [
        ("junit", b"<testsuites>" + b'<testsuite a="1"/>' * 700_000 + b"</testsuites>", {"paths": ["bomb"]}),
        (
            "coverage",
            b"[" + b"[[]]," * 2_000_000 + b"1]",
            {"sources": [{"path": "bomb", "metric": "lines", "minimum": 90}]},
        ),
    ],
)
def test_evidence_that_fills_the_memory_is_an_error_that_says_what_to_do(
    host: Host, tmp_path: Path, check: str, content: bytes, params: dict[str, object]
) -> None:
    (tmp_path / "bomb").write_bytes(content)
    outcome = evaluate(host, check, root=tmp_path, memory=LEAST, timeout=60.0, **params)
    assert outcome.status is Status.ERROR
    assert NOTHING_LEFT in outcome.summary
    assert outcome.remedy == memory_limit.REMEDY


def test_a_worker_that_ran_out_of_memory_is_replaced(host: Host, tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(b"a\n" * 3_000_000)
    (tmp_path / "good.md").write_text("Everything is said.\n")
    bomb = evaluate(host, "document", root=tmp_path, memory=LEAST, timeout=60.0, paths=["bomb"])
    assert NOTHING_LEFT in bomb.summary
    assert evaluate(host, "document", root=tmp_path, memory=LEAST, paths=["good.md"]).status is Status.PASSED


def test_workers_are_ended_before_what_started_them() -> None:
    code = "from readiness.memory_limit import be_first_to_go\nbe_first_to_go()\n"
    code += "print(open('/proc/self/oom_score_adj').read())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > int(Path("/proc/self/oom_score_adj").read_text())
